/* allergen.c - see allergen.h. */
#include "common/allergen.h"

#include <string.h>

enum { OTHER,
       REGULATED };

const struct allergen_row allergen_rows[ALLERGEN_COUNT] = {
	[ALLERGEN_none] = { "", ALLERGEN_none, false },
#define ALLERGEN(id, parent, regulated) [ALLERGEN_##id] = { #id, ALLERGEN_##parent, regulated },
#define TERM(id, language, name, phrases)
#include "common/allergen.def"
#undef TERM
#undef ALLERGEN
};

const struct allergen_term allergen_terms[ALLERGEN_COUNT][LANGUAGE_ROWS] = {
	[ALLERGEN_none][LANGUAGE_en] = { "", "" },
#define ALLERGEN(id, parent, regulated)
#define TERM(id, language, name, phrases) [ALLERGEN_##id][LANGUAGE_##language] = { name, phrases },
#include "common/allergen.def"
#undef TERM
#undef ALLERGEN
};

const char *const verdict_names[] = { "free_of", "unknown", "may_contain", "contains" };

_Static_assert(ALLERGEN_COUNT <= 128, "allergen_set holds 128");

enum allergen allergen_first(const struct allergen_set *s)
{
	if (s->bits[0])
		return (enum allergen)__builtin_ctzll(s->bits[0]);
	return s->bits[1] ? (enum allergen)(64 + __builtin_ctzll(s->bits[1])) : ALLERGEN_none;
}

const char *allergen_name(enum language language, enum allergen x)
{
	const char *name = allergen_terms[x][language].name;
	name = name ? name : allergen_terms[x][LANGUAGE_en].name;
	return name + (*name == '~');
}

enum allergen allergen_of_wire(const char *wire)
{
	for (int i = 1; i < ALLERGEN_COUNT; i++)
		if (!strcmp(allergen_rows[i].wire, wire))
			return (enum allergen)i;
	return ALLERGEN_none;
}

static bool is_below(enum allergen x, enum allergen group)
{
	while (x != ALLERGEN_none && x != group)
		x = allergen_rows[x].parent;
	return x != ALLERGEN_none && x == group;
}

struct allergen_question allergen_question(enum allergen asked)
{
	struct allergen_question q = { .asked = asked };
	enum allergen parent = allergen_rows[asked].parent;
	for (int i = 1; i < ALLERGEN_COUNT; i++) {
		enum allergen x = (enum allergen)i;
		if (is_below(x, asked))
			allergen_add(&q.family, x);
		else if (is_below(asked, x))
			allergen_add(&q.above, x);
		else if (parent != ALLERGEN_none && is_below(x, parent))
			allergen_add(&q.siblings, x);
	}
	return q;
}

/* What of the family, or else of the groups above, is in the list. */
static enum allergen listed(const struct allergen_question *q, struct allergen_set list)
{
	struct allergen_set family = allergen_both(q->family, list), above = allergen_both(q->above, list);
	if (allergen_in(&family, q->asked))
		return q->asked;
	return allergen_any(&family) ? allergen_first(&family) : allergen_first(&above);
}

static bool declared_absent(const struct allergen_question *q, const struct allergen_facts *facts)
{
	struct allergen_set above = allergen_both(q->above, facts->free_of);
	if (allergen_in(&facts->free_of, q->asked))
		return true;
	return allergen_rows[q->asked].regulated && (allergen_any(&above) || facts->reviewed);
}

struct allergen_finding allergen_find(const struct allergen_question *q, const struct allergen_facts *facts)
{
	struct allergen_finding found = { .verdict = VERDICT_contains, .stated = listed(q, facts->contains) };
	if (found.stated != ALLERGEN_none)
		return found;
	found.verdict = VERDICT_may_contain;
	found.stated = listed(q, facts->may_contain);
	if (found.stated != ALLERGEN_none)
		return found;
	found.verdict = VERDICT_unknown;
	found.stated = q->asked;
	struct allergen_set words = allergen_both(q->family, facts->ingredients);
	if (allergen_any(&words)) {
		if (!allergen_rows[q->asked].regulated)
			found.verdict = VERDICT_contains;
		else
			found.ingredient = allergen_first(&words);
		return found;
	}
	struct allergen_set siblings = allergen_both(q->siblings, allergen_either(facts->contains, facts->may_contain));
	if (!allergen_any(&siblings) && declared_absent(q, facts))
		found.verdict = VERDICT_free_of;
	return found;
}
