/* test_edit_once.c - one effect for each Idempotency-Key, one order for each restaurant, whatever comes at once. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/edit_kit.h"
#include "tests/support/stack_token.h"

#define AT_ONCE 10
#define MANY 60

static struct kit k;

static void open_kit(void)
{
	edit_kit_open(&k, &(struct stack_options){ .apis = 2, .workers = 2, .env = { "EDIT_WAIT_MS=60000", NULL } }); /* patient: what is slow is not wrong */
}

static void close_kit(void)
{
	edit_kit_close(&k);
}

TestSuite(edits_once, .init = open_kit, .fini = close_kit, .timeout = 240);

static void say(struct http_client *c, const char *token, const char *method, const char *path, const char *headers, const char *body)
{
	char text[3000];
	snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: test\r\n%sContent-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n%s", method, path, token, headers, strlen(body), body);
	cr_assert(http_client_say(c, text));
}

Test(edits_once, ten_at_once_with_one_key_are_one)
{
	struct http_client *clients[AT_ONCE];
	char first[2000] = "", token[2000];
	snprintf(token, sizeof(token), "%s", stack_token(k.stack, KIT_SLUG, "manager"));
	const char *body = kit_path("{\"restaurant_id\":\"%s\",\"name\":\"Only once\"}", k.restaurant);
	for (int i = 0; i < AT_ONCE; i++) {
		clients[i] = http_client_open(stack_port(k.stack, i % 2));
		say(clients[i], token, "POST", "/api/v1/menu/categories", "Idempotency-Key: key-1\r\n", body);
	}
	for (int i = 0; i < AT_ONCE; i++) {
		struct http_answer a = http_client_read(clients[i], KIT_MS);
		cr_expect_eq(a.status, 201, "%d: %s", i, a.body);
		if (!*first)
			snprintf(first, sizeof(first), "%s", a.body);
		cr_expect_str_eq(a.body, first, "the same answer");
		http_client_close(&clients[i]);
	}
	cr_expect_str_eq(kit_value(&k, "SELECT count(*) FROM menu_category WHERE name = 'Only once'"), "1");
	cr_expect_str_eq(kit_value(&k, "SELECT count(*) FROM audit"), "1");
}

Test(edits_once, a_key_belongs_to_its_request)
{
	const char *key = "Idempotency-Key: key-2\r\n", *item = kit_path("/api/v1/menu/items/%s", k.item);
	json_decref(kit_must(&k, "manager", "PATCH", item, key, "{\"price\":3}", 200));
	json_decref(kit_must(&k, "manager", "PATCH", item, NULL, "{\"price\":4}", 200));
	json_t *again = kit_must(&k, "manager", "PATCH", item, key, "{\"price\":3}", 200);
	cr_expect_eq(json_number_value(json_object_get(again, "price")), 3, "the first answer, not the newest state");
	json_decref(again);
	cr_expect_str_eq(kit_value(&k, "SELECT price::integer FROM menu_item WHERE id = '%s'", k.item), "4");
	json_decref(kit_must(&k, "manager", "PATCH", item, key, "{\"price\":5}", 422));
	json_decref(kit_must(&k, "owner", "PATCH", item, key, "{\"price\":6}", 200));
	json_decref(kit_must(&k, "manager", "PATCH", item, "Idempotency-Key: a b\r\n", "{\"price\":5}", 400));
	json_decref(kit_must(&k, "manager", "PATCH", item, "Idempotency-Key: key-3\r\n", "{\"price\":0.001}", 422));
	json_decref(kit_must(&k, "manager", "PATCH", item, "Idempotency-Key: key-3\r\n", "{\"price\":0.001}", 422));
	const char *other = kit_path("{\"restaurant_id\":\"%s\",\"name\":\"x\"}", kit_value(&k, "SELECT id FROM restaurant WHERE slug = '" KIT_OTHER "'"));
	json_decref(kit_must(&k, "platform", "POST", "/api/v1/menu/categories", key, kit_path("{\"restaurant_id\":\"%s\",\"name\":\"x\"}", k.restaurant), 201));
	json_decref(kit_must(&k, "platform", "POST", "/api/v1/menu/categories", key, other, 422));
}

Test(edits_once, what_is_gone_was_deleted_once)
{
	const char *key = "Idempotency-Key: key-4\r\n", *item = kit_path("/api/v1/menu/items/%s", k.item);
	json_decref(kit_must(&k, "manager", "DELETE", item, key, NULL, 204));
	json_decref(kit_must(&k, "manager", "DELETE", item, key, NULL, 204));
	json_decref(kit_must(&k, "manager", "DELETE", item, NULL, NULL, 404));
	const char *body = "{\"name\":\"Short-lived\",\"slug\":\"short-lived\"}";
	json_decref(kit_must(&k, "platform", "POST", "/api/v1/restaurants", key, body, 201));
	json_decref(kit_must(&k, "platform", "POST", "/api/v1/restaurants", key, body, 201));
	json_decref(kit_must(&k, "platform", "DELETE", "/api/v1/restaurants/short-lived", key, NULL, 204));
	json_decref(kit_must(&k, "platform", "DELETE", "/api/v1/restaurants/short-lived", key, NULL, 204));
	json_decref(kit_must(&k, "platform", "DELETE", "/api/v1/restaurants/short-lived", NULL, NULL, 404));
}

/* Each edit saw what the one before it left: the audit is one chain, without a gap. */
Test(edits_once, edits_of_one_restaurant_have_one_order)
{
	struct http_client *clients[MANY];
	char token[2000];
	snprintf(token, sizeof(token), "%s", stack_token(k.stack, KIT_SLUG, "manager"));
	for (int i = 0; i < MANY; i++) {
		clients[i] = http_client_open(stack_port(k.stack, i % 2));
		say(clients[i], token, "PATCH", kit_path("/api/v1/menu/items/%s", k.item), "", kit_path("{\"price\":%d.50}", i + 100));
	}
	for (int i = 0; i < MANY; i++) {
		struct http_answer a = http_client_read(clients[i], KIT_MS);
		cr_expect_eq(a.status, 200, "%d: %s", i, a.body);
		http_client_close(&clients[i]);
	}
	cr_expect_str_eq(kit_value(&k, "SELECT count(*) FROM audit a JOIN audit b ON b.restaurant_id = a.restaurant_id AND b.menu_version = a.menu_version + 1"
	                               " WHERE a.after -> 'price' = b.before -> 'price'"),
	                 kit_path("%d", MANY - 1));
	cr_expect_str_eq(kit_value(&k, "SELECT max(menu_version) - min(menu_version) + 1 FROM audit"), kit_path("%d", MANY));
}

/* One connection, one after another without waiting: their order is the order of the effects. */
Test(edits_once, pipelined_edits_keep_their_order)
{
	struct http_client *c = http_client_open(k.port);
	char token[2000];
	snprintf(token, sizeof(token), "%s", stack_token(k.stack, KIT_SLUG, "manager"));
	for (int i = 1; i <= 5; i++) {
		say(c, token, "PATCH", kit_path("/api/v1/menu/items/%s", k.item), "", kit_path("{\"price\":%d}", i));
		struct http_answer a = http_client_read(c, KIT_MS);
		cr_assert_eq(a.status, 200, "%s", a.body);
	}
	http_client_close(&c);
	cr_expect_str_eq(kit_value(&k, "SELECT string_agg((after ->> 'price')::numeric::integer::text, ',' ORDER BY menu_version) FROM audit"), "1,2,3,4,5");
}

static bool is_taken(const char *text)
{
	return !strchr(text, '<') || strstr(text, "<3");
}

/* Stored as written, byte for byte, or refused with a clear word; never anything between. */
Test(edits_once, naughty_strings_are_kept_or_refused)
{
	json_t *strings = json_load_file("tests/data/naughty-strings/blns.json", 0, NULL), *one, *body = json_object();
	size_t i, kept = 0, refused = 0;
	cr_assert_gt(json_array_size(strings), 400);
	json_array_foreach(strings, i, one)
	{
		if (!json_string_length(one))
			continue;
		json_object_set(body, "description", one);
		char *text = json_dumps(body, 0);
		struct http_answer a = kit_ask(&k, "manager", "PATCH", kit_path("/api/v1/menu/items/%s", k.item), NULL, text);
		cr_assert(a.status == 200 || a.status == 422, "%s: %d %s", text, a.status, a.body);
		if (a.status == 422) {
			cr_expect(strstr(a.body, "/description"), "%s", a.body);
			refused++;
		} else {
			json_t *answer = json_loads(a.body, 0, NULL);
			cr_expect_str_eq(kit_text(answer, "description"), json_string_value(one));
			cr_expect(is_taken(json_string_value(one)) || !strstr(json_string_value(one), "<script"), "%s", text);
			json_decref(answer);
			kept++;
		}
		free(text);
	}
	cr_expect_gt(kept, 200, "%zu", kept);
	cr_expect_gt(refused, 50, "%zu", refused);
	json_decref(body);
	json_decref(strings);
}
