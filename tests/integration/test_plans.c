/* test_plans.c - plans that were made while the tables were all but empty are good for full ones too, and so are those that are made after an import and
 * before autovacuum counted what it brought. A wrong plan walks through everything a restaurant has for each row, which is a hundred times over these limits.
 */
#include <criterion/criterion.h>

#include "common/clock.h"
#include "tests/support/pg_fixture.h"

#define MENU_MS 4000 /* 5,000 dishes with 20,000 ingredients; usually 0.2 s */
#define LOOK_UP_MS 400

static struct pg_fixture f;
static const char *message;

static void open_fixture(void)
{
	pg_fixture_open(&f);
	char *id = arena_alloc(f.arena, ID_TEXT);
	id_uuid(id);
	message = id;
}

static void close_fixture(void)
{
	pg_fixture_close(&f);
}

TestSuite(plans, .init = open_fixture, .fini = close_fixture, .timeout = 180);

static void run_everything(const char *tenant, int64_t menu_ms, int64_t look_up_ms)
{
	const struct session_answers_params answers = { "s-7", message };
	const struct message_list_params list = { "s-7", 50, 0 };
	const struct chat_recall_params recall = { .message_ids = TEXTS(message) };
	const struct message_owner_params owner = { message };
	const struct session_profile_params profile = { "s-7" };
	const struct {
		struct pg_statement statement;
		int64_t ms;
	} rows[] = {
		{ { QUERY_menu_document, NULL }, menu_ms },
		{ { QUERY_suggestion_items, NULL }, look_up_ms },
		{ { QUERY_session_answers, &answers }, look_up_ms },
		{ { QUERY_message_list, &list }, look_up_ms },
		{ { QUERY_chat_recall, &recall }, look_up_ms },
		{ { QUERY_message_owner, &owner }, look_up_ms },
		{ { QUERY_session_profile, &profile }, look_up_ms },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t began = clock_ms();
		const struct pg_result *r = pg_fixture_run(&f, tenant, &rows[i].statement, 1);
		cr_expect_eq(r->error, ERROR_none, "%s: %s", query_rows[rows[i].statement.query].name, r->detail);
		cr_expect_lt(clock_ms() - began, rows[i].ms, "%s takes %d ms", query_rows[rows[i].statement.query].name, (int)(clock_ms() - began));
	}
}

static void fill(void)
{
	static const char *const sql[] = {
		"INSERT INTO menu_category (restaurant_id, id, name, display_order) SELECT current_setting('app.test')::uuid, md5('c' || i)::uuid, 'Category ' || i, i"
		" FROM generate_series(1, 50) i",
		"INSERT INTO menu_item (restaurant_id, id, category_id, name, price, display_order) SELECT current_setting('app.test')::uuid, md5('i' || i)::uuid,"
		" md5('c' || i % 50 + 1)::uuid, 'Dish ' || i, 5, i FROM generate_series(1, 5000) i",
		"INSERT INTO ingredient (restaurant_id, id, name) SELECT current_setting('app.test')::uuid, md5('g' || i)::uuid, 'Ingredient ' || i FROM generate_series(1, 200) i",
		"INSERT INTO menu_item_ingredient (restaurant_id, menu_item_id, ingredient_id) SELECT current_setting('app.test')::uuid, md5('i' || i)::uuid,"
		" md5('g' || (i * 7 + k * 13) % 200 + 1)::uuid FROM generate_series(1, 5000) i, generate_series(1, 4) k",
		"INSERT INTO conversation (restaurant_id, id, session_id) SELECT current_setting('app.test')::uuid, md5('s' || i)::uuid, 's-' || i FROM generate_series(1, 2000) i",
		"INSERT INTO message (restaurant_id, id, conversation_id, message_id, sender_type, content, status) SELECT current_setting('app.test')::uuid, md5('m' || i)::uuid,"
		" md5('s' || i % 2000 + 1)::uuid, md5('m' || i / 2)::uuid, CASE i % 2 WHEN 0 THEN 'user' ELSE 'assistant' END::message_sender, 'text', 'complete'"
		" FROM generate_series(1, 40000) i",
	};
	pg_fixture_value(&f, arena_printf(f.arena, "SET app.test = '%s'", f.jar));
	for (size_t i = 0; i < sizeof(sql) / sizeof(sql[0]); i++)
		pg_fixture_value(&f, sql[i]);
}

Test(plans, hold_for_full_tables)
{
	pg_fixture_pool(&f, 1);
	pg_fixture_value(&f, "ALTER TABLE menu_item SET (autovacuum_enabled = off); ALTER TABLE menu_category SET (autovacuum_enabled = off);"
	                     " ALTER TABLE menu_item_ingredient SET (autovacuum_enabled = off); ALTER TABLE ingredient SET (autovacuum_enabled = off);"
	                     " ALTER TABLE message SET (autovacuum_enabled = off); ALTER TABLE conversation SET (autovacuum_enabled = off)");
	run_everything(f.jar, MENU_MS, MENU_MS);
	fill();
	run_everything(f.jar, MENU_MS, LOOK_UP_MS);
	pg_fixture_pool(&f, 1);
	run_everything(f.jar, MENU_MS, MENU_MS);
	run_everything(f.jar, MENU_MS, LOOK_UP_MS);
}
