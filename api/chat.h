/* chat.h - from a guest's wish to an event on chat.requests, for sockets and HTTP alike.
 *
 * What it does: builds the event with its way back (our partition of `replies`, the subscriber's address), subscribes and holds where an answer is wanted, publishes,
 * and says what became of it. What it does not do: validate (schemas did), limit (chat_admit() is a call of its own), answer the client.
 *
 * Confirmation: when a function here returns none, `done` comes exactly once, later, on the loop; unless the subscriber was removed before. It comes with none when the
 * broker has the event for good. Frames about the message that came earlier are held until `done` returned, so `accepted` precedes
 * them. When the function returns an error (overloaded, bus_unavailable, draining), nothing happened and `done` never comes.
 * When frames of a message are there although its own delivery report failed, the event is stored all the same, and `done` says none.
 * Strings are copied. Loop thread only.
 */
#ifndef API_CHAT_H
#define API_CHAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/hub.h"
#include "common/error.h"

struct last_seen;
struct arena;

#define CHAT_UNCONFIRMED_MAX 10000 /* events of this process on their way to the broker */
#define CHAT_SESSION_MAX 100       /* characters of a session id */
#define CHAT_RETRY_S 2             /* Retry-After of a refusal for want of room or of a broker */

/* Where the guest is. */
struct chat_place {
	const char *restaurant_id, *slug;
	int64_t menu_version; /* the newest that this process knows */
};

struct chat_question {
	const char *session_id, *message_id, *message;
	const char *trace; /* traceparent, or NULL */
	bool bot;          /* who asks is a program (common/guests.h): answered like anybody, but not counted */
};

typedef void chat_done_fn(void *ctx, const char *session_id, const char *message_id, enum error error);

/* May this guest send another message now? ERROR_rate_limited with the seconds to wait. Counts the message. */
MUST_CHECK enum error chat_admit(const char *address, const char *restaurant_id, const char *session_id, int *retry_after_s_r);
/* The limit of an address alone, for what is no message: joining, stopping. */
MUST_CHECK enum error chat_admit_address(const char *address, int *retry_after_s_r);

/* `s` sees the answer: it is subscribed when it was not. NULL: nobody waits for frames; then `done` always comes. */
MUST_CHECK enum error chat_ask(struct hub_subscriber *s, const struct chat_place *place, const struct chat_question *question, chat_done_fn *done, void *ctx);
/* `last` may be NULL. `joined` and what follows come through the hub. */
MUST_CHECK enum error chat_join(struct hub_subscriber *s, const struct chat_place *place, const char *session_id, const struct last_seen *last, chat_done_fn *done, void *ctx);
MUST_CHECK enum error chat_stop(struct hub_subscriber *s, const struct chat_place *place, const char *session_id, const char *message_id, chat_done_fn *done, void *ctx);
MUST_CHECK enum error chat_profile_remove(struct hub_subscriber *s, const struct chat_place *place, const char *session_id, const char *kind, const char *value, chat_done_fn *done, void *ctx);

/* The client's UUID in lower case, as it is stored; a new one for NULL. In the arena. */
const char *chat_message_id(struct arena *a, const char *given);

size_t chat_unconfirmed(void);

#endif
