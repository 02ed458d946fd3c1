/* import_allergens.c - the three lists of a row: words into names on the wire, what moved between lists, and contradictions. */
#include <stdlib.h>
#include <string.h>

#include "workers/import_internal.h"

#define MEMO_ENTRIES 1024 /* a power of two */
#define MEMO_TEXT_MAX 120

/* Only lists that were understood are kept. */
struct entry {
	char text[MEMO_TEXT_MAX]; /* "" is free */
	enum allergen_list column;
	struct allergen_lists lists;
};

struct import_allergen_memo {
	struct entry v[MEMO_ENTRIES];
};

struct import_allergen_memo *import_allergen_memo_new(void)
{
	struct import_allergen_memo *m = calloc(1, sizeof(*m));
	if (!m)
		abort(); /* as arena.h: a machine without memory */
	return m;
}

void import_allergen_memo_free(struct import_allergen_memo **m)
{
	free(*m);
	*m = NULL;
}

static struct entry *entry_of(struct import_allergen_memo *m, const char *text, enum allergen_list column)
{
	uint64_t hash = 14695981039346656037u + (uint64_t)column;
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211u;
	return &m->v[(hash ^ hash >> 32) & (MEMO_ENTRIES - 1)];
}

static struct allergen_lists read_lists(struct import_parser *p, const struct import_raw *raw, enum allergen_list column)
{
	if (raw->length >= MEMO_TEXT_MAX)
		return allergen_lists(p->arena, raw->text, column);
	struct entry *e = entry_of(p->memo, raw->text, column);
	if (e->column == column && !strcmp(e->text, raw->text))
		return e->lists;
	struct allergen_lists lists = allergen_lists(p->arena, raw->text, column);
	if (!lists.n_unknown) {
		memcpy(e->text, raw->text, raw->length + 1);
		e->column = column;
		e->lists = lists;
	}
	return lists;
}

static const enum import_column columns[ALLERGEN_LIST_COUNT] = { IMPORT_COLUMN_contains, IMPORT_COLUMN_may_contain, IMPORT_COLUMN_free_of };

/* What all cells of a row say together. */
struct declared {
	struct allergen_set list[ALLERGEN_LIST_COUNT];
	bool none[ALLERGEN_LIST_COUNT]; /* said to be empty */
};

static void say_unknown(struct import_parser *p, enum allergen_list column, const struct allergen_lists *lists)
{
	for (size_t i = 0; i < lists->n_unknown && i < ALLERGEN_UNKNOWN_MAX; i++) {
		const struct allergen_unknown *u = &lists->unknown[i];
		const char *near = allergen_names(p->arena, u->near, " or "), *shown = import_shown(p->arena, u->text);
		if (allergen_lists(p->arena, u->text, column).none)
			import_note(p, IMPORT_CODE_allergen_contradiction, columns[column], "%s stands beside other words.", shown);
		else if (*near)
			import_note(p, IMPORT_CODE_allergen_unknown, columns[column], "%s is no known allergen; did you mean %s?", shown, near);
		else
			import_note(p, IMPORT_CODE_allergen_unknown, columns[column], "%s is no known allergen; write the allergens by name, or \"none\".", shown);
	}
	if (lists->n_unknown > ALLERGEN_UNKNOWN_MAX)
		import_note(p, IMPORT_CODE_allergen_unknown, columns[column], "%zu further words are no known allergens.", lists->n_unknown - ALLERGEN_UNKNOWN_MAX);
}

static void say_moved(struct import_parser *p, enum allergen_list column, const struct allergen_lists *lists)
{
	for (int i = 0; i < ALLERGEN_LIST_COUNT; i++)
		if (lists->moved[i] && allergen_any(&lists->list[i]))
			import_note(p, IMPORT_CODE_allergen_moved, columns[column], "As the cell says, this goes to %s: %s.", allergen_list_names[i], allergen_names(p->arena, lists->list[i], ", "));
	if (!allergen_any(&lists->not_absent))
		return;
	const char *names = allergen_names(p->arena, lists->not_absent, ", ");
	if (allergen_any(&lists->list[ALLERGEN_LIST_free_of]))
		import_note(p, IMPORT_CODE_allergen_narrowed, columns[column], "The words do not say that the item is free of %s; that was left open.", names);
	else
		import_note(p, IMPORT_CODE_allergen_part, columns[column], "That the item is free of a part or a product says too little; write %s if you mean it.", names);
}

static void read_column(struct import_parser *p, const struct import_raw *raw, enum allergen_list column, struct declared *d)
{
	struct import_row *row = &p->row;
	enum import_cell *cell = &row->cell[columns[column]];
	struct allergen_lists lists = read_lists(p, raw, column);
	say_unknown(p, column, &lists);
	say_moved(p, column, &lists);
	for (int i = 0; i < ALLERGEN_LIST_COUNT; i++)
		d->list[i] = allergen_either(d->list[i], lists.list[i]);
	d->none[column] = lists.none;
	*cell = IMPORT_CELL_empty; /* unless something is left for it in the end */
	if (lists.none && column == ALLERGEN_LIST_contains) {
		row->none_declared = true;
		import_note(p, IMPORT_CODE_none_declared, columns[column], "The row declares that the item contains no allergens; this needs to be confirmed.");
	}
}

static struct allergen_set with_groups(struct allergen_set set)
{
	for (int i = ALLERGEN_COUNT - 1; i > 0; i--)
		if (allergen_in(&set, (enum allergen)i) && allergen_rows[i].parent != ALLERGEN_none)
			allergen_add(&set, allergen_rows[i].parent);
	return set;
}

static void check(struct import_parser *p, struct declared *d)
{
	struct allergen_set there = allergen_either(d->list[ALLERGEN_LIST_contains], d->list[ALLERGEN_LIST_may_contain]);
	struct allergen_set both = allergen_both(with_groups(there), d->list[ALLERGEN_LIST_free_of]);
	if (allergen_any(&both))
		import_note(p, IMPORT_CODE_allergen_contradiction, IMPORT_COLUMN_free_of, "The row says both that there is and that there is no %s.", allergen_names(p->arena, both, ", "));
	if (p->row.none_declared && allergen_any(&d->list[ALLERGEN_LIST_contains]))
		import_note(p, IMPORT_CODE_allergen_contradiction, IMPORT_COLUMN_contains, "The row says both \"none\" and %s.", allergen_names(p->arena, d->list[ALLERGEN_LIST_contains], ", "));
	for (size_t i = 0; i < 2; i++) /* what is contained need not be said to be there in traces */
		d->list[ALLERGEN_LIST_may_contain].bits[i] &= ~d->list[ALLERGEN_LIST_contains].bits[i];
}

static struct import_list names_of(struct arena *a, struct allergen_set set)
{
	size_t n = (size_t)(__builtin_popcountll(set.bits[0]) + __builtin_popcountll(set.bits[1])), at = 0;
	const char **v = arena_array(a, n, sizeof(*v));
	for (int i = 1; at < n; i++)
		if (allergen_in(&set, (enum allergen)i))
			v[at++] = allergen_rows[i].wire;
	return (struct import_list){ v, n };
}

void import_cell_allergens(struct import_parser *p, const struct import_raw_row *raw)
{
	struct declared d = { 0 };
	struct import_list *out[ALLERGEN_LIST_COUNT] = { &p->row.contains, &p->row.may_contain, &p->row.free_of };
	for (int i = 0; i < ALLERGEN_LIST_COUNT; i++)
		if (p->row.cell[columns[i]] == IMPORT_CELL_value)
			read_column(p, &raw->cell[columns[i]], (enum allergen_list)i, &d);
	check(p, &d);
	for (int i = 0; i < ALLERGEN_LIST_COUNT; i++) {
		if (!allergen_any(&d.list[i]) && !d.none[i])
			continue;
		p->row.cell[columns[i]] = IMPORT_CELL_value;
		*out[i] = names_of(p->arena, d.list[i]);
	}
}
