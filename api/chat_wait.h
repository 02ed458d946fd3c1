/* chat_wait.h - an HTTP request that waits for its answer, in one of two forms:
 *
 *   CHAT_WAIT_WHOLE   200 with the ai_message; the status of the answer's error; or 202 with the message_id when CHAT_WAIT_MS are over
 *   CHAT_WAIT_EVENTS  server-sent events (event: the frame's type, data: the frame) from `accepted` to `ai_message` or `error`, a comment every 15 s of silence. After CHAT_WAIT_MS
 *                     without a frame, or SOCKET_UNSENT_MAX bytes unread, it ends; the same message_id asked again attaches to the answer
 *
 * Until the event is confirmed nothing is sent, so a refusal is a status in both forms. When the client goes away the answer is made all the same. Loop thread only.
 */
#ifndef API_CHAT_WAIT_H
#define API_CHAT_WAIT_H

#include "api/chat.h"

struct request;

enum chat_wait_form { CHAT_WAIT_WHOLE,
	              CHAT_WAIT_EVENTS };

/* Publishes the question and answers the request, whatever happens: it is no longer the caller's. Strings are copied. */
void chat_wait(struct request *r, enum chat_wait_form form, const struct chat_place *place, const struct chat_question *question);
/* Answers 202 with the message_id. */
void chat_reply_accepted(struct request *r, const char *message_id);

#endif
