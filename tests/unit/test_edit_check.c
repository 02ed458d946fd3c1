/* test_edit_check.c - bodies of edits: what passes, what is refused and how it is named. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workers/edit_check.h"

#define R "0194c000-0001-7000-8000-000000000000"

static struct arena *a;
static struct edit_checked checked;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(&a);
}

TestSuite(edit_check, .init = setup, .fini = teardown);

static enum error check(enum edit_id edit, const char *body)
{
	return edit_check(a, edit, R, body, &checked);
}

static const struct schema_problem *problem_at(const char *pointer)
{
	for (size_t i = 0; i < checked.problems.n; i++)
		if (strcmp(checked.problems.v[i].pointer, pointer) == 0)
			return &checked.problems.v[i];
	return NULL;
}

static void refused(enum edit_id edit, const char *body, const char *pointer, const char *word)
{
	cr_expect_eq(check(edit, body), ERROR_invalid, "%s", body);
	const struct schema_problem *p = problem_at(pointer);
	cr_assert(p, "%s: nothing is said of %s (first: %s)", body, pointer, checked.problems.n ? checked.problems.v[0].pointer : "-");
	cr_expect(strstr(p->message, word), "%s: \"%s\" does not say \"%s\"", body, p->message, word);
}

static void fine(enum edit_id edit, const char *body)
{
	cr_expect_eq(check(edit, body), ERROR_none, "%s: %s %s", body, checked.problems.n ? checked.problems.v[0].pointer : "", checked.problems.n ? checked.problems.v[0].message : "");
}

Test(edit_check, texts_are_taken_as_they_are_written)
{
	fine(EDIT_item_update, "{\"name\":\"Mac & Cheese\",\"description\":\"I <3 cookies\\nand 5 > 3\"}");
	fine(EDIT_item_update, "{\"name\":\"شاورما \\u202e 🍜\"}");
	fine(EDIT_item_update, "{\"description\":null,\"price\":null,\"external_id\":null}");
	fine(EDIT_item_update, "{}");
	fine(EDIT_item_delete, "anything: there is no body");
}

Test(edit_check, texts_that_nobody_should_read_are_refused)
{
	refused(EDIT_item_update, "{\"name\":\"<b>Soup</b>\"}", "/name", "markup");
	refused(EDIT_item_update, "{\"description\":\"x</script\"}", "/description", "markup");
	refused(EDIT_item_update, "{\"name\":\"So\\u0007up\"}", "/name", "control");
	refused(EDIT_item_update, "{\"name\":\"So\\u0085up\"}", "/name", "control");
	refused(EDIT_item_update, "{\"name\":\"two\\nlines\"}", "/name", "one line");
	refused(EDIT_item_update, "{\"name\":\" \\u00a0\\u3000\"}", "/name", "blank");
	refused(EDIT_item_update, "{\"name\":\"\"}", "/name", "");
	refused(EDIT_item_update, "{\"tags\":[\"vegan\",\"<i\"]}", "/tags/1", "markup");
	refused(EDIT_avatar_update, "{\"greeting\":\"<img src=x>\"}", "/greeting", "markup");
	refused(EDIT_restaurant_update, "{\"avatar_config\":{\"name\":\"<b\"}}", "/avatar_config/name", "markup");
}

Test(edit_check, every_problem_is_named)
{
	refused(EDIT_item_create, "{\"restaurant_id\":\"" R "\",\"name\":\"<b\",\"price\":-1,\"nope\":1}", "/nope", "unknown");
	cr_expect(problem_at("/name"));
	cr_expect(problem_at("/price"));
	cr_expect(problem_at("/category_id") || problem_at(""));
	cr_expect_eq(check(EDIT_item_update, "{\"price\":"), ERROR_malformed_json);
	refused(EDIT_item_update, "[]", "", "");
	cr_expect_eq(check(EDIT_item_update, NULL), ERROR_malformed_json);
}

Test(edit_check, addresses_times_and_hours_have_their_forms)
{
	fine(EDIT_item_update, "{\"image_url\":\"https://example.com/a%20b.jpg?x=1\"}");
	fine(EDIT_item_update, "{\"image_url\":\"/img/a.jpg\"}");
	refused(EDIT_item_update, "{\"image_url\":\"javascript:alert(1)\"}", "/image_url", "https://");
	refused(EDIT_item_update, "{\"image_url\":\"//evil.example/x\"}", "/image_url", "https://");
	refused(EDIT_item_update, "{\"image_url\":\"https://e.com/a b\"}", "/image_url", "percent");
	fine(EDIT_item_update, "{\"available_again_at\":\"2026-05-01T18:00:00+02:00\"}");
	fine(EDIT_item_update, "{\"available_again_at\":\"2026-05-01T18:00\"}");
	fine(EDIT_item_update, "{\"available_again_at\":\"2026-05-01T18:00:30\"}");
	refused(EDIT_item_update, "{\"available_again_at\":\"2026-02-30T18:00\"}", "/available_again_at", "time");
	refused(EDIT_item_update, "{\"available_again_at\":\"tomorrow\"}", "/available_again_at", "time");
	fine(EDIT_restaurant_update, "{\"hours\":{\"monday\":[{\"from\":\"08:00\",\"to\":\"24:00\"}],\"sunday\":[]},\"allowed_origins\":[\"https://example.com:8443\"]}");
	fine(EDIT_restaurant_update, "{\"hours\":null,\"metadata\":{\"a\":null}}");
	refused(EDIT_restaurant_update, "{\"hours\":{\"monday\":[{\"from\":\"8:00\",\"to\":\"25:00\"}]}}", "/hours/monday/0/from", "");
	refused(EDIT_restaurant_update, "{\"hours\":{\"monday\":[{\"from\":\"08:00\",\"to\":\"25:00\"}]}}", "/hours/monday/0/to", "time of day");
	refused(EDIT_restaurant_update, "{\"hours\":{\"someday\":[]}}", "/hours/someday", "unknown");
	refused(EDIT_restaurant_update, "{\"allowed_origins\":[\"https://example.com/\"]}", "/allowed_origins/0", "origin");
}

Test(edit_check, nothing_moves_to_another_restaurant)
{
	fine(EDIT_category_update, "{\"restaurant_id\":\"" R "\"}");
	refused(EDIT_category_update, "{\"restaurant_id\":\"0194c000-0001-7000-8000-000000000001\"}", "/restaurant_id", "restaurant");
}

/* --- allergens --- */

static const char *list_of(const char *name)
{
	static char text[500];
	cr_assert(checked.allergens, "%s", checked.problems.n ? checked.problems.v[0].message : "no problem, and nothing");
	json_t *value = json_loads(checked.allergens, 0, NULL);
	char *dumped = json_dumps(json_object_get(json_object_get(value, "allergen_info"), name), JSON_COMPACT | JSON_ENCODE_ANY);
	snprintf(text, sizeof(text), "%s", dumped ? dumped : "absent");
	free(dumped);
	json_decref(value);
	return text;
}

Test(edit_check, allergens_are_understood)
{
	fine(EDIT_item_update, "{\"allergen_info\":[\"milk\",\"nuts\",\"egg\",\"milk\"]}");
	cr_expect_str_eq(list_of("contains"), "[\"eggs\",\"peanuts\",\"milk\",\"tree_nuts\"]", "%s", list_of("contains"));
	cr_expect_str_eq(list_of("may_contain"), "absent");
	fine(EDIT_item_update, "{\"allergen_info\":{\"may_contain\":[\"dairy\"],\"free_of\":[\"peanuts\"],\"reviewed\":true,\"reviewed_at\":\"2020-01-01\",\"reviewed_by\":\"me\"}}");
	cr_expect_str_eq(list_of("may_contain"), "[\"milk\"]");
	cr_expect_str_eq(list_of("free_of"), "[\"peanuts\"]");
	cr_expect_str_eq(list_of("reviewed"), "true");
	cr_expect_str_eq(list_of("reviewed_at"), "absent");
	fine(EDIT_item_update, "{\"allergen_info\":null}");
	cr_expect_str_eq(checked.allergens, "{\"allergen_info\":null}");
	fine(EDIT_item_update, "{\"price\":1}");
	cr_expect_null(checked.allergens);
}

Test(edit_check, allergens_have_suggestions)
{
	refused(EDIT_item_update, "{\"allergen_info\":[\"milk\",\"peanutz\"]}", "/allergen_info/1", "peanuts");
	refused(EDIT_item_update, "{\"allergen_info\":{\"contains\":[\"xyzzy\"]}}", "/allergen_info/contains/0", "xyzzy");
	refused(EDIT_item_update, "{\"allergen_info\":{\"contains\":[1]}}", "/allergen_info/contains/0", "name");
	refused(EDIT_item_update, "{\"allergen_info\":{\"contains\":\"milk\"}}", "/allergen_info/contains", "list");
	refused(EDIT_item_update, "{\"allergen_info\":{\"holds\":[]}}", "/allergen_info", "holds");
	refused(EDIT_item_update, "{\"allergen_info\":{\"reviewed\":1}}", "/allergen_info/reviewed", "true");
	refused(EDIT_item_update, "{\"allergen_info\":\"milk\"}", "/allergen_info", "object");
	refused(EDIT_item_update, "{\"allergen_info\":{\"contains\":[\"milk\"],\"may_contain\":[\"milk\"]}}", "/allergen_info/may_contain", "milk");
	refused(EDIT_item_update, "{\"allergen_info\":{\"contains\":[\"almond\"],\"free_of\":[\"tree_nuts\"]}}", "/allergen_info/free_of", "almond");
	refused(EDIT_item_update, "{\"allergen_info\":{\"contains\":[\"milk\"],\"free_of\":[\"milk\"]}}", "/allergen_info/free_of", "milk");
}

Test(edit_check, every_edit_has_the_schema_that_it_names)
{
	for (size_t i = 0; i < EDIT_COUNT; i++) {
		enum edit_id id;
		cr_assert(edit_find(edit_rows[i].name, &id));
		cr_expect_eq((size_t)id, i);
		cr_expect_eq(edit_rows[i].schema == NULL, strstr(edit_rows[i].name, "_delete") != NULL || id == EDIT_import_undo, "%s", edit_rows[i].name);
	}
	enum edit_id id;
	cr_expect_not(edit_find("item_explode", &id));
}
