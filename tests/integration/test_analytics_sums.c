/* test_analytics_sums.c - the report's short ways (months, links between the days of a session) say what plain counting says, whatever came in which order. */
#include <criterion/criterion.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/pg_fixture.h"

static struct pg_fixture f;

static void start(void)
{
	pg_fixture_open(&f);
}

static void stop(void)
{
	pg_fixture_close(&f);
}

TestSuite(analytics_sums, .init = start, .fini = stop, .timeout = 180);

static const char *const zones[] = { "America/New_York", "Asia/Kolkata" };

/* Sessions that come back, in batches, in no order. */
static void store(const char *zone, double seed)
{
	char sql[1500];
	snprintf(sql, sizeof(sql),
	         "DO $$ BEGIN UPDATE restaurant SET timezone = '%s' WHERE id = '%s'; PERFORM setseed(%f), analytics_open(); FOR i IN 1..40 LOOP"
	         " INSERT INTO pg_temp.analytics_batch SELECT '%s', gen_random_uuid(), now() - random() * interval '167 hours', 'menu_view', 's' || floor(random() * 150), NULL, NULL, NULL,"
	         " ARRAY['event:menu_view', CASE WHEN random() < 0.2 THEN 'lost:not_on_menu:ramen' ELSE 'thumbs:up' END], NULL, '{}' FROM generate_series(1, 15);"
	         " PERFORM analytics_store(); DELETE FROM pg_temp.analytics_batch; END LOOP; END $$",
	         zone, f.jar, seed, f.jar);
	pg_fixture_value(&f, sql);
}

/* A year before that, by day and by hour, as storing would have left it. */
static void store_year(const char *zone)
{
	char sql[1500];
	snprintf(sql, sizeof(sql),
	         "WITH days AS (SELECT d::date AS day, 3 + extract(doy FROM d)::integer %% 7 AS n FROM generate_series(now() - interval '400 days', now() - interval '9 days', '1 day') d),"
	         " a AS (INSERT INTO analytics_day SELECT '%s', day, 'event:menu_view', n FROM days),"
	         " b AS (INSERT INTO analytics_hour SELECT '%s', local_midnight(day, '%s') + interval '12 hours', 'event:menu_view', n FROM days)"
	         " INSERT INTO analytics_month AS m SELECT '%s', date_trunc('month', day)::date, 'event:menu_view', sum(n) FROM days GROUP BY 2"
	         " ON CONFLICT (restaurant_id, month, metric) DO UPDATE SET n = m.n + excluded.n",
	         f.jar, f.jar, zone, f.jar);
	pg_fixture_value(&f, sql);
}

static void same(const char *what, const char *zone, const char *days_back, const char *hours_long, const char *fast, const char *slow)
{
	char sql[2000];
	snprintf(sql, sizeof(sql),
	         "WITH r AS MATERIALIZED (SELECT local_hour(now() - random() * interval '%s days', '%s') AS a, (1 + floor(random() * %s)) * interval '1 hour' AS len FROM generate_series(1, 300)),"
	         " s AS (SELECT a, a + len AS b, '%s' AS zone FROM r), c AS (SELECT a, b, (%s) AS fast, (%s) AS slow FROM s)"
	         " SELECT count(*) FILTER (WHERE fast IS DISTINCT FROM slow) || ' of ' || count(*) || ', up to ' || max(fast) FROM c",
	         days_back, zone, hours_long, zone, fast, slow);
	const char *said = pg_fixture_value(&f, sql);
	cr_expect_eq(strncmp(said, "0 of 300", 8), 0, "%s in %s: wrong %s", what, zone, said);
	cr_expect_null(strstr(said, "up to 0"), "%s: nothing was counted", what);
}

Test(analytics_sums, are_those_of_plain_counting)
{
	char tenant[120];
	snprintf(tenant, sizeof(tenant), "SELECT set_config('app.tenant', '%s', false)", f.jar);
	pg_fixture_value(&f, tenant);
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		pg_fixture_value(&f, "TRUNCATE analytics_hour, analytics_day, analytics_month, analytics_session, analytics_day_total, interaction_analytics, event_seen");
		store(zones[i], 0.1 + 0.3 * (double)i);
		same("sessions", zones[i], "8", "200", "analytics_session_count(a, b, zone)", "SELECT count(DISTINCT x.session) FROM analytics_sessions(a, b, zone) x");
		same("lost", zones[i], "8", "200", "SELECT sum(x.n) FROM analytics_shown(a, b, zone) x WHERE x.metric LIKE 'lost:%'", "SELECT sum(x.n) FROM analytics_parts(a, b, zone) x WHERE x.metric LIKE 'lost:%'");
		same("sessions by day", zones[i], "8", "200", "SELECT string_agg(e.p ->> 'sessions', ',' ORDER BY e.nth) FROM json_array_elements(analytics_series(a, b, zone, 'day')) WITH ORDINALITY e(p, nth)",
		     "SELECT string_agg((SELECT count(DISTINCT x.session) FROM analytics_sessions(a, b, zone) x WHERE x.day = d::date)::text, ',' ORDER BY d)"
		     " FROM generate_series((a AT TIME ZONE zone)::date, ((b - interval '1 second') AT TIME ZONE zone)::date, '1 day') d");
		store_year(zones[i]);
		same("a year's sums", zones[i], "420", "9000", "(analytics_sums(a, b, zone) ->> 'event:menu_view')::bigint", "SELECT sum(x.n)::bigint FROM analytics_parts(a, b, zone) x WHERE x.metric = 'event:menu_view'");
		cr_expect_str_eq(pg_fixture_value(&f, "SELECT count(*) FROM analytics_recount((now() - interval '1 day')::date)"), "0");
	}
}

/* As a worker's upkeep and its storing do, at the turn of a day. */
Test(analytics_sums, two_who_make_the_partition_of_a_day_both_go_on)
{
	PGconn *second = PQconnectdb(f.url);
	cr_assert_eq(PQstatus(second), CONNECTION_OK, "%s", PQerrorMessage(second));
	pg_fixture_value(&f, "BEGIN");
	pg_fixture_value(&f, "SELECT analytics_partition('2031-05-01')");
	cr_assert(PQsendQuery(second, "SELECT analytics_partition('2031-05-01')"));
	for (int i = 0; i < 1000 && strcmp(pg_fixture_value(&f, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"), "1") != 0; i++)
		poll(NULL, 0, 10);
	cr_assert_str_eq(pg_fixture_value(&f, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"), "1", "the second one waits");
	pg_fixture_value(&f, "COMMIT");
	PGresult *result = PQgetResult(second);
	cr_expect_eq(PQresultStatus(result), PGRES_TUPLES_OK, "%s", PQerrorMessage(second));
	PQclear(result);
	PQfinish(second);
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT count(*) FROM pg_inherits WHERE inhrelid = to_regclass('interaction_analytics_20310501')"), "1");
}
