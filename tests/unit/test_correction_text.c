/* test_correction_text.c - what of an answer the menu takes back, and what is said then. */
#include <criterion/criterion.h>
#include <string.h>

#include "schemas.h"
#include "tests/support/answer_judge.h"
#include "tests/support/menu_fixture.h"
#include "workers/correction_text.h"

static struct arena *a;
static json_t *menu;
static struct menu_snapshot *kept[16]; /* claims point into them */
static size_t kept_count;

static struct menu_snapshot *snapshot(void)
{
	return kept[kept_count++] = menu_fixture_of(menu);
}

static void setup(void)
{
	a = arena_new();
	menu = menu_fixture_json(OLIVE);
}

static void teardown(void)
{
	arena_free(&a);
	json_decref(menu);
	while (kept_count)
		menu_snapshot_drop(&kept[--kept_count]);
}

TestSuite(correction_text, .init = setup, .fini = teardown);

static struct told_answer told(const char *question)
{
	struct menu_snapshot *s = snapshot();
	struct writer_input in = { .snapshot = s, .message = question, .message_id = "1" };
	struct answer answer;
	chat_write(a, &in, &answer);
	return (struct told_answer){ .message_id = "1", .question = question, .claims = answer.claims, .claim_count = answer.claim_count, .listed = answer.listed, .listed_count = answer.listed_count };
}

/* What is said now; "" for nothing. */
static const char *now(const struct told_answer *told)
{
	struct menu_snapshot *s = snapshot();
	struct answer answer;
	if (!correction_write(a, dish_index_new(a, s), told, &answer))
		return "";
	const char *bad = answer_judge(a, s, &answer, told->question, NULL);
	cr_expect_null(bad, "%s in: %s", bad, answer.content);
	return answer.content;
}

static void set(const char *dish, const char *member, json_t *value)
{
	json_object_set_new(menu_fixture_dish(menu, dish), member, value);
}

static void set_allergens(const char *dish, const char *member, const char *json)
{
	json_object_set_new(json_object_get(menu_fixture_dish(menu, dish), "allergen_info"), member, json_loads(json, 0, NULL));
}

Test(correction_text, an_allergen_that_is_worse_than_said)
{
	struct told_answer fries = told("do the house fries contain gluten?"), without = told("I'm allergic to sesame, what can I eat?");
	cr_expect_str_eq(now(&fries), "", "nothing changed");
	set_allergens("House Fries", "contains", "[\"gluten\"]");
	set_allergens("House Fries", "may_contain", "[]");
	cr_expect(strstr(now(&fries), "House Fries contains gluten."), "%s", now(&fries));
	cr_expect_str_eq(now(&without), "", "that is another allergen");
	set_allergens("Bruschetta", "may_contain", "[\"sesame\"]");
	cr_expect(strstr(now(&without), "Bruschetta may contain sesame."), "%s", now(&without));
	cr_expect(strstr(now(&without), "tell our staff"));
}

Test(correction_text, what_became_better_is_left_alone)
{
	struct told_answer thai = told("does the pad thai contain peanuts?"), price = told("how much is the pad thai?");
	set_allergens("Pad Thai", "contains", "[]");
	set("Pad Thai", "price", json_real(9.5));
	cr_expect_str_eq(now(&thai), "");
	cr_expect_str_eq(now(&price), "");
}

Test(correction_text, an_allergen_that_came_to_a_dish_told_in_full)
{
	struct told_answer about = told("tell me about the tiramisu"), one = told("does the tiramisu contain eggs?");
	set_allergens("Tiramisu", "contains", "[\"eggs\",\"milk\",\"gluten\",\"almond\"]");
	cr_expect(strstr(now(&about), "Tiramisu contains almonds."), "%s", now(&about));
	cr_expect_null(strstr(now(&about), "eggs"), "what was said is not said again");
	cr_expect_str_eq(now(&one), "");
}

Test(correction_text, what_cannot_be_had_any_more)
{
	struct told_answer list = told("show me the starters");
	set("Bruschetta", "is_available", json_false());
	cr_expect(strstr(now(&list), "Bruschetta is sold out today."), "%s", now(&list));
	set("Bruschetta", "id", json_string("0194c000-0001-7000-8002-0000000000ff"));
	cr_expect(strstr(now(&list), "Bruschetta is not on our menu any more."), "%s", now(&list));
}

Test(correction_text, a_price_that_went_up_in_the_language_of_the_question)
{
	struct told_answer price = told("was kostet das tiramisu?");
	set("Tiramisu", "price", json_real(7.25));
	cr_expect(strstr(now(&price), "Berichtigung") && strstr(now(&price), "Tiramisu kostet €7.25."), "%s", now(&price));
	set("Tiramisu", "price", json_null());
	cr_expect(strstr(now(&price), "Tagespreis"), "%s", now(&price));
}

Test(correction_text, what_was_corrected_is_corrected_once)
{
	struct told_answer about = told("tell me about the tiramisu");
	set("Tiramisu", "is_available", json_false());
	set("Tiramisu", "price", json_real(7.25));
	set_allergens("Tiramisu", "contains", "[\"eggs\",\"milk\",\"gluten\",\"almond\"]");
	struct menu_snapshot *s = snapshot();
	struct answer first;
	cr_assert(correction_write(a, dish_index_new(a, s), &about, &first));
	about.corrected = first.claims;
	about.corrected_count = first.claim_count;
	cr_expect_str_eq(now(&about), "");
	set("Tiramisu", "price", json_real(7.75));
	cr_expect(strstr(now(&about), "costs €7.75") && !strstr(now(&about), "almond"), "%s", now(&about));
}
