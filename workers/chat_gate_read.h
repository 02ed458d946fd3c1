/* chat_gate_read.h - one sentence of a model, taken apart into what it says about the menu. Pure; used by the gate only.
 *
 * Every word is accounted for: as part of a dish's name, a category, an amount, an allergen, an ingredient of the dish, or a word of chat_gate.def. A single word that
 * is none of these makes the sentence `strange`, and so do characters that no plain sentence holds; two names of dishes that run into each
 * other ("Chicken Carbonara") are `invented`.
 */
#ifndef WORKERS_CHAT_GATE_READ_H
#define WORKERS_CHAT_GATE_READ_H

#include <stdbool.h>

#include "workers/chat_gate_words.h"
#include "workers/chat_question.h"

#define GATE_WORDS_MAX 80 /* of one sentence */
#define GATE_MENTIONS 8
#define GATE_AMOUNTS 6
#define GATE_ALLERGENS 16
#define GATE_NO_DISH UINT32_MAX

struct gate_mention {
	uint32_t dish;     /* GATE_NO_DISH: a category, or one of several dishes */
	size_t first, end; /* words */
};

struct gate_amount {
	size_t at;        /* word */
	const char *text; /* "14.90": digits with at most one point */
};

struct gate_allergen {
	size_t at;                /* word */
	struct allergen_set said; /* "nuts" is any of tree nuts and peanuts */
	bool declared;            /* the words are the name of an ingredient of every dish of the sentence */
};

struct gate_reading {
	const char *text;
	struct words words;
	uint8_t use[GATE_WORDS_MAX]; /* of each word; private */
	bool strange, invented;
	struct gate_mention mentions[GATE_MENTIONS];
	size_t mention_count;
	struct gate_amount amounts[GATE_AMOUNTS];
	size_t amount_count;
	struct gate_allergen allergens[GATE_ALLERGENS];
	size_t allergen_count;
	uint32_t kinds;   /* GATE_IS() bits of all words */
	size_t first_may; /* word; GATE_WORDS_MAX: none */
	size_t loose;     /* plain words that must not stand beside an allergen */
	size_t grounded;  /* ingredients named, each of them in every dish of the sentence */
};

/* What a sentence may lean on. */
struct gate_ground {
	const struct menu_snapshot *s;
	const struct chat_question *q; /* its dishes decide between several that a word could mean */
	uint32_t subject;              /* the dish that "it" is, GATE_NO_DISH */
};

void gate_read(struct arena *a, const struct gate_ground *ground, const char *text, struct gate_reading *reading_r);

#endif
