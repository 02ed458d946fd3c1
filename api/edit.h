/* edit.h - from a request to a published edit, and back: publish, wait for the reply, answer.
 *
 * What it does: names the operation (Idempotency-Key, operation_id.h), reads If-Match, publishes menu_edit with the request's body as it was sent, and waits at most
 * EDIT_WAIT_MS for operation_done. Then it answers: what the worker says (2xx with ETag and, for what was made, Location; 404, 409, 412, 422), or 202 with
 * Location of the operation. Before a 2xx the menu cache has heard of the new version, so the next read through this process sees the change.
 * What it does not: check rights or bodies (the router did), change anything (the worker does).
 *
 * The edit goes on when its client goes away. Broker away: 503, nothing happened; or it is not known whether something did: 503 as well, and the client sends it again with the
 * same key. At most EDIT_WAITING_MAX requests wait at once (503). Loop thread only.
 */
#ifndef API_EDIT_H
#define API_EDIT_H

#include "common/edits.h"

struct request;

#define EDIT_WAITING_MAX 5000
#define EDIT_KEY_MAX 255  /* characters of an Idempotency-Key */
#define EDIT_MATCH_MAX 20 /* tags in If-Match */

/* Owns the request from now on. The restaurant is the route's (request_principal()), the object the path's {id}; a new one gets an id here. */
void edit_request(struct request *r, enum edit_id edit);
/* The process ends: forgets edits whose confirmation will not come any more. */
void edit_stop(void);

#endif
