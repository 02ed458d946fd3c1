/* edit_kit.c - see edit_kit.h. */
#include "tests/support/edit_kit.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/stack_token.h"

void kit_attach(struct kit *k)
{
	k->port = stack_port(k->stack, 0);
	snprintf(k->restaurant, sizeof(k->restaurant), "%s", kit_value(k, "SELECT id FROM restaurant WHERE slug = '" KIT_SLUG "'"));
	snprintf(k->category, sizeof(k->category), "%s", kit_value(k, "SELECT id FROM menu_category WHERE restaurant_id = '%s' ORDER BY name LIMIT 1", k->restaurant));
	snprintf(k->item, sizeof(k->item), "%s", kit_value(k, "SELECT id FROM menu_item WHERE restaurant_id = '%s' ORDER BY name LIMIT 1", k->restaurant));
}

void edit_kit_open(struct kit *k, const struct stack_options *options)
{
	k->stack = stack_start(options ? options : &(struct stack_options){ .apis = 1 });
	kit_attach(k);
}

void edit_kit_close(struct kit *k)
{
	stack_stop(&k->stack);
}

const char *kit_path(const char *format, ...)
{
	static char texts[4][400];
	static unsigned at;
	char *text = texts[at++ % 4];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(texts[0]), format, args);
	va_end(args);
	return text;
}

const char *kit_value(struct kit *k, const char *format, ...)
{
	static char sql[2000];
	va_list args;
	va_start(args, format);
	vsnprintf(sql, sizeof(sql), format, args);
	va_end(args);
	return stack_query(k->stack, sql);
}

const char *kit_text(const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));
	return text ? text : "";
}

struct http_answer kit_ask(struct kit *k, const char *role, const char *method, const char *path, const char *headers, const char *body)
{
	char all[4000];
	snprintf(all, sizeof(all), "%s%s%s", role ? stack_token(k->stack, KIT_SLUG, role) : "", body ? "Content-Type: application/json\r\n" : "", headers ? headers : "");
	return http_ask(k->port, method, path, all, body);
}

json_t *kit_must(struct kit *k, const char *role, const char *method, const char *path, const char *headers, const char *body, int status)
{
	struct http_answer a = kit_ask(k, role, method, path, headers, body);
	cr_assert_eq(a.status, status, "%s %s %s as %s: %d in place of %d: %s", method, path, body ? body : "", role, a.status, status, a.body);
	json_t *value = a.body_len ? json_loads(a.body, JSON_DECODE_ANY, NULL) : json_null();
	cr_assert_not_null(value, "%s", a.body);
	return value;
}

void kit_refused(struct kit *k, const char *method, const char *path, const char *body, const char *pointer, const char *word)
{
	json_t *problem = kit_must(k, "manager", method, path, NULL, body, 422);
	const json_t *errors = json_object_get(problem, "errors");
	const char *message = NULL;
	for (size_t i = 0; i < json_array_size(errors); i++)
		if (!strcmp(kit_text(json_array_get(errors, i), "pointer"), pointer))
			message = kit_text(json_array_get(errors, i), "message");
	char *dumped = json_dumps(problem, 0);
	cr_expect(message, "%s: nothing is said of %s: %s", body, pointer, dumped);
	cr_expect(!message || strstr(message, word), "%s: \"%s\" does not say \"%s\"", body, message, word);
	free(dumped);
	json_decref(problem);
}

json_t *kit_menu_item(struct kit *k, const char *slug, const char *item)
{
	struct http_answer a = http_ask(k->port, "GET", kit_path("/api/v1/restaurants/%s/menu", slug), NULL, NULL);
	json_t *menu = a.status == 200 ? json_loads(a.body, 0, NULL) : NULL, *found = NULL, *category, *one;
	size_t i, j;
	json_array_foreach(json_object_get(menu, "categories"), i, category)
		json_array_foreach(json_object_get(category, "items"), j, one) if (!strcmp(kit_text(one, "id"), item))
			found = json_incref(one);
	json_decref(menu);
	return found;
}
