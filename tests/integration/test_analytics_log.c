/* test_analytics_log.c - yesterday counted again from the log: each sort of difference is found, named and gone when it is mended; what only looks like one is none. Real api, Kafka,
 * worker and PostgreSQL; only the day is an old one: guests' events may be sent later. */
#include <criterion/criterion.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/edit_kit.h"

#define EVENT "018f0000-0000-7000-9000-0000000000%02d"
#define NOON "((now() AT TIME ZONE 'UTC')::date - 1)::timestamp AT TIME ZONE 'UTC' + interval '12 hours'"

static struct kit k;
static char worker_log[300];

static void open_kit(bool embedded)
{
	edit_kit_open(&k, &(struct stack_options){ .embedded = embedded, .env = { "ANALYTICS_BATCH_MS=50", "ANALYTICS_UPKEEP_MS=1000", "ANALYTICS_RECOUNT_MS=0", "WORKER_METRICS=127.0.0.1:0", NULL } });
	const char *prefix = stack_topic_prefix(k.stack);
	snprintf(worker_log, sizeof(worker_log), "%s/stack-logs/%.*s/worker-0.log", getenv("BUILD"), (int)(strlen(prefix) - 1), prefix);
}

static void start(void)
{
	open_kit(false);
}

static void start_embedded(void)
{
	open_kit(true);
}

static void stop(void)
{
	edit_kit_close(&k);
}

TestSuite(analytics_log, .init = start, .fini = stop, .timeout = 180);

/* Event `number`, which happened so long before or after noon (UTC) of yesterday. NULL: without a time, so now. */
static void send_event(int number, const char *type, const char *restaurant, const char *after_noon)
{
	char at[60] = "";
	if (after_noon)
		snprintf(at, sizeof(at), ",\"at\":\"%s\"", kit_value(&k, "SELECT to_char((" NOON " + interval '%s') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", after_noon));
	json_decref(kit_must(&k, NULL, "POST", "/api/v1/analytics/events", NULL, kit_path("{\"id\":\"" EVENT "\",\"type\":\"%s\",\"restaurant_id\":\"%s\",\"session_id\":\"s-1\"%s}", number, type, restaurant, at), 202));
}

static void send_day(void)
{
	for (int i = 0; i < 5; i++)
		send_event(i, i < 3 ? "menu_view" : "odd_one", k.restaurant, "1 hour");
	stack_expect(k.stack, "SELECT count(*) FROM interaction_analytics", "5", KIT_MS);
}

/* What a count says that began after now. */
static void counted(const char *logged_stored_missing_extra)
{
	char sql[400];
	snprintf(sql, sizeof(sql), "SELECT '%s'", kit_value(&k, "SELECT now() + interval '1 second'"));
	char began[40];
	snprintf(began, sizeof(began), "%s", kit_value(&k, "%s", sql));
	/* `counted_at` is the end of a count: the one after the next surely began later */
	for (int i = 0; i < 2; i++) {
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM analytics_log_recount WHERE counted_at > '%s'", began);
		stack_expect(k.stack, sql, "1", KIT_MS);
		snprintf(began, sizeof(began), "%s", kit_value(&k, "SELECT counted_at FROM analytics_log_recount ORDER BY day DESC LIMIT 1"));
	}
	stack_expect(k.stack, "SELECT concat_ws(' ', logged, stored, missing, extra) FROM analytics_log_recount ORDER BY day DESC LIMIT 1", logged_stored_missing_extra, KIT_MS);
}

static void shown(const char *line)
{
	char url[100];
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/metrics", stack_worker_port(k.stack, 0));
	int64_t deadline = http_now_ms() + KIT_MS;
	while (!strstr(stack_fetch(k.stack, url), line) && http_now_ms() < deadline)
		;
	cr_expect(strstr(stack_fetch(k.stack, url), line), "%s is not there", line);
}

/* A line of the worker's log that holds all of these. */
static void told(const char *const *words)
{
	static char line[10000];
	FILE *file = fopen(worker_log, "r");
	cr_assert(file, "%s", worker_log);
	bool found = false;
	while (!found && fgets(line, sizeof(line), file)) {
		found = true;
		for (size_t i = 0; words[i]; i++)
			found = found && strstr(line, words[i]);
	}
	fclose(file);
	cr_expect(found, "no line of %s has \"%s\", \"%s\"", worker_log, words[0], words[1]);
}
#define TOLD(...) told((const char *const[]){ "\"analytics.log_difference\"", "\"restaurant\":\"" KIT_SLUG "\"", __VA_ARGS__, NULL })

Test(analytics_log, a_row_that_went_is_found_until_it_is_back)
{
	send_day();
	counted("5 5 0 0");
	kit_value(&k, "CREATE TABLE kept AS SELECT * FROM interaction_analytics WHERE id::text LIKE '%%04'");
	kit_value(&k, "DELETE FROM interaction_analytics WHERE id::text LIKE '%%04'");
	counted("5 4 1 0");
	shown("\nanalytics_recount_differences{kind=\"row_missing\"} 1\n");
	shown("analytics_recounts_total{of=\"log\",outcome=\"different\"}");
	TOLD("\"kind\":\"odd_one\"", "\"logged\":2", "\"stored\":1", "\"missing\":1", "000000000004", "worker dead list");
	kit_value(&k, "INSERT INTO interaction_analytics SELECT * FROM kept");
	counted("5 5 0 0");
	shown("\nanalytics_recount_differences{kind=\"row_missing\"} 0\n");
}

Test(analytics_log, rows_that_were_no_event_are_found)
{
	send_day();
	kit_value(&k, "INSERT INTO interaction_analytics (restaurant_id, id, created_at, event_type) SELECT '%s', '" EVENT "', " NOON ", 'menu_view'", k.restaurant, 50);
	kit_value(&k, "INSERT INTO interaction_analytics (restaurant_id, id, created_at, event_type) SELECT restaurant_id, id, created_at + interval '1 hour', event_type FROM interaction_analytics WHERE id::text LIKE '%%01'");
	counted("5 7 0 2");
	shown("\nanalytics_recount_differences{kind=\"row_extra\"} 2\n");
	TOLD("\"kind\":\"menu_view\"", "\"logged\":3", "\"stored\":5", "\"extra\":2", "written by hand");
}

/* Offsets of the group moved to the end while no worker runs: what was waiting is never read. */
static void skip_to_the_end(void)
{
	char name[200], why[200];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set(conf, "bootstrap.servers", stack_brokers(k.stack), why, sizeof(why));
	snprintf(name, sizeof(name), "%sanalytics", stack_topic_prefix(k.stack));
	rd_kafka_conf_set(conf, "group.id", name, why, sizeof(why));
	rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof(why));
	cr_assert(rk, "%s", why);
	snprintf(name, sizeof(name), "%sanalytics.events", stack_topic_prefix(k.stack));
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(STACK_PARTITIONS);
	for (int i = 0; i < STACK_PARTITIONS; i++) {
		int64_t low, high;
		cr_assert_eq(rd_kafka_query_watermark_offsets(rk, name, i, &low, &high, 10000), RD_KAFKA_RESP_ERR_NO_ERROR);
		rd_kafka_topic_partition_list_add(list, name, i)->offset = high;
	}
	rd_kafka_resp_err_t error = rd_kafka_commit(rk, list, 0);
	cr_expect_eq(error, RD_KAFKA_RESP_ERR_NO_ERROR, "%s", rd_kafka_err2name(error));
	rd_kafka_topic_partition_list_destroy(list);
	rd_kafka_destroy(rk);
}

Test(analytics_log, an_event_that_was_never_stored_is_found)
{
	send_day();
	stack_terminate(k.stack, STACK_WORKER, 0);
	send_event(20, "search", k.restaurant, "2 hours");
	skip_to_the_end();
	stack_launch(k.stack, STACK_WORKER, 0);
	stack_wait_ready(k.stack, STACK_WORKER, 0);
	counted("6 5 1 0");
	TOLD("\"kind\":\"search\"", "\"logged\":1", "\"stored\":0", "\"missing\":1");
}

/* Whatever comes twice, late, too late, too early, of nobody, by a bot, again at another time, or has not been stored yet. */
Test(analytics_log, nothing_is_found_where_all_is_well)
{
	for (int i = 0; i < 3; i++)
		send_day();
	send_event(10, "menu_view", k.restaurant, NULL); /* today */
	send_event(11, "menu_view", k.restaurant, "-12 hours");
	send_event(12, "menu_view", k.restaurant, "11:59:59");
	send_event(13, "menu_view", k.restaurant, "-12:00:01"); /* the day before, and once more as if it were of yesterday */
	send_event(13, "menu_view", k.restaurant, "1 hour");
	send_event(14, "menu_view", k.restaurant, "-9 days");
	send_event(15, "menu_view", k.restaurant, "9 days");
	send_event(16, "menu_view", "018f0000-0000-7000-9000-0000000000ff", "1 hour");
	json_decref(kit_must(&k, NULL, "POST", "/api/v1/analytics/events", "User-Agent: Googlebot/2.1\r\n",
	                     kit_path("{\"id\":\"" EVENT "\",\"type\":\"menu_view\",\"restaurant_id\":\"%s\",\"at\":\"%s\"}", 17, k.restaurant,
	                              kit_value(&k, "SELECT to_char((" NOON ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")),
	                     202));
	stack_expect(k.stack, "SELECT (SELECT count(*) FROM interaction_analytics) + (SELECT count(*) FROM analytics_quarantine)", "13", KIT_MS);
	counted("8 8 0 0");
	/* one waits in the worker: it is in the log, and not finished */
	kit_value(&k, "SELECT pg_advisory_lock(hashtext('analytics_store'), abs(hashtext('%s') %% 64))", k.restaurant);
	send_event(30, "menu_view", k.restaurant, "1 hour");
	counted("8 8 0 0");
	kit_value(&k, "SELECT pg_advisory_unlock(hashtext('analytics_store'), abs(hashtext('%s') %% 64))", k.restaurant);
	counted("9 9 0 0");
	shown("\nanalytics_recount_differences{kind=\"row_missing\"} 0\n");
	shown("\nanalytics_recount_differences{kind=\"row_extra\"} 0\n");
	/* too old or of the future by the rule, though not put aside by it */
	kit_value(&k, "DELETE FROM interaction_analytics WHERE id::text LIKE '%%00'");
	kit_value(&k, "INSERT INTO analytics_quarantine (restaurant_id, id, reason, event_type, at) SELECT '%s', '" EVENT "', 'old', 'menu_view', " NOON, k.restaurant, 0);
	counted("9 8 1 0");
	/* where rows are not kept there is nothing to count */
	kit_value(&k, "UPDATE restaurant SET metadata = metadata || '{\"analytics_retention_days\": 2}' WHERE id = '%s'", k.restaurant);
	counted("0 0 0 0");
}

/* That broker knows no times: the log is read from its beginning. */
TestSuite(analytics_log_embedded, .init = start_embedded, .fini = stop, .timeout = 180);

Test(analytics_log_embedded, has_a_log_too)
{
	send_day();
	counted("5 5 0 0");
	kit_value(&k, "DELETE FROM interaction_analytics WHERE id::text LIKE '%%04'");
	counted("5 4 1 0");
}
