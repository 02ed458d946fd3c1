/* outcome.h - what an answer came to, told to the analytics: what was asked for, in what language, how it was answered, what was not to be had.
 *
 * It is made before the answer is stored and stored with it, so that it can be told again after a crash; its id is derived from the message's, so it counts once. It holds
 * no words of the guest but those of a question for what is not to be had (200 characters, for `samples`).
 */
#ifndef WORKERS_OUTCOME_H
#define WORKERS_OUTCOME_H

#include "workers/chat.h"

/* A chat_outcome as JSON, in the chat's arena; before session_remember(). */
const char *outcome_make(const struct chat *c);
/* The one in a stored answer's meta data; NULL: there is none. In the arena. */
const char *outcome_stored(struct arena *a, const char *meta_json);
MUST_CHECK enum error outcome_publish(struct worker *w, const char *restaurant_id, const char *trace, const char *outcome, bus_delivered_fn *done, void *ctx);

#endif
