/* test_import_plan.c - what a preview says, and that apply does exactly that: the real worker with real Kafka and PostgreSQL. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/support/import_scene.h"

#define HEAD "external_id,category,name,description,price,contains,may_contain,free_of,tags,ingredients,is_available\n"
#define MENU \
	HEAD "A1,Starters,Soup,Hot,4.50,milk,,,warm,\"Water, Salt\",yes\n" \
	     "A2,Mains,Pizza,,\"12,90\",\"gluten, milk\",soy,,,,\n" \
	     ",Mains,Pasta,\"Two\nlines\",9.00,gluten,,,vegan|new,Flour,no\n" \
	     ",\"Café\",Crème,,MP,,,,,,\n"
#define ITEM(column, name) "SELECT " column " FROM menu_item WHERE name = '" name "' AND deleted_at IS NULL AND restaurant_id = (SELECT id FROM restaurant WHERE slug = 'olive-ember')"
#define ROW(column, outcome) "SELECT string_agg((" column ")::text, ';' ORDER BY number) FROM import_row WHERE import_id = '%s' AND outcome = '" outcome "'"

static struct import_scene s;

static void open_scene(void)
{
	import_scene_open(&s, &(struct stack_options){ .apis = 1 });
}

static void close_scene(void)
{
	import_scene_close(&s);
}

TestSuite(import_plan, .init = open_scene, .fini = close_scene, .timeout = 240);

#define VALUE(sql, expected) cr_expect_str_eq(import_scene_value(&s, (sql)), (expected), "%s", (sql))

static void apply(const char *body)
{
	cr_assert_eq(import_scene_apply(&s, body), 200, "%s", import_scene_told(&s));
}

static void preview(const char *csv, const char *counts)
{
	import_scene_preview(&s, "upsert", NULL, csv);
	cr_expect_str_eq(import_scene_counts(&s), counts, "%s of %s", import_scene_counts(&s), csv);
}

static void replace(const char *csv, const char *counts)
{
	import_scene_preview(&s, "replace", NULL, csv);
	cr_expect_str_eq(import_scene_counts(&s), counts, "%s of %s", import_scene_counts(&s), csv);
}

static void load_menu(void)
{
	preview(MENU, "create 4, warning 1");
	apply("{}");
}

Test(import_plan, new_dishes_are_made_with_all_that_belongs_to_them)
{
	const char *empty = import_scene_menu(&s);
	load_menu();
	VALUE(ITEM("price", "Pizza"), "12.900");
	VALUE(ITEM("price IS NULL", "Crème"), "t");
	VALUE(ITEM("description", "Pasta"), "Two\nlines");
	VALUE(ITEM("tags", "Pasta"), "{vegan,new}");
	VALUE(ITEM("is_available", "Pasta"), "f");
	VALUE(ITEM("allergen_info -> 'may_contain'", "Pizza"), "[\"soy\"]");
	VALUE("SELECT string_agg(g.name, '+' ORDER BY x.display_order) FROM menu_item i JOIN menu_item_ingredient x ON x.menu_item_id = i.id JOIN ingredient g ON g.id = x.ingredient_id"
	      " WHERE i.name = 'Soup' AND i.deleted_at IS NULL",
	      "Water+Salt");
	VALUE("SELECT string_agg(name, '+' ORDER BY display_order) FROM menu_category WHERE deleted_at IS NULL AND restaurant_id = (SELECT id FROM restaurant WHERE slug = 'olive-ember')",
	      "Starters+Mains+Café");
	VALUE("SELECT count(*) FROM import_chunk", "0");
	VALUE("SELECT menu_version FROM restaurant WHERE slug = 'olive-ember'", "2");
	cr_expect_eq(import_scene_apply(&s, "{}"), 409, "it is applied already");
	preview(MENU, "unchanged 4, warning 1");
	apply("{}");
	cr_assert_eq(import_scene_edit(&s, "import_undo", import_scene_value(&s, "SELECT id FROM menu_import WHERE counts ->> 'create' = '4'"), NULL), 409,
	             "another import was applied in between");
	cr_expect(strstr(import_scene_told(&s), "import_apply"), "%s", import_scene_told(&s));
	cr_expect_eq(import_scene_undo(&s), 200, "%s", import_scene_told(&s));
	cr_expect_str_neq(import_scene_menu(&s), empty);
}

Test(import_plan, undo_brings_the_version_before_back)
{
	const char *empty = import_scene_menu(&s);
	load_menu();
	cr_expect_eq(import_scene_undo(&s), 200, "%s", import_scene_told(&s));
	cr_expect_str_eq(import_scene_menu(&s), empty);
	load_menu();
	const char *before = import_scene_menu(&s);
	replace(HEAD "A1,Soups,Soup of the day,,9.90,,,,,Salt|Leek,no\n,Mains,Pasta,CLEAR,CLEAR,CLEAR,milk,,CLEAR,CLEAR,\n,Mains,Tea,,2.00,,,,,,\n", "create 1, remove 2, update 2");
	VALUE("SELECT needs_confirmation FROM menu_import WHERE id = '%s'", "[\"allergen_weakened\", \"mass_removal\", \"price_jump\"]");
	cr_expect_eq(import_scene_apply(&s, "{\"confirm\":[\"price_jump\",\"allergen_weakened\"]}"), 409);
	cr_expect(strstr(import_scene_told(&s), "mass_removal") && !strstr(import_scene_told(&s), "price_jump"), "%s", import_scene_told(&s));
	VALUE("SELECT status FROM menu_import WHERE id = '%s'", "ready");
	apply("{\"confirm\":[\"price_jump\",\"allergen_weakened\",\"mass_removal\"]}");
	VALUE(ITEM("price IS NULL AND description IS NULL AND tags = '{}'", "Pasta"), "t");
	VALUE(ITEM("allergen_info ->> 'contains'", "Pasta"), "[]");
	VALUE("SELECT count(*) FROM menu_item WHERE deleted_at IS NULL AND restaurant_id = (SELECT id FROM restaurant WHERE slug = 'olive-ember')", "3");
	stack_terminate(s.stack, STACK_WORKER, 0);
	stack_launch(s.stack, STACK_WORKER, 0);
	stack_wait_ready(s.stack, STACK_WORKER, 0);
	cr_expect_eq(import_scene_undo(&s), 200, "%s", import_scene_told(&s));
	cr_expect_str_eq(import_scene_menu(&s), before, "after a restart too");
	cr_expect_eq(import_scene_undo(&s), 409, "once");
}

Test(import_plan, what_is_not_said_stays)
{
	load_menu();
	const char *before = import_scene_menu(&s);
	preview("name,category,price\nPasta,Mains,\nPizza,MAINS,\nCr\u00e8me,CAFE\u0301,\n", "unchanged 3, warning 3");
	preview("external_id,name\nA1,Soup\n", "unchanged 1");
	preview("name\nPasta\n", "unchanged 1");
	preview(HEAD "A1,,Soup,,,,,,,,\n", "unchanged 1, warning 1");
	apply("{}");
	cr_expect_str_eq(import_scene_menu(&s), before);
	preview("external_id,name,price\nA2,Pizza,13.00\n", "update 1");
	VALUE(ROW("changed", "update"), "{price}");
	VALUE(ROW("before -> 'price'", "update"), "12.900");
	VALUE("SELECT needs_confirmation FROM menu_import WHERE id = '%s'", "[]");
	apply("{}");
	VALUE(ITEM("price", "Pizza"), "13.000");
	VALUE(ITEM("allergen_info ->> 'contains'", "Pizza"), "[\"gluten\", \"milk\"]");
	VALUE(ITEM("revision", "Pizza"), "2");
	VALUE(ITEM("revision", "Soup"), "1");
}

Test(import_plan, allergens_are_not_weakened_in_silence)
{
	load_menu();
	preview("name,category,contains\nPizza,Mains,\"milk, gluten\"\n", "unchanged 1");
	preview("name,category,contains\nPizza,Mains,\"milk, gluten, eggs\"\n", "update 1");
	VALUE("SELECT needs_confirmation FROM menu_import WHERE id = '%s'", "[]");
	preview("name,category,contains\nPizza,Mains,gluten\n", "update 1");
	VALUE("SELECT needs_confirmation FROM menu_import WHERE id = '%s'", "[\"allergen_weakened\"]");
	preview("name,category,may_contain\nPizza,Mains,milk\n", "update 1");
	VALUE("SELECT confirmations FROM menu_import WHERE id = '%s'", "{\"allergen_weakened\": 1}");
	preview("name,category,free_of\nPizza,Mains,soy\n", "update 1");
	VALUE("SELECT needs_confirmation FROM menu_import WHERE id = '%s'", "[\"allergen_weakened\"]");
	preview("name,category,contains\nCr\u00e8me,Caf\u00e9,none\n", "update 1, warning 1");
	VALUE("SELECT needs_confirmation FROM menu_import WHERE id = '%s'", "[\"none_declared\"]");
	cr_expect_eq(import_scene_apply(&s, "{\"confirm\":[]}"), 409);
	apply("{\"confirm\":[\"none_declared\"]}");
	VALUE(ITEM("allergen_info ->> 'reviewed_by'", "Crème"), "manager@example.com");
	VALUE(ITEM("(allergen_info ->> 'reviewed_at')::timestamptz <= now()", "Crème"), "t");
	preview("name,category,contains\nCr\u00e8me,Caf\u00e9,none\n", "unchanged 1, warning 1");
	preview("name,category,contains\nTea,Caf\u00e9,none\n", "create 1, warning 1");
	VALUE("SELECT needs_confirmation FROM menu_import WHERE id = '%s'", "[\"none_declared\"]");
}

Test(import_plan, rows_with_errors_hold_the_import_or_only_themselves)
{
	load_menu();
	const char *bad = "external_id,category,name,price\nA1,Starters,Soup,5.00\nA2,Mains,Pizza,8-12\n,,Nowhere,1.00\n,Mains,Tea,-1\n";
	preview(bad, "error 3, update 1");
	VALUE(ROW("cells", "error"), "[\"A2\", \"Mains\", \"Pizza\", \"8-12\"];[null, null, \"Nowhere\", \"1.00\"];[\"\", \"Mains\", \"Tea\", \"-1\"]");
	VALUE(ROW("notes -> 0 ->> 'code'", "error"), "price_range;category_missing;price_negative");
	VALUE(ROW("line", "error"), "3;4;5");
	cr_expect_eq(import_scene_apply(&s, "{}"), 409);
	cr_expect(strstr(import_scene_told(&s), "3 rows"), "%s", import_scene_told(&s));
	import_scene_preview(&s, "replace", "skip_rows", bad);
	cr_expect_str_eq(import_scene_counts(&s), "error 3, remove 2, update 1", "what a row with errors is about is not removed");
	apply("{\"confirm\":[\"mass_removal\"]}");
	VALUE(ITEM("price", "Pizza"), "12.900");
	VALUE(ITEM("price", "Soup"), "5.000");
	VALUE("SELECT count(*) FROM menu_item WHERE deleted_at IS NULL AND restaurant_id = (SELECT id FROM restaurant WHERE slug = 'olive-ember')", "2");
}

Test(import_plan, whose_row_is_it)
{
	load_menu();
	preview("external_id,category,name\nA1,Mains,Pizza\n", "update 1");
	VALUE(ROW("changed", "update"), "{category_id,name}");
	preview("external_id,category,name\nN1,Mains,Pasta\n", "update 1");
	VALUE(ROW("changed", "update"), "{external_id}");
	preview("external_id,category,name,price\nN2,Mains,Pizza,1\n", "create 1");
	preview("external_id,category,name\nA2,Mains,Pizza\n,,Pizza\n", "error 1, unchanged 1");
	preview("category,name\nSpecials,Soup\n", "create 1");
	apply("{}");
	preview("name\nSoup\n", "error 1");
	VALUE(ROW("notes -> 0 ->> 'code'", "error"), "item_ambiguous");
}

Test(import_plan, replace_leaves_what_is_hidden)
{
	load_menu();
	VALUE("UPDATE menu_category SET is_active = false WHERE name = 'Mains' AND deleted_at IS NULL RETURNING 1", "1");
	import_scene_preview(&s, "replace", NULL, "external_id,category,name\nA1,Starters,Soup\n");
	cr_expect_str_eq(import_scene_counts(&s), "remove 1, unchanged 1", "%s", import_scene_counts(&s));
	VALUE(ROW("name", "remove"), "Crème");
}

/* The worker does it now and then; here it is asked at once. */
Test(import_plan, uploads_that_stopped_and_what_is_old_go)
{
	load_menu();
	VALUE("SELECT count(*) > 0 FROM import_row WHERE import_id = '%s'", "t");
	char applied[ID_TEXT];
	memcpy(applied, s.import, sizeof(applied));
	import_scene_upload(&s, &(struct import_file_sent){ .bytes = "name,category\nTea,Drinks\n", .len = 24, .chunk = 8, .withheld = 1, .silent = true });
	stack_expect(s.stack, "SELECT count(*) FROM import_chunk", "2", IMPORT_SCENE_MS);
	VALUE("SELECT count(*) FROM import_tidy('10 minutes', '30 days')", "0");
	VALUE("SELECT status FROM menu_import WHERE id = '%s'", "receiving");
	VALUE("UPDATE menu_import SET updated_at = now() - interval '11 minutes' WHERE id = '%s' RETURNING 1", "1");
	VALUE("SELECT string_agg(import_id || ' ' || status, ',') = '%s rejected' FROM import_tidy('10 minutes', '30 days')", "t");
	VALUE("SELECT reason FROM menu_import WHERE id = '%s'", "upload_incomplete");
	VALUE("SELECT count(*) FROM import_chunk", "0");
	memcpy(s.import, applied, sizeof(applied));
	VALUE("UPDATE menu_import SET created_at = now() - interval '31 days' WHERE id = '%s' RETURNING 1", "1");
	VALUE("SELECT count(*) FROM import_tidy('10 minutes', '30 days')", "0");
	VALUE("SELECT count(*) FROM import_row WHERE import_id = '%s'", "0");
	VALUE("SELECT status FROM menu_import WHERE id = '%s'", "applied");
	cr_expect_eq(import_scene_undo(&s), 409, "what would be put back is gone, and that is said");
}
