/* words.h - text as words that can be compared. Pure.
 *
 * A word is a run of letters and digits; a symbol such as an emoji is a word of its own; everything else separates. Words are folded: case, accents,
 * width and ligatures are gone ("SÉSAME" is "sesame", "ﬁsh" is "fish"). The stem is the folded word without an English plural; it is no
 * dictionary form ("cookies" and "cookie" are both "cooki"), so it is for comparing, never for showing.
 * German and Dutch compounds of an
 * allergy are two words ("Erdnussallergie", "glutenfrei"). Invalid UTF-8 separates words too. Words beyond `max` are not looked at; a word is cut at WORD_BYTES_MAX bytes.
 */
#ifndef COMMON_WORDS_H
#define COMMON_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"

#define WORD_BYTES_MAX 48
#define WORDS_MAX 400 /* of one message; 2,000 characters hold no more that matter */

struct word {
	const char *text; /* folded */
	const char *stem;
	uint32_t length;   /* of the stem, in bytes */
	uint32_t from, to; /* where it stands in the text, in bytes */
};

struct words {
	const struct word *v;
	size_t n;
};

struct words words_of(struct arena *a, const char *text, size_t max);

/* " soup of the day ": the folded words with one space between and on either end, so that strstr() finds whole words. */
const char *words_line(struct arena *a, struct words words);

/* Which bytes occur, as a set of 64: two words whose sets differ in more than 2 * n places are more than n edits apart. */
uint64_t words_letters(const char *text);
/* Edits (insert, delete, replace, swap of neighbours) from one to the other, or `most` + 1 when there are more. */
unsigned words_edits(const char *x, size_t x_length, const char *y, size_t y_length, unsigned most);
/* How many typing errors a word of that length may hold. */
unsigned words_tolerance(size_t length);

#endif
