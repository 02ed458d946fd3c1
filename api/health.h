/* health.h - is everything that the api needs there? Each check is really made (a query, a look at the broker's metadata), all at once, within HEALTH_MS. */
#ifndef API_HEALTH_H
#define API_HEALTH_H

#include <stdbool.h>

#define HEALTH_MS 1000

struct health_detailed;
struct health_run;

/* `health` is valid during the call. Never called before health_check_all() returned. */
typedef void health_fn(void *ctx, const struct health_detailed *health, bool healthy);

struct health_run *health_check_all(health_fn *done, void *ctx);
void health_cancel(struct health_run **run); /* NULL is fine; the callback will not come */

#endif
