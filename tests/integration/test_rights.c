/* test_rights.c - every route of the table × everybody who may call: who gets in, and who gets which refusal. No worker runs, so nothing that is allowed has an effect on menus. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/router.h"
#include "common/clock.h"
#include "tests/support/http_client.h"
#include "tests/support/stack.h"
#include "tests/support/stack_token.h"

#define JAR "the-cookie-jar"
#define NOWHERE "018f0000-0000-7000-8000-00000000dead"

static struct stack *stack;
static int port;
static char jar[40], category[40], item[40], ingredient[40], operation[40];

static void fetch(char out[40], const char *sql)
{
	snprintf(out, 40, "%s", stack_query(stack, sql));
}

static void start(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1, .env = { "EDIT_WAIT_MS=100", NULL } });
	port = stack_port(stack, 0);
	fetch(jar, "SELECT id FROM restaurant WHERE slug = '" JAR "'");
	fetch(category, "SELECT c.id FROM menu_category c JOIN restaurant r ON r.id = c.restaurant_id WHERE r.slug = '" JAR "' LIMIT 1");
	fetch(item, "SELECT c.id FROM menu_item c JOIN restaurant r ON r.id = c.restaurant_id WHERE r.slug = '" JAR "' LIMIT 1");
	fetch(ingredient, "SELECT c.id FROM ingredient c JOIN restaurant r ON r.id = c.restaurant_id WHERE r.slug = '" JAR "' LIMIT 1");
	snprintf(operation, sizeof(operation), NOWHERE);
	if (*stack_query(stack, "SELECT to_regclass('operation')"))
		fetch(operation, "INSERT INTO operation (id, restaurant_id, action, status) SELECT gen_random_uuid(), id, 'item_update', 200 FROM restaurant WHERE slug = '" JAR "' RETURNING id");
	router_start();
}

static void stop(void)
{
	stack_stop(&stack);
}

TestSuite(rights, .init = start, .fini = stop, .timeout = 600);

/* --- a request that is right in everything but who asks --- */

static json_t *least(const char *name);

static const char *least_text(const char *name, const json_t *s)
{
	const char *format = json_string_value(json_object_get(s, "format"));
	if (!strcmp(name, "restaurant_id"))
		return jar;
	if (format && !strcmp(format, "uuid"))
		return NOWHERE;
	return json_integer_value(json_object_get(s, "minLength")) > 3 ? "abcdefghij" : "abc";
}

static json_t *least_value(const char *name, const json_t *s)
{
	const char *type = json_string_value(json_object_get(s, "type")), *ref = json_string_value(json_object_get(s, "$ref"));
	const json_t *choices = json_object_get(s, "enum"), *minimum = json_object_get(s, "minimum");
	if (ref)
		return least(strrchr(ref, '/') + 1);
	if (choices)
		return json_incref(json_array_get(choices, 0));
	if (!type)
		type = json_string_value(json_array_get(json_object_get(s, "type"), 0));
	if (!type || !strcmp(type, "object"))
		return json_object();
	if (!strcmp(type, "array"))
		return json_integer_value(json_object_get(s, "minItems")) ? json_pack("[o]", least_value(name, json_object_get(s, "items"))) : json_array();
	if (!strcmp(type, "boolean"))
		return json_true();
	if (!strcmp(type, "integer") || !strcmp(type, "number"))
		return json_integer(json_number_value(minimum) > 1 ? (json_int_t)json_number_value(minimum) : 1);
	return json_string(least_text(name, s));
}

/* What has no schema is a file: one without rows. */
static json_t *least(const char *name)
{
	if (!schema_find(name))
		return json_array();
	json_t *schema = json_loads(schema_text(schema_find(name)), 0, NULL), *object = json_object(), *field;
	size_t i;
	json_array_foreach(json_object_get(schema, "required"), i, field)
	{
		const char *key = json_string_value(field);
		json_object_set_new(object, key, least_value(key, json_object_get(json_object_get(schema, "properties"), key)));
	}
	json_decref(schema);
	return object;
}

static const char *value_of(const struct route_row *row, const char *name, bool unknown)
{
	if (!strcmp(name, "slug"))
		return unknown ? "nowhere" : JAR;
	if (strcmp(name, "id") != 0 || unknown)
		return !strcmp(name, "session_id") ? "s-1" : NOWHERE;
	switch (row->of) {
	case OF_RESTAURANT:
		return jar;
	case OF_CATEGORY:
		return category;
	case OF_ITEM:
		return item;
	case OF_INGREDIENT:
		return ingredient;
	case OF_OPERATION:
		return operation;
	default:
		return NOWHERE;
	}
}

static void make_path(const struct route_row *row, bool unknown, char *out, size_t size)
{
	size_t len = 0;
	char name[64];
	bool required;
	for (const char *at = row->path; *at; at++) {
		if (*at != '{') {
			len += (size_t)snprintf(out + len, size - len, "%c", *at);
			continue;
		}
		size_t n = strcspn(at + 1, "}");
		snprintf(name, sizeof(name), "%.*s", (int)n, at + 1);
		len += (size_t)snprintf(out + len, size - len, "%s", value_of(row, name, unknown));
		at += n + 1;
	}
	const char *separator = "?";
	for (const char *left = row->params; (left = route_param_next(left, name, &required));) {
		if (!required)
			continue;
		len += (size_t)snprintf(out + len, size - len, "%s%s=%s", separator, name, !strcmp(name, "restaurant_id") ? (unknown ? NOWHERE : jar) : "1");
		separator = "&";
	}
}

static int call(const struct route_row *row, const char *who, bool unknown)
{
	char path[600], headers[1700], *body = NULL;
	make_path(row, unknown, path, sizeof(path));
	if (strcmp(row->in, "none") != 0) {
		json_t *object = least(row->in);
		if (unknown && row->of == OF_BODY)
			json_object_set_new(object, "restaurant_id", json_string(NOWHERE));
		body = json_dumps(object, JSON_COMPACT);
		json_decref(object);
	}
	/* what would be allowed finds that somebody was first: nothing is changed */
	snprintf(headers, sizeof(headers), "%s%sIf-Match: \"nothing\"\r\n", who ? who : "", body ? "Content-Type: application/json\r\n" : "");
	int status = http_ask(port, method_name(row->method), path, headers, body).status;
	free(body);
	return status;
}

/* --- who --- */

static const char *const roles[] = { "none", "viewer", "staff", "manager", "owner", "platform" };
#define ROLES (sizeof(roles) / sizeof(*roles))
#define STRANGER ROLES /* another restaurant's owner */

static char tokens[ROLES + 1][1200];

static void sign_in_all(void)
{
	for (size_t i = 0; i < ROLES; i++)
		snprintf(tokens[i], sizeof(tokens[i]), "%s", stack_token(stack, JAR, roles[i]));
	snprintf(tokens[STRANGER], sizeof(tokens[STRANGER]), "%s", stack_token(stack, "olive-ember", "owner"));
}

/* 0: allowed. Said a second time, in other words than access.c's. */
static int refusal(const struct route_row *row, size_t who)
{
	static const size_t needed[] = { [ACCESS_PUBLIC] = 0, [ACCESS_USER] = 0, [ACCESS_VIEWER] = 1, [ACCESS_STAFF] = 2, [ACCESS_MANAGER] = 3, [ACCESS_OWNER] = 4, [ACCESS_PLATFORM] = 5 };
	size_t rank = who == STRANGER ? 0 : who;
	bool secret = row->of == OF_IMPORT || row->of == OF_OPERATION;
	if (row->of == OF_IMPORT && row->access > ACCESS_USER && row->access < ACCESS_PLATFORM)
		return 404; /* the one that is asked for is not there, for anybody */
	if (rank >= needed[row->access])
		return 0;
	return secret && rank == 0 && row->access != ACCESS_PLATFORM ? 404 : 403;
}

static bool guarded(const struct route_row *row)
{
	return row->access != ACCESS_PUBLIC && row->out != OUT_SOCKET;
}

Test(rights, each_route_lets_in_whom_the_table_says)
{
	size_t asked = 0;
	sign_in_all();
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		const struct route_row *row = &route_rows[i];
		for (size_t who = 0; guarded(row) && who <= STRANGER; who++) {
			int expected = refusal(row, who), status = call(row, tokens[who], false);
			const char *name = who == STRANGER ? "another restaurant's owner" : roles[who];
			if (expected)
				cr_expect_eq(status, expected, "%s as %s: %d, not %d", row->name, name, status, expected);
			else
				cr_expect(status && status != 401 && status != 403, "%s as %s: %d", row->name, name, status);
			asked++;
		}
	}
	cr_assert_geq(asked, 70);
}

Test(rights, nobody_gets_in_without_a_token_that_holds)
{
	char forged[1300];
	const char *owner = stack_user(stack, JAR, "owner");
	int64_t now = clock_wall_ms() / 1000;
	/* {"alg":"none","typ":"JWT"}, with the payload of a token that holds and no signature */
	const char *good = stack_token_of(owner, STACK_SECRET, now + 800), *payload = strchr(good, '.') + 1;
	snprintf(forged, sizeof(forged), "Authorization: Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.%.*s.\r\n", (int)strcspn(payload, "."), payload);
	const char *bad[] = { NULL, "Authorization: Bearer x\r\n", stack_token_of(owner, STACK_SECRET, now - 100), stack_token_of(owner, "another-key-another-key-another-key", now + 800), forged, stack_token_of(NOWHERE, STACK_SECRET, now + 800) };
	for (size_t i = 0; i < ROUTE_COUNT; i++)
		for (size_t b = 0; guarded(&route_rows[i]) && b < sizeof(bad) / sizeof(*bad); b++)
			cr_expect_eq(call(&route_rows[i], bad[b], false), 401, "%s, token %zu", route_rows[i].name, b);
}

Test(rights, what_is_not_there_is_not_found)
{
	sign_in_all();
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		const struct route_row *row = &route_rows[i];
		if (!guarded(row) || row->of == OF_NOTHING)
			continue;
		cr_expect_eq(call(row, tokens[5], true), 404, "%s", row->name);
		if (row->access < ACCESS_PLATFORM)
			cr_expect_eq(call(row, tokens[4], true), 404, "%s", row->name);
	}
}

Test(rights, public_routes_ask_nobody)
{
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		const struct route_row *row = &route_rows[i];
		if (row->access != ACCESS_PUBLIC || row->method != METHOD_GET || row->out == OUT_SOCKET)
			continue;
		int status = call(row, "Authorization: Bearer nonsense\r\n", false);
		cr_expect(status && status != 401 && status != 403, "%s: %d", row->name, status);
	}
}
