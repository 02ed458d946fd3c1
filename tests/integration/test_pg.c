/* test_pg.c - the pool: many runs at once, failures that harm nobody else, cancelling, deadlines, connections that break. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/metric.h"
#include "tests/support/pg_fixture.h"

#define MANY 10000

static struct pg_fixture f;

static void open_fixture(void)
{
	pg_fixture_open(&f);
}

static void close_fixture(void)
{
	pg_fixture_close(&f);
}

TestSuite(pg, .init = open_fixture, .fini = close_fixture, .timeout = 180);

/* --- many calls at once --- */

struct count {
	size_t wanted, done, fine, errors[ERROR_COUNT];
	bool returned; /* pg_run() came back */
	void (*then)(void);
};

static void on_counted(void *ctx, const struct pg_result *r)
{
	struct count *c = ctx;
	cr_assert(c->returned, "called back too early");
	c->done++;
	c->errors[r->error]++;
	c->fine += !r->error && r->rows[0].n == 1;
	if (r->error)
		cr_assert_eq(r->rows[0].n, 0);
	if (c->then)
		c->then();
}

static bool all_done(void *ctx)
{
	const struct count *c = ctx;
	return c->done >= c->wanted;
}

static struct pg_call *ping(struct count *c)
{
	c->returned = false;
	struct pg_call *call = pg_query(f.pg, f.arena, NULL, ping, NULL, on_counted, c);
	c->returned = true;
	return call;
}

/* Its partition does not fit: the server refuses it after it took the statement before it. */
static struct pg_call *bad(struct count *c)
{
	struct session_attach_params good = { "s", 5 }, broken = { "s", (int64_t)1 << 40 };
	c->returned = false;
	struct pg_call *call = pg_run(f.pg, f.arena, f.olive, (struct pg_statement[]){ { QUERY_session_attach, &good }, { QUERY_session_attach, &broken } }, 2,
	                              on_counted, c);
	c->returned = true;
	return call;
}

static void make_session(void)
{
	pg_fixture_value(&f, arena_printf(f.arena, "INSERT INTO conversation (restaurant_id, id, session_id) VALUES ('%s', gen_random_uuid(), 's')", f.olive));
}

static void await(struct count *c)
{
	cr_assert(pg_fixture_until(&f, all_done, c), "%zu of %zu", c->done, c->wanted);
}

/* Both connections are up. */
static bool is_ready(void *ctx)
{
	(void)ctx;
	return pg_ready(f.pg) && metric_value(METRIC_db_connections, (const char *const[]){ "up", NULL }) == 2;
}

static void await_ready(void)
{
	cr_assert(pg_fixture_until(&f, is_ready, NULL));
}

Test(pg, ten_thousand_runs_over_two_connections)
{
	struct count c = { .wanted = MANY };
	for (size_t i = 0; i < MANY; i++)
		ping(&c);
	await(&c);
	cr_expect_eq(c.fine, MANY);
	cr_expect_eq(pg_waiting(f.pg), 0);
}

Test(pg, a_failing_statement_harms_no_other_run)
{
	struct count good = { .wanted = 500 }, broken = { .wanted = 500 };
	make_session();
	for (size_t i = 0; i < 500; i++) {
		ping(&good);
		bad(&broken);
	}
	await(&good);
	await(&broken);
	cr_expect_eq(good.fine, 500);
	cr_expect_eq(broken.errors[ERROR_db_failed], 500);
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT reply_partitions FROM conversation WHERE session_id = 's'"), "{}",
	                 "the first statement of a run is undone with its second");
}

Test(pg, an_error_says_what_the_server_said)
{
	make_session();
	const struct pg_result *r = pg_fixture_query(&f, f.olive, session_attach, .session_id = "s", .partition = (int64_t)1 << 40);
	cr_expect_eq(r->error, ERROR_db_failed);
	cr_expect_str_eq(r->sqlstate, "22003");
	cr_expect(strstr(r->detail, "integer out of range"), "%s", r->detail);
}

Test(pg, a_run_of_several_statements_gives_the_rows_of_each)
{
	struct session_profile_params nobody = { "nobody" };
	struct suggestion_items_params anything = { 0 };
	const struct pg_result *r = pg_fixture_run(&f, f.jar, (struct pg_statement[]){ { QUERY_menu_document, NULL }, { QUERY_session_profile, &nobody }, { QUERY_ping, NULL }, { QUERY_suggestion_items, &anything } }, 4);
	cr_assert_eq(r->error, ERROR_none, "%s", r->detail);
	cr_expect_eq(r->rows[0].n, 1);
	cr_expect_eq(r->rows[1].n, 0);
	cr_expect_eq(((const struct ping_row *)r->rows[2].v)->one, 1);
	cr_expect_gt(r->rows[3].n, 3);
}

Test(pg, what_cannot_be_sent_fails_later_and_alone)
{
	const struct pg_result *r = pg_fixture_query(&f, f.olive, message_owner, .message_id = "not-a-uuid");
	cr_expect_eq(r->error, ERROR_db_failed);
	cr_expect_str_eq(r->detail, "not a uuid");
	r = pg_fixture_query(&f, "olive-ember", menu_document);
	cr_expect_eq(r->error, ERROR_db_failed);
	r = pg_fixture_query(&f, arena_printf(f.arena, "%s0", f.olive), menu_document);
	cr_expect_eq(r->error, ERROR_db_failed, "a longer text is not cut to a tenant");
	cr_expect_eq(pg_fixture_query(&f, f.olive, menu_document)->rows[0].n, 1);
}

Test(pg, a_cancelled_run_is_not_heard_of_again)
{
	struct count gone = { .wanted = 1 }, kept = { .wanted = 100 };
	struct pg_call *waiting = ping(&gone), *nothing = NULL;
	pg_cancel(&waiting);
	cr_expect_null(waiting);
	pg_cancel(&nothing);
	await_ready();
	for (size_t i = 0; i < 100; i++) {
		struct pg_call *sent = ping(&gone), *failing = bad(&gone);
		ping(&kept);
		pg_cancel(&sent);
		pg_cancel(&failing);
	}
	await(&kept);
	cr_expect_eq(kept.fine, 100);
	cr_expect_eq(gone.done, 0);
}

static struct count chain;

static void one_more(void)
{
	if (chain.done < 1000)
		ping(&chain);
	chain.returned = true;
}

Test(pg, a_callback_may_run_again)
{
	chain = (struct count){ .wanted = 1000, .then = one_more };
	ping(&chain);
	await(&chain);
	cr_expect_eq(chain.fine, 1000);
}

static void close_pool(void)
{
	pg_free(&f.pg);
}

Test(pg, a_callback_may_close_the_pool)
{
	struct count c = { .wanted = 1, .then = close_pool };
	for (size_t i = 0; i < 1000; i++)
		ping(&c);
	await(&c);
	cr_expect_eq(c.done, 1, "the open ones are dropped");
}

Test(pg, a_pool_is_closed_with_runs_in_every_place)
{
	struct count c = { .wanted = 1 };
	await_ready();
	for (size_t i = 0; i < 1000; i++)
		ping(&c);
	pg_fixture_query(&f, f.olive, message_owner, .message_id = "not-a-uuid");
	pg_free(&f.pg);
	cr_expect_null(f.pg);
	pg_free(&f.pg);
}

/* --- without a database --- */

static void aim_at_nothing(void)
{
	static char old[700];
	memcpy(old, f.url, sizeof(old));
	snprintf(f.url, sizeof(f.url), "postgresql://nobody@127.0.0.1:1/nothing");
	pg_fixture_pool(&f, 2);
	memcpy(f.url, old, sizeof(old));
}

Test(pg, the_queue_has_an_end)
{
	struct count c = { .wanted = 5 };
	aim_at_nothing();
	for (size_t i = 0; i < PG_QUEUE_MAX + 5; i++)
		ping(&c);
	cr_expect_eq(pg_waiting(f.pg), PG_QUEUE_MAX);
	await(&c);
	cr_expect_eq(c.errors[ERROR_overloaded], 5);
	cr_expect_not(pg_ready(f.pg));
}

/* Two deadlines at once, because each takes its time: one run waits for a connection, the other for a lock in the server. */
Test(pg, every_wait_has_an_end)
{
	struct count waits = { .wanted = 1 }, slow = { .wanted = 1 }, other = { .wanted = 1 };
	struct pg_script *holder = pg_fixture_script(&f);
	make_session();
	cr_assert_eq(pg_script_run(holder, "BEGIN; UPDATE conversation SET is_active = true"), ERROR_none);
	await_ready();
	int64_t began = clock_ms();
	struct session_attach_params attach = { "s", 1 };
	pg_query(f.pg, f.arena, f.olive, session_attach, &attach, on_counted, &slow);
	slow.returned = true;
	ping(&other);
	await(&other);
	cr_expect_lt(clock_ms() - began, 5000, "the other connection is free");
	struct pg *first = f.pg;
	f.pg = NULL;
	aim_at_nothing();
	ping(&waits);
	await(&waits);
	cr_expect_eq(waits.errors[ERROR_db_unavailable], 1);
	cr_expect_geq(clock_ms() - began, PG_DEADLINE_MS);
	cr_expect_eq(slow.errors[ERROR_deadline], 1, "statement_timeout came first");
	pg_free(&f.pg);
	f.pg = first;
	cr_assert_eq(pg_script_run(holder, "ROLLBACK"), ERROR_none);
	pg_script_close(&holder);
	ping(&other);
	other.wanted = 2;
	await(&other);
	cr_expect_eq(other.fine, 2);
}

/* --- connections that break --- */

static void break_connections(void)
{
	pg_fixture_value(&f, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

/* A run on a connection whose loss was not noticed yet fails. */
static bool answers(void *ctx)
{
	(void)ctx;
	return pg_fixture_query(&f, NULL, ping)->error == ERROR_none;
}

Test(pg, a_lost_connection_is_made_again)
{
	struct count c = { .wanted = 0 };
	await_ready();
	for (int round = 0; round < 5; round++) {
		c.wanted += 200;
		for (size_t i = 0; i < 200; i++)
			ping(&c);
		break_connections();
		await(&c);
		await_ready();
	}
	cr_expect(pg_fixture_until(&f, answers, NULL));
	cr_expect_eq(c.fine + c.errors[ERROR_db_unavailable], 1000, "%zu fine, %zu unavailable, %zu too late", c.fine,
	             c.errors[ERROR_db_unavailable], c.errors[ERROR_deadline]);
}

Test(pg, a_server_that_restarts_is_found_again)
{
	struct count before = { .wanted = 200 }, meanwhile = { .wanted = 100 };
	await_ready();
	for (size_t i = 0; i < 200; i++)
		ping(&before);
	pg_fixture_server("kill");
	await(&before);
	cr_expect_eq(before.fine + before.errors[ERROR_db_unavailable], 200);
	for (size_t i = 0; i < 100; i++)
		ping(&meanwhile);
	uv_run(&f.loop, UV_RUN_NOWAIT);
	pg_fixture_server("start");
	await(&meanwhile);
	cr_expect_eq(meanwhile.fine + meanwhile.errors[ERROR_db_unavailable], 100);
	cr_expect_eq(pg_fixture_query(&f, f.olive, menu_document)->rows[0].n, 1);
	pg_script_close(&f.owner);
	f.owner = pg_fixture_script(&f);
}

static bool answers_recall(void *ctx)
{
	(void)ctx;
	const char *const id = f.olive;
	return pg_fixture_query(&f, f.olive, chat_recall, .message_ids = { &id, 1 })->error == ERROR_none;
}

Test(pg, a_statement_whose_table_changed_is_prepared_again)
{
	const char *const id = f.olive;
	pg_fixture_pool(&f, 1);
	cr_assert(answers_recall(NULL));
	pg_fixture_value(&f, "ALTER TABLE message ALTER COLUMN provider TYPE varchar(100)");
	const struct pg_result *r = pg_fixture_query(&f, f.olive, chat_recall, .message_ids = { &id, 1 });
	cr_expect_eq(r->error, ERROR_db_unavailable, "%s", r->detail);
	cr_expect(strstr(r->detail, "cached plan"), "%s", r->detail);
	cr_expect(answers_recall(NULL));
}

Test(pg, a_pool_waits_for_the_schema)
{
	struct pg_fixture g;
	const char *said;
	struct count c = { .wanted = 1 };
	pg_fixture_empty(&g);
	char old[700];
	memcpy(old, f.url, sizeof(old));
	memcpy(f.url, g.url, sizeof(f.url));
	pg_fixture_pool(&f, 1);
	memcpy(f.url, old, sizeof(old));
	ping(&c);
	for (int i = 0; i < 20; i++)
		uv_run(&f.loop, UV_RUN_ONCE);
	cr_expect_not(pg_ready(f.pg));
	cr_assert_eq(pg_fixture_migrate(&g, NULL, &said), 0, "%s", said);
	await(&c);
	cr_expect_eq(c.fine, 1);
	pg_free(&f.pg);
	pg_fixture_close(&g);
}

Test(pg, a_host_may_have_a_name)
{
	char *at = strstr(f.url, "@127.0.0.1:");
	cr_assert_not_null(at);
	memcpy(at, "@localhost:", 11);
	pg_fixture_pool(&f, 1);
	cr_expect_eq(pg_fixture_query(&f, NULL, ping)->error, ERROR_none);
	memcpy(at, "@127.0.0.1:", 11);
}

/* --- locks --- */

struct claim {
	struct pg_lock *lock;
	int key, lost;
	bool told;
};

static void on_got(void *ctx, int key)
{
	struct claim *c = ctx;
	c->told = true;
	c->key = key;
}

static void on_lost(void *ctx, int key)
{
	struct claim *c = ctx;
	c->lost = key;
}

static bool is_told(void *ctx)
{
	return ((struct claim *)ctx)->told;
}

static bool is_lost(void *ctx)
{
	return ((struct claim *)ctx)->lost >= 0;
}

static void claim(struct claim *c)
{
	*c = (struct claim){ .lost = -1 };
	cr_assert_eq(pg_lock_claim(f.pg, 4711, 10, 2, on_got, on_lost, c, &c->lock), ERROR_none);
	cr_assert_not(c->told);
	cr_assert(pg_fixture_until(&f, is_told, c));
}

Test(pg, locks_are_given_once)
{
	struct claim a, b, c;
	claim(&a);
	claim(&b);
	claim(&c);
	cr_expect_eq(a.key, 10);
	cr_expect_eq(b.key, 11);
	cr_expect_eq(c.key, -1);
	pg_lock_release(&c.lock);
	pg_lock_release(&a.lock);
	cr_expect_null(a.lock);
	do {
		claim(&c);
		if (c.key < 0)
			pg_lock_release(&c.lock);
	} while (c.key < 0);
	cr_expect_eq(c.key, 10, "what was released can be had again");
	break_connections();
	cr_expect(pg_fixture_until(&f, is_lost, &b));
	cr_expect(pg_fixture_until(&f, is_lost, &c));
	cr_expect_eq(b.lost, 11);
	cr_expect_eq(c.lost, 10);
	pg_lock_release(&b.lock);
	pg_lock_release(&c.lock);
}

Test(pg, a_lock_is_claimed_again_while_the_server_restarts)
{
	struct claim c = { .lost = -1 };
	pg_fixture_server("stop");
	cr_assert_eq(pg_lock_claim(f.pg, 4711, 10, 2, on_got, on_lost, &c, &c.lock), ERROR_none);
	for (int i = 0; i < 5; i++)
		uv_run(&f.loop, UV_RUN_ONCE);
	cr_expect_not(c.told);
	pg_fixture_server("start");
	cr_assert(pg_fixture_until(&f, is_told, &c));
	cr_expect_eq(c.key, 10);
	pg_lock_release(&c.lock);
	pg_script_close(&f.owner);
	f.owner = pg_fixture_script(&f);
}
