/* test_analytics.c - what guests do and what answers come to, through the real api, Kafka, worker and PostgreSQL: each event counts once, every number has its rows. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/edit_kit.h"
#include "tests/support/guest.h"
#include "tests/support/stack_token.h"
#include "tests/support/ws_client.h"

#define EVENT "018f0000-0000-7000-9000-0000000000%02d"
#define LIST 500
#define CONCURRENCY 10000 /* ANALYTICS_CONCURRENCY */
#define JSON "Content-Type: application/json\r\n"

static struct kit k;

static void start(void)
{
	edit_kit_open(&k, &(struct stack_options){ .env = { "ANALYTICS_BATCH_MS=50", "ANALYTICS_UPKEEP_MS=3000", "WORKER_METRICS=127.0.0.1:0", NULL } });
}

static void stop(void)
{
	edit_kit_close(&k);
}

TestSuite(analytics, .init = start, .fini = stop, .timeout = 180);

static void send_events(int n, const char *type, const char *more, const char *headers)
{
	char body[4000];
	size_t len = (size_t)snprintf(body, sizeof(body), "[");
	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(body + len, sizeof(body) - len, "%s{\"id\":\"" EVENT "\",\"type\":\"%s\",\"restaurant_id\":\"%s\"%s}", i ? "," : "", i, type, k.restaurant, more);
	snprintf(body + len, sizeof(body) - len, "]");
	json_decref(kit_must(&k, NULL, "POST", "/api/v1/analytics/events", headers, body, 202));
}

static int64_t number(const char *metric)
{
	json_t *report = kit_must(&k, "viewer", "GET", kit_path("/api/v1/chat/%s/analytics", KIT_SLUG), NULL, NULL, 200), *n;
	size_t i;
	int64_t value = -1;
	json_array_foreach(json_object_get(report, "numbers"), i, n)
	{
		if (!strcmp(kit_text(n, "metric"), metric))
			value = json_integer_value(json_object_get(n, "value"));
	}
	json_decref(report);
	return value;
}

/* The rows that the number's own filter lists. */
static int64_t rows_of(const char *metric)
{
	struct http_answer a = kit_ask(&k, "staff", "GET", kit_path("/api/v1/chat/%s/analytics/rows?metric=%s", KIT_SLUG, metric), NULL, NULL);
	cr_assert_eq(a.status, 200, "%s", a.body);
	return strtoll(http_header(&a, "x-total-count"), NULL, 10);
}

Test(analytics, a_search_that_finds_nothing_is_lost_demand)
{
	send_events(1, "search", ",\"session_id\":\"s-1\",\"data\":{\"query\":\"Pizza Margherita\",\"results\":0}", NULL);
	stack_expect(k.stack, "SELECT sum(n) FROM analytics_hour WHERE metric = 'lost:not_on_menu:pizza'", "1", KIT_MS);
	cr_expect_eq(number("lost"), 1);
	cr_expect_eq(number("event:search"), 1);
	cr_expect_eq(rows_of("lost:not_on_menu:pizza"), 1);
	stack_expect(k.stack, "SELECT question FROM analytics_sample", "Pizza Margherita", KIT_MS);
}

Test(analytics, an_event_counts_once_however_often_it_comes)
{
	char more[100];
	snprintf(more, sizeof(more), ",\"session_id\":\"s-1\",\"item_id\":\"%s\",\"data\":{\"from\":\"menu\"}", k.item);
	for (int i = 0; i < 3; i++)
		send_events(5, "item_view", more, NULL);
	send_events(5, "item_view", more, "User-Agent: Googlebot/2.1\r\n"); /* the same ids */
	stack_expect(k.stack, "SELECT count(*) FROM interaction_analytics", "5", KIT_MS);
	stack_expect(k.stack, "SELECT sum(n) FROM analytics_hour WHERE metric = 'event:item_view'", "5", KIT_MS);
	cr_expect_eq(number("event:item_view"), 5);
	cr_expect_eq(rows_of("event:item_view"), 5);
	cr_expect_eq(number("sessions"), 1);
	cr_expect_eq(rows_of("sessions"), 1);
	cr_expect_eq(rows_of(kit_path("seen:%s", k.item)), 5);
	json_t *report = kit_must(&k, "viewer", "GET", kit_path("/api/v1/chat/%s/analytics", KIT_SLUG), NULL, NULL, 200);
	const json_t *dish = json_array_get(json_object_get(report, "dishes"), 0);
	cr_expect_str_eq(kit_text(dish, "item_id"), k.item);
	cr_expect_eq(json_integer_value(json_object_get(dish, "seen")), 5);
	json_decref(report);
}

Test(analytics, bots_and_other_times_are_not_counted)
{
	send_events(1, "menu_view", ",\"session_id\":\"probe-1\"", NULL);
	send_events(2, "menu_view", ",\"session_id\":\"s-2\"", "User-Agent: Mozilla/5.0 (compatible; bingbot/2.0)\r\n");
	stack_expect(k.stack, "SELECT count(*) FROM interaction_analytics", "2", KIT_MS);
	cr_expect_eq(number("event:menu_view"), 0);
	cr_expect_eq(number("sessions"), 0);
	json_decref(kit_must(&k, NULL, "POST", "/api/v1/analytics/events", NULL,
	                     kit_path("{\"id\":\"" EVENT "\",\"type\":\"menu_view\",\"restaurant_id\":\"%s\",\"at\":\"2020-02-29T10:00:00Z\"}", 70, k.restaurant), 202));
	json_decref(kit_must(&k, NULL, "POST", "/api/v1/analytics/events", NULL,
	                     kit_path("{\"id\":\"" EVENT "\",\"type\":\"menu_view\",\"restaurant_id\":\"%s\",\"at\":\"2120-01-01T10:00:00+02:00\"}", 71, k.restaurant), 202));
	stack_expect(k.stack, "SELECT string_agg(reason, ',' ORDER BY reason) FROM analytics_quarantine", "future,old", KIT_MS);
	/* a late one counts in its own hour */
	const char *late = kit_value(&k, "SELECT to_char(now() - interval '3 days', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')");
	json_decref(kit_must(&k, NULL, "POST", "/api/v1/analytics/events", NULL,
	                     kit_path("{\"id\":\"" EVENT "\",\"type\":\"menu_view\",\"restaurant_id\":\"%s\",\"at\":\"%s\"}", 72, k.restaurant, late), 202));
	stack_expect(k.stack, "SELECT count(*) FROM analytics_hour WHERE metric = 'event:menu_view' AND hour BETWEEN now() - interval '74 hours' AND now() - interval '71 hours'", "1", KIT_MS);
}

Test(analytics, a_bot_is_answered_and_not_counted)
{
	const char *path = kit_path("/api/v1/chat/%s/message?wait=true", KIT_SLUG);
	json_decref(kit_must(&k, NULL, "POST", path, "User-Agent: Googlebot/2.1\r\n", "{\"message\":\"hello\",\"session_id\":\"s-bot\"}", 200));
	struct ws_client *c = ws_client_open_with(&(struct ws_client_options){ .port = k.port, .path = "/ws/" KIT_SLUG, .headers = "User-Agent: bingbot/2.0\r\n" }, KIT_MS, NULL);
	cr_assert(c);
	ws_client_send(c, "{\"type\":\"chat_message\",\"message\":\"hello\",\"session_id\":\"s-spider\"}");
	stack_expect(k.stack, "SELECT count(*) FROM interaction_analytics WHERE event_type = 'chat_outcome'", "2", KIT_MS);
	cr_expect_leq(number("message"), 0);
	path = kit_path("/api/v1/chat/%s/message?wait=true", KIT_SLUG);
	json_decref(kit_must(&k, NULL, "POST", path, "User-Agent: Mozilla/5.0\r\n", "{\"message\":\"hello\",\"session_id\":\"s-guest\"}", 200));
	stack_expect(k.stack, "SELECT count(*) FROM interaction_analytics WHERE event_type = 'chat_outcome'", "3", KIT_MS);
	cr_expect_eq(number("message"), 1);
	ws_client_close(&c);
}

Test(analytics, bad_events_are_refused_by_name)
{
	kit_refused(&k, "POST", "/api/v1/analytics/events", "[]", "", "1 to 500");
	kit_refused(&k, "POST", "/api/v1/analytics/events", "{\"id\":\"x\",\"type\":\"menu_view\",\"restaurant_id\":\"y\"}", "/id", "UUID");
	kit_refused(&k, "POST", "/api/v1/analytics/events", kit_path("[{\"id\":\"" EVENT "\",\"type\":\"menu_view\",\"restaurant_id\":\"%s\",\"at\":\"2026-02-30T00:00:00Z\"}]", 1, k.restaurant), "/0/at", "must be a time");
	cr_expect_eq(kit_ask(&k, NULL, "POST", "/api/v1/analytics/events", NULL, "[{").status, 400);
}

static void ask(struct guest *g, const char *question)
{
	guest_ask(g, question);
	cr_assert(guest_wait(g, KIT_MS), "no answer to \"%s\"", question);
}

Test(analytics, answers_thumbs_and_what_was_asked_in_vain)
{
	struct guest g;
	guest_init(&g, k.port);
	ask(&g, "Do you have ramen?");
	ask(&g, "May I talk to a real person?");
	const char *feedback = kit_path("{\"session_id\":\"%s\",\"message_id\":\"%s\",\"rating\":\"down\",\"reason\":\"no ramen\"}", g.session, g.message_id);
	json_decref(kit_must(&k, NULL, "POST", kit_path("/api/v1/chat/%s/feedback", KIT_SLUG), NULL, feedback, 202));
	json_decref(kit_must(&k, NULL, "POST", kit_path("/api/v1/chat/%s/feedback", KIT_SLUG), NULL, feedback, 202));
	cr_expect_eq(kit_ask(&k, NULL, "POST", kit_path("/api/v1/chat/%s/feedback", KIT_SLUG), JSON, kit_path("{\"session_id\":\"another\",\"message_id\":\"%s\",\"rating\":\"up\"}", g.message_id)).status, 404);
	stack_expect(k.stack, "SELECT count(*) FROM message_feedback WHERE rating = 'down' AND reason = 'no ramen'", "1", KIT_MS);
	stack_expect(k.stack, "SELECT sum(n) FROM analytics_day WHERE metric = 'message'", "2", KIT_MS);
	cr_expect_eq(number("message"), 2);
	cr_expect_eq(number("conversation"), 1);
	cr_expect_eq(number("handover"), 1);
	cr_expect_eq(number("lost"), 1);
	cr_expect_eq(number("thumbs:down"), 1);
	cr_expect_eq(rows_of("lost"), 1);
	cr_expect_eq(rows_of("thumbs:down"), 1);
	json_t *report = kit_must(&k, "viewer", "GET", kit_path("/api/v1/chat/%s/analytics?by=hour", KIT_SLUG), NULL, NULL, 200);
	const json_t *lost = json_array_get(json_object_get(report, "lost"), 0);
	cr_expect_str_eq(kit_text(lost, "what"), "ramen");
	cr_expect_str_eq(json_string_value(json_array_get(json_object_get(lost, "samples"), 0)), "Do you have ramen?");
	cr_expect_eq(json_integer_value(json_object_get(json_object_get(report, "answer_time"), "n")), 2);
	cr_expect_str_eq(json_string_value(json_array_get(json_object_get(report, "reasons"), 0)), "no ramen");
	json_decref(report);
	json_t *list = kit_must(&k, "staff", "GET", kit_path("/api/v1/chat/%s/conversations", KIT_SLUG), NULL, NULL, 200);
	cr_expect_eq(json_integer_value(json_object_get(json_array_get(list, 0), "thumbs_down")), 1);
	char path[200];
	snprintf(path, sizeof(path), "/api/v1/chat/%s/conversations/%s", KIT_SLUG, kit_text(json_array_get(list, 0), "id"));
	json_t *one = kit_must(&k, "staff", "GET", path, NULL, NULL, 200);
	cr_expect_eq(json_array_size(json_object_get(one, "messages")), 4);
	char *text = json_dumps(one, 0);
	cr_expect_null(strstr(text, g.session), "the session id is the guest's secret");
	free(text);
	json_decref(one);
	json_decref(list);
	struct http_answer csv = kit_ask(&k, "viewer", "GET", kit_path("/api/v1/chat/%s/analytics?format=csv", KIT_SLUG), NULL, NULL);
	cr_expect(strstr(csv.body, ",message,2\r\n"), "%s", csv.body);
	guest_close(&g);
}

Test(analytics, a_guest_may_have_and_erase_all_of_it)
{
	struct guest g;
	char path[200];
	guest_init(&g, k.port);
	ask(&g, "I am allergic to peanuts. Do you have ramen?");
	snprintf(path, sizeof(path), "/api/v1/chat/%s/sessions/%s", KIT_SLUG, g.session);
	stack_expect(k.stack, "SELECT count(*) FROM analytics_sample", "1", KIT_MS);
	json_t *all = kit_must(&k, NULL, "GET", path, NULL, NULL, 200);
	cr_expect_eq(json_array_size(json_object_get(all, "messages")), 2);
	cr_expect_eq(json_array_size(json_object_get(all, "events")), 1);
	cr_expect_str_eq(json_string_value(json_array_get(json_object_get(json_object_get(all, "profile"), "allergies"), 0)), "peanuts");
	json_decref(all);
	json_decref(kit_must(&k, NULL, "DELETE", path, NULL, NULL, 204));
	cr_expect_eq(kit_ask(&k, NULL, "GET", path, NULL, NULL).status, 404);
	cr_expect_eq(kit_ask(&k, NULL, "DELETE", path, NULL, NULL).status, 404, "there is nothing any more");
	cr_expect_eq(stack_count(k.stack, "SELECT (SELECT count(*) FROM message) + (SELECT count(*) FROM conversation) + (SELECT count(*) FROM analytics_sample)"), 0);
	cr_expect_eq(stack_count(k.stack, "SELECT count(*) FROM interaction_analytics WHERE session IS NOT NULL OR event_data <> '{}'"), 0);
	cr_expect_eq(number("message"), 1, "counts stay");
	guest_close(&g);
	/* the worker remembers nothing either */
	guest_init(&g, k.port);
	snprintf(g.session, sizeof(g.session), "%.39s", strrchr(path, '/') + 1);
	ask(&g, "What can I eat?");
	all = kit_must(&k, NULL, "GET", path, NULL, NULL, 200);
	cr_expect_eq(json_array_size(json_object_get(json_object_get(all, "profile"), "allergies")), 0);
	cr_expect_eq(json_array_size(json_object_get(all, "messages")), 2);
	json_decref(all);
	guest_close(&g);
}

/* A difference between rows and roll-ups is found by the job, counted and logged. */
Test(analytics, a_recount_finds_what_does_not_agree)
{
	char url[100];
	send_events(3, "menu_view", ",\"session_id\":\"s-3\"", NULL);
	stack_expect(k.stack, "SELECT count(*) FROM interaction_analytics", "3", KIT_MS);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/metrics", stack_worker_port(k.stack, 0));
	kit_value(&k, "INSERT INTO analytics_hour SELECT id, (((now() - interval '1 day')::date)::timestamp + interval '12 hours') AT TIME ZONE timezone, 'message', 7 FROM restaurant WHERE slug = '" KIT_SLUG "' RETURNING n");
	int64_t deadline = http_now_ms() + KIT_MS;
	while (!strstr(stack_fetch(k.stack, url), "analytics_recounts_total{of=\"rows\",outcome=\"different\"}") && http_now_ms() < deadline)
		;
	cr_expect(strstr(stack_fetch(k.stack, url), "\nanalytics_recount_differences{kind=\"rollup\"} 1\n"));
	cr_expect_geq(stack_count(k.stack, "SELECT count(*) FROM analytics_recount((now() - interval '1 day')::date) WHERE counted = 0 AND rolled = 7"), 1);
}

static double waiting(void)
{
	static const char line_start[] = "\nanalytics_events_waiting ";
	char url[100];
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/metrics", stack_worker_port(k.stack, 0));
	const char *line = strstr(stack_fetch(k.stack, url), line_start);
	return line ? strtod(line + strlen(line_start), NULL) : 0;
}

static void send_list(int nth)
{
	static char body[LIST * 200];
	size_t len = 0;
	for (int i = 0; i < LIST; i++)
		len += (size_t)snprintf(body + len, sizeof(body) - len, "%c{\"id\":\"018f0000-0000-7000-9000-%012d\",\"type\":\"menu_view\",\"restaurant_id\":\"%s\",\"session_id\":\"s-%d\"}", i ? ',' : '[', nth * LIST + i, k.restaurant, nth);
	snprintf(body + len, sizeof(body) - len, "]");
	json_decref(kit_must(&k, NULL, "POST", "/api/v1/analytics/events", NULL, body, 202));
}

Test(analytics, a_flood_waits_in_the_log_and_is_stored_whole)
{
	stack_query(k.stack, "BEGIN");
	stack_query(k.stack, "LOCK TABLE event_seen IN ACCESS EXCLUSIVE MODE"); /* nothing is stored meanwhile */
	for (int i = 0; i < 40; i++)
		send_list(i);
	for (int64_t until = http_now_ms() + KIT_MS; waiting() < CONCURRENCY && http_now_ms() < until;)
		;
	for (int64_t until = http_now_ms() + 1000; http_now_ms() < until;) /* a reader that does not stop has the rest by then */
		cr_assert_lt(waiting(), CONCURRENCY + LIST);
	cr_assert_geq(waiting(), CONCURRENCY);
	stack_query(k.stack, "COMMIT");
	stack_expect(k.stack, "SELECT count(*) FROM interaction_analytics", "20000", KIT_MS);
	stack_expect(k.stack, "SELECT n FROM analytics_month WHERE metric = 'event:menu_view'", "20000", KIT_MS);
	cr_expect_eq(number("sessions"), 40);
	cr_expect_eq(stack_count(k.stack, "SELECT count(*) FROM dead_letter"), 0);
}

Test(analytics, who_watches_sees_figures)
{
	struct ws_client *ws = ws_client_open(k.port, "/ws/" KIT_SLUG, KIT_MS);
	char frame[1800], token[1500];
	const char *header = stack_token(k.stack, KIT_SLUG, "viewer");
	snprintf(token, sizeof(token), "%.*s", (int)strcspn(header + strlen("Authorization: Bearer "), "\r"), header + strlen("Authorization: Bearer "));
	snprintf(frame, sizeof(frame), "{\"type\":\"watch\",\"token\":\"%s\",\"slug\":\"" KIT_SLUG "\"}", token);
	send_events(2, "menu_view", ",\"session_id\":\"s-4\"", NULL);
	stack_expect(k.stack, "SELECT count(*) FROM interaction_analytics", "2", KIT_MS);
	ws_client_send(ws, frame);
	json_t *live = NULL;
	for (const char *text; !live && (text = ws_client_read(ws, KIT_MS));)
		live = strstr(text, "\"live\"") ? json_loads(text, 0, NULL) : NULL;
	cr_assert_not_null(live);
	cr_expect_eq(json_integer_value(json_object_get(json_object_get(live, "figures"), "guests")), 1);
	json_decref(live);
	ws_client_close(&ws);
}
