/* allergen.h - the taxonomy of allergens, and what a dish declares about one of them. Pure; all data is static.
 *
 * A verdict has four values and errs to the side of the guest. It follows the contract's rule (what a list says; else free_of on a reviewed
 * dish for regulated allergens; else unknown) with two cautions: a member of a group is not called absent while a sibling is listed
 * (hazelnuts listed, almonds asked), nor anything whose word stands among the ingredients; both become unknown.
 */
#ifndef COMMON_ALLERGEN_H
#define COMMON_ALLERGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/language.h"

enum allergen {
	ALLERGEN_none,
#define ALLERGEN(id, parent, regulated) ALLERGEN_##id,
#define TERM(id, language, name, phrases)
#include "common/allergen.def"
#undef TERM
#undef ALLERGEN
	ALLERGEN_COUNT
};

struct allergen_row {
	const char *wire; /* "tree_nuts" */
	enum allergen parent;
	bool regulated;
};

/* The words of one language for it; both are NULL where allergen.def has no row. */
struct allergen_term {
	const char *name;    /* "tree nuts": what answers call it; "" for LANGUAGE_any; after a ~ it is no phrase */
	const char *phrases; /* further ones, separated by | */
};

extern const struct allergen_row allergen_rows[ALLERGEN_COUNT]; /* [0] is none */
extern const struct allergen_term allergen_terms[ALLERGEN_COUNT][LANGUAGE_ROWS];

const char *allergen_name(enum language language, enum allergen x); /* the English one where the language has none */

struct allergen_set {
	uint64_t bits[2]; /* ALLERGEN_COUNT <= 128 */
};

static inline void allergen_add(struct allergen_set *s, enum allergen x)
{
	s->bits[x >> 6] |= (uint64_t)1 << (x & 63);
}

static inline bool allergen_in(const struct allergen_set *s, enum allergen x)
{
	return s->bits[x >> 6] >> (x & 63) & 1;
}

static inline bool allergen_any(const struct allergen_set *s)
{
	return s->bits[0] | s->bits[1];
}

static inline struct allergen_set allergen_both(struct allergen_set x, struct allergen_set y)
{
	return (struct allergen_set){ { x.bits[0] & y.bits[0], x.bits[1] & y.bits[1] } };
}

static inline struct allergen_set allergen_either(struct allergen_set x, struct allergen_set y)
{
	return (struct allergen_set){ { x.bits[0] | y.bits[0], x.bits[1] | y.bits[1] } };
}

enum allergen allergen_first(const struct allergen_set *s); /* ALLERGEN_none when empty */

/* By the name on the wire, exactly; ALLERGEN_none when it is not in the taxonomy. Synonyms are the lexicon's matter. */
enum allergen allergen_of_wire(const char *wire);

/* What a dish declares, as sets. */
struct allergen_facts {
	struct allergen_set contains, may_contain, free_of;
	struct allergen_set ingredients; /* what the words of its ingredients stand for */
	bool reviewed;
	bool declares_ingredients;
};

/* From the safest to the worst, so that the greater one of two is the answer for both. */
enum verdict { VERDICT_free_of,
	       VERDICT_unknown,
	       VERDICT_may_contain,
	       VERDICT_contains };
extern const char *const verdict_names[];

/* A question about one allergen, prepared: the same one is put to many dishes. */
struct allergen_question {
	enum allergen asked;
	struct allergen_set family;   /* itself and its members */
	struct allergen_set above;    /* what it is a member of */
	struct allergen_set siblings; /* the other members of that */
};
struct allergen_question allergen_question(enum allergen asked);

struct allergen_finding {
	enum verdict verdict;
	enum allergen stated;     /* what the verdict is about: as asked, or the member or the group that the dish lists */
	enum allergen ingredient; /* not none: unknown because of this word among the ingredients */
};
struct allergen_finding allergen_find(const struct allergen_question *q, const struct allergen_facts *facts);

#endif
