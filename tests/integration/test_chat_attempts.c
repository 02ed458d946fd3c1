/* test_chat_attempts.c - a worker that was replaced without knowing cannot store, in whatever order two transactions meet.
 *
 * One transaction is a blocking connection that is left open; the other runs in the pool and is seen waiting for the first one's lock
 * before that one ends.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/support/pg_fixture.h"


static struct pg_fixture f;
static struct pg_script *other;
static const char *message;

static const char *new_id(void)
{
	char *id = arena_alloc(f.arena, ID_TEXT);
	id_uuid(id);
	return id;
}

/* --- in the pool --- */

static struct {
	bool done;
	enum error error;
	size_t rows;
	int64_t attempt;
} seen;

static void on_begun(void *ctx, const struct pg_result *r)
{
	(void)ctx;
	seen.done = true;
	seen.error = r->error;
	seen.rows = r->rows[0].n;
	seen.attempt = seen.rows ? ((const struct chat_begin_row *)r->rows[0].v)->attempt : -1;
}

static void on_stored(void *ctx, const struct pg_result *r)
{
	(void)ctx;
	seen.done = true;
	seen.error = r->error;
	seen.rows = r->rows[0].n;
}

static void pool_begin(void)
{
	struct chat_begin_params p = { .session_ids = TEXTS("s"), .conversation_ids = TEXTS(new_id()), .question_ids = TEXTS(new_id()), .message_ids = TEXTS(message), .contents = TEXTS("text"), .reply_partitions = INTS(1), .want_history = BOOLS(false) };
	memset(&seen, 0, sizeof(seen));
	pg_query(f.pg, f.arena, f.olive, chat_begin, &p, on_begun, NULL);
}

static void pool_store(int64_t attempt, const char *text)
{
	struct chat_store_params p = { .answer_ids = TEXTS(new_id()), .message_ids = TEXTS(message), .attempts = INTS(attempt), .contents = TEXTS(text), .statuses = TEXTS("complete"), .claims = TEXTS("[]"), .metas = TEXTS("{}"), .menu_versions = INTS(1), .providers = TEXTS("builtin"), .tokens_in = INTS(-1), .tokens_out = INTS(-1) };
	memset(&seen, 0, sizeof(seen));
	pg_query(f.pg, f.arena, f.olive, chat_store, &p, on_stored, NULL);
}

static bool is_done(void *ctx)
{
	(void)ctx;
	return seen.done;
}

static bool is_blocked(void *ctx)
{
	(void)ctx;
	return strcmp(pg_fixture_value(&f, "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted"
	                                   " AND a.datname = current_database() AND a.application_name = 'test'"),
	              "0") != 0;
}

static void await(void)
{
	cr_assert(pg_fixture_until(&f, is_done, NULL));
	cr_assert_eq(seen.error, ERROR_none);
}

static void await_block(void)
{
	cr_assert(pg_fixture_until(&f, is_blocked, NULL), "it should wait for the other transaction");
	cr_assert_not(seen.done);
}

/* --- in the other transaction --- */

static void other_run(const char *sql)
{
	cr_assert_eq(pg_script_run(other, sql), ERROR_none, "%s: %s", sql, pg_script_error(other));
}

static void other_open(void)
{
	other = pg_fixture_script(&f);
	other_run("BEGIN; SET ROLE restaurant_app");
	other_run(arena_printf(f.arena, "SELECT set_config('app.tenant', '%s', true)", f.olive));
}

static int64_t other_begin(void)
{
	const char *params[] = { "{s}", arena_printf(f.arena, "{%s}", new_id()), arena_printf(f.arena, "{%s}", new_id()),
		                 arena_printf(f.arena, "{%s}", message), "{text}", "{2}", "{f}" };
	cr_assert_eq(pg_script_query(other, query_rows[QUERY_chat_begin].sql, params, 7), ERROR_none, "%s", pg_script_error(other));
	return strtoll(pg_script_cell(other, 0, 1), NULL, 10);
}

static size_t other_store(int attempt)
{
	const char *params[] = { arena_printf(f.arena, "{%s}", new_id()), arena_printf(f.arena, "{%s}", message), arena_printf(f.arena, "{%d}", attempt),
		                 "{other}", "{complete}", "{\"[]\"}", "{\"{}\"}", "{1}", "{builtin}", "{1}", "{1}", "{NULL}" };
	cr_assert_eq(pg_script_query(other, query_rows[QUERY_chat_store].sql, params, 12), ERROR_none, "%s", pg_script_error(other));
	return pg_script_rows(other);
}

static void open_fixture(void)
{
	pg_fixture_open(&f);
	message = new_id();
	pool_begin();
	await();
	cr_assert_eq(seen.attempt, 1);
}

static void close_fixture(void)
{
	pg_script_close(&other);
	pg_fixture_close(&f);
}

static void expect_answers(const char *texts)
{
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT string_agg(content, ',') FROM message WHERE sender_type = 'assistant'"), texts);
}

TestSuite(chat_attempts, .init = open_fixture, .fini = close_fixture, .timeout = 120);

Test(chat_attempts, a_store_that_meets_a_newer_attempt_under_way_waits_and_stores_nothing)
{
	other_open();
	cr_assert_eq(other_begin(), 2);
	pool_store(1, "zombie");
	await_block();
	other_run("COMMIT");
	await();
	cr_expect_eq(seen.rows, 0);
	expect_answers("");
}

Test(chat_attempts, a_store_that_meets_a_newer_attempt_that_fails_stores)
{
	other_open();
	cr_assert_eq(other_begin(), 2);
	pool_store(1, "first");
	await_block();
	other_run("ROLLBACK");
	await();
	cr_expect_eq(seen.rows, 1);
	expect_answers("first");
}

Test(chat_attempts, a_newer_attempt_waits_for_a_store_and_cannot_store_again)
{
	other_open();
	cr_assert_eq(other_store(1), 1);
	pool_begin();
	await_block();
	other_run("COMMIT");
	await();
	cr_expect_eq(seen.attempt, 2);
	pool_store(2, "second");
	await();
	cr_expect_eq(seen.rows, 0);
	expect_answers("other");
}

Test(chat_attempts, a_newer_attempt_stores_when_the_older_store_fails)
{
	other_open();
	cr_assert_eq(other_store(1), 1);
	pool_begin();
	await_block();
	other_run("ROLLBACK");
	await();
	cr_expect_eq(seen.attempt, 2);
	pool_store(1, "zombie");
	await();
	cr_expect_eq(seen.rows, 0);
	pool_store(2, "second");
	await();
	cr_expect_eq(seen.rows, 1);
	expect_answers("second");
}

Test(chat_attempts, two_stores_of_one_attempt_give_one_answer)
{
	other_open();
	cr_assert_eq(other_store(1), 1);
	pool_store(1, "twin");
	await_block();
	other_run("COMMIT");
	await();
	cr_expect_eq(seen.rows, 0);
	expect_answers("other");
}

Test(chat_attempts, two_beginnings_at_once_get_different_numbers)
{
	other_open();
	cr_assert_eq(other_begin(), 2);
	pool_begin();
	await_block();
	other_run("COMMIT");
	await();
	cr_expect_eq(seen.attempt, 3);
	pool_store(2, "older");
	await();
	cr_expect_eq(seen.rows, 0);
	pool_store(3, "newest");
	await();
	cr_expect_eq(seen.rows, 1);
	expect_answers("newest");
}

/* An older snapshot does not help: the attempt is read again under the lock. */
Test(chat_attempts, a_transaction_that_began_earlier_cannot_store)
{
	other_open();
	other_run("SELECT count(*) FROM message");
	pool_begin();
	await();
	cr_assert_eq(seen.attempt, 2);
	cr_expect_eq(other_store(1), 0);
	other_run("COMMIT");
	expect_answers("");
}
