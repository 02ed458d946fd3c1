/* test_edit.c - every edit through the real product: what is answered, what guests see at once, who may, what is written down. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/edit_kit.h"
#include "tests/support/stack_token.h"
#include "tests/support/ws_client.h"

static struct kit k;

static void open_kit(void)
{
	edit_kit_open(&k, NULL);
}

static void close_kit(void)
{
	edit_kit_close(&k);
}

TestSuite(edits, .init = open_kit, .fini = close_kit, .timeout = 180);

static const char *categories = "/api/v1/menu/categories", *items = "/api/v1/menu/items", *ingredients = "/api/v1/menu/ingredients";

static const char *header(const struct http_answer *a, const char *name)
{
	const char *value = http_header(a, name);
	return value ? value : "";
}

static int status_of(const char *role, const char *method, const char *path, const char *body)
{
	return kit_ask(&k, role, method, path, NULL, body).status;
}

static void quiet(json_t *value)
{
	json_decref(value);
}

Test(edits, a_restaurant_is_made_changed_and_deleted)
{
	cr_expect_eq(status_of(NULL, "GET", "/api/v1/restaurants/new-place", NULL), 404, "and the cache remembers that");
	struct http_answer a = kit_ask(&k, "platform", "POST", "/api/v1/restaurants", NULL, "{\"name\":\"New Place\",\"slug\":\"new-place\",\"currency\":\"JPY\",\"timezone\":\"Asia/Tokyo\"}");
	cr_assert_eq(a.status, 201, "%s", a.body);
	cr_expect_str_eq(header(&a, "location"), "/api/v1/restaurants/new-place");
	json_t *made = json_loads(a.body, 0, NULL);
	char quoted[90];
	snprintf(quoted, sizeof(quoted), "\"%s\"", kit_text(made, "etag"));
	cr_expect_str_eq(header(&a, "etag"), quoted);
	cr_expect_eq(json_number_value(json_object_get(made, "max_price")), 1000000, "yen have no minor unit");
	quiet(made);
	quiet(kit_must(&k, NULL, "GET", "/api/v1/restaurants/new-place", NULL, NULL, 200));
	cr_expect_eq(status_of("platform", "POST", "/api/v1/restaurants", "{\"name\":\"Again\",\"slug\":\"new-place\"}"), 409);
	cr_expect_eq(status_of("platform", "POST", "/api/v1/restaurants", "{\"name\":\"Again\",\"slug\":\"New Place\"}"), 422);
	quiet(kit_must(&k, "platform", "PUT", "/api/v1/restaurants/new-place", NULL, "{\"name\":\"Newer Place\",\"slug\":\"newer-place\"}", 200));
	cr_expect_eq(status_of(NULL, "GET", "/api/v1/restaurants/new-place", NULL), 404);
	made = kit_must(&k, NULL, "GET", "/api/v1/restaurants/newer-place", NULL, NULL, 200);
	cr_expect_str_eq(kit_text(made, "currency"), "JPY", "what is absent stays");
	quiet(made);
	quiet(kit_must(&k, "platform", "PUT", "/api/v1/restaurants/newer-place/avatar", NULL, "{\"name\":\"Yuki\",\"voice\":{\"lang\":\"ja\",\"rate\":1.1}}", 200));
	made = kit_must(&k, NULL, "GET", "/api/v1/restaurants/newer-place/avatar", NULL, NULL, 200);
	cr_expect_str_eq(kit_text(made, "name"), "Yuki");
	quiet(made);
	quiet(kit_must(&k, "platform", "DELETE", "/api/v1/restaurants/newer-place", NULL, NULL, 204));
	cr_expect_eq(status_of(NULL, "GET", "/api/v1/restaurants/newer-place", NULL), 404);
	quiet(kit_must(&k, "platform", "POST", "/api/v1/restaurants", NULL, "{\"name\":\"Third\",\"slug\":\"newer-place\"}", 201));
	made = kit_must(&k, NULL, "GET", "/api/v1/restaurants/newer-place", NULL, NULL, 200);
	cr_expect_str_eq(kit_text(made, "name"), "Third", "the address is free again");
	quiet(made);
}

/* Makes one and gives its id; static. */
static const char *make(const char *path, const char *body)
{
	static char ids[4][40];
	static unsigned at;
	char *id = ids[at++ % 4];
	json_t *made = kit_must(&k, "manager", "POST", path, NULL, body, 201);
	snprintf(id, sizeof(ids[0]), "%s", kit_text(made, "id"));
	quiet(made);
	return id;
}

Test(edits, a_menu_is_made_changed_and_taken_down)
{
	const char *category = make(categories, kit_path("{\"restaurant_id\":\"%s\",\"name\":\"Soups\"}", k.restaurant));
	const char *basil = make(ingredients, kit_path("{\"restaurant_id\":\"%s\",\"name\":\"Basil\",\"allergen_info\":[]}", k.restaurant));
	const char *item = make(items, kit_path("{\"restaurant_id\":\"%s\",\"category_id\":\"%s\",\"name\":\"Mac & Cheese\",\"price\":9.50,\"ingredients\":[\"%s\"],\"tags\":[\"hot\"],"
	                                        "\"allergen_info\":{\"contains\":[\"dairy\"],\"reviewed\":true}}",
	                                        k.restaurant, category, basil));
	json_t *seen = kit_menu_item(&k, KIT_SLUG, item);
	cr_assert(seen, "the next read through the same api has it");
	cr_expect_str_eq(kit_text(seen, "name"), "Mac & Cheese");
	cr_expect_eq(json_array_size(json_object_get(seen, "ingredients")), 1);
	cr_expect_str_eq(kit_text(json_object_get(seen, "allergen_info"), "reviewed_by"), stack_user(k.stack, KIT_SLUG, "manager") ? "manager@" KIT_SLUG ".example" : "");
	quiet(seen);
	cr_expect_eq(status_of("manager", "DELETE", kit_path("%s/%s", categories, category), NULL), 409, "it has dishes");
	cr_expect_eq(status_of("manager", "DELETE", kit_path("%s/%s", ingredients, basil), NULL), 409, "a dish is made with it");
	seen = kit_must(&k, "manager", "PUT", kit_path("%s/%s", items, item), NULL, "{\"price\":null,\"description\":\"I <3 it\",\"ingredients\":[]}", 200);
	cr_expect(json_is_null(json_object_get(seen, "price")), "market price");
	cr_expect_str_eq(kit_text(seen, "name"), "Mac & Cheese", "what is absent stays");
	quiet(seen);
	seen = kit_must(&k, "manager", "PATCH", kit_path("%s/%s", items, item), NULL, "{\"price\":10.25}", 200);
	cr_expect_str_eq(kit_text(seen, "description"), "I <3 it");
	quiet(seen);
	quiet(kit_must(&k, "manager", "PUT", kit_path("%s/%s", categories, category), NULL, "{\"description\":\"Hot ones\",\"display_order\":7}", 200));
	quiet(kit_must(&k, "manager", "PATCH", kit_path("%s/%s", categories, category), NULL, "{\"name\":\"Hot soups\"}", 200));
	quiet(kit_must(&k, "manager", "PUT", kit_path("%s/%s", ingredients, basil), NULL, "{\"description\":\"Fresh\"}", 200));
	quiet(kit_must(&k, "manager", "PATCH", kit_path("%s/%s", ingredients, basil), NULL, "{\"name\":\"Thai basil\"}", 200));
	cr_expect_eq(status_of("manager", "POST", ingredients, kit_path("{\"restaurant_id\":\"%s\",\"name\":\"THAI basil\"}", k.restaurant)), 409);
	quiet(kit_must(&k, "manager", "DELETE", kit_path("%s/%s", items, item), NULL, NULL, 204));
	cr_expect_null(kit_menu_item(&k, KIT_SLUG, item));
	quiet(kit_must(&k, "manager", "DELETE", kit_path("%s/%s", categories, category), NULL, NULL, 204));
	quiet(kit_must(&k, "manager", "DELETE", kit_path("%s/%s", ingredients, basil), NULL, NULL, 204));
	cr_expect_eq(status_of("manager", "DELETE", kit_path("%s/%s", items, item), NULL), 404);
	cr_expect_str_eq(kit_value(&k, "SELECT count(*) FROM menu_item WHERE id = '%s' AND deleted_at IS NOT NULL", item), "1", "softly");
}

Test(edits, each_writes_down_who_changed_what)
{
	quiet(kit_must(&k, "manager", "PATCH", kit_path("%s/%s", items, k.item), NULL, "{\"price\":3.25}", 200));
	quiet(kit_must(&k, "owner", "PUT", "/api/v1/restaurants/" KIT_SLUG, NULL, "{\"cuisine_type\":\"Cookies\"}", 200));
	struct http_answer a = kit_ask(&k, "manager", "GET", "/api/v1/restaurants/" KIT_SLUG "/audit?limit=2", NULL, NULL);
	cr_assert_eq(a.status, 200, "%s", a.body);
	cr_expect_str_eq(header(&a, "x-total-count"), "2");
	json_t *list = json_loads(a.body, 0, NULL);
	const json_t *newest = json_array_get(list, 0), *older = json_array_get(list, 1);
	cr_expect_str_eq(kit_text(newest, "action"), "restaurant_update");
	cr_expect_str_eq(kit_text(newest, "user_email"), "owner@" KIT_SLUG ".example");
	cr_expect_str_eq(kit_text(json_object_get(newest, "after"), "cuisine_type"), "Cookies");
	cr_expect_str_eq(kit_text(older, "action"), "item_update");
	cr_expect_eq(json_object_size(json_object_get(older, "before")), 1, "only what differs");
	cr_expect_float_eq(json_number_value(json_object_get(json_object_get(older, "after"), "price")), 3.25, 0.0001);
	cr_expect_eq(json_integer_value(json_object_get(newest, "menu_version")), json_integer_value(json_object_get(older, "menu_version")) + 1, "each makes the next version");
	quiet(list);
	cr_expect_eq(status_of("staff", "GET", "/api/v1/restaurants/" KIT_SLUG "/audit", NULL), 403);
}

Test(edits, roles_may_what_they_may)
{
	const char *item = kit_path("%s/%s", items, k.item);
	cr_expect_eq(status_of("staff", "PATCH", item, "{\"is_available\":false}"), 200);
	cr_expect_eq(status_of("staff", "PATCH", item, "{\"is_available\":false,\"available_again_at\":\"2031-01-01T10:00\"}"), 200);
	cr_expect_eq(status_of("staff", "PATCH", item, "{\"price\":1}"), 403);
	cr_expect_eq(status_of("staff", "PATCH", item, "{\"is_available\":true,\"name\":\"x\"}"), 403);
	cr_expect_eq(status_of("staff", "PUT", item, "{\"is_available\":true}"), 403);
	cr_expect_eq(status_of("staff", "DELETE", item, NULL), 403);
	cr_expect_eq(status_of("viewer", "PATCH", item, "{\"is_available\":false}"), 403);
	cr_expect_eq(status_of(NULL, "PATCH", item, "{\"is_available\":false}"), 401);
	cr_expect_eq(status_of("manager", "PUT", "/api/v1/restaurants/" KIT_SLUG, "{\"name\":\"x\"}"), 403);
	cr_expect_eq(status_of("owner", "POST", "/api/v1/restaurants", "{\"name\":\"x\",\"slug\":\"x\"}"), 403);
	char stranger[2000];
	snprintf(stranger, sizeof(stranger), "%sContent-Type: application/json\r\n", stack_token(k.stack, KIT_OTHER, "owner"));
	struct http_answer a = http_ask(k.port, "PATCH", item, stranger, "{\"is_available\":true}");
	cr_expect_eq(a.status, 403, "another restaurant's owner");
	a = http_ask(k.port, "POST", categories, stranger, kit_path("{\"restaurant_id\":\"%s\",\"name\":\"x\"}", k.restaurant));
	cr_expect_eq(a.status, 403);
	cr_expect_eq(status_of("platform", "PATCH", item, "{\"price\":2}"), 200, "platform admins may everything");
}

Test(edits, what_is_not_valid_is_named)
{
	const char *item = kit_path("%s/%s", items, k.item);
	kit_refused(&k, "PATCH", item, "{\"price\":10.999}", "/price", "decimals");
	kit_refused(&k, "PATCH", item, "{\"price\":1e9}", "/price", "at most");
	kit_refused(&k, "PATCH", item, "{\"price\":0}", "/price", "");
	kit_refused(&k, "PATCH", item, "{\"price\":-3}", "/price", "");
	kit_refused(&k, "PATCH", item, "{\"price\":\"3\"}", "/price", "");
	kit_refused(&k, "PATCH", item, "{\"nope\":1}", "/nope", "unknown");
	kit_refused(&k, "PATCH", item, "{\"name\":\"\"}", "/name", "");
	kit_refused(&k, "PATCH", item, "{\"name\":\"<script>alert(1)</script>\"}", "/name", "markup");
	kit_refused(&k, "PATCH", item, "{\"allergen_info\":[\"mlik\"]}", "/allergen_info/0", "milk");
	kit_refused(&k, "PATCH", item, "{\"allergen_info\":{\"contains\":[\"fish\"],\"may_contain\":[\"fish\"]}}", "/allergen_info/may_contain", "fish");
	kit_refused(&k, "PATCH", item, kit_path("{\"category_id\":\"%s\"}", kit_value(&k, "SELECT c.id FROM menu_category c JOIN restaurant r ON r.id = c.restaurant_id WHERE r.slug = '" KIT_OTHER "' LIMIT 1")),
	            "/category_id", "this restaurant");
	kit_refused(&k, "PATCH", item, "{\"ingredients\":[\"0190aaaa-0000-7000-8000-000000000001\"]}", "/ingredients/0", "this restaurant");
	kit_refused(&k, "PATCH", item, "{\"available_again_at\":\"soon\"}", "/available_again_at", "time");
	kit_refused(&k, "PATCH", item, kit_path("{\"restaurant_id\":\"%s\"}", k.item), "/restaurant_id", "restaurant");
	cr_expect_eq(status_of("manager", "PATCH", item, "{\"available_again_at\":\"0000-01-01T00:00:00Z\",\"is_available\":false}"), 422, "no calendar of the database's has it");
	cr_expect_eq(status_of("manager", "PATCH", item, "{\"price\":"), 400);
	cr_expect_eq(status_of("owner", "PUT", "/api/v1/restaurants/" KIT_SLUG, "{\"timezone\":\"Mars/Base\"}"), 422);
	cr_expect_eq(status_of("owner", "PUT", "/api/v1/restaurants/" KIT_SLUG, "{\"max_price\":0.5}"), 422, "there are dishes that cost more");
	cr_expect_str_eq(kit_value(&k, "SELECT count(*) FROM audit"), "0", "nothing of this changed anything");
}

Test(edits, if_match_holds_what_somebody_else_changed)
{
	const char *item = kit_path("%s/%s", items, k.item);
	char match[200];
	json_t *seen = kit_menu_item(&k, KIT_SLUG, k.item);
	snprintf(match, sizeof(match), "If-Match: \"%s\"\r\n", kit_text(seen, "etag"));
	quiet(seen);
	quiet(kit_must(&k, "manager", "PATCH", item, match, "{\"price\":2.10}", 200));
	quiet(kit_must(&k, "manager", "PATCH", item, match, "{\"price\":2.20}", 412));
	struct http_answer a = http_ask(k.port, "GET", "/api/v1/restaurants/" KIT_SLUG "/menu", NULL, NULL);
	snprintf(match, sizeof(match), "If-Match: W/\"none\", %s\r\n", header(&a, "etag"));
	quiet(kit_must(&k, "manager", "PATCH", item, match, "{\"price\":2.30}", 200));
	quiet(kit_must(&k, "manager", "PATCH", item, match, "{\"price\":2.40}", 412));
	a = http_ask(k.port, "GET", "/api/v1/restaurants/" KIT_SLUG, NULL, NULL);
	snprintf(match, sizeof(match), "If-Match: %s\r\n", header(&a, "etag"));
	quiet(kit_must(&k, "owner", "PUT", "/api/v1/restaurants/" KIT_SLUG, match, "{\"cuisine_type\":\"x\"}", 200));
	quiet(kit_must(&k, "owner", "PUT", "/api/v1/restaurants/" KIT_SLUG, match, "{\"cuisine_type\":\"y\"}", 412));
	quiet(kit_must(&k, "manager", "PATCH", item, "If-Match: *\r\n", "{\"price\":2.50}", 200));
	quiet(kit_must(&k, "manager", "PATCH", item, "If-Match: nonsense\r\n", "{\"price\":2.50}", 400));
}

/* "It is sold out" reaches a guest's socket, the menu and the next question. */
Test(edits, sold_out_is_one_small_call)
{
	struct ws_client *guest = ws_client_open(k.port, "/ws/" KIT_SLUG, KIT_MS);
	cr_assert(guest);
	cr_assert(strstr(ws_client_read(guest, KIT_MS), "welcome"));
	const char *frame = NULL;
	for (int i = 0; i < 30 && !frame; i++) { /* an api that has just started may not read menu.changes yet */
		quiet(kit_must(&k, "staff", "PATCH", kit_path("%s/%s", items, k.item), NULL, "{\"is_available\":false}", 200));
		frame = ws_client_read(guest, 1000);
	}
	cr_assert(frame && strstr(frame, "menu_updated") && strstr(frame, k.item) && strstr(frame, "\"is_available\":false"), "%s", frame);
	json_t *seen = kit_menu_item(&k, KIT_SLUG, k.item);
	cr_expect(json_is_false(json_object_get(seen, "is_available")));
	quiet(seen);
	quiet(kit_must(&k, "staff", "PATCH", kit_path("%s/%s", items, k.item), NULL, "{\"is_available\":false,\"available_again_at\":\"2001-01-01T10:00\"}", 200));
	seen = kit_menu_item(&k, KIT_SLUG, k.item);
	cr_expect(json_is_true(json_object_get(seen, "is_available")), "that time has passed");
	quiet(seen);
	seen = kit_must(&k, "staff", "PATCH", kit_path("%s/%s", items, k.item), NULL, "{\"is_available\":false,\"available_again_at\":\"2031-07-01T10:00\"}", 200);
	cr_expect_str_eq(kit_value(&k, "SELECT (available_again_at AT TIME ZONE r.timezone)::text FROM menu_item i JOIN restaurant r ON r.id = i.restaurant_id WHERE i.id = '%s'", k.item),
	                 "2031-07-01 10:00:00", "by the restaurant's clock");
	cr_expect(json_is_false(json_object_get(seen, "is_available")));
	quiet(seen);
	ws_client_close(&guest);
}

/* Without an announcement: time alone. The dish comes back while the menu is in the caches of api and worker. */
Test(edits, a_dish_comes_back_by_itself)
{
	char time[60], body[200], etag[100];
	snprintf(time, sizeof(time), "%s", kit_value(&k, "SELECT to_char((now() + interval '2 seconds') AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"));
	snprintf(body, sizeof(body), "{\"is_available\":false,\"available_again_at\":\"%s\"}", time);
	quiet(kit_must(&k, "staff", "PATCH", kit_path("%s/%s", items, k.item), NULL, body, 200));
	struct http_answer a = http_ask(k.port, "GET", "/api/v1/restaurants/" KIT_SLUG "/menu", NULL, NULL);
	snprintf(etag, sizeof(etag), "%s", header(&a, "etag"));
	bool back = false;
	for (int64_t until = http_now_ms() + KIT_MS; !back && http_now_ms() < until;) {
		json_t *seen = kit_menu_item(&k, KIT_SLUG, k.item);
		back = json_is_true(json_object_get(seen, "is_available"));
		quiet(seen);
	}
	cr_expect(back);
	a = http_ask(k.port, "GET", "/api/v1/restaurants/" KIT_SLUG "/menu", NULL, NULL);
	cr_expect_str_neq(header(&a, "etag"), etag, "another body has another tag");
}

Test(edits, the_next_question_knows)
{
	char name[200], body[400];
	snprintf(name, sizeof(name), "%s", kit_value(&k, "SELECT name FROM menu_item WHERE id = '%s'", k.item));
	for (int cents = 11; cents < 16; cents++) {
		char price[20];
		snprintf(price, sizeof(price), "7.%02d", cents);
		snprintf(body, sizeof(body), "{\"price\":%s}", price);
		quiet(kit_must(&k, "manager", "PATCH", kit_path("%s/%s", items, k.item), NULL, body, 200));
		snprintf(body, sizeof(body), "{\"message\":\"How much is the %s?\",\"session_id\":\"s-%d\"}", name, cents);
		struct http_answer a = kit_ask(&k, NULL, "POST", "/api/v1/chat/" KIT_SLUG "/message?wait=true", NULL, body);
		cr_assert_eq(a.status, 200, "%s", a.body);
		cr_expect(strstr(a.body, price), "%s: %s", price, a.body);
	}
}
