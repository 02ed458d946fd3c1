/* hub.h - who sees which session: frames from the replies topic find their sockets here.
 *
 * A *subscriber* is a WebSocket, or an HTTP request that waits for one answer. It subscribes to a session key ("<restaurant id>/<session id>") and is
 * PENDING until the worker's `joined` (or internal `attached`) frame for it arrives, then LIVE: only then frames of the whole session reach it, so
 * what the worker sends it to catch up comes first and nothing is missed or doubled. Frames addressed to a socket (ce_socket) reach only that one.
 * Frames about a message that the subscriber itself asked, and whose event is not confirmed yet, are held back until hub_release().
 * Addresses ("<process>-<slot>-<generation>", at most 60 characters) are never reused, so a frame for a closed socket or for an earlier process is dropped.
 * Loop thread only.
 */
#ifndef API_HUB_H
#define API_HUB_H

#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"

#define HUB_SESSIONS_MAX 8           /* sessions of one subscriber */
#define HUB_HELD_BYTES_MAX (256 << 10) /* of frames held back for one subscriber */

struct hub;
struct hub_subscriber;

/* `type` is the frame's type; bytes are valid during the call only. */
typedef void hub_frame_fn(void *ctx, const char *type, const char *message_id, const char *bytes, size_t len);

struct hub *hub_new(const char *process);
void hub_free(struct hub **hub);

struct hub_subscriber *hub_add(struct hub *hub, hub_frame_fn *on_frame, void *ctx);
void hub_remove(struct hub_subscriber **s);                   /* NULL is fine */
const char *hub_address(const struct hub_subscriber *s);

enum hub_state { HUB_NONE, HUB_PENDING, HUB_LIVE };
enum hub_state hub_state(const struct hub_subscriber *s, const char *session);
/* Becomes PENDING (or stays what it is). ERROR_overloaded above HUB_SESSIONS_MAX. `wants_joined`: is the `joined` frame shown to it? */
MUST_CHECK enum error hub_subscribe(struct hub_subscriber *s, const char *session, bool wants_joined);

void hub_hold(struct hub_subscriber *s, const char *message_id);
/* The event is confirmed: what was held comes now, in order. Or dropped when it failed. */
void hub_release(struct hub_subscriber *s, const char *message_id, bool confirmed);

/* A reply record: to one subscriber when `address` is given, else to the live ones of the session. */
void hub_deliver(struct hub *hub, const char *session, const char *address, const char *type, const char *message_id, const char *bytes, size_t len);

size_t hub_sessions(const struct hub *hub);                   /* sessions with a subscriber */

#endif
