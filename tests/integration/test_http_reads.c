/* What is read over HTTP: restaurants, menus, conditional and gzipped answers, and that an announced change is seen at once. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"
#include "tests/support/stand_in.h"

#define MENU "/api/v1/restaurants/the-cookie-jar/menu"

static struct stack *stack;
static int port;

static void start(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1 });
	port = stack_port(stack, 0);
}

static void stop(void)
{
	stack_stop(&stack);
}

TestSuite(http_reads, .init = start, .fini = stop, .timeout = 120);

static struct http_answer get(const char *path, const char *headers)
{
	return http_ask(port, "GET", path, headers, NULL);
}

static void gunzip(const struct http_answer *a, char *out, size_t size)
{
	z_stream z = { .next_in = (Bytef *)a->body, .avail_in = (uInt)a->body_len, .next_out = (Bytef *)out, .avail_out = (uInt)size - 1 };
	cr_assert_eq(inflateInit2(&z, 31), Z_OK);
	cr_assert_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
	out[z.total_out] = 0;
	inflateEnd(&z);
}

/* One stack serves many checks: starting one costs seconds. */
Test(http_reads, menu_etag_gzip_head)
{
	static char plain[1 << 20], unpacked[1 << 20];
	char etag[100], gzip_etag[100], headers[200];
	struct http_answer a = get(MENU, NULL);
	cr_assert_eq(a.status, 200);
	cr_assert_str_eq(http_header(&a, "content-type"), "application/json");
	snprintf(plain, sizeof(plain), "%s", a.body);
	snprintf(etag, sizeof(etag), "%s", http_header(&a, "etag"));
	cr_assert(etag[0] == '"', "a strong tag: %s", etag);
	json_t *menu = json_loads(a.body, 0, NULL);
	cr_assert(menu && json_array_size(json_object_get(menu, "categories")) > 0);
	cr_assert(json_integer_value(json_object_get(menu, "menu_version")) >= 1);
	json_decref(menu);

	a = get(MENU, "Accept-Encoding: br, gzip\r\n");
	cr_assert_str_eq(http_header(&a, "content-encoding"), "gzip");
	cr_assert(a.body_len < strlen(plain) / 2);
	gunzip(&a, unpacked, sizeof(unpacked));
	cr_assert_str_eq(unpacked, plain);
	snprintf(gzip_etag, sizeof(gzip_etag), "%s", http_header(&a, "etag"));
	cr_assert_str_neq(gzip_etag, etag, "another representation has another strong tag");

	a = get(MENU, "Accept-Encoding: gzip;q=0, identity\r\n");
	cr_assert(http_header(&a, "content-encoding") == NULL);

	snprintf(headers, sizeof(headers), "If-None-Match: \"other\", W/%s\r\n", etag);
	a = get(MENU, headers);
	cr_assert_eq(a.status, 304);
	cr_assert_eq(a.body_len, 0);
	cr_assert_str_eq(http_header(&a, "etag"), etag);
	snprintf(headers, sizeof(headers), "If-None-Match: %s\r\nAccept-Encoding: gzip\r\n", gzip_etag);
	cr_assert_eq(get(MENU, headers).status, 304);
	cr_assert_eq(get(MENU, "If-None-Match: *\r\n").status, 304);
	cr_assert_eq(get(MENU, "If-None-Match: \"old\"\r\n").status, 200);

	a = http_ask(port, "HEAD", MENU, NULL, NULL);
	cr_assert_eq(a.status, 200);
	cr_assert_eq(strtoul(http_header(&a, "content-length"), NULL, 10), strlen(plain));
	cr_assert_eq(a.body_len, 0);
}

Test(http_reads, restaurants_and_lists)
{
	struct http_answer a = get("/api/v1/restaurants", NULL);
	cr_assert_eq(a.status, 200);
	cr_assert_str_eq(http_header(&a, "x-total-count"), "2");
	json_t *list = json_loads(a.body, 0, NULL);
	cr_assert_eq(json_array_size(list), 2);
	json_decref(list);
	a = get("/api/v1/restaurants?limit=1&offset=1", NULL);
	list = json_loads(a.body, 0, NULL);
	cr_assert_eq(json_array_size(list), 1);
	cr_assert_str_eq(http_header(&a, "x-total-count"), "2");
	json_decref(list);
	a = get("/api/v1/restaurants?offset=1000", NULL);
	cr_assert_str_eq(a.body, "[]");

	a = get("/api/v1/restaurants/the-cookie-jar", NULL);
	json_t *restaurant = json_loads(a.body, 0, NULL);
	cr_assert_str_eq(json_string_value(json_object_get(restaurant, "name")), "The Cookie Jar");
	json_decref(restaurant);
	a = get("/api/v1/restaurants/the-cookie-jar/avatar", NULL);
	restaurant = json_loads(a.body, 0, NULL);
	cr_assert_str_eq(json_string_value(json_object_get(restaurant, "name")), "Chip");
	json_decref(restaurant);

	static const char *const nowhere[] = { "/api/v1/restaurants/no-such-place", "/api/v1/restaurants/no-such-place/menu", "/api/v1/restaurants/no-such-place/avatar",
		                               "/api/v1/restaurants/The-Cookie-Jar/menu", "/api/v1/restaurants/%00/menu", "/api/v1/restaurants//menu" };
	for (size_t i = 0; i < sizeof(nowhere) / sizeof(*nowhere); i++) {
		int status = get(nowhere[i], NULL).status;
		cr_assert(status == 404 || (status == 400 && strstr(nowhere[i], "%00")), "%s: %d", nowhere[i], status);
	}
	/* a slug in another spelling is the same address */
	cr_assert_eq(get("/api/v1/restaurants/the%2Dcookie-jar/menu", NULL).status, 200);
}

static void wait_for_version(long version)
{
	int64_t until = http_now_ms() + 5000;
	long seen = 0;
	while (http_now_ms() < until && seen < version) {
		struct http_answer a = get(MENU, NULL);
		json_t *menu = json_loads(a.body, 0, NULL);
		seen = (long)json_integer_value(json_object_get(menu, "menu_version"));
		json_decref(menu);
	}
	cr_assert_eq(seen, version);
}

static double metric(const char *line)
{
	char start[200];
	struct http_answer a = get("/metrics", NULL);
	snprintf(start, sizeof(start), "\n%s ", line);
	const char *at = strstr(a.body, start);
	return at ? strtod(at + strlen(start), NULL) : 0;
}

/* The memory is used as soon as changes are heard of, a moment after the start. */
static void wait_for_memory(const char *path)
{
	int64_t until = http_now_ms() + 10000;
	while (metric("menu_cache_total{result=\"hit\"}") < 1) {
		cr_assert_eq(get(path, NULL).status, 200);
		cr_assert_lt(http_now_ms(), until, "nothing is kept");
	}
}

Test(http_reads, a_change_is_seen_at_once)
{
	char json[200], etag[100], id[40];
	wait_for_memory(MENU);
	struct http_answer a = get(MENU, NULL);
	snprintf(etag, sizeof(etag), "%s", http_header(&a, "etag"));
	json_t *menu = json_loads(a.body, 0, NULL);
	snprintf(id, sizeof(id), "%s", json_string_value(json_object_get(json_object_get(menu, "restaurant"), "id")));
	json_decref(menu);
	/* not announced: served from memory still */
	stack_query(stack, "UPDATE restaurant SET menu_version = menu_version + 1 WHERE slug = 'the-cookie-jar'");
	a = get(MENU, NULL);
	cr_assert_str_eq(http_header(&a, "etag"), etag);
	struct stand_in *worker = stand_in_new(stack_brokers(stack), stack_topic_prefix(stack));
	snprintf(json, sizeof(json), "{\"restaurant_id\":\"%s\",\"slug\":\"the-cookie-jar\",\"menu_version\":2}", id);
	stand_in_menu_changed(worker, id, json);
	wait_for_version(2);
	/* announced before it can be read: whoever asks gets an error rather than the old menu, then the new one */
	snprintf(json, sizeof(json), "{\"restaurant_id\":\"%s\",\"slug\":\"the-cookie-jar\",\"menu_version\":3}", id);
	stand_in_menu_changed(worker, id, json);
	int64_t until = http_now_ms() + 5000;
	while (get(MENU, NULL).status == 200 && http_now_ms() < until)
		;
	cr_assert_eq(get(MENU, NULL).status, 503);
	stack_query(stack, "UPDATE restaurant SET menu_version = menu_version + 1 WHERE slug = 'the-cookie-jar'");
	wait_for_version(3);
	/* a record that nobody understands costs no more than a fresh read */
	stand_in_menu_changed(worker, id, "{\"nonsense\":true}");
	wait_for_version(3);
	stand_in_free(&worker);
}

#define CROWD 100

/* The memory is cold, and a hundred ask at once: one asks the database. */
Test(http_reads, a_crowd_costs_one_query)
{
	struct http_client *crowd[CROWD];
	wait_for_memory(MENU);
	double already = metric("db_query_seconds_count{query=\"menu_document\"}");
	for (int i = 0; i < CROWD; i++)
		crowd[i] = http_client_open(port);
	for (int i = 0; i < CROWD; i++)
		http_client_say(crowd[i], "GET /api/v1/restaurants/olive-ember/menu HTTP/1.1\r\nHost: a\r\n\r\n");
	for (int i = 0; i < CROWD; i++) {
		cr_assert_eq(http_client_read(crowd[i], 10000).status, 200, "%d", i);
		http_client_close(&crowd[i]);
	}
	cr_assert_eq(metric("db_query_seconds_count{query=\"menu_document\"}"), already + 1);
	/* wrong slugs are remembered for a second, and do not push out what is known */
	for (int i = 0; i < 400; i++) {
		char path[100];
		snprintf(path, sizeof(path), "/api/v1/restaurants/no-such-%d/menu", i);
		cr_assert_eq(get(path, NULL).status, 404);
	}
	double before = metric("db_query_seconds_count{query=\"restaurant_by_slug\"}");
	for (int i = 0; i < 20; i++)
		cr_assert_eq(get("/api/v1/restaurants/no-such-399/menu", NULL).status, 404);
	cr_assert_leq(metric("db_query_seconds_count{query=\"restaurant_by_slug\"}"), before + 2);
	cr_assert_eq(get("/api/v1/restaurants/olive-ember/menu", NULL).status, 200);
	cr_assert_eq(metric("db_query_seconds_count{query=\"menu_document\"}"), already + 1);
}

Test(http_reads, documents_health_metrics)
{
	struct http_answer a = get("/health", NULL);
	cr_assert_eq(a.status, 200);
	cr_assert(strstr(a.body, "\"status\":\"healthy\"") != NULL);
	a = get("/health/detailed", NULL);
	cr_assert_eq(a.status, 200, "%s", a.body);
	json_t *health = json_loads(a.body, 0, NULL), *checks = json_object_get(health, "checks");
	static const char *const names[] = { "database", "broker", "cache", "ai_service" };
	for (int i = 0; i < 4; i++)
		cr_assert(json_object_get(checks, names[i]) != NULL, "%s", names[i]);
	cr_assert_str_eq(json_string_value(json_object_get(json_object_get(checks, "ai_service"), "status")), "builtin");
	cr_assert(json_is_real(json_object_get(json_object_get(checks, "database"), "latency_ms")));
	json_decref(health);

	a = get("/openapi.json", NULL);
	json_t *openapi = json_loads(a.body, 0, NULL);
	cr_assert_str_eq(json_string_value(json_object_get(openapi, "openapi")), "3.1.0");
	cr_assert(json_object_get(json_object_get(openapi, "paths"), MENU) == NULL);
	cr_assert(json_object_get(json_object_get(openapi, "paths"), "/api/v1/restaurants/{slug}/menu") != NULL);
	json_decref(openapi);
	a = get("/asyncapi.json", "Accept-Encoding: gzip\r\n");
	cr_assert_str_eq(http_header(&a, "content-encoding"), "gzip");

	wait_for_memory(MENU);
	a = get("/metrics", NULL);
	cr_assert(strstr(a.body, "http_requests_total{method=\"GET\",endpoint=\"/api/v1/restaurants/{slug}/menu\",status=\"200\"}") != NULL, "%s", a.body);
	cr_assert(strstr(a.body, "http_connections 1") != NULL);
	cr_assert(strstr(a.body, "menu_cache_total{result=\"miss\"}") != NULL);
}
