/* hub_held.h - frames of messages that are not confirmed yet, in the order they came; used by hub.c only.
 *
 * A list (NULL = empty) of messages, each with a count of holds and its frames. All frames of one list together are at most HUB_HELD_BYTES_MAX.
 */
#ifndef API_HUB_HELD_H
#define API_HUB_HELD_H

#include <stdbool.h>
#include <stddef.h>

struct hub_held;

struct hub_frame {
	const char *type, *message_id, *bytes;
	size_t len;
};

enum hub_held_result { HUB_HELD_NOT,
	               HUB_HELD_KEPT,
	               HUB_HELD_LOST };

void hub_held_hold(struct hub_held **list, const char *message_id);
/* NOT: nothing is held for its message. KEPT: copied. LOST: it is held, but there is no room. */
enum hub_held_result hub_held_add(struct hub_held *list, const struct hub_frame *f);
bool hub_held_any(const struct hub_held *list, const char *message_id);
/* One hold less; with the last one the message leaves the list and is the caller's, else NULL. */
struct hub_held *hub_held_take(struct hub_held **list, const char *message_id);
/* Walks the frames of a taken message; they live as long as it. */
bool hub_held_next(struct hub_held *taken, struct hub_frame *f_r);
void hub_held_clear(struct hub_held **list);

#endif
