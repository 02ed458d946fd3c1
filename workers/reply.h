/* reply.h - frames on their way to the sockets of a session: put into the outbox, from which they leave when the loop turn ends.
 *
 * A frame goes to every partition that wants the session's frames, or, with an address, to one subscriber alone. The bytes are the frame as the client shall see it.
 * Frames of one session must be sent from one worker in the order in which they shall be seen. A reply that has no session in this worker (to who waits for
 * an operation, or watches an import) is put there directly: outbox_put().
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
	const struct reply_address *to; /* NULL: the whole session */
};

/* Encodes `value` by `s` and puts it into the outbox. `done` (may be NULL) comes once for each partition, with what became of the record; *records_r (may be NULL) says how
 * many there are; 0 when nobody listens. Errors as outbox_put(). */
MUST_CHECK enum error reply_send(struct worker *w, const struct session *session, const struct reply *reply, const struct schema *s, const void *value, bus_delivered_fn *done, void *ctx, size_t *records_r);
/* The same, errors only logged: for frames whose loss a client notices and repairs (a gap in seq, a missing error). */
void reply_try(struct worker *w, const struct session *session, const struct reply *reply, const struct schema *s, const void *value);
/* An error frame to one subscriber, or to the session when `to` is NULL. */
void reply_error(struct worker *w, const struct session *session, const struct reply_address *to, const char *message_id, enum error error, const char *text);

#endif
