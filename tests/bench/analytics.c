/* analytics.c - see analytics.h. Events go in as browsers' collectors send them: lists of 500, each with ids, sessions, dishes and words of their own, over kept connections in a
 * closed loop. The year is one of roll-ups that ten million events would leave, and is asked for over HTTP, as the desk does. */
#include "tests/bench/analytics.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "tests/bench/cpu.h"
#include "tests/bench/table.h"
#include "tests/support/http_client.h"
#include "tests/support/stack_token.h"

#define SLUG "the-cookie-jar"
#define CONNECTIONS 6
#define EVENTS 500
#define EVENT_BYTES 400
#define RUN_MS 8000
#define WARM_UP_MS 1500
#define ANSWER_MS 60000
#define STORED_MS 180000
#define REPORTS 15

/* Sum of the roll-up: 27,400 interactions a day, 10 million a year, in 650 metrics a day and 1,800 sessions, of which one in ten comes back on another day. */
static const char year[] =
	"WITH place AS (INSERT INTO restaurant (id, name, slug) VALUES (gen_random_uuid(), 'A year', 'a-year') RETURNING id),"
	"kinds(prefix, many, n) AS (VALUES ('seen:', 100, 60), ('asked:', 100, 12), ('recommended:', 100, 20), ('first_token:', 30, 60), ('answer_time:', 30, 60), ('lost:not_on_menu:', 60, 2), ('kind:', 15, 120), ('event:', 10, 1400),"
	"('made:', 3, 600), ('language:', 6, 300), ('gate_drop:', 8, 5)),"
	"metrics AS (SELECT k.prefix || CASE WHEN k.many = 100 THEN md5(g::text)::uuid::text WHEN k.many = 30 THEN (g * 100)::text ELSE 'key' || g END AS metric, k.n FROM kinds k, generate_series(1, k.many) g"
	" UNION ALL SELECT 'allergen:' || md5(d::text)::uuid || ':milk:unknown', 2 FROM generate_series(1, 100) d UNION ALL SELECT 'allergen:' || md5(d::text)::uuid || ':eggs:contains', 2 FROM generate_series(1, 100) d"
	" UNION ALL VALUES ('message', 1800), ('conversation', 900), ('thumbs:up', 90), ('thumbs:down', 20), ('stopped', 9), ('handover', 5), ('allergen_question', 400), ('allergen_unknown', 100), ('tokens_in', 400000), ('tokens_out', 90000), ('cost_micros', 500000)),"
	"hours AS (INSERT INTO analytics_hour SELECT p.id, d + make_interval(hours => h), m.metric, 1 + m.n / 12 FROM place p, metrics m, generate_series(date_trunc('day', now()) - interval '365 days', now(), '1 day') d, generate_series(10, 21) h RETURNING 1),"
	"days AS (INSERT INTO analytics_day SELECT p.id, d::date, m.metric, m.n FROM place p, metrics m, generate_series(date_trunc('day', now()) - interval '365 days', now(), '1 day') d RETURNING 1),"
	"months AS (INSERT INTO analytics_month SELECT p.id, date_trunc('month', d)::date, m.metric, sum(m.n) FROM place p, metrics m, generate_series(date_trunc('day', now()) - interval '365 days', now(), '1 day') d GROUP BY 1, 2, 3 RETURNING 1),"
	"back AS MATERIALIZED (SELECT d::date AS day, md5(d::text || s)::uuid AS session, s, r FROM generate_series(date_trunc('day', now()) - interval '365 days', now(), '1 day') d, generate_series(1, 1800) s, generate_series(0, 3, 3) r WHERE r = 0 OR s % 10 = 0),"
	"sessions AS (INSERT INTO analytics_session SELECT p.id, b.day + b.r, b.session, 1 << (10 + b.s % 12), CASE WHEN b.r > 0 THEN b.day END FROM place p, back b RETURNING 1),"
	"totals AS (INSERT INTO analytics_day_total SELECT p.id, b.day + b.r, count(*), count(*) FILTER (WHERE b.r = 0), 120 FROM place p, back b GROUP BY 1, 2 RETURNING 1)"
	"SELECT (SELECT count(*) FROM hours) + (SELECT count(*) FROM days) + (SELECT count(*) FROM months) + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM totals)";

/* What the database does at the least: the same two tables and their indexes, filled from rows that it makes itself. */
static const char floor_sql[] =
	"WITH made AS MATERIALIZED (SELECT r.id AS restaurant, gen_random_uuid() AS id, now() AS at, md5((g / 10)::text)::uuid AS session FROM generate_series(1, 100000) g, restaurant r WHERE r.slug = 'a-floor'),"
	"seen AS (INSERT INTO event_seen (restaurant_id, event_id) SELECT restaurant, id FROM made ON CONFLICT DO NOTHING RETURNING 1),"
	"kept AS (INSERT INTO interaction_analytics (restaurant_id, id, created_at, event_type, session, metrics, event_data) SELECT restaurant, id, at, 'item_view', session, '{event:item_view}', '{\"from\": \"menu\"}' FROM made RETURNING 1)"
	"SELECT (SELECT count(*) FROM seen) + (SELECT count(*) FROM kept)";

struct sender {
	struct http_client *client;
	char *text; /* head and body; ids are at every `stride` from `first` */
	size_t len, first, stride;
	unsigned part;
	bool open;
};

static struct sender senders[CONNECTIONS];
static unsigned posts;
static int64_t refused;

static void make_post(struct sender *s, const char *restaurant, const char *item)
{
	static char body[EVENTS * EVENT_BYTES];
	size_t len = 0;
	for (int i = 0; i < EVENTS; i++) {
		static const char *const types[] = { "item_view", "menu_view", "search", "item_view", "filter" };
		size_t at = len;
		len += (size_t)snprintf(body + len, sizeof(body) - len, "%s{\"id\":\"018f0000-0000-7000-8000-000000000000\",\"type\":\"%s\",\"restaurant_id\":\"%s\",\"session_id\":\"s%08x\",\"item_id\":\"%s\",\"data\":{\"from\":\"menu\",\"place\":%d}",
		                        i ? "," : "[", types[i % 5], restaurant, (unsigned)(i / 10), item, i);
		size_t pad = at + EVENT_BYTES - 40 - len; /* every event has the same length */
		memset(body + len, ' ', pad);
		len += pad;
		body[len++] = '}';
	}
	body[len++] = ']';
	s->stride = EVENT_BYTES - 39;
	s->text = malloc(len + 400);
	s->first = (size_t)snprintf(s->text, 400, "POST /api/v1/analytics/events HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n", len);
	memcpy(s->text + s->first, body, len);
	s->len = s->first + len;
	s->first += strlen("[{\"id\":\"018f0000-0000-7000-8000-");
}

/* Twelve hex digits of each id, and eight of each session: counted on. */
static void post(struct sender *s)
{
	static const char digits[] = "0123456789abcdef";
	posts++;
	for (unsigned i = 0; i < EVENTS; i++) {
		unsigned long long id = (unsigned long long)posts * EVENTS + i;
		char *at = s->text + s->first + i * s->stride;
		for (int d = 11; d >= 0; d--, id >>= 4)
			at[d] = digits[id & 15];
		char *session = strstr(at, "\"session_id\":\"s") + strlen("\"session_id\":\"s");
		unsigned number = posts * (EVENTS / 10) + i / 10;
		for (int d = 7; d >= 0; d--, number >>= 4)
			session[d] = digits[number & 15];
	}
	s->open = http_client_send(s->client, s->text, s->len);
}

static int64_t run_until(int64_t until_us)
{
	int64_t taken = 0;
	struct pollfd fds[CONNECTIONS];
	while (clock_us() < until_us) {
		for (int i = 0; i < CONNECTIONS; i++) {
			if (!senders[i].open)
				post(&senders[i]);
			fds[i] = (struct pollfd){ .fd = http_client_fd(senders[i].client), .events = POLLIN };
		}
		poll(fds, CONNECTIONS, 100);
		for (int i = 0; i < CONNECTIONS; i++) {
			if (!fds[i].revents)
				continue;
			int status = http_client_read(senders[i].client, ANSWER_MS).status;
			senders[i].open = false;
			taken += status == 202 ? EVENTS : 0;
			refused += status != 202;
		}
	}
	return taken;
}

static int64_t finish_open(void)
{
	int64_t taken = 0;
	for (int i = 0; i < CONNECTIONS; i++) {
		if (senders[i].open)
			taken += http_client_read(senders[i].client, ANSWER_MS).status == 202 ? EVENTS : 0;
		senders[i].open = false;
	}
	return taken;
}

static int64_t stored(struct stack *stack)
{
	return stack_count(stack, "SELECT coalesce(sum(n), 0) FROM analytics_day WHERE metric LIKE 'event:%' AND restaurant_id = (SELECT id FROM restaurant WHERE slug = '" SLUG "')");
}

static void wait_stored(struct stack *stack, int64_t many)
{
	for (int64_t until = clock_ms() + STORED_MS; stored(stack) < many && clock_ms() < until;)
		poll(NULL, 0, 50);
}

static double floor_of(struct stack *stack)
{
	stack_query(stack, "INSERT INTO restaurant (id, name, slug) VALUES (gen_random_uuid(), 'The floor', 'a-floor') RETURNING 1");
	stack_query(stack, "SELECT analytics_partition((now() AT TIME ZONE 'UTC')::date)");
	int64_t began = clock_us();
	stack_query(stack, floor_sql);
	return 1e5 / ((double)(clock_us() - began) / 1e6);
}

static void bench_events(struct stack *stack)
{
	char restaurant[60], item[60];
	snprintf(restaurant, sizeof(restaurant), "%s", stack_query(stack, "SELECT id FROM restaurant WHERE slug = '" SLUG "'"));
	snprintf(item, sizeof(item), "%s", stack_query(stack, "SELECT i.id FROM menu_item i JOIN restaurant r ON r.id = i.restaurant_id WHERE r.slug = '" SLUG "' LIMIT 1"));
	double floor = floor_of(stack);
	for (int i = 0; i < CONNECTIONS; i++) {
		senders[i].client = http_client_open(stack_port(stack, 0));
		make_post(&senders[i], restaurant, item);
	}
	int64_t all = run_until(clock_us() + (int64_t)WARM_UP_MS * 1000) + finish_open();
	wait_stored(stack, all);
	struct cpu before = cpu_now(stack);
	int64_t began = clock_us();
	int64_t taken = run_until(began + (int64_t)RUN_MS * 1000) + finish_open();
	double accepted_s = (double)(clock_us() - began) / 1e6;
	wait_stored(stack, all + taken);
	double stored_s = (double)(clock_us() - began) / 1e6, n = (double)taken;
	struct cpu after = cpu_now(stack);
	if (refused || stored(stack) != all + taken)
		printf("  %lld posts refused, %lld of %lld events stored\n", (long long)refused, (long long)stored(stack), (long long)(all + taken));
	double api = after.api - before.api, worker = after.worker - before.worker, broker = after.broker - before.broker, database = after.database - before.database;
	printf("  %.0f events; CPU per event in us: api %.1f, worker %.1f, broker %.1f, database %.1f\n", n, api * 1e3 / n, worker * 1e3 / n, broker * 1e3 / n, database * 1e3 / n);
	table_add(&(struct table_row){ .id = "events_accepted", .what = "analytics events accepted, durable", .unit = "/s", .value = n / accepted_s, .floor = -1, .floor_what = "", .original = 3540, .goal = 30000, .direction = TABLE_AT_LEAST });
	table_add(&(struct table_row){ .id = "events_stored", .what = "the same, until the last one is stored and counted", .unit = "/s", .value = n / stored_s, .floor = floor, .floor_what = "/s, two bare INSERTs", .original = -1, .goal = 30000, .direction = TABLE_AT_LEAST });
	table_add(&(struct table_row){ .id = "event_cpu", .what = "CPU per event, all processes", .unit = "us", .value = (api + worker + broker + database) * 1e3 / n, .floor = -1, .floor_what = "", .original = -1, .goal = 66, .direction = TABLE_AT_MOST });
	for (int i = 0; i < CONNECTIONS; i++) {
		http_client_close(&senders[i].client);
		free(senders[i].text);
	}
}

static void bench_year(struct stack *stack)
{
	static char path[300];
	double times[REPORTS];
	printf("  %lld rows of roll-ups and sessions\n", (long long)stack_count(stack, year));
	stack_query(stack, "VACUUM ANALYZE analytics_hour, analytics_day, analytics_month, analytics_session, analytics_day_total"); /* as autovacuum would have */
	const char *token = stack_token(stack, "a-year", "viewer");
	snprintf(path, sizeof(path), "/api/v1/chat/a-year/analytics?from=%s", stack_query(stack, "SELECT (now() - interval '364 days')::date"));
	for (int i = 0; i < REPORTS; i++) {
		int64_t began = clock_us();
		struct http_answer a = http_ask(stack_port(stack, 0), "GET", path, token, NULL);
		times[i] = (double)(clock_us() - began) / 1e3;
		if (a.status != 200)
			printf("  the report: %d %s\n", a.status, a.body);
	}
	table_sort(times, REPORTS);
	table_add(&(struct table_row){ .id = "report_year", .what = "report of a year, ten million events, by HTTP (median)", .unit = "ms", .value = times[REPORTS / 2], .floor = -1, .floor_what = "", .original = -1, .goal = 50, .direction = TABLE_AT_MOST });
}

void bench_analytics(struct stack *stack)
{
	bench_events(stack);
	bench_year(stack);
}
