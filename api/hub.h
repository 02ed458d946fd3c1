/* hub.h - who sees which session: frames from the replies topic find their sockets here.
 *
 * A *subscriber* is a WebSocket, or an HTTP request that waits for one answer. It subscribes to a session key ("<restaurant id>/<session id>") and is
 * PENDING until the worker's `joined` (or internal `attached`) frame for it arrives, then LIVE: only then frames of the whole session reach it, so
 * what the worker sends it to catch up comes first and nothing is missed or doubled. Frames addressed to a subscriber reach only that one.
 * Frames about a message that the subscriber itself asked, and whose event is not confirmed yet, are held back until hub_release().
 * Addresses ("<process>-<slot>-<generation>", at most 60 characters) are never reused, so a frame for a closed socket or for an earlier process is dropped.
 *
 * The hub knows nothing of sockets, Kafka or JSON: it moves bytes. Loop thread only. A frame callback may remove its own subscriber (and add
 * new ones), but no other.
 */
#ifndef API_HUB_H
#define API_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"

#define HUB_SESSIONS_MAX 8             /* sessions of one subscriber */
#define HUB_HELD_BYTES_MAX (256 << 10) /* of frames held back for one subscriber */
#define HUB_ADDRESS_TEXT 61            /* with the NUL */
#define HUB_PROCESS_MAX 40             /* characters of the process's name */

struct hub;
struct hub_subscriber;

/* What may outlive its subscriber: hub_find() says NULL once that is gone. All zero refers to nothing. */
struct hub_ref {
	uint32_t slot, generation;
};

/* `type` is the frame's type; all is valid during the call only. `type` NULL: frames were lost because more than HUB_HELD_BYTES_MAX were held;
 * the connection must be closed, its client resumes. */
typedef void hub_frame_fn(void *ctx, const char *type, const char *message_id, const char *bytes, size_t len);

struct hub *hub_new(const char *process);
void hub_free(struct hub **hub); /* subscribers that are left go with it */

struct hub_subscriber *hub_add(struct hub *hub, hub_frame_fn *on_frame, void *ctx);
void hub_remove(struct hub_subscriber **s);              /* NULL is fine */
const char *hub_address(const struct hub_subscriber *s); /* static memory, until the next call */
struct hub_ref hub_ref(const struct hub_subscriber *s);
struct hub_subscriber *hub_find(const struct hub *hub, struct hub_ref ref);

enum hub_state { HUB_NONE,
	         HUB_PENDING,
	         HUB_LIVE };
enum hub_state hub_state(const struct hub_subscriber *s, const char *session);
/* Becomes PENDING (or stays what it is). ERROR_overloaded above HUB_SESSIONS_MAX. `wants_joined`: the `joined` frames of this session are shown to it from now on. */
MUST_CHECK enum error hub_subscribe(struct hub_subscriber *s, const char *session, bool wants_joined);
/* Only what is still PENDING is undone: the event that would have made it live failed. */
void hub_unsubscribe_pending(struct hub_subscriber *s, const char *session);

/* Holds count: as many releases as holds are needed. */
void hub_hold(struct hub_subscriber *s, const char *message_id);
/* Are frames of it held? They are proof that the event is stored, whatever its own delivery report says. */
bool hub_holds_frames(const struct hub_subscriber *s, const char *message_id);
/* With the last release what was held comes, in order, before this returns. The subscriber may have removed itself by then. */
void hub_release(struct hub_subscriber *s, const char *message_id);

/* A frame: to one subscriber when `address` is given (then `session` may be NULL), else to the live ones of the session. `message_id` may be NULL. */
void hub_deliver(struct hub *hub, const char *session, const char *address, const char *type, const char *message_id, const char *bytes, size_t len);

size_t hub_sessions(const struct hub *hub); /* sessions with a subscriber */
size_t hub_subscribers(const struct hub *hub);

#endif
