/* Lists of a menu: pages, searching with typing errors, filters, and who may see what. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"

static struct stack *stack;
static int port;
static char jar[40], olive[40];

static void start(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1 });
	port = stack_port(stack, 0);
	snprintf(jar, sizeof(jar), "%s", stack_query(stack, "SELECT id FROM restaurant WHERE slug = 'the-cookie-jar'"));
	snprintf(olive, sizeof(olive), "%s", stack_query(stack, "SELECT id FROM restaurant WHERE slug = 'olive-ember'"));
}

static void stop(void)
{
	stack_stop(&stack);
}

TestSuite(lists, .init = start, .fini = stop, .timeout = 120);

static struct http_answer ask(const char *kind, const char *id, const char *query, const char *headers)
{
	char path[700];
	snprintf(path, sizeof(path), "/api/v1/menu/%s/%s%s", kind, id, query);
	return http_ask(port, "GET", path, headers, NULL);
}

/* The names of what is listed, with | between; static. Checks the total against the page unless `total` says otherwise. */
static const char *names(const char *kind, const char *id, const char *query, long total)
{
	static char text[20000];
	struct http_answer a = ask(kind, id, query, NULL);
	size_t len = 0, i;
	json_t *item;
	cr_assert_eq(a.status, 200, "%s: %d %s", query, a.status, a.body);
	json_t *list = json_loads(a.body, 0, NULL);
	cr_assert(json_is_array(list), "%s", a.body);
	cr_assert_eq(strtol(http_header(&a, "x-total-count"), NULL, 10), total < 0 ? (long)json_array_size(list) : total, "%s", query);
	*text = 0;
	json_array_foreach(list, i, item)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? "|" : "", json_string_value(json_object_get(item, "name")));
	json_decref(list);
	return text;
}

static bool begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

Test(lists, pages_in_the_menus_order)
{
	cr_expect_str_eq(names("categories", jar, "", -1), "Classic Cookies|Signature Cookies|Vegan & Wheat-Free|Drinks|Boxes");
	cr_expect_str_eq(names("categories", jar, "?limit=2&offset=1", 5), "Signature Cookies|Vegan & Wheat-Free");
	cr_expect_str_eq(names("categories", jar, "?offset=9", 5), "");
	cr_expect(begins(names("items", jar, "", 26), "Chocolate Chip|Oatmeal Raisin|Snickerdoodle|"));
	cr_expect_str_eq(names("items", jar, "?limit=2&offset=25", 26), "Gift Tin");
	cr_expect_str_eq(names("ingredients", olive, "", -1), "coconut milk|kaffir lime|pine nuts");
	struct http_answer a = ask("items", jar, "?limit=1", NULL);
	json_t *list = json_loads(a.body, 0, NULL), *item = json_array_get(list, 0);
	cr_expect_str_eq(json_string_value(json_object_get(item, "restaurant_id")), jar);
	cr_expect_eq(json_array_size(json_object_get(item, "ingredients")), 8);
	cr_expect(json_is_number(json_object_get(item, "price")));
	cr_expect_not_null(json_object_get(json_object_get(item, "allergen_info"), "reviewed_at"));
	cr_expect_not_null(json_object_get(item, "etag"));
	json_decref(list);
}

Test(lists, searched)
{
	/* typing errors, beginnings, accents, case, plurals, and words in any order */
	cr_expect(begins(names("items", jar, "?q=choclate%20chip", -1), "Chocolate Chip"));
	cr_expect(begins(names("items", jar, "?q=CHOCOLATE+CHIP", -1), "Chocolate Chip"));
	cr_expect(begins(names("items", jar, "?q=chip%20chocolate", -1), "Chocolate Chip"));
	cr_expect_str_eq(names("items", jar, "?q=snickerdoodel", -1), "Snickerdoodle");
	cr_expect_str_eq(names("items", olive, "?q=spageti", -1), "Spaghetti Carbonara");
	cr_expect(begins(names("items", olive, "?q=brusch", -1), "Bruschetta"));
	cr_expect(begins(names("items", olive, "?q=tiramis%C3%B9", -1), "Tiramisu"));
	cr_expect(begins(names("items", olive, "?q=waffles", -1), "Chicken & Waffles"));
	/* the name counts more than the rest: the cake before dishes that only mention almonds */
	cr_expect(begins(names("items", olive, "?q=almond", -1), "Almond Cake"));
	cr_expect(begins(names("items", jar, "?q=chocolate", -1), "Chocolate Chip|"));
	/* by ingredient, by tag, by category */
	cr_expect_str_eq(names("items", jar, "?q=beetroot", -1), "Red Velvet Cheesecake");
	cr_expect(strstr(names("items", jar, "?q=bestseller", -1), "Chocolate Chip") != NULL);
	cr_expect(strstr(names("items", jar, "?q=drinks", -1), "Cold Brew") != NULL);
	/* within a word */
	cr_expect_str_eq(names("items", jar, "?q=cake", -1), "Red Velvet Cheesecake");
	/* nothing is nothing, and what looks like syntax is text */
	cr_expect_str_eq(names("items", jar, "?q=qqqqqq", -1), "");
	cr_expect_str_eq(names("items", jar, "?q=%26%7C%21%28%29%3A%2A%5C%27", -1), "");
	cr_expect_str_eq(names("items", jar, "?q=%F0%9F%8D%95", -1), "");
	cr_expect(begins(names("items", jar, "?q=%28chocolate%26%21chip%29%3A%2A%27%5C", -1), "Chocolate Chip"));
	/* pages of what was found */
	cr_expect_str_eq(names("items", jar, "?q=vegan%20chocolate&limit=1", 1), "Vegan Chocolate Chunk");
	cr_expect_eq(ask("items", jar, "?q=", NULL).status, 422);
}

Test(lists, filtered)
{
	char query[200];
	cr_expect_str_eq(names("items", jar, "?tags=vegan", -1), "Vegan Chocolate Chunk|Banana Oat Bite|Oat Milk|Drip Coffee|Cold Brew");
	cr_expect_str_eq(names("items", jar, "?tags=VEGAN,no%20added%20sugar", -1), "Banana Oat Bite");
	cr_expect_str_eq(names("items", jar, "?tags=nonsense", -1), "");
	snprintf(query, sizeof(query), "?category=%s&tags=vegan", stack_query(stack, "SELECT id FROM menu_category WHERE name = 'Drinks' AND restaurant_id = (SELECT id FROM restaurant WHERE slug = 'the-cookie-jar')"));
	cr_expect_str_eq(names("items", jar, query, -1), "Oat Milk|Drip Coffee|Cold Brew");
	cr_expect_str_eq(names("items", olive, query, -1), "", "a category of another restaurant");
	cr_expect_eq(ask("items", jar, "?category=drinks", NULL).status, 422);
}

Test(lists, without_allergens)
{
	cr_expect_str_eq(names("items", jar, "?without=peanuts&q=milk", -1), "Oat Milk|Cold Milk|Chai Latte|Hot Chocolate");
	cr_expect_str_eq(names("items", olive, "?without=milk,peanuts", -1), "Bruschetta|Oyster Trio|Sea Bass|Green Curry|House Fries|House Red 0.2 l",
	                 "not the soup, which nobody reviewed; coconut milk is no milk");
	cr_expect_str_eq(names("items", olive, "?without=dairy,peanut", -1), "Bruschetta|Oyster Trio|Sea Bass|Green Curry|House Fries|House Red 0.2 l");
	cr_expect_null(strstr(names("items", olive, "?without=nuts", -1), "Bruschetta"), "nuts may be tree nuts");
	cr_expect_null(strstr(names("items", olive, "?without=nuts", -1), "Green Curry"), "it was reviewed, but there are pine nuts in it");
	cr_expect_str_eq(names("items", olive, "?without=coconut", -1), "", "nobody declares that, and a review does not tell");
	struct http_answer a = ask("items", olive, "?without=peenuts", NULL);
	cr_expect_eq(a.status, 422);
	cr_expect_not_null(strstr(a.body, "/query/without"), "%s", a.body);
	cr_expect_not_null(strstr(a.body, "peanuts"), "a suggestion: %s", a.body);
	cr_expect_eq(ask("items", olive, "?without=,", NULL).status, 422);
}

Test(lists, conditional)
{
	char headers[200];
	static const char *const kinds[] = { "categories", "items", "ingredients" };
	for (int i = 0; i < 3; i++) {
		struct http_answer a = ask(kinds[i], jar, "", NULL);
		cr_expect_str_eq(http_header(&a, "cache-control"), "no-cache");
		snprintf(headers, sizeof(headers), "If-None-Match: %s\r\n", http_header(&a, "etag"));
		a = ask(kinds[i], jar, "", headers);
		cr_expect_eq(a.status, 304, "%s", kinds[i]);
		cr_expect_not_null(http_header(&a, "x-total-count"));
		cr_expect_eq(ask(kinds[i], jar, "?limit=1", headers).status, 200, "another page");
	}
	stack_query(stack, "UPDATE menu_category SET name = 'Old ones' WHERE name = 'Classic Cookies'");
	struct http_answer a = ask("categories", jar, "", NULL);
	cr_expect_null(strstr(headers, http_header(&a, "etag")));
}

Test(lists, only_what_is_public)
{
	static const char *const kinds[] = { "categories", "items", "ingredients" };
	stack_query(stack, "UPDATE menu_category SET is_active = false WHERE name = 'Boxes'");
	stack_query(stack, "UPDATE menu_item SET deleted_at = now() WHERE name = 'Chai Latte'");
	cr_expect_null(strstr(names("categories", jar, "", 4), "Boxes"));
	cr_expect_null(strstr(names("items", jar, "", 21), "Chai"));
	cr_expect_str_eq(names("items", jar, "?q=chai", -1), "");
	cr_expect_null(strstr(names("items", jar, "?q=cookie&limit=200", -1), "Sea Bass"), "another restaurant's");
	stack_query(stack, "UPDATE restaurant SET is_active = false WHERE slug = 'the-cookie-jar'");
	for (int i = 0; i < 3; i++) {
		cr_expect_eq(ask(kinds[i], jar, "", NULL).status, 404, "%s", kinds[i]);
		cr_expect_eq(ask(kinds[i], "01890a5d-ac96-774b-bcce-b302099a8057", "", NULL).status, 404);
		cr_expect_eq(ask(kinds[i], "the-cookie-jar", "", NULL).status, 404);
		cr_expect_eq(ask(kinds[i], olive, "?limit=0", NULL).status, 422);
	}
}

/* The whole menu as a spreadsheet takes it; what could run there is guarded. */
Test(lists, as_csv)
{
	stack_query(stack, "UPDATE menu_item SET name = '=HYPERLINK(\"x\")', description = 'a \"quoted\", text', tags = '{\"salt, pepper\",b}', price = NULL WHERE name = 'Chocolate Chip'");
	struct http_answer a = ask("items", jar, "?format=csv", NULL);
	cr_assert_eq(a.status, 200);
	cr_expect_str_eq(http_header(&a, "content-type"), "text/csv; charset=utf-8");
	cr_expect_not_null(strstr(http_header(&a, "content-disposition"), "menu.csv"));
	cr_expect(begins(a.body, "external_id,category,name,description,price,image_url,is_signature,spice_level,contains,may_contain,free_of,tags,ingredients,display_order,is_available\r\n"));
	const char *row = strstr(a.body, "HYPERLINK");
	cr_assert_not_null(row, "%s", a.body);
	cr_expect(begins(row - 2, "'=HYPERLINK(\"\"x\"\")\",\"a \"\"quoted\"\", text\",,"), "%.100s", row - 3);
	cr_expect_not_null(strstr(row, "\"salt\\, pepper|b\""), "%.400s", row);
	cr_expect_not_null(strstr(a.body, "Oatmeal Raisin"));
	size_t lines = 0;
	for (const char *at = a.body; (at = strstr(at, "\r\n")); at += 2)
		lines++;
	cr_expect_eq(lines, 1 + 26);
	cr_expect_eq(ask("items", "01890a5d-ac96-774b-bcce-b302099a8057", "?format=csv", NULL).status, 404);
	cr_expect_eq(ask("items", jar, "?format=xls", NULL).status, 422);
	/* more than a page */
	stack_query(stack, "INSERT INTO menu_item (restaurant_id, id, category_id, name, display_order) SELECT c.restaurant_id, gen_random_uuid(), c.id, 'Dish ' || i, i"
	                   " FROM menu_category c, generate_series(1, 4500) i WHERE c.name = 'Boxes'");
	a = ask("items", jar, "?format=csv", NULL);
	lines = 0;
	for (const char *at = a.body; (at = strstr(at, "\r\n")); at += 2)
		lines++;
	cr_expect_eq(lines, 1 + 26 + 4500);
	cr_expect_not_null(strstr(a.body, ",Dish 4500,"));
}
