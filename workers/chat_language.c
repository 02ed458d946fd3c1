/* chat_language.c - see chat_language.h. */
#include "workers/chat_language.h"

#include <stdlib.h>

#include "common/phrases.h"

#define PHRASES_MAX 12000
#define WEIGHT 840 /* of a word, shared by its languages: can be divided by up to eight */

static const struct {
	enum language language;
	const char *phrases;
} rows[] = {
#define LANGUAGE_WORDS(language, words) { LANGUAGE_##language, words },
#include "workers/chat_languages.def"
#undef LANGUAGE_WORDS
#define MEANING(id)
#define FOOD(id, close)
#define WORDS(id, language, phrases) { LANGUAGE_##language, phrases },
#include "workers/chat_foods.def"
#include "workers/chat_lexicon.def"
#undef WORDS
#undef FOOD
#undef MEANING
#define ALLERGEN(id, parent, regulated)
#define TERM(id, language, name, phrases) { LANGUAGE_##language, name }, { LANGUAGE_##language, phrases },
#include "common/allergen.def"
#undef TERM
#undef ALLERGEN
};

static const struct phrases *telling(void)
{
	static struct phrases once;
	if (once.v)
		return &once;
	phrases_init(&once, PHRASES_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		phrases_add(&once, rows[i].phrases, 0, (int)rows[i].language);
	if (once.n == PHRASES_MAX)
		abort(); /* phrases that could never be found */
	phrases_sort(&once);
	return &once;
}

/* The languages, as bits, of the longest phrase at a word. */
struct telling {
	size_t words;
	unsigned languages;
};

static struct telling telling_at(const struct word *v, size_t n)
{
	const struct phrases *p = telling();
	struct telling found = { 0 };
	const struct phrase *x;
	for (size_t at = phrases_first(p, v); (x = phrases_next(p, v, n, &at));) {
		if (x->words < found.words)
			continue;
		if (x->words > found.words)
			found = (struct telling){ .words = x->words };
		found.languages |= 1u << x->id;
	}
	return found;
}

enum language chat_language(struct words words, enum language otherwise)
{
	size_t told[LANGUAGE_COUNT] = { 0 };
	for (size_t i = 0; i < words.n;) {
		struct telling found = telling_at(words.v + i, words.n - i);
		if (found.languages && !(found.languages >> LANGUAGE_any))
			for (int l = 0; l < LANGUAGE_COUNT; l++)
				told[l] += (found.languages >> l & 1) * found.words * WEIGHT / (size_t)__builtin_popcount(found.languages);
		i += found.words ? found.words : 1;
	}
	enum language best = otherwise;
	for (int l = 0; l < LANGUAGE_COUNT; l++)
		best = told[l] > told[best] ? (enum language)l : best;
	for (int l = 0; l < LANGUAGE_COUNT; l++)
		if (l != (int)best && told[l] == told[best])
			return otherwise;
	return best;
}
