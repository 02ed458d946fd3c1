/* ?without= in SQL and the verdict in C are the same rule: all cases of a small world, compared. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/allergen_words.h"

#include "api/without.h"
#include "tests/support/pg_fixture.h"

static struct pg_fixture f;

static void open_fixture(void)
{
	pg_fixture_open(&f);
}

static void close_fixture(void)
{
	pg_fixture_close(&f);
}

TestSuite(without, .init = open_fixture, .fini = close_fixture, .timeout = 180);

/* A group, two of its members, one that stands alone, and a food that no review tells of. */
static const enum allergen world[] = { ALLERGEN_tree_nuts, ALLERGEN_almond, ALLERGEN_hazelnut, ALLERGEN_coconut };
#define WORLD 4
static const char *const parts[] = { NULL, "ground almonds", "coconut milk" };
#define PARTS 3
#define STATES 256 /* each of the four in no list, or in one of the three */
#define CASES (STATES * 2 * PARTS)

static struct allergen_facts facts[CASES];

static void put(struct allergen_facts *x, enum allergen a, int state)
{
	struct allergen_set *const lists[] = { NULL, &x->contains, &x->may_contain, &x->free_of };
	if (state)
		allergen_add(lists[state], a);
}

static const char *json_list(const struct allergen_set *set)
{
	const char *names = allergen_names(f.arena, *set, "\",\"");
	return *names ? arena_printf(f.arena, "[\"%s\"]", names) : "[]";
}

static const char *id_of(const char *kind, int i)
{
	return arena_printf(f.arena, "018f0000-0000-7000-%s-%012d", kind, i);
}

static void make_dish(int i)
{
	struct allergen_facts *x = &facts[i];
	const char *part = parts[i / STATES / 2];
	for (int k = 0; k < WORLD; k++)
		put(x, world[k], i >> 2 * k & 3);
	x->reviewed = i / STATES % 2;
	x->declares_ingredients = part != NULL;
	if (part)
		x->ingredients = allergens_named(f.arena, part);
	pg_fixture_value(&f, arena_printf(f.arena,
	                                  "INSERT INTO menu_item (restaurant_id, id, category_id, name, allergen_info) SELECT '%s', '%s', id, '%d',"
	                                  " '{\"contains\":%s,\"may_contain\":%s,\"free_of\":%s,\"reviewed_at\":%s,\"reviewed_by\":null}' FROM menu_category WHERE name = 'World'",
	                                  f.jar, id_of("8002", i), i, json_list(&x->contains), json_list(&x->may_contain), json_list(&x->free_of), x->reviewed ? "\"2026-01-01T00:00:00Z\"" : "null"));
	if (part)
		pg_fixture_value(&f, arena_printf(f.arena, "INSERT INTO menu_item_ingredient (restaurant_id, menu_item_id, ingredient_id) VALUES ('%s', '%s', '%s')", f.jar, id_of("8002", i),
		                                  id_of("8003", i / STATES / 2)));
}

static void make_world(void)
{
	pg_fixture_value(&f, arena_printf(f.arena, "UPDATE menu_category SET is_active = false WHERE restaurant_id = '%s'", f.jar));
	pg_fixture_value(&f, arena_printf(f.arena, "INSERT INTO menu_category (restaurant_id, id, name) VALUES ('%s', gen_random_uuid(), 'World')", f.jar));
	for (int i = 1; i < PARTS; i++)
		pg_fixture_value(&f, arena_printf(f.arena, "INSERT INTO ingredient (restaurant_id, id, name) VALUES ('%s', '%s', '%s')", f.jar, id_of("8003", i), parts[i]));
	for (int i = 0; i < CASES; i++)
		make_dish(i);
}

static bool is_free(const struct allergen_facts *x, const struct allergen_set *asked)
{
	for (int i = 1; i < ALLERGEN_COUNT; i++) {
		struct allergen_question q = allergen_question((enum allergen)i);
		if (allergen_in(asked, (enum allergen)i) && allergen_find(&q, x).verdict != VERDICT_free_of)
			return false;
	}
	return true;
}

static struct query_texts suspects_of(const struct without *w)
{
	const char **v = arena_array(f.arena, PARTS, sizeof(*v));
	size_t n = 0;
	for (int i = 1; i < PARTS; i++) {
		struct allergen_set said = allergen_both(allergens_named(f.arena, parts[i]), w->family);
		if (allergen_any(&said))
			v[n++] = id_of("8003", i);
	}
	return (struct query_texts){ v, n };
}

static void compare(const char *asked_text, const struct allergen_set *asked)
{
	struct without w;
	const char *why = "";
	cr_assert(without_parse(f.arena, asked_text, &w, &why), "%s: %s", asked_text, why);
	struct item_list_params params = { .listed = w.listed, .asked = w.asked, .above = w.above, .regulated = w.regulated, .suspects = suspects_of(&w), .limit_ = CASES };
	const struct item_list_row *row = pg_fixture_first(pg_fixture_run(&f, f.jar, &(struct pg_statement){ QUERY_item_list, &params }, 1));
	int64_t expected = 0;
	for (int i = 0; i < CASES; i++) {
		bool there = strstr(row->body, arena_printf(f.arena, "\"id\":\"%s\"", id_of("8002", i))) != NULL;
		bool should = is_free(&facts[i], asked);
		cr_expect_eq(there, should, "dish %d without %s: in SQL %d, by the verdict %d", i, asked_text, there, should);
		expected += should;
	}
	cr_expect_eq(row->total, expected, "%s", asked_text);
}

Test(without, sql_and_verdict_agree)
{
	make_world();
	for (int i = 0; i < WORLD; i++)
		for (int k = i; k < WORLD; k++) {
			struct allergen_set asked = { { 0 } };
			allergen_add(&asked, world[i]);
			allergen_add(&asked, world[k]);
			compare(allergen_names(f.arena, asked, ","), &asked);
		}
}
