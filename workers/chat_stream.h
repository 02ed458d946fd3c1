/* chat_stream.h - an answer's text as token frames.
 *
 * The first piece goes out at once. After that, pieces wait for the end of the loop turn, or, when more than
 * CHAT_STREAM_BUSY answers are under way, for the next beat of CHAT_STREAM_BEAT_MS, and go out together: the guest sees no difference and the broker carries
 * far fewer records. Tokens number 1, 2, 3 … without gap; where each ended is kept, so that a socket which comes later gets the same ones.
 */
#ifndef WORKERS_CHAT_STREAM_H
#define WORKERS_CHAT_STREAM_H

#include "workers/chat.h"

#define CHAT_STREAM_BUSY 8
#define CHAT_STREAM_BEAT_MS 25

struct chat_stream;

MUST_CHECK enum error chat_stream_new(struct worker *w, struct chat_stream **stream_r);
void chat_stream_free(struct chat_stream **stream);

void chat_stream_add(struct chat *c, const char *text, size_t len); /* cut at CHAT_ANSWER_MAX, on a code point */
void chat_stream_pieces(struct chat *c, const char *text);          /* the built-in writer's answer: several tokens at once when it is quiet */
void chat_stream_flush(struct chat *c);                             /* sends what waits; call before the final frame */
void chat_stream_forget(struct chat *c);                            /* the chat ends: takes it off the list */
size_t chat_stream_tokens(const struct chat *c);                    /* tokens sent so far = seq of the last */

#endif
