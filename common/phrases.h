/* phrases.h - an index of phrases (words.h): which of them begin at a word of a text. Pure.
 *
 * Made once from tables of phrases separated by `|`, then only read. A phrase is compared by the stems of its words, so case, accents, width and
 * English plurals do not matter. A mark before a phrase ("<cheese") is kept for who reads the index; it is no part of the phrase.
 * Memory: an arena of its own, bounded by PHRASES_BYTES_MAX. Phrases beyond the maximum, and phrases without a word, are not taken. One thread.
 */
#ifndef COMMON_PHRASES_H
#define COMMON_PHRASES_H

#include "common/words.h"

#define PHRASES_BYTES_MAX ((size_t)4 << 20)

struct phrase {
	const char *text; /* stems, one space between */
	int kind, id;     /* the owner's */
	char mark;        /* '<', '!', or 0 */
	size_t words, length;
	uint64_t letters;
};

struct phrases {
	struct arena *arena;
	struct phrase *v; /* sorted by text, once phrases_sort() was called */
	size_t n, max;
};

void phrases_init(struct phrases *p, size_t max);
void phrases_add(struct phrases *p, const char *phrases, int kind, int id); /* "one|another" */
void phrases_sort(struct phrases *p);                                       /* what was added twice (the same word in two languages) is there once */
void phrases_free(struct phrases *p);

/* All phrases that begin at v[0] of the n words there are: start with phrases_first(), then
 * `while ((x = phrases_next(p, v, n, &at)))`. */
size_t phrases_first(const struct phrases *p, const struct word *v);
const struct phrase *phrases_next(const struct phrases *p, const struct word *v, size_t n, size_t *at);

#endif
