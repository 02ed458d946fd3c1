/* allergen_words.h - what people write for allergens, in lists: "nuts", "Nüsse, Milch; may contain traces of sesame". Pure.
 *
 * The words are the phrases of allergen.def (all languages, folded as words.h does) and the names on the wire; what stands around them is in
 * allergen_lists.def. Only what is there exactly is taken: a typing error is never corrected, it is unknown with a suggestion.
 * A word may stand for several ("shellfish": crustaceans and molluscs). All of them are contained then; of those that the word may not mean
 * ("nuts" need not be peanuts, "cheese" is not all of milk) none is declared absent. What guests ask for ("coeliac") is unknown in a list.
 * What this does not do: sentences. Letters and numbers of a menu's own legend ("A, C, G") are unknown. The tables are sorted once, at the first use; one thread.
 */
#ifndef COMMON_ALLERGEN_WORDS_H
#define COMMON_ALLERGEN_WORDS_H

#include "common/allergen.h"
#include "common/arena.h"
#include "common/phrases.h"

#define ALLERGEN_PIECE_BYTES_MAX 200 /* of a piece of a list; a longer one is unknown, and shown so far */
#define ALLERGEN_UNKNOWN_MAX 8       /* pieces of a list that are kept; the others are only counted */

/* What one word, or a phrase for one thing, stands for. */
struct allergen_word {
	struct allergen_set set;    /* may be contained; empty: the word is unknown */
	struct allergen_set absent; /* those of `set` which the word may declare absent; may be empty */
	struct allergen_set near;   /* of an unknown word: what may have been meant; may be empty */
};
struct allergen_word allergen_word(struct arena *a, const char *text);

/* Adds all words for it, of every language. */
void allergen_phrases(struct phrases *p, enum allergen x, int kind);
/* All allergens that words of a text stand for, the longest phrases winning: of "organic coconut milk" coconut, not milk. For the names of ingredients. */
struct allergen_set allergens_named(struct arena *a, const char *text);

enum allergen_list { ALLERGEN_LIST_contains,
	             ALLERGEN_LIST_may_contain,
	             ALLERGEN_LIST_free_of,
	             ALLERGEN_LIST_COUNT };
extern const char *const allergen_list_names[ALLERGEN_LIST_COUNT]; /* "contains", ... */

struct allergen_unknown {
	const char *text; /* as written, without blanks around */
	struct allergen_set near;
};

/* A list that was written for `column`. */
struct allergen_lists {
	struct allergen_set list[ALLERGEN_LIST_COUNT]; /* one allergen may be in several of them: the caller decides what that means */
	bool moved[ALLERGEN_LIST_COUNT];               /* the text itself put something there which is not the column: "traces of nuts" under contains */
	struct allergen_set not_absent;                /* named as absent by a word that does not say so much: left out of free_of */
	bool none;                                     /* "none", and nothing else */
	struct allergen_unknown unknown[ALLERGEN_UNKNOWN_MAX];
	size_t n_unknown; /* of all, also of those beyond the maximum */
};
/* Pieces end at , ; | / + & ( ) : line ends and full stops. Pieces beyond WORDS_MAX words in all are unknown. A text without a word ("-", "?") is unknown; an empty one gives nothing. */
struct allergen_lists allergen_lists(struct arena *a, const char *text, enum allergen_list column);

/* The names on the wire, in the order of the taxonomy, with `between` between them: "milk, eggs"; "" when empty. */
const char *allergen_names(struct arena *a, struct allergen_set set, const char *between);

#endif
