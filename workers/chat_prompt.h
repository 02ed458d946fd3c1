/* chat_prompt.h - what a model is told: persona, rules, the facts of the menu, the last turns, the guest's message. Pure.
 *
 * Messages in order: the system message, cached in the snapshot and not copied; a second system message only when the guest has a profile or names dishes that the
 * bounded facts left out, then the newest turns within CHAT_PROMPT_TURNS and CHAT_PROMPT_HISTORY_BYTES, then the message.
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
#define CHAT_PROMPT_HISTORY_BYTES ((size_t)8 << 10)

struct profile;
struct restaurant;

struct chat_turn {
	const char *role; /* "user" or "assistant" */
	const char *content;
};

/* `profile` and `history` may be NULL. prompt_r->trace is NULL. */
void chat_prompt_build(struct arena *a, const struct menu_snapshot *s, const struct profile *profile, const struct chat_turn *history, size_t history_count, const char *message, struct llm_prompt *prompt_r);

/* The system message for a guest without profile; for menu_snapshot_new(). */
const char *chat_prompt_system(struct arena *a, const struct restaurant *restaurant, const char *facts);

#endif
