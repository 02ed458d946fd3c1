/* reply.h - frames on their way to the sockets of a session: records on the replies topic.
 *
 * A frame goes to every partition that wants the session's frames, or, with an address, to one subscriber alone. The bytes are the frame as the client shall see it.
 * Frames of one session must be sent from one worker in the order in which they shall be seen.
 */
#ifndef WORKERS_REPLY_H
#define WORKERS_REPLY_H

#include "common/bus.h"
#include "common/schema.h"
#include "workers/session.h"
#include "workers/worker.h"

/* One subscriber of one api: from the event's reply_to. */
struct reply_address {
	int32_t partition;
	const char *socket;
};

struct reply {
	const char *frame;              /* its type */
	const char *message_id;         /* NULL when it is not about an answer */
	const char *trace;              /* traceparent, may be NULL */
	const struct reply_address *to; /* NULL: the whole session */
};

/* Encodes `value` by `s` and publishes it. `done` (may be NULL) comes once for each record; *records_r (may be NULL) says how many there are; 0 when nobody listens. */
MUST_CHECK enum error reply_send(struct worker *w, const struct session *session, const struct reply *reply, const struct schema *s, const void *value, bus_delivered_fn *done, void *ctx, size_t *records_r);
/* The same, errors only logged: for frames whose loss a client notices and repairs (a gap in seq, a missing error). */
void reply_try(struct worker *w, const struct session *session, const struct reply *reply, const struct schema *s, const void *value);
/* An error frame to one subscriber, or to the session when `to` is NULL. */
void reply_error(struct worker *w, const struct session *session, const struct reply_address *to, const char *message_id, enum error error, const char *text);

#endif
