/* chat_prompt.h - what a model is told: persona, rules, the facts of the menu, the last turns, the guest's message. Pure.
 *
 * Messages in order: the system message; a second one only when the guest has a profile; then the newest turns; then the message. All together cost at most `max_tokens`
 * (LLM_TOKEN_BYTES each; AI_PROMPT_TOKENS), unless persona, rules and message alone cost more. A menu that fits is told whole, in the snapshot's own system message: the same for
 * every guest, which providers cache. Of one that does not, what the message and the last turns are about goes first: dishes, what has the word, categories; then the rest.
 * A quarter is kept for the turns, of which at most CHAT_PROMPT_TURNS and CHAT_PROMPT_HISTORY_BYTES are told.
 * Turns whose role is neither "user" nor "assistant" are left out: nobody but us writes a system message.
 *
 * Nothing is copied that need not be: prompt_r points into the arena, the snapshot, the history and the message (llm_ask copies).
 */
#ifndef WORKERS_CHAT_PROMPT_H
#define WORKERS_CHAT_PROMPT_H

#include <stddef.h>

#include "common/arena.h"
#include "common/llm.h"
#include "workers/menu_snapshot.h"

#define CHAT_PROMPT_TURNS 12
#define CHAT_PROMPT_TOKENS 8000 /* AI_PROMPT_TOKENS when nobody sets it */
#define CHAT_PROMPT_HISTORY_BYTES ((size_t)8 << 10)

struct profile;
struct restaurant;

struct chat_turn {
	const char *role; /* "user" or "assistant" */
	const char *content;
};

/* `profile` and `history` may be NULL. prompt_r->trace is NULL. */
void chat_prompt_build(struct arena *a, const struct menu_snapshot *s, const struct profile *profile, const struct chat_turn *history, size_t history_count, const char *message, size_t max_tokens,
                       struct llm_prompt *prompt_r);

/* The system message for a guest without profile; for menu_snapshot_new(). */
const char *chat_prompt_system(struct arena *a, const struct restaurant *restaurant, const char *facts);

#endif
