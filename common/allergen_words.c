/* allergen_words.c - see allergen_words.h. */
#include "common/allergen_words.h"

#include <string.h>

#include "common/phrases.h"
#include "common/text.h"

#define PHRASES_MAX 4000

enum kind { KIND_allergen,
	    KIND_listed };

/* Bits of what is said in one piece. */
enum listed {
#define LISTED(id, phrases) LISTED_##id,
#include "common/allergen_lists.def"
#undef LISTED
	LISTED_COUNT
};
#define SAYS(id) (1u << LISTED_##id)

static const char *const listed_phrases[] = {
#define LISTED(id, phrases) phrases,
#include "common/allergen_lists.def"
#undef LISTED
};

const char *const allergen_list_names[ALLERGEN_LIST_COUNT] = { "contains", "may_contain", "free_of" };

void allergen_phrases(struct phrases *p, enum allergen x, int kind)
{
	for (int l = 0; l < LANGUAGE_ROWS; l++) {
		const struct allergen_term *term = &allergen_terms[x][l];
		if (!term->name)
			continue;
		phrases_add(p, *term->name == '~' ? "" : term->name, kind, (int)x);
		phrases_add(p, term->phrases, kind, (int)x);
	}
}

static const struct phrases *known(void)
{
	static struct phrases p;
	if (p.v)
		return &p;
	phrases_init(&p, PHRASES_MAX);
	for (int i = 1; i < ALLERGEN_COUNT; i++) {
		allergen_phrases(&p, (enum allergen)i, KIND_allergen);
		phrases_add(&p, allergen_rows[i].wire, KIND_allergen, i);
	}
	for (int i = 0; i < LISTED_COUNT; i++)
		phrases_add(&p, listed_phrases[i], KIND_listed, i);
	phrases_sort(&p);
	return &p;
}

/* The longest phrase at a word: all allergens that it stands for, or what it says. */
struct hit {
	size_t words;
	struct allergen_word allergens;
	unsigned says;
};

static struct hit hit_at(const struct word *v, size_t n)
{
	const struct phrases *p = known();
	struct hit hit = { 0 };
	const struct phrase *x;
	for (size_t at = phrases_first(p, v); (x = phrases_next(p, v, n, &at));) {
		if (x->mark == '!' || x->words < hit.words)
			continue;
		if (x->words > hit.words)
			hit = (struct hit){ .words = x->words };
		if (x->kind == KIND_listed) {
			hit.says |= 1u << x->id;
			continue;
		}
		allergen_add(&hit.allergens.set, (enum allergen)x->id);
		if (x->mark != '<')
			allergen_add(&hit.allergens.absent, (enum allergen)x->id);
	}
	return hit;
}

static void consider(const struct phrase *x, const char *text, size_t length, uint64_t letters, unsigned *best, struct allergen_set *near)
{
	if (x->kind != KIND_allergen || x->length < 3 || (unsigned)__builtin_popcountll(x->letters ^ letters) > 2 * *best)
		return;
	unsigned edits = words_edits(text, length, x->text, x->length, *best);
	if (edits > *best)
		return;
	if (edits < *best)
		*near = (struct allergen_set){ { 0 } };
	*best = edits;
	allergen_add(near, (enum allergen)x->id);
}

/* What is least edits away from the words as one phrase. */
static struct allergen_set near_to(struct arena *a, struct words words)
{
	const struct phrases *p = known();
	struct allergen_set near = { { 0 } };
	const char *text = words.n ? words.v[0].stem : "";
	for (size_t i = 1; i < words.n; i++)
		text = arena_printf(a, "%s %s", text, words.v[i].stem);
	size_t length = strlen(text);
	if (length < 3 || length > WORD_BYTES_MAX)
		return near;
	unsigned best = words_tolerance(length) + (length < 4);
	uint64_t letters = words_letters(text);
	for (size_t i = 0; i < p->n; i++)
		consider(&p->v[i], text, length, letters, &best, &near);
	return near;
}

/* Of an unknown phrase: what the whole is close to, else what its words stand for or are close to ("chopped nust"). */
static struct allergen_set suggestion(struct arena *a, struct words words)
{
	struct allergen_set near = near_to(a, words);
	for (size_t i = 0; i < words.n && !allergen_any(&near); i++) {
		struct hit hit = hit_at(words.v + i, words.n - i);
		near = hit.words ? hit.allergens.set : near_to(a, (struct words){ words.v + i, 1 });
	}
	return near;
}

struct allergen_word allergen_word(struct arena *a, const char *text)
{
	struct words words = words_of(a, text, WORDS_MAX);
	if (words.n) {
		struct hit hit = hit_at(words.v, words.n);
		if (hit.words == words.n && allergen_any(&hit.allergens.set))
			return hit.allergens;
	}
	return (struct allergen_word){ .near = suggestion(a, words) };
}

struct allergen_set allergens_named(struct arena *a, const char *text)
{
	struct words words = words_of(a, text, WORDS_MAX);
	struct allergen_set found = { { 0 } };
	for (size_t i = 0; i < words.n;) {
		struct hit hit = hit_at(words.v + i, words.n - i);
		found = allergen_either(found, hit.allergens.set);
		i += hit.words ? hit.words : 1;
	}
	return found;
}

/* One piece of a list. */
struct piece {
	struct allergen_word allergens;
	unsigned says;   /* anywhere in it */
	unsigned first;  /* by its first words */
	bool understood; /* every word is, and it can be read in one way only */
};

#define TURNS (SAYS(may) | SAYS(free) | SAYS(none) | SAYS(holds))

/* "milk may contain nuts", "gluten free oats": what is said stands between allergens, and may belong to either. */
static bool is_between(const struct piece *p, const struct hit *hit, unsigned *after)
{
	if ((hit->says & TURNS) && allergen_any(&p->allergens.set))
		*after |= hit->says;
	return *after && allergen_any(&hit->allergens.set);
}

static struct piece piece_of(struct words words)
{
	struct piece p = { .understood = true };
	unsigned after = 0;
	for (size_t i = 0; i < words.n;) {
		struct hit hit = hit_at(words.v + i, words.n - i);
		if (!hit.words || is_between(&p, &hit, &after))
			p.understood = false;
		p.allergens.set = allergen_either(p.allergens.set, hit.allergens.set);
		p.allergens.absent = allergen_either(p.allergens.absent, hit.allergens.absent);
		p.says |= hit.says;
		p.first |= i ? 0 : hit.says;
		i += hit.words ? hit.words : 1;
	}
	return p;
}

struct reading {
	struct arena *arena;
	struct allergen_lists *out;
	enum allergen_list column, list; /* `list`: where what comes belongs */
	bool none;
	size_t words;
	const char *none_text;
};

static void add_unknown(struct reading *r, const char *text, struct words words)
{
	struct allergen_lists *out = r->out;
	if (out->n_unknown++ < ALLERGEN_UNKNOWN_MAX)
		out->unknown[out->n_unknown - 1] = (struct allergen_unknown){ text, suggestion(r->arena, words) };
}

static void add_allergens(struct reading *r, const struct piece *p, enum allergen_list list)
{
	struct allergen_set add = list == ALLERGEN_LIST_free_of ? p->allergens.absent : p->allergens.set;
	r->out->list[list] = allergen_either(r->out->list[list], add);
	r->out->moved[list] = r->out->moved[list] || list != r->column;
	for (size_t i = 0; list == ALLERGEN_LIST_free_of && i < 2; i++)
		r->out->not_absent.bits[i] |= p->allergens.set.bits[i] & ~p->allergens.absent.bits[i];
}

/* Which list the piece is for; false when it contradicts itself ("may contain no traces of"). */
static bool list_of(struct reading *r, const struct piece *p, enum allergen_list *list_r)
{
	bool may = p->says & SAYS(may), absent = p->says & (SAYS(free) | SAYS(none)), holds = p->says & SAYS(holds);
	*list_r = r->list;
	if (may && absent)
		return false;
	if (absent)
		*list_r = ALLERGEN_LIST_free_of;
	else if (may)
		*list_r = ALLERGEN_LIST_may_contain;
	else if (holds)
		*list_r = ALLERGEN_LIST_contains;
	if ((p->first & SAYS(may)) || ((p->first & SAYS(holds)) && !may && !absent))
		r->list = *list_r;
	return true;
}

static const char *piece_text(struct arena *a, const char *s, size_t length)
{
	return arena_strndup(a, s, utf8_cut(s, length, ALLERGEN_PIECE_BYTES_MAX));
}

static void read_piece(struct reading *r, const char *start, size_t length)
{
	bool cut = length > ALLERGEN_PIECE_BYTES_MAX;
	const char *text = piece_text(r->arena, start, length);
	struct words words = words_of(r->arena, text, WORDS_MAX);
	struct piece p = piece_of(words);
	enum allergen_list list;
	r->words += words.n;
	if (!p.understood || cut || r->words > WORDS_MAX || !list_of(r, &p, &list)) {
		add_unknown(r, text, words);
	} else if (allergen_any(&p.allergens.set)) {
		add_allergens(r, &p, list);
	} else if (p.says & (SAYS(none) | SAYS(free))) {
		r->none = true;
		r->none_text = text;
	} else if (!(p.says & (SAYS(may) | SAYS(holds)))) {
		add_unknown(r, text, words); /* nothing but fillers: "e" may be a letter of a legend */
	}
}

static size_t trimmed(const char **s, size_t length)
{
	while (length && strchr(" \t\r\n", (*s)[0])) {
		++*s;
		length--;
	}
	while (length && strchr(" \t\r\n", (*s)[length - 1]))
		length--;
	return length;
}

/* "none" counts only when its own list says nothing else ("none; may contain nuts" is fine); a text that says nothing at all is unknown. */
static void conclude(struct reading *r, const char *text)
{
	struct allergen_lists *out = r->out;
	bool own = out->n_unknown || allergen_any(&out->list[r->column]), any = own || r->none || allergen_any(&out->not_absent);
	for (int i = 0; i < ALLERGEN_LIST_COUNT; i++)
		any = any || allergen_any(&out->list[i]);
	if (r->none && own)
		add_unknown(r, r->none_text, (struct words){ 0 });
	out->none = r->none && !own;
	size_t length = trimmed(&text, strlen(text));
	if (!any && length)
		add_unknown(r, piece_text(r->arena, text, length), (struct words){ 0 });
}

struct allergen_lists allergen_lists(struct arena *a, const char *text, enum allergen_list column)
{
	struct allergen_lists out = { 0 };
	struct reading r = { .arena = a, .out = &out, .column = column, .list = column };
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, ",;|/+&():\n\r."), full = length;
		const char *start = at;
		length = trimmed(&start, length);
		if (length)
			read_piece(&r, start, length);
		at += full;
		if (*at && strchr(";|\n\r.", *at))
			r.list = column;
		at += *at != '\0';
	}
	conclude(&r, text);
	return out;
}

const char *allergen_names(struct arena *a, struct allergen_set set, const char *between)
{
	const char *text = "";
	for (int i = 1; i < ALLERGEN_COUNT; i++)
		if (allergen_in(&set, (enum allergen)i))
			text = *text ? arena_printf(a, "%s%s%s", text, between, allergen_rows[i].wire) : allergen_rows[i].wire;
	return text;
}
