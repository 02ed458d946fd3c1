/* The page of a restaurant: what search engines read in it, made once for a version of the menu. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"
#include "tests/support/stand_in.h"

#define INDEX "<!doctype html><html><head><meta name=\"description\" content=\"The app's.\" /><title>The app</title></head><body></body></html>"

static struct stack *stack;
static int port;
#define FORM "<!doctype html><html style=\"{{colors}}\"><head><title>The app</title></head><body><h1>{{name}}</h1><p>{{cuisine}}</p><p data-told=\"{{hours}}\">{{description}}</p></body></html>"

static char folder[200], file[220], form_file[220];

static void put(const char *name, const char *words)
{
	FILE *f = fopen(name, "w");
	cr_assert_not_null(f, "%s", name);
	fputs(words, f);
	fclose(f);
}

static void start(void)
{
	char setting[260], cwd[120];
	const char *build = getenv("BUILD");
	cr_assert_not_null(getcwd(cwd, sizeof(cwd)));
	snprintf(folder, sizeof(folder), "%s/%.30s/site.XXXXXX", cwd, build ? build : "build");
	cr_assert_not_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/index.html", folder);
	snprintf(form_file, sizeof(form_file), "%s/restaurant.html", folder);
	put(file, INDEX);
	put(form_file, FORM);
	snprintf(setting, sizeof(setting), "WEB_DIR=%s", folder);
	stack = stack_start(&(struct stack_options){ .workers = -1, .env = { setting, NULL } });
	port = stack_port(stack, 0);
}

static void stop(void)
{
	stack_stop(&stack);
	unlink(file);
	unlink(form_file);
	rmdir(folder);
}

TestSuite(restaurant_page, .init = start, .fini = stop, .timeout = 120);

/* The JSON-LD of a page; the caller's. */
static json_t *data_of(const char *page)
{
	static const char open[] = "<script type=\"application/ld+json\">";
	const char *from = strstr(page, open), *to = from ? strstr(from, "</script>") : NULL;
	cr_assert_not_null(to, "%s", page);
	from += strlen(open);
	json_error_t why;
	json_t *data = json_loadb(from, (size_t)(to - from), JSON_REJECT_DUPLICATES, &why);
	cr_assert_not_null(data, "%s: %s", why.text, from);
	return data;
}

static const char *text(const json_t *value, const char *name)
{
	const char *s = json_string_value(json_object_get(value, name));
	return s ? s : "";
}

static const json_t *dish(const json_t *data, const char *name)
{
	const json_t *sections = json_object_get(json_object_get(data, "hasMenu"), "hasMenuSection");
	size_t i, k;
	json_t *section, *item;
	json_array_foreach((json_t *)sections, i, section)
		json_array_foreach(json_object_get(section, "hasMenuItem"), k, item) if (!strcmp(text(item, "name"), name)) return item;
	return NULL;
}

Test(restaurant_page, says_what_the_menu_says)
{
	struct http_answer a = http_ask(port, "GET", "/r/the-cookie-jar", NULL, NULL);
	cr_assert_eq(a.status, 200);
	cr_expect_not_null(strstr(a.body, "<title>The Cookie Jar</title>"));
	cr_expect_null(strstr(a.body, "The app"));
	cr_expect_not_null(strstr(a.body, "<meta property=\"og:description\" content=\"Cookies baked all day"));
	cr_expect_not_null(strstr(a.body, "<h1>The Cookie Jar</h1><p>Bakery</p><p data-told=\"yes\">Cookies baked all day"));
	cr_expect_not_null(strstr(a.body, "<html style=\"--shop-primary:#"));
	cr_expect_not_null(strstr(a.body, "href=\"/api/v1/restaurants/the-cookie-jar/menu\""));
	json_t *data = data_of(a.body);
	cr_expect_str_eq(text(data, "@type"), "Restaurant");
	cr_expect_str_eq(text(data, "servesCuisine"), "Bakery");
	const json_t *cookie = dish(data, "Chocolate Chip"), *offer = json_object_get(cookie, "offers"), *oat = dish(data, "Oat Milk");
	cr_expect_str_eq(text(offer, "price"), "3.25");
	cr_expect_str_eq(text(offer, "priceCurrency"), "USD");
	cr_expect_str_eq(json_string_value(json_array_get(json_object_get(cookie, "suitableForDiet"), 0)), "https://schema.org/VegetarianDiet");
	cr_expect_str_eq(json_string_value(json_array_get(json_object_get(oat, "suitableForDiet"), 0)), "https://schema.org/VeganDiet");
	cr_expect_null(json_object_get(dish(data, "Maple Bacon"), "suitableForDiet"));
	cr_expect_null(json_object_get(dish(data, "Gift Tin"), "offers"), "a market price is no offer");
	char *all = json_dumps(data, 0);
	cr_expect_null(strstr(all, "allergen_info"));
	cr_expect_null(strstr(all, "GlutenFree"), "allergens are not for guesses");
	free(all);
	json_decref(data);
}

Test(restaurant_page, the_plain_page_for_what_is_not_there)
{
	static const char *const paths[] = { "/r/no-such-place", "/r/The-Cookie-Jar", "/r/%00", "/r/the-cookie-jar/x", "/r/", "/" };
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct http_answer a = http_ask(port, "GET", paths[i], NULL, NULL);
		cr_expect(a.status == 200 ? !strcmp(a.body, INDEX) : a.status == 400, "%s: %d", paths[i], a.status);
	}
	cr_expect_eq(http_ask(port, "GET", "/restaurant.html", NULL, NULL).status, 404, "a form is not for reading");
}

Test(restaurant_page, made_anew_for_a_new_version)
{
	char etag[120], json[200], id[40], headers[160];
	struct http_answer a = http_ask(port, "GET", "/r/the-cookie-jar", NULL, NULL);
	snprintf(etag, sizeof(etag), "%s", http_header(&a, "etag"));
	snprintf(headers, sizeof(headers), "If-None-Match: %s\r\n", etag);
	cr_expect_eq(http_ask(port, "GET", "/r/the-cookie-jar", headers, NULL).status, 304);
	a = http_ask(port, "GET", "/r/the-cookie-jar", "Accept-Encoding: gzip\r\n", NULL);
	cr_expect_str_eq(http_header(&a, "content-encoding"), "gzip");
	snprintf(id, sizeof(id), "%s", stack_query(stack, "SELECT id FROM restaurant WHERE slug = 'the-cookie-jar'"));
	stack_query(stack, "UPDATE menu_item SET name = '</script><script>alert(1)</script>' WHERE name = 'Cold Brew'");
	stack_query(stack, "UPDATE restaurant SET menu_version = 2, name = '<script>&\"' WHERE slug = 'the-cookie-jar'");
	struct stand_in *worker = stand_in_new(stack_brokers(stack), stack_topic_prefix(stack));
	snprintf(json, sizeof(json), "{\"restaurant_id\":\"%s\",\"slug\":\"the-cookie-jar\",\"menu_version\":2}", id);
	stand_in_menu_changed(worker, id, json);
	int64_t until = http_now_ms() + 5000;
	do
		a = http_ask(port, "GET", "/r/the-cookie-jar", headers, NULL);
	while (a.status == 304 && http_now_ms() < until);
	cr_assert_eq(a.status, 200);
	cr_expect_not_null(strstr(a.body, "<title>&lt;script&gt;&amp;&quot;</title>"));
	cr_expect_null(strstr(a.body, "<script>"));
	json_t *data = data_of(a.body);
	cr_expect_not_null(dish(data, "</script><script>alert(1)</script>"));
	json_decref(data);
	stand_in_free(&worker);
}
