/* interactions.h - what guests did, on its way to analytics.events: batches, one record for each restaurant of a request, answered with 202 when all of them are durable.
 *
 * What a bot did is marked and counts for nothing (common/guests.h). Loop thread only.
 */
#ifndef API_INTERACTIONS_H
#define API_INTERACTIONS_H

#include <stddef.h>

#define INTERACTIONS_MAX 500              /* of one request */
#define INTERACTION_DATA_MAX 2000         /* bytes of an event's data */
#define INTERACTIONS_UNCONFIRMED_MAX 8000 /* records under way; then 503 */

struct request;
struct interaction;

/* One event and its restaurant. */
struct interaction_of {
	const char *restaurant_id;
	const struct interaction *event;
};

/* Publishes and answers. The events live in the request's arena; they are reordered. */
void interactions_send(struct request *r, struct interaction_of *events, size_t n);
/* False when it was answered: the address sends too much. */
_Bool interactions_admit(struct request *r);

#endif
