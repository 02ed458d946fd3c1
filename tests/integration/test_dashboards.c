/* test_dashboards.c - what api and worker export is as Prometheus wants it (promtool check metrics), and every query of the dashboards and of the alerts, asked of a real Prometheus that scrapes the real api and worker: each is understood and finds
 * something, save those that only an incident fills. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/edit_kit.h"
#include "tests/support/guest.h"
#include "tests/support/otlp_sink.h"
#include "tests/support/prometheus.h"
#include "tests/support/ws_client.h"

#define DASHBOARDS "deploy/grafana/dashboards"

static struct kit k;
static struct prometheus *p;

static void start(void)
{
	static char endpoint[80];
	snprintf(endpoint, sizeof(endpoint), "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:%d", otlp_sink_start());
	edit_kit_open(&k, &(struct stack_options){ .model = "--persona lying", .env = { "WORKER_METRICS=127.0.0.1:0", "ANALYTICS_BATCH_MS=50", "ANALYTICS_UPKEEP_MS=3000", "EVENTS_ADDRESS_LIMIT=3/hour", "AI_PRICE_IN=150000", "AI_PRICE_OUT=600000", "TRACE_PERCENT=100", endpoint, NULL } });
	p = prometheus_start(k.port, stack_worker_port(k.stack, 0));
}

static void stop(void)
{
	prometheus_stop(&p);
	edit_kit_close(&k);
}

TestSuite(dashboards, .init = start, .fini = stop, .timeout = 180);

/* What is there only after something went wrong, by a metric of the query. */
static const char *const incidents[] = { "events_retried_total", "dead_letters_total", "producer_rebuilds_total", "log_lines_dropped_total", "ai_ceiling_total", "absent(", "status=~\"5..\"", "outcome!=\"none\"" };

static bool of_an_incident(const char *query)
{
	for (size_t i = 0; i < sizeof(incidents) / sizeof(incidents[0]); i++)
		if (strstr(query, incidents[i]))
			return true;
	return false;
}

static void traffic(void)
{
	struct guest g;
	guest_init(&g, k.port);
	guest_ask(&g, "Tell me about your cookies, and what do they cost?");
	cr_assert(guest_wait(&g, KIT_MS));
	guest_close(&g);
	json_decref(kit_must(&k, "manager", "PATCH", kit_path("/api/v1/menu/items/%s", k.item), NULL, "{\"price\":4.5}", 200));
	json_decref(kit_must(&k, NULL, "GET", kit_path("/api/v1/restaurants/%s/menu", KIT_SLUG), NULL, NULL, 200));
	kit_ask(&k, NULL, "POST", "/api/v1/analytics/events", "Content-Type: application/json\r\n", kit_path("{\"id\":\"%s\",\"type\":\"menu_view\",\"restaurant_id\":\"%s\"}", kit_value(&k, "SELECT gen_random_uuid()"), k.restaurant));
	struct ws_client *ws = ws_client_open(k.port, "/ws/" KIT_SLUG, KIT_MS);
	ws_client_send(ws, "{\"type\":\"what\"}");
	ws_client_close(&ws);
}

/* Waits until it finds something: rates need two scrapes, and what is counted the second time. */
static void finds(const char *where, const char *query)
{
	const char *error = "";
	long n = prometheus_query(p, query, &error);
	bool incident = of_an_incident(query);
	for (int64_t until = http_now_ms() + 30000; n == 0 && !incident && http_now_ms() < until; n = prometheus_query(p, query, &error))
		usleep(200000);
	cr_expect_neq(n, -1, "%s: %s: %s", where, query, error);
	cr_expect(n > 0 || incident, "%s: %s: finds nothing", where, query);
}

static int ask_all_of(const char *name)
{
	char path[300];
	int asked = 0;
	snprintf(path, sizeof(path), DASHBOARDS "/%s", name);
	json_t *dashboard = json_load_file(path, 0, NULL), *panel, *target;
	size_t i, j;
	cr_assert_not_null(dashboard, "%s", path);
	json_array_foreach(json_object_get(dashboard, "panels"), i, panel)
	{
		json_array_foreach(json_object_get(panel, "targets"), j, target)
		{
			finds(name, kit_text(target, "expr"));
			asked++;
		}
	}
	json_decref(dashboard);
	return asked;
}

/* An alert that does not fire finds nothing; with "bool" its comparison says 0. */
static void ask_without_threshold(const char *name, const char *query)
{
	static const char *const signs[] = { " > ", " < ", " == ", " != ", " >= ", " <= " };
	char open[2000];
	snprintf(open, sizeof(open), "%s", query);
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		char *at = strstr(open, signs[i]);
		if (!at)
			continue;
		size_t sign = strlen(signs[i]), from = (size_t)(at - open) + sign;
		snprintf(open + from, sizeof(open) - from, "bool %s", query + from);
		break;
	}
	finds(name, open);
}

/* promtool's word on one page of metrics; "" when all is well. A name of the original document is kept, though promtool would have "_total" for counters alone. */
static const char *lint(const char *url)
{
	static char said[8000];
	char path[300], command[700];
	snprintf(path, sizeof(path), "%s/metrics.XXXXXX", getenv("BUILD"));
	int fd = mkstemp(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	cr_assert(file);
	fputs(stack_fetch(k.stack, url), file);
	cr_assert_eq(fclose(file), 0);
	snprintf(command, sizeof(command), "promtool check metrics <%s 2>&1 | grep -v '^active_conversations_total non-counter metrics should not have \"_total\" suffix$'", path);
	FILE *promtool = popen(command, "r");
	cr_assert(promtool);
	said[fread(said, 1, sizeof(said) - 1, promtool)] = '\0';
	pclose(promtool);
	unlink(path);
	return said;
}

Test(dashboards, metrics_are_as_promtool_wants_them)
{
	char url[100];
	traffic();
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/metrics", k.port);
	cr_expect(strstr(stack_fetch(k.stack, url), "# TYPE http_requests_total counter\n"));
	cr_expect_str_eq(lint(url), "");
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/metrics", stack_worker_port(k.stack, 0));
	cr_expect(strstr(stack_fetch(k.stack, url), "# TYPE chat_first_token_seconds histogram\n"));
	cr_expect_str_eq(lint(url), "");
}

Test(dashboards, every_query_finds_something)
{
	int asked = 0;
	const char *error = "";
	for (int i = 0; i < 3; i++) {
		traffic();
		sleep(2); /* two scrapes between what is counted, for the rates */
	}
	kit_ask(&k, NULL, "POST", "/api/v1/analytics/events", "Content-Type: application/json\r\n", kit_path("{\"id\":\"%s\",\"type\":\"menu_view\",\"restaurant_id\":\"%s\"}", kit_value(&k, "SELECT gen_random_uuid()"), k.restaurant));
	DIR *dir = opendir(DASHBOARDS);
	for (struct dirent *e; (e = readdir(dir));)
		asked += strstr(e->d_name, ".json") ? ask_all_of(e->d_name) : 0;
	closedir(dir);
	cr_expect_gt(asked, 30, "%d queries of dashboards", asked);
	json_t *rules = prometheus_get(p, "/api/v1/rules", &error), *group, *rule;
	size_t i, j, alerts = 0;
	json_array_foreach(json_object_get(rules, "groups"), i, group)
	{
		json_array_foreach(json_object_get(group, "rules"), j, rule)
		{
			cr_expect_str_eq(kit_text(rule, "lastError"), "", "%s", kit_text(rule, "name"));
			ask_without_threshold(kit_text(rule, "name"), kit_text(rule, "query"));
			alerts++;
		}
	}
	cr_expect_gt(alerts, 10, "%zu rules", alerts);
	json_decref(rules);
}
