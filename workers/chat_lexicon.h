/* chat_lexicon.h - what a guest's words may mean: allergens, intentions, well-known dishes. Pure.
 *
 * The tables are allergen.def, chat_lexicon.def and chat_foods.def, with one row for each meaning and language; a word means the same in a message
 * of any language. They are sorted once, at the first use, and never change. One thread.
 */
#ifndef WORKERS_CHAT_LEXICON_H
#define WORKERS_CHAT_LEXICON_H

#include "common/allergen.h"
#include "common/words.h"

enum meaning {
#define MEANING(id) MEANING_##id,
#define WORDS(id, language, phrases)
#include "workers/chat_lexicon.def"
#undef MEANING
	MEANING_COUNT
};
_Static_assert(MEANING_COUNT <= 64, "meanings are the bits of one word");
#define MEANS(id) ((uint64_t)1 << MEANING_##id)

enum food {
	FOOD_none,
#define FOOD(id, close) FOOD_##id,
#include "workers/chat_foods.def"
#undef FOOD
#undef WORDS
	FOOD_COUNT
};

/* What begins at a word. */
struct lexicon_hits {
	uint64_t meanings;             /* of all phrases that begin here */
	struct allergen_set allergens; /* of the longest phrase for allergens */
	size_t allergen_words;         /* which is so long; 0: none */
	enum food food;
	bool stop;  /* the word alone says nothing */
	bool known; /* some phrase of one word or more begins here */
};

/* `v` is the word and what follows it; n >= 1. */
struct lexicon_hits lexicon_at(const struct word *v, size_t n);
/* As if the word were typed right: an allergen, meaning or food whose word is within the tolerance. hits.known is false when there is none. */
struct lexicon_hits lexicon_near(const struct word *word);
/* All allergens in a text, the longest phrases winning ("coconut milk" is no milk). */
struct allergen_set lexicon_allergens(struct arena *a, const char *text);
/* "pizza": its row in chat_foods.def; "none". */
const char *lexicon_food_name(enum food food);
/* Stems of what is close to it, ended by NULL. */
const char *const *lexicon_close(enum food food);

/* The stem of the food's own name when it stands first among what is close to it; else NULL. */
const char *lexicon_same(enum food food);

#endif
