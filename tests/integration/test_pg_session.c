/* test_pg_session.c - a session of one's own: COPY with back-pressure, transactions, errors, deadlines, a server that goes away. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/pg_session.h"
#include "tests/support/pg_fixture.h"

#define PIECE 60000
#define PIECES 200

static struct pg_fixture f;
static struct pg_session *session;

struct outcome {
	bool over, returned;
	enum error error;
	char sqlstate[6], cell[200];
	size_t rows;
};
static struct outcome outcome;

static void open_fixture(void)
{
	pg_fixture_open(&f);
}

static void close_fixture(void)
{
	pg_session_close(&session);
	pg_fixture_close(&f);
}

TestSuite(pg_session, .init = open_fixture, .fini = close_fixture, .timeout = 120);

static void on_over(void *ctx, const struct pg_session_result *r)
{
	struct outcome *o = ctx;
	cr_assert(o->returned, "called back too early");
	cr_assert(!o->over, "called back twice");
	o->over = true;
	o->error = r->error;
	snprintf(o->sqlstate, sizeof(o->sqlstate), "%s", r->sqlstate);
	const char *cell = pg_session_cell(r, 0, 0);
	snprintf(o->cell, sizeof(o->cell), "%s", cell ? cell : "");
	o->rows = r->rows;
}

static bool is_over(void *ctx)
{
	return ((struct outcome *)ctx)->over;
}

static void begin(void)
{
	outcome = (struct outcome){ 0 };
}

static enum error await(void)
{
	outcome.returned = true;
	cr_assert(pg_fixture_until(&f, is_over, &outcome), "no answer");
	return outcome.error;
}

static enum error open_for(const char *tenant, int64_t statement_ms)
{
	begin();
	cr_assert_eq(pg_session_open(&(struct pg_session_config){ .pg = f.pg, .tenant = tenant, .open_ms = 10000, .statement_ms = statement_ms }, on_over, &outcome, &session),
	             ERROR_none);
	return await();
}

static enum error run(const char *sql)
{
	begin();
	pg_session_run(session, sql, NULL, 0, on_over);
	return await();
}

static void copy_begin(const char *sql, enum error error)
{
	begin();
	pg_session_copy(session, sql, on_over);
	cr_assert_eq(await(), error);
}

static enum error put(const char *bytes, size_t len)
{
	begin();
	pg_session_put(session, bytes, len, on_over);
	return await();
}

static enum error copy_end(void)
{
	begin();
	pg_session_copy_end(session, on_over);
	return await();
}

Test(pg_session, a_statement_is_answered_for_its_tenant_only)
{
	cr_assert_eq(open_for(f.olive, 5000), ERROR_none);
	begin();
	pg_session_run(session, "SELECT slug || $1 FROM restaurant WHERE $2::text IS NULL", (const char *const[]){ "!", NULL }, 2, on_over);
	cr_assert_eq(await(), ERROR_none);
	cr_expect_str_eq(outcome.cell, "olive-ember!");
	cr_expect_eq(outcome.rows, 1);
	cr_expect_eq(run("DELETE FROM restaurant"), ERROR_db_failed);
	cr_expect_str_eq(outcome.sqlstate, "42501", "not the owner of the tables");
	cr_expect_eq(run("SELECT 1"), ERROR_none, "an error costs the statement, not the session");
}

Test(pg_session, copy_takes_much_more_than_the_socket_holds)
{
	static char piece[PIECE];
	cr_assert_eq(open_for(f.olive, 60000), ERROR_none);
	cr_assert_eq(run("CREATE TEMP TABLE heap (line text)"), ERROR_none);
	copy_begin("COPY heap FROM STDIN", ERROR_none);
	memset(piece, 'x', sizeof(piece));
	for (size_t i = 99; i < sizeof(piece); i += 100)
		piece[i] = '\n';
	for (int i = 0; i < PIECES; i++)
		cr_assert_eq(put(piece, sizeof(piece)), ERROR_none);
	cr_assert_eq(copy_end(), ERROR_none);
	cr_expect_eq(outcome.rows, (size_t)PIECES * PIECE / 100);
	cr_assert_eq(run("SELECT count(*) FROM heap WHERE length(line) = 99"), ERROR_none);
	cr_expect_str_eq(outcome.cell, "120000");
}

Test(pg_session, what_copy_refuses_is_told_at_its_end)
{
	cr_assert_eq(open_for(f.olive, 5000), ERROR_none);
	copy_begin("COPY menu_item FROM STDIN", ERROR_db_failed);
	cr_assert_eq(run("CREATE TEMP TABLE numbers (n integer)"), ERROR_none);
	copy_begin("COPY numbers FROM STDIN", ERROR_none);
	cr_assert_eq(put("1\n2\nthree\n", 10), ERROR_none);
	cr_assert_eq(put("4\n", 2), ERROR_none);
	cr_assert_eq(copy_end(), ERROR_db_failed);
	cr_expect_str_eq(outcome.sqlstate, "22P02");
	cr_assert_eq(run("SELECT count(*) FROM numbers"), ERROR_none);
	cr_expect_str_eq(outcome.cell, "0");
}

Test(pg_session, a_closed_session_leaves_nothing_behind)
{
	cr_assert_eq(open_for(f.jar, 60000), ERROR_none);
	cr_assert_eq(run("BEGIN"), ERROR_none);
	cr_assert_eq(run("SELECT pg_advisory_xact_lock(4711)"), ERROR_none);
	begin();
	pg_session_run(session, "SELECT pg_sleep(50)", NULL, 0, on_over);
	outcome.returned = true;
	uv_run(&f.loop, UV_RUN_NOWAIT);
	pg_session_close(&session);
	cr_expect_null(session);
	cr_assert_eq(open_for(f.jar, 20000), ERROR_none);
	cr_expect_eq(run("SELECT pg_advisory_xact_lock(4711)"), ERROR_none, "the server notices within a second that nobody waits");
	cr_expect_not(is_over(&(struct outcome){ 0 }));
}

Test(pg_session, a_statement_has_a_deadline)
{
	cr_assert_eq(open_for(f.jar, 200), ERROR_none);
	cr_expect_eq(run("SELECT pg_sleep(20)"), ERROR_deadline);
	cr_expect(pg_session_usable(session));
	cr_expect_eq(run("SELECT 1"), ERROR_none);
}

Test(pg_session, a_lost_connection_is_told_and_stays_lost)
{
	cr_assert_eq(open_for(f.jar, 20000), ERROR_none);
	cr_assert_eq(run("SELECT pg_backend_pid()"), ERROR_none);
	char sql[300];
	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%s)", outcome.cell);
	begin();
	pg_session_run(session, "SELECT pg_sleep(20)", NULL, 0, on_over);
	outcome.returned = true;
	for (int i = 0; i < 3; i++)
		uv_run(&f.loop, UV_RUN_NOWAIT);
	cr_expect_str_eq(pg_fixture_value(&f, sql), "t");
	cr_expect_eq(await(), ERROR_db_unavailable);
	cr_expect_eq(run("SELECT 1"), ERROR_db_unavailable);
	cr_expect_not(pg_session_usable(session));
}

Test(pg_session, a_server_that_is_away_ends_the_opening_in_time)
{
	pg_fixture_server("kill");
	begin();
	cr_assert_eq(pg_session_open(&(struct pg_session_config){ .pg = f.pg, .tenant = f.jar, .open_ms = 500, .statement_ms = 1000 }, on_over, &outcome, &session), ERROR_none);
	enum error error = await();
	pg_session_close(&session);
	pg_fixture_server("start");
	cr_expect(error == ERROR_db_unavailable || error == ERROR_deadline);
	pg_script_close(&f.owner);
	f.owner = pg_fixture_script(&f);
}
