/* test_plans.c - plans that were made while the tables were all but empty are good for full ones too, and so are those that are made after an import and
 * before autovacuum counted what it brought: what counts is how many rows each statement fetches.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/support/pg_fixture.h"

#define MENU_ROWS (60 + 5100 + 2 * 20500) /* categories, dishes, their ingredients and the links to them */
#define LOOK_UP_ROWS 100

static struct pg_fixture f;

static void open_fixture(void)
{
	pg_fixture_open(&f);
}

static void close_fixture(void)
{
	pg_fixture_close(&f);
}

TestSuite(plans, .init = open_fixture, .fini = close_fixture, .timeout = 180);

static const struct {
	enum query_id query;
	const char *arguments;
	int64_t rows; /* fetched at most */
} cases[] = {
	{ QUERY_menu_document, "", MENU_ROWS },
	{ QUERY_suggestion_items, "('{}', '{}', '{}', '{}', '{}', '{}')", 5100 + 60 },
	{ QUERY_suggestion_items, "('{vegan}', '{milk}', '{milk}', '{\"\"}', '{t}', '{}')", 5100 + 60 },
	{ QUERY_category_list, "(50, 0)", 2 * 60 + 1 },
	{ QUERY_ingredient_list, "(50, 0)", 2 * 300 },
	{ QUERY_ingredient_names, "('', '00000000-0000-0000-0000-000000000000', 5000)", 300 },
	{ QUERY_item_list, "(NULL, NULL, '{}', '{}', '{}', '{}', '{}', '{}', 50, 0)", 5100 + 60 + 300 + 50 * 9 },
	{ QUERY_item_list, "('dihs 77', NULL, '{vegan}', '{milk}', '{milk}', '{\"\"}', '{t}', '{}', 50, 0)", 5100 + 60 + 300 + 50 * 9 },
	{ QUERY_item_list, "('ingredient', NULL, '{}', '{}', '{}', '{}', '{}', '{}', 50, 0)", MENU_ROWS },
	{ QUERY_item_export, "(2000, 3000)", 5100 + 60 + 2000 * 8 },
	{ QUERY_menu_page, "", 5100 + 60 + 1 },
	{ QUERY_session_answers, "('s-8', '018f0000-0000-7000-8005-000000000004')", LOOK_UP_ROWS },
	{ QUERY_message_list, "('s-8', 50, 0)", LOOK_UP_ROWS },
	{ QUERY_chat_recall, "('{018f0000-0000-7000-8005-000000000004}')", LOOK_UP_ROWS },
	{ QUERY_message_owner, "('018f0000-0000-7000-8005-000000000004')", LOOK_UP_ROWS },
	{ QUERY_session_profile, "('s-8')", LOOK_UP_ROWS },
	{ QUERY_session_attach, "('s-8', 3)", LOOK_UP_ROWS },
	{ QUERY_session_corrections, "('s-8')", LOOK_UP_ROWS },
	{ QUERY_correction_find, "(1000, 'infinity', 200)", MENU_ROWS + 20000 },
	{ QUERY_claim_list, "(NULL, NULL, 50, 0)", 20000 },
	{ QUERY_chat_begin, "('{s-8,s-9}', '{018f0000-0000-7000-8006-000000000001,018f0000-0000-7000-8006-000000000002}',"
	                    " '{018f0000-0000-7000-8006-000000000003,018f0000-0000-7000-8006-000000000004}',"
	                    " '{018f0000-0000-7000-8006-000000000005,018f0000-0000-7000-8006-000000000006}', '{a,b}', '{1,2}', '{t,f}')",
	  LOOK_UP_ROWS },
	{ QUERY_chat_store, "('{018f0000-0000-7000-8006-000000000007}', '{018f0000-0000-7000-8006-000000000005}', '{1}', '{a}', '{complete}', '{[]}', '{null}',"
	                    " '{1}', '{x}', '{1}', '{1}', '{\"{\\\"allergies\\\": [\\\"milk\\\"], \\\"diets\\\": []}\"}')",
	  LOOK_UP_ROWS },
};
#define CASES (sizeof(cases) / sizeof(cases[0]))

static void run(struct pg_script *s, const char *sql)
{
	cr_assert_eq(pg_script_run(s, sql), ERROR_none, "%s: %s", sql, pg_script_error(s));
}

/* A connection as the pool makes them, with all statements prepared. */
static struct pg_script *prepare_all(void)
{
	struct pg_script *s = pg_fixture_script(&f);
	run(s, "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off; SET ROLE restaurant_app");
	for (size_t i = 0; i < CASES; i++)
		if (!i || cases[i].query != cases[i - 1].query)
			run(s, arena_printf(f.arena, "PREPARE %s AS %s", query_rows[cases[i].query].name, query_rows[cases[i].query].sql));
	return s;
}

/* Counted since the last report to the statistics, which may be longer ago than this transaction. */
static int64_t fetched(struct pg_script *s)
{
	run(s, "SELECT coalesce(sum(coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0)), 0) FROM pg_stat_xact_user_tables");
	return strtoll(pg_script_cell(s, 0, 0), NULL, 10);
}

/* All of it is undone, so that it can be done again. */
static void execute_all(struct pg_script *s, const char *when)
{
	run(s, arena_printf(f.arena, "BEGIN; SELECT set_config('app.tenant', '%s', true)", f.jar));
	for (size_t i = 0; i < CASES; i++) {
		int64_t before = fetched(s);
		run(s, arena_printf(f.arena, "EXECUTE %s%s", query_rows[cases[i].query].name, cases[i].arguments));
		int64_t rows = fetched(s) - before;
		cr_expect_leq(rows, cases[i].rows, "%s, planned %s, fetched %d rows", query_rows[cases[i].query].name, when, (int)rows);
	}
	run(s, "ROLLBACK");
}

static void fill(void)
{
	static const char *const sql[] = {
		/* Ascending, as UUIDv7 are: the indexes are then as small as in real life. */
		"CREATE FUNCTION pg_temp.id(kind text, i bigint) RETURNS uuid LANGUAGE sql RETURN ('018f0000-0000-7000-' || kind || '-' || lpad(i::text, 12, '0'))::uuid",
		"INSERT INTO menu_category (restaurant_id, id, name, display_order) SELECT current_setting('app.test')::uuid, pg_temp.id('8001', i), 'Category ' || i, i"
		" FROM generate_series(1, 50) i",
		"INSERT INTO menu_item (restaurant_id, id, category_id, name, price, display_order) SELECT current_setting('app.test')::uuid, pg_temp.id('8002', i),"
		" pg_temp.id('8001', i % 50 + 1), 'Dish ' || i, 5, i FROM generate_series(1, 5000) i",
		"INSERT INTO ingredient (restaurant_id, id, name) SELECT current_setting('app.test')::uuid, pg_temp.id('8003', i), 'Ingredient ' || i FROM generate_series(1, 200) i",
		"INSERT INTO menu_item_ingredient (restaurant_id, menu_item_id, ingredient_id) SELECT current_setting('app.test')::uuid, pg_temp.id('8002', i),"
		" pg_temp.id('8003', (i * 7 + k * 13) % 200 + 1) FROM generate_series(1, 5000) i, generate_series(1, 4) k",
		"INSERT INTO conversation (restaurant_id, id, session_id) SELECT current_setting('app.test')::uuid, pg_temp.id('8004', i), 's-' || i FROM generate_series(1, 2000) i",
		"INSERT INTO message (restaurant_id, id, conversation_id, message_id, sender_type, content, status) SELECT current_setting('app.test')::uuid, pg_temp.id('8005', i),"
		" pg_temp.id('8004', i / 2 % 2000 + 1), pg_temp.id('8005', i / 2), CASE i % 2 WHEN 0 THEN 'user' ELSE 'assistant' END::message_sender, 'text', 'complete'"
		" FROM generate_series(1, 40000) i",
	};
	pg_fixture_value(&f, arena_printf(f.arena, "SET app.test = '%s'", f.jar));
	for (size_t i = 0; i < sizeof(sql) / sizeof(sql[0]); i++)
		pg_fixture_value(&f, sql[i]);
}

Test(plans, hold_for_full_tables)
{
	pg_fixture_value(&f, "ALTER TABLE menu_item SET (autovacuum_enabled = off); ALTER TABLE menu_category SET (autovacuum_enabled = off);"
	                     " ALTER TABLE menu_item_ingredient SET (autovacuum_enabled = off); ALTER TABLE ingredient SET (autovacuum_enabled = off);"
	                     " ALTER TABLE message SET (autovacuum_enabled = off); ALTER TABLE conversation SET (autovacuum_enabled = off)");
	struct pg_script *early = prepare_all();
	execute_all(early, "while the tables were empty");
	fill();
	execute_all(early, "while the tables were empty");
	pg_script_close(&early);
	struct pg_script *late = prepare_all();
	execute_all(late, "before they were analysed");
	run(f.owner, "ANALYZE");
	execute_all(late, "after they were analysed");
	pg_script_close(&late);
}
