/* test_menu_snapshot.c - a menu decoded once: its lists, its words, its text, its allergens, and money. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "schemas.h"
#include "tests/support/menu_fixture.h"
#include "workers/menu_facts.h"

static const struct menu_dish *dish(const struct menu_snapshot *s, const char *name)
{
	for (size_t i = 0; i < s->dish_count; i++)
		if (!strcmp(s->dishes[i].item->name, name))
			return &s->dishes[i];
	cr_assert(false, "no dish %s", name);
	return NULL;
}

Test(menu_snapshot, holds_the_menu)
{
	struct menu_snapshot *s = menu_fixture(OLIVE);
	cr_assert_eq(s->version, 7);
	cr_assert_str_eq(s->restaurant->name, "Olive & Ember");
	cr_assert_eq(s->menu->menu_version, 7);
	cr_assert_eq(s->menu->categories.n, 6);
	cr_assert_eq(s->dish_count, 15);
	cr_assert_str_eq(s->dishes[0].item->name, "Bruschetta");
	cr_assert_str_eq(s->dishes[0].category->name, "Starters");
	cr_assert_str_eq(dish(s, "Chicken & Waffles")->category->name, "Mains");
	cr_assert_eq(dish(s, "Chicken & Waffles")->category_index, 1);
	cr_assert_eq(s->decimals, 2);
	menu_snapshot_drop(&s);
	cr_assert_null(s);
	menu_snapshot_drop(&s);
}

Test(menu_snapshot, lives_until_the_last_reference)
{
	struct menu_snapshot *s = menu_fixture(OLIVE), *other = menu_snapshot_keep(s);
	menu_snapshot_drop(&s);
	cr_assert_str_eq(other->dishes[0].item->name, "Bruschetta");
	menu_snapshot_drop(&other);
}

Test(menu_snapshot, refuses_what_is_no_menu)
{
	json_t *menu = menu_fixture_json(OLIVE);
	char *restaurant = json_dumps(json_object_get(menu, "restaurant"), 0), *categories = json_dumps(json_object_get(menu, "categories"), 0);
	struct menu_snapshot *s = NULL;
	cr_assert_eq(menu_snapshot_new("{", categories, 1, &s), ERROR_malformed_json);
	cr_assert_eq(menu_snapshot_new(restaurant, "[", 1, &s), ERROR_malformed_json);
	cr_assert_eq(menu_snapshot_new("{}", categories, 1, &s), ERROR_invalid);
	cr_assert_eq(menu_snapshot_new(restaurant, "[{\"id\":1}]", 1, &s), ERROR_invalid);
	cr_assert_null(s);
	cr_assert_eq(menu_snapshot_new(restaurant, "[]", 1, &s), ERROR_none);
	cr_assert_eq(s->dish_count, 0);
	cr_assert_str_eq(s->facts, "(The menu has no dishes yet.)\n");
	menu_snapshot_drop(&s);
	free(restaurant);
	free(categories);
	json_decref(menu);
}

Test(menu_snapshot, knows_where_its_words_occur)
{
	struct menu_snapshot *s = menu_fixture(OLIVE);
	const struct menu_word *waffle = menu_snapshot_word(s, "waffle"), *milk = menu_snapshot_word(s, "milk");
	cr_assert(waffle && milk);
	cr_assert_eq(waffle->named_count, 2);
	cr_assert_eq(waffle->category_count, 1);
	cr_assert_str_eq(s->dishes[waffle->named[0]].item->name, "Chicken & Waffles");
	cr_assert_eq(milk->named_count, 0);
	cr_assert_eq(milk->made_of_count, 1);
	cr_assert_null(menu_snapshot_word(s, "cookie"));
	for (size_t i = 1; i < s->word_count; i++)
		cr_assert_lt(strcmp(s->words[i - 1].text, s->words[i].text), 0);
	cr_assert_str_eq(dish(s, "Soup of the Day")->folded, " soup of the day ");
	cr_assert_eq(dish(s, "Soup of the Day")->word_count, 1);
	menu_snapshot_drop(&s);
}

Test(menu_snapshot, its_facts_are_bounded_and_whole_lines)
{
	struct menu_snapshot *s = menu_fixture_large(1000);
	cr_assert_eq(s->dish_count, 1000);
	cr_assert_leq(strlen(s->facts), MENU_FACTS_MAX);
	cr_assert_gt(s->facts_dishes, 20);
	cr_assert_eq(s->facts[strlen(s->facts) - 1], '\n');
	char last[80];
	snprintf(last, sizeof(last), "(%zu more dishes", 1000 - s->facts_dishes);
	cr_assert(strstr(s->facts, last));
	cr_assert(utf8_valid(s->facts, strlen(s->facts)));
	menu_snapshot_drop(&s);
}

/* --- verdicts --- */

struct verdict_case {
	const char *dish;
	enum allergen asked;
	enum verdict verdict;
	enum allergen stated;
};

Test(menu_snapshot, verdicts_have_four_values)
{
	static const struct verdict_case cases[] = {
		{ "Pad Thai", ALLERGEN_peanuts, VERDICT_contains, ALLERGEN_peanuts },
		{ "Pad Thai", ALLERGEN_sesame, VERDICT_may_contain, ALLERGEN_sesame },
		{ "Pad Thai", ALLERGEN_milk, VERDICT_free_of, ALLERGEN_milk },
		{ "Soup of the Day", ALLERGEN_milk, VERDICT_unknown, ALLERGEN_milk },
		{ "Bruschetta", ALLERGEN_wheat, VERDICT_contains, ALLERGEN_gluten },
		{ "Bruschetta", ALLERGEN_almond, VERDICT_may_contain, ALLERGEN_tree_nuts },
		{ "Oyster Trio", ALLERGEN_shrimp, VERDICT_may_contain, ALLERGEN_crustaceans },
		{ "Green Curry", ALLERGEN_milk, VERDICT_free_of, ALLERGEN_milk },
		{ "Green Curry", ALLERGEN_pine_nut, VERDICT_contains, ALLERGEN_pine_nut },
		{ "Green Curry", ALLERGEN_tree_nuts, VERDICT_unknown, ALLERGEN_tree_nuts },
		{ "Green Curry", ALLERGEN_peanuts, VERDICT_free_of, ALLERGEN_peanuts },
		{ "Green Curry", ALLERGEN_coconut, VERDICT_contains, ALLERGEN_coconut },
		{ "Green Curry", ALLERGEN_kiwi, VERDICT_unknown, ALLERGEN_kiwi },
		{ "Pad Thai", ALLERGEN_kiwi, VERDICT_unknown, ALLERGEN_kiwi },
	};
	struct menu_snapshot *s = menu_fixture(OLIVE);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct allergen_question q = allergen_question(cases[i].asked);
		struct allergen_finding found = allergen_find(&q, &dish(s, cases[i].dish)->allergens);
		cr_expect_eq(found.verdict, cases[i].verdict, "%s, %s: %s", cases[i].dish, allergen_rows[cases[i].asked].wire, verdict_names[found.verdict]);
		cr_expect_eq(found.stated, cases[i].stated, "%s, %s", cases[i].dish, allergen_rows[cases[i].asked].wire);
	}
	menu_snapshot_drop(&s);
}

Test(menu_snapshot, a_listed_sibling_makes_absence_unknown)
{
	struct allergen_facts facts = { .reviewed = true };
	allergen_add(&facts.contains, ALLERGEN_hazelnut);
	struct allergen_question almond = allergen_question(ALLERGEN_almond), nuts = allergen_question(ALLERGEN_tree_nuts), fish = allergen_question(ALLERGEN_fish);
	cr_assert_eq(allergen_find(&almond, &facts).verdict, VERDICT_unknown);
	cr_assert_eq(allergen_find(&nuts, &facts).verdict, VERDICT_contains);
	cr_assert_eq(allergen_find(&nuts, &facts).stated, ALLERGEN_hazelnut);
	cr_assert_eq(allergen_find(&fish, &facts).verdict, VERDICT_free_of);
}

Test(menu_snapshot, free_of_is_said_only_where_it_is_declared)
{
	struct allergen_facts facts = { 0 };
	struct allergen_question milk = allergen_question(ALLERGEN_milk), eggs = allergen_question(ALLERGEN_eggs);
	allergen_add(&facts.free_of, ALLERGEN_milk);
	cr_assert_eq(allergen_find(&milk, &facts).verdict, VERDICT_free_of);
	cr_assert_eq(allergen_find(&eggs, &facts).verdict, VERDICT_unknown);
	allergen_add(&facts.may_contain, ALLERGEN_milk);
	cr_assert_eq(allergen_find(&milk, &facts).verdict, VERDICT_may_contain, "the worse word wins");
}

Test(menu_snapshot, every_parent_stands_before_its_members)
{
	for (int i = 1; i < ALLERGEN_COUNT; i++)
		cr_assert_lt((int)allergen_rows[i].parent, i, "%s", allergen_rows[i].wire);
}

/* --- money --- */

Test(menu_snapshot, money_has_the_decimals_of_its_currency)
{
	struct arena *a = arena_new();
	cr_assert_str_eq(money_text(a, "EUR", 14.9), "€14.90");
	cr_assert_str_eq(money_text(a, "USD", 3.25), "$3.25");
	cr_assert_str_eq(money_text(a, "JPY", 900), "¥900");
	cr_assert_str_eq(money_text(a, "KWD", 1.5), "1.500 KWD");
	cr_assert_str_eq(money_text(a, "CHF", 1234.5), "1234.50 CHF");
	arena_free(&a);
}
