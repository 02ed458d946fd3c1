/* chat_gate_words.h - the gate's vocabulary (chat_gate.def), ready to be looked up. Pure; built at the first use, never changed after that. One thread. */
#ifndef WORKERS_CHAT_GATE_WORDS_H
#define WORKERS_CHAT_GATE_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "common/words.h"

enum gate_kind {
#define GATE(kind, phrases)
#define X(id) GATE_##id,
#include "workers/chat_gate.def"
	GATE_KINDS(X)
#undef X
#undef GATE
		GATE_KIND_COUNT
};
#define GATE_IS(id) (UINT32_C(1) << GATE_##id)

/* The longest phrase that begins at a word; words is 0 when none does. */
struct gate_hit {
	uint32_t kinds; /* GATE_IS() bits of all rows that hold the phrase */
	size_t words;
};

struct gate_hit gate_words_at(const struct word *v, size_t n); /* n >= 1 */

#endif
