/* chat_budget.h - what an answer may cost: reserved before the model is asked, settled when it has answered.
 *
 * A reservation is what the answer costs at most: the prompt, three bytes a token, and AI_MAX_TOKENS. It counts as used until it is settled, so a worker that dies in
 * between has used it. Where a provider does not say what it used, its bytes are counted.
 */
#ifndef WORKERS_CHAT_BUDGET_H
#define WORKERS_CHAT_BUDGET_H

#include "workers/chat.h"

bool chat_budget_limited(const struct chat *c); /* is there a ceiling at all? */
/* c->reserved is 0 in `next` when the ceiling is reached, or PostgreSQL did not answer. */
const struct step *chat_budget_reserve(struct chat *c, const struct llm_prompt *prompt, const struct step *next);
void chat_budget_reserved(struct chat *c); /* first thing in `next` */

/* Is there something to settle? */
bool chat_budget_open(const struct chat *c);
/* What the call really used; `next` runs whatever comes of it. */
const struct step *chat_budget_settle(struct chat *c, const struct step *next);

/* What that many tokens (negative: unknown) cost by AI_PRICE_IN and AI_PRICE_OUT, in millionths of the currency: rounded once, so that many small answers add up. */
int64_t chat_cost_micros(const struct config *config, int64_t tokens_in, int64_t tokens_out);

#endif
