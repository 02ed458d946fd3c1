/* frames.h - the value of a record on the topic `replies`: frames for sockets, one behind the other.
 *
 * Each frame is a head, which is one line of five words, then its bytes, then a newline:
 *
 *     token 0189…/anna 0190… - 93\n
 *     {"type":"token","session_id":"anna",…}\n
 *
 * The words are the headers of the frame: its type, the session ("<restaurant id>/<session id>"), the message that it is about, the one subscriber
 * that it is for, and the number of its bytes; "-" stands for what is absent. The record's own headers say only that it is one of these (event.h, content type
 * FRAMES_TYPE). So one record serves many sessions, who gets what is known without parsing JSON, and a console consumer shows it as text.
 *
 * To add a reply of a new kind, give its frame a type of its own and write it with workers/reply.h: the api routes it by the words alone. With a subscriber it
 * reaches that one (a session is then not needed), without one all live subscribers of the session.
 *
 * Pure. Words are at most FRAMES_WORD_MAX bytes of visible ASCII.
 */
#ifndef COMMON_FRAMES_H
#define COMMON_FRAMES_H

#include <stddef.h>

#include "common/buf.h"

#define FRAMES_TYPE "application/vnd.restaurant.frames"
#define FRAMES_WORD_MAX 199

struct frames_head {
	const char *type;
	const char *session, *message_id, *socket; /* NULL when absent; a session or a socket is there */
};

/* Appends one frame. ERROR_invalid: a word that cannot be written, or nobody whom it is for; ERROR_too_big_to_store: the buf is full. Then nothing was appended. */
MUST_CHECK enum error frames_add(struct buf *b, const struct frames_head *head, const char *bytes, size_t len);

/* A walk through a value. The words of a frame are valid until the next step, its bytes as long as the value. */
struct frames {
	const char *at, *end;
	char line[5 * (FRAMES_WORD_MAX + 1)];
};

enum frames_step { FRAMES_END,
	           FRAMES_ONE,
	           FRAMES_BAD }; /* what is left cannot be read */

void frames_begin(struct frames *f, const void *value, size_t len);
enum frames_step frames_next(struct frames *f, struct frames_head *head_r, const char **bytes_r, size_t *len_r);

#endif
