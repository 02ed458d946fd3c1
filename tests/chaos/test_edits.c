/* test_edits.c - edits and faults: whatever is killed, and whenever, each Idempotency-Key has one effect, each restaurant one order, and nothing confirmed is lost. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "tests/support/edit_kit.h"
#include "tests/support/pg_fixture.h"
#include "tests/support/stack_broker.h"
#include "tests/support/stack_token.h"

#define EDITS 30
#define PATIENCE_MS 40000

static struct kit k;

static void start(const struct stack_options *options)
{
	edit_kit_open(&k, options);
}

static void stop(void)
{
	edit_kit_close(&k);
}

static void nap(int64_t ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

TestSuite(edit_faults, .fini = stop, .timeout = 300);

static void say_edit(struct http_client *c, int number)
{
	char text[3000], body[300];
	snprintf(body, sizeof(body), "{\"restaurant_id\":\"%s\",\"name\":\"Number %d\"}", k.restaurant, number);
	snprintf(text, sizeof(text), "POST /api/v1/menu/categories HTTP/1.1\r\nHost: test\r\n%sContent-Type: application/json\r\nIdempotency-Key: n-%d\r\nContent-Length: %zu\r\n\r\n%s",
	         stack_token(k.stack, KIT_SLUG, "manager"), number, strlen(body), body);
	http_client_say(c, text); /* what does not get through is sent again */
}

/* Until it answers 201: after a kill, a 202 or a 503 the same request is sent again, as a client would. */
static void insist(int number)
{
	for (int64_t until = clock_ms() + PATIENCE_MS;;) {
		struct http_client *c = http_client_open(k.port);
		say_edit(c, number);
		struct http_answer a = http_client_read(c, PATIENCE_MS);
		int status = a.status;
		cr_assert(status == 201 || status == 202 || status == 503 || status == 0, "%d: %d %s", number, status, a.body);
		http_client_close(&c);
		if (status == 201)
			return;
		cr_assert_lt(clock_ms(), until, "edit %d got no answer", number);
		nap(50);
	}
}

static void check_once(int n)
{
	cr_expect_str_eq(kit_value(&k, "SELECT count(*) FROM menu_category WHERE name LIKE 'Number %%'"), kit_path("%d", n));
	cr_expect_str_eq(kit_value(&k, "SELECT count(DISTINCT name) FROM menu_category WHERE name LIKE 'Number %%'"), kit_path("%d", n));
	cr_expect_str_eq(kit_value(&k, "SELECT count(*) FROM audit"), kit_path("%d", n));
	cr_expect_str_eq(kit_value(&k, "SELECT max(menu_version) - min(menu_version) + 1 FROM audit"), kit_path("%d", n), "no version is missing");
	cr_expect_str_eq(kit_value(&k, "SELECT r.menu_version = max(a.menu_version) FROM restaurant r JOIN audit a ON a.restaurant_id = r.id GROUP BY r.id"), "t");
}

Test(edit_faults, a_worker_that_is_killed_in_the_middle_does_nothing_twice)
{
	start(&(struct stack_options){ .env = { "KAFKA_SESSION_MS=1500", "EDIT_WAIT_MS=1000", NULL } });
	for (int i = 0; i < EDITS; i++) {
		struct http_client *c = http_client_open(k.port);
		say_edit(c, i);
		if (i % 5 == 4) {
			nap(random() % 8);
			stack_kill(k.stack, STACK_WORKER, 0);
			stack_launch(k.stack, STACK_WORKER, 0);
		}
		http_client_close(&c);
	}
	for (int i = 0; i < EDITS; i++)
		insist(i);
	check_once(EDITS);
}

Test(edit_faults, an_api_that_is_killed_in_the_middle_does_nothing_twice)
{
	start(&(struct stack_options){ .env = { "EDIT_WAIT_MS=1000", NULL } });
	for (int i = 0; i < 8; i++) {
		struct http_client *c = http_client_open(k.port);
		say_edit(c, i);
		nap(random() % 12);
		stack_kill(k.stack, STACK_API, 0);
		http_client_close(&c);
		stack_launch(k.stack, STACK_API, 0);
		stack_wait_ready(k.stack, STACK_API, 0);
	}
	for (int i = 0; i < 8; i++)
		insist(i);
	check_once(8);
}

static json_t *operation_at(const char *location)
{
	struct http_answer a = kit_ask(&k, "manager", "GET", location, NULL, NULL);
	return a.status == 200 ? json_loads(a.body, 0, NULL) : json_object();
}

static void wait_for(const char *location, const char *status)
{
	for (int64_t until = clock_ms() + PATIENCE_MS;;) {
		json_t *operation = operation_at(location);
		bool there = !strcmp(kit_text(operation, "status"), status);
		json_decref(operation);
		if (there)
			return;
		cr_assert_lt(clock_ms(), until, "%s is not %s", location, status);
		nap(50);
	}
}

/* Nobody applies it: the client gets 202, and the outcome when somebody does. */
Test(edit_faults, a_slow_edit_is_an_operation)
{
	char location[200], item[200];
	start(&(struct stack_options){ .apis = 2, .env = { "KAFKA_SESSION_MS=1500", "EDIT_WAIT_MS=300", NULL } });
	snprintf(item, sizeof(item), "/api/v1/menu/items/%s", k.item);
	stack_kill(k.stack, STACK_WORKER, 0);
	struct http_answer a = kit_ask(&k, "manager", "PATCH", item, NULL, "{\"price\":4.75}");
	cr_assert_eq(a.status, 202, "%d %s", a.status, a.body);
	snprintf(location, sizeof(location), "%s", http_header(&a, "location"));
	wait_for(location, "pending");
	k.port = stack_port(k.stack, 1);
	wait_for(location, "pending");
	cr_expect_eq(kit_ask(&k, "manager", "GET", "/api/v1/operations/0190aaaa-0000-7000-8000-000000000001", NULL, NULL).status, 404, "no operation has such an id");
	stack_launch(k.stack, STACK_WORKER, 0);
	wait_for(location, "succeeded");
	json_t *operation = operation_at(location);
	cr_expect_eq(json_number_value(json_object_get(json_object_get(operation, "result"), "price")), 4.75);
	cr_expect_eq(json_integer_value(json_object_get(operation, "http_status")), 200);
	json_decref(operation);
	cr_expect_eq(kit_ask(&k, "owner", "GET", location, NULL, NULL).status, 404, "another user's is a secret");
	stack_kill(k.stack, STACK_WORKER, 0);
	a = kit_ask(&k, "manager", "PATCH", item, NULL, "{\"price\":4.755}");
	cr_assert_eq(a.status, 202);
	snprintf(location, sizeof(location), "%s", http_header(&a, "location"));
	stack_launch(k.stack, STACK_WORKER, 0);
	wait_for(location, "failed");
	operation = operation_at(location);
	cr_expect_eq(json_integer_value(json_object_get(json_object_get(operation, "problem"), "status")), 422);
	json_decref(operation);
}

/* PostgreSQL dies while edits wait for it: they wait on, in their order. */
Test(edit_faults, edits_outlast_the_database)
{
	struct http_client *clients[6];
	start(&(struct stack_options){ .env = { "EDIT_WAIT_MS=500", NULL } });
	stack_signal(k.stack, STACK_WORKER, 0, SIGSTOP);
	for (int i = 0; i < 6; i++) {
		clients[i] = http_client_open(k.port);
		say_edit(clients[i], i);
	}
	for (int i = 0; i < 6; i++) {
		struct http_answer a = http_client_read(clients[i], PATIENCE_MS);
		cr_expect_eq(a.status, 202, "%d %s", a.status, a.body);
		http_client_close(&clients[i]);
	}
	pg_fixture_server("kill");
	stack_signal(k.stack, STACK_WORKER, 0, SIGCONT);
	nap(300);
	cr_expect_eq(kit_ask(&k, NULL, "GET", "/health", NULL, NULL).status, 200);
	pg_fixture_server("start");
	for (int i = 0; i < 6; i++)
		insist(i);
	check_once(6);
}

Test(edit_faults, without_a_broker_nothing_is_promised)
{
	start(&(struct stack_options){ .own_broker = true });
	stack_broker("kill", stack_broker_dir(k.stack), NULL, 0);
	const char *item = kit_path("/api/v1/menu/items/%s", k.item);
	for (int64_t until = clock_ms() + PATIENCE_MS;;) {
		struct http_answer a = kit_ask(&k, "manager", "PATCH", item, "Idempotency-Key: late\r\n", "{\"price\":5.25}");
		cr_assert_eq(a.status, 503, "%d %s", a.status, a.body);
		cr_expect(http_header(&a, "retry-after"));
		if (strstr(a.body, "bus_unavailable"))
			break;
		cr_assert_lt(clock_ms(), until);
	}
	stack_broker("start", stack_broker_dir(k.stack), NULL, 0);
	for (int64_t until = clock_ms() + PATIENCE_MS;;) {
		struct http_answer a = kit_ask(&k, "manager", "PATCH", item, "Idempotency-Key: late\r\n", "{\"price\":5.25}");
		if (a.status == 200)
			break;
		cr_assert_lt(clock_ms(), until, "%d %s", a.status, a.body);
		nap(100);
	}
	cr_expect_str_eq(kit_value(&k, "SELECT count(*) FROM audit"), "1");
}
