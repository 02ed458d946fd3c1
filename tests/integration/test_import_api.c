/* Imports as an admin's client sees them: upload, preview, rows, apply, undo, progress on a socket; with the real worker. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"
#include "tests/support/stack_token.h"
#include "tests/support/ws_client.h"

#define IMPORTS "/api/v1/menu/imports"
#define FILE_CSV \
	"category,name,price\r\nDrinks,Cold Brew,4.75\r\nDrinks,Lemonade,3.50\r\nDrinks,Broken,8-12\r\n"

static struct stack *stack;
static int port;
static char jar[40], manager[1100], viewer[1100], stranger[1100];

static void start(void)
{
	stack = stack_start(&(struct stack_options){ 0 });
	port = stack_port(stack, 0);
	snprintf(jar, sizeof(jar), "%s", stack_query(stack, "SELECT id FROM restaurant WHERE slug = 'the-cookie-jar'"));
	snprintf(manager, sizeof(manager), "%s", stack_token(stack, "the-cookie-jar", "manager"));
	snprintf(viewer, sizeof(viewer), "%s", stack_token(stack, "the-cookie-jar", "viewer"));
	snprintf(stranger, sizeof(stranger), "%s", stack_token(stack, "olive-ember", "manager"));
}

static void stop(void)
{
	stack_stop(&stack);
}

TestSuite(import_api, .init = start, .fini = stop, .timeout = 240);

static struct http_answer upload(const char *who, const char *more, const char *query, const char *file)
{
	char path[300], headers[2500];
	snprintf(path, sizeof(path), IMPORTS "?restaurant_id=%s%s", jar, query);
	snprintf(headers, sizeof(headers), "%s%s%s", who, more, strstr(more, "Content-Type") ? "" : "Content-Type: text/csv\r\n");
	return http_ask(port, "POST", path, headers, file);
}

/* The import's id out of Location; static. */
static const char *id_of(const struct http_answer *a)
{
	static char id[40];
	const char *location = http_header(a, "location");
	cr_assert_eq(a->status, 202, "%d %s", a->status, a->body);
	cr_assert(location && strlen(location) == strlen(IMPORTS) + 37, "%s", location ? location : "no Location");
	snprintf(id, sizeof(id), "%s", location + strlen(IMPORTS) + 1);
	return id;
}

static json_t *state(const char *id)
{
	char path[200];
	snprintf(path, sizeof(path), IMPORTS "/%s", id);
	struct http_answer a = http_ask(port, "GET", path, viewer, NULL);
	cr_assert_eq(a.status, 200, "%d %s", a.status, a.body);
	json_t *value = json_loads(a.body, 0, NULL);
	cr_assert_not_null(value, "%s", a.body);
	return value;
}

static json_t *wait_for(const char *id, const char *status)
{
	int64_t until = http_now_ms() + 60000;
	for (;;) {
		json_t *value = state(id);
		const char *now = json_string_value(json_object_get(value, "status"));
		if (!strcmp(now, status))
			return value;
		cr_assert(http_now_ms() < until && (strcmp(now, "rejected") != 0), "%s: %s", now, json_dumps(value, 0));
		json_decref(value);
	}
}

static int64_t count(const json_t *import, const char *what)
{
	return json_integer_value(json_object_get(json_object_get(import, "counts"), what));
}

static struct http_answer post(const char *id, const char *what, const char *body)
{
	char path[200], headers[1300];
	snprintf(path, sizeof(path), IMPORTS "/%s/%s", id, what);
	snprintf(headers, sizeof(headers), "%sContent-Type: application/json\r\n", manager);
	return http_ask(port, "POST", path, headers, body);
}

Test(import_api, from_upload_to_undo)
{
	char path[200], headers[1300], id[40];
	struct http_answer a = upload(manager, "", "&on_error=skip_rows", FILE_CSV);
	snprintf(id, sizeof(id), "%s", id_of(&a));
	json_decref(state(id)); /* known at once */
	json_t *import = wait_for(id, "ready");
	cr_expect_eq(count(import, "create"), 1);
	cr_expect_eq(count(import, "update"), 1);
	cr_expect_eq(count(import, "error"), 1);
	cr_expect_eq(json_array_size(json_object_get(json_object_get(import, "rows"), "create")), 1);
	json_decref(import);

	snprintf(path, sizeof(path), IMPORTS "/%s/rows?outcome=error", id);
	a = http_ask(port, "GET", path, viewer, NULL);
	cr_assert_eq(a.status, 200, "%s", a.body);
	cr_expect_str_eq(http_header(&a, "x-total-count"), "1");
	cr_expect_not_null(strstr(a.body, "\"line\":4"), "%s", a.body);
	snprintf(headers, sizeof(headers), "%sAccept: text/csv\r\n", viewer);
	snprintf(path, sizeof(path), IMPORTS "/%s/rows", id);
	a = http_ask(port, "GET", path, headers, NULL);
	cr_expect(!strncmp(a.body, "category,name,price,error\r\nDrinks,Broken,8-12,", strlen("category,name,price,error\r\nDrinks,Broken,8-12,")), "%s", a.body);

	a = post(id, "apply", "{\"confirm\":[]}");
	cr_assert_eq(a.status, 200, "%d %s", a.status, a.body);
	snprintf(path, sizeof(path), "/api/v1/menu/items/%s?q=lemonade", jar);
	a = http_ask(port, "GET", path, NULL, NULL);
	cr_expect_not_null(strstr(a.body, "Lemonade"), "%s", a.body);
	a = http_ask(port, "GET", "/api/v1/restaurants/the-cookie-jar/menu", NULL, NULL);
	cr_expect_not_null(strstr(a.body, "Lemonade"), "a write that was answered is seen by the next read");
	a = post(id, "undo", NULL);
	cr_assert_eq(a.status, 200, "%d %s", a.status, a.body);
	a = http_ask(port, "GET", "/api/v1/restaurants/the-cookie-jar/menu", NULL, NULL);
	cr_expect_null(strstr(a.body, "Lemonade"));
	cr_expect_eq(post(id, "undo", NULL).status, 409);
}

Test(import_api, the_export_comes_back_as_no_change)
{
	char path[200], file[40000];
	snprintf(path, sizeof(path), "/api/v1/menu/items/%s?format=csv", jar);
	struct http_answer a = http_ask(port, "GET", path, NULL, NULL);
	snprintf(file, sizeof(file), "%s", a.body);
	a = upload(manager, "", "&mode=replace", file);
	json_t *import = wait_for(id_of(&a), "ready");
	cr_expect_eq(count(import, "unchanged"), 26, "%s", json_dumps(import, 0));
	cr_expect_eq(count(import, "create") + count(import, "update") + count(import, "remove") + count(import, "error"), 0);
	json_decref(import);
}

Test(import_api, rights_and_refusals)
{
	char path[200], id[40];
	cr_expect_eq(upload("", "", "", FILE_CSV).status, 401);
	cr_expect_eq(upload(viewer, "", "", FILE_CSV).status, 403);
	cr_expect_eq(upload(stranger, "", "", FILE_CSV).status, 403);
	cr_expect_eq(upload(manager, "Content-Type: application/pdf\r\n", "", FILE_CSV).status, 415);
	cr_expect_eq(upload(manager, "Content-Encoding: gzip\r\n", "", FILE_CSV).status, 415);
	cr_expect_eq(upload(manager, "", "", "").status, 422);
	cr_expect_eq(upload(manager, "", "&mode=merge", FILE_CSV).status, 422);
	struct http_answer a = upload(manager, "", "", FILE_CSV);
	snprintf(id, sizeof(id), "%s", id_of(&a));
	static const char *const ways[] = { "", "/rows" };
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), IMPORTS "/%s%s", id, ways[i]);
		cr_expect_eq(http_ask(port, "GET", path, NULL, NULL).status, 401);
		cr_expect_eq(http_ask(port, "GET", path, stranger, NULL).status, 404, "the id itself is a secret");
	}
	cr_expect_eq(http_ask(port, "GET", IMPORTS "/01890a5d-ac96-774b-bcce-b302099a8057", manager, NULL).status, 404);
	json_decref(wait_for(id, "ready"));
	cr_expect_eq(post(id, "apply", "{}").status, 409, "reject_all, and a row has an error");
}

Test(import_api, the_same_key_is_one_import)
{
	char first[40];
	struct http_answer a = upload(manager, "Idempotency-Key: monday\r\n", "", FILE_CSV);
	snprintf(first, sizeof(first), "%s", id_of(&a));
	a = upload(manager, "Idempotency-Key: monday\r\n", "", FILE_CSV);
	cr_expect_str_eq(id_of(&a), first);
	json_decref(wait_for(first, "ready"));
	cr_expect_eq(upload(manager, "Idempotency-Key: monday\r\n", "", FILE_CSV "Drinks,Tea,2\r\n").status, 422);
	cr_expect_eq(upload(manager, "Idempotency-Key: monday\r\n", "&mode=replace", FILE_CSV).status, 422);
	a = upload(manager, "Idempotency-Key: tuesday\r\n", "", FILE_CSV);
	const char *second = id_of(&a);
	cr_expect_str_neq(second, first);
	json_decref(wait_for(second, "ready"));
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM menu_import"), 2);
}

Test(import_api, large_and_watched)
{
	static char file[20 << 20];
	char frame[1500], id[40], path[200];
	size_t len = (size_t)snprintf(file, sizeof(file), "category,name,price,description\r\n");
	for (int i = 0; len < sizeof(file) - 200; i++)
		len += (size_t)snprintf(file + len, sizeof(file) - len, "New,Dish number %d,%d.50,%0120d\r\n", i, i % 90 + 1, i);
	snprintf(path, sizeof(path), IMPORTS "?restaurant_id=%s", jar);
	struct http_client *c = http_client_open(port);
	char head[2000];
	snprintf(head, sizeof(head), "POST %s HTTP/1.1\r\nHost: a\r\n%sContent-Type: text/csv\r\nContent-Length: %zu\r\n\r\n", path, manager, len);
	http_client_say(c, head);
	for (size_t at = 0; at < len; at += 1 << 20)
		cr_assert(http_client_send(c, file + at, len - at < 1 << 20 ? len - at : 1 << 20));
	struct http_answer a = http_client_read(c, 60000);
	snprintf(id, sizeof(id), "%s", id_of(&a));
	http_client_close(&c);
	struct ws_client *ws = ws_client_open(port, "/ws/the-cookie-jar", 10000);
	cr_assert_not_null(ws);
	ws_client_read(ws, 10000); /* welcome */
	/* who may not see it is told that there is nothing */
	char bearer[1100];
	snprintf(bearer, sizeof(bearer), "%s", strstr(stranger, "Bearer ") + 7);
	bearer[strcspn(bearer, "\r")] = 0;
	snprintf(frame, sizeof(frame), "{\"type\":\"watch\",\"token\":\"%s\",\"import_id\":\"%s\"}", bearer, id);
	ws_client_send(ws, frame);
	const char *said = ws_client_read(ws, 10000);
	cr_assert(said && strstr(said, "not_found"), "%s", said ? said : "nothing");
	snprintf(bearer, sizeof(bearer), "%s", strstr(viewer, "Bearer ") + 7);
	bearer[strcspn(bearer, "\r")] = 0;
	snprintf(frame, sizeof(frame), "{\"type\":\"watch\",\"token\":\"%s\",\"import_id\":\"%s\"}", bearer, id);
	ws_client_send(ws, frame);
	bool ready = false;
	for (int i = 0; i < 1000 && !ready; i++) {
		said = ws_client_read(ws, 60000);
		cr_assert(said && strstr(said, "\"progress\"") && strstr(said, id), "%s", said ? said : "nothing");
		ready = strstr(said, "\"ready\"") != NULL;
	}
	cr_expect(ready);
	ws_client_close(&ws);
	json_t *import = wait_for(id, "ready");
	cr_expect_gt(count(import, "create"), 100000);
	cr_expect_eq(count(import, "error"), 0);
	json_decref(import);
}

/* A client that is cut off in the middle leaves nothing behind, and the next one is served. */
Test(import_api, cut_in_the_middle)
{
	char head[2000];
	struct http_client *c = http_client_open(port);
	snprintf(head, sizeof(head), "POST " IMPORTS "?restaurant_id=%s HTTP/1.1\r\nHost: a\r\n%sContent-Type: text/csv\r\nContent-Length: 5000000\r\n\r\ncategory,name\r\n", jar, manager);
	http_client_say(c, head);
	http_client_close(&c);
	struct http_answer a = upload(manager, "", "&on_error=skip_rows", FILE_CSV);
	json_decref(wait_for(id_of(&a), "ready"));
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM menu_import"), 1);
}
