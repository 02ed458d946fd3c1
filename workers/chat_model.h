/* chat_model.h - where an answer's words come from: the built-in writer, or a model through the gate. Parts of the chat flow's step `ask`. */
#ifndef WORKERS_CHAT_MODEL_H
#define WORKERS_CHAT_MODEL_H

#include "workers/chat.h"

/* The whole answer from the menu, at once. */
void chat_compose(struct chat *c, enum chat_status status);

void chat_model_prompt(const struct chat *c, struct llm_prompt *prompt_r);
/* Opens the gate, says the facts that go first, and asks; `next` runs when the model is done, failed, or the flow was interrupted. */
const struct step *chat_model_ask(struct chat *c, const struct step *next);
/* Ends what the model began; counts what the gate dropped, by why. */
void chat_close_gate(struct chat *c, enum chat_gate_end end);

#endif
