/* menu_fixture.c - see menu_fixture.h. */
#include "tests/support/menu_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *menu_fixture_json(const char *name)
{
	char path[256];
	json_error_t error;
	snprintf(path, sizeof(path), "tests/data/menus/%s.json", name);
	json_t *menu = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
	if (!menu) {
		fprintf(stderr, "%s: %s\n", path, error.text);
		abort();
	}
	return menu;
}

struct menu_snapshot *menu_fixture_of(const json_t *menu)
{
	char *restaurant = json_dumps(json_object_get(menu, "restaurant"), JSON_COMPACT);
	char *categories = json_dumps(json_object_get(menu, "categories"), JSON_COMPACT);
	struct menu_snapshot *s = NULL;
	enum error error = menu_snapshot_new(restaurant, categories, json_integer_value(json_object_get(menu, "menu_version")), &s);
	free(restaurant);
	free(categories);
	if (error) {
		fprintf(stderr, "menu refused: %s\n", error_row(error)->name);
		abort();
	}
	return s;
}

struct menu_snapshot *menu_fixture(const char *name)
{
	json_t *menu = menu_fixture_json(name);
	struct menu_snapshot *s = menu_fixture_of(menu);
	json_decref(menu);
	return s;
}

json_t *menu_fixture_dish(json_t *menu, const char *name)
{
	size_t i, j;
	json_t *category, *item;
	json_array_foreach(json_object_get(menu, "categories"), i, category)
	{
		json_array_foreach(json_object_get(category, "items"), j, item)
		{
			if (!strcmp(json_string_value(json_object_get(item, "name")), name))
				return item;
		}
	}
	return NULL;
}

static void name_dish(json_t *item, size_t i)
{
	static const char *const first[] = { "Crispy", "Smoked", "Braised", "Golden", "Rustic", "Tender", "Roasted", "Chilled", "Charred", "Velvet" };
	static const char *const second[] = { "Aubergine", "Halibut", "Pheasant", "Pumpkin", "Artichoke", "Venison", "Lentil", "Quinoa", "Fennel", "Turnip" };
	static const char *const third[] = { "Parcels", "Skewers", "Gratin", "Terrine", "Medley", "Platter", "Rolls", "Croquettes", "Fritters", "Ragout" };
	char text[80];
	snprintf(text, sizeof(text), "%s %s %s", first[i % 10], second[i / 10 % 10], third[i / 100 % 10]);
	json_object_set_new(item, "name", json_string(text));
	snprintf(text, sizeof(text), "0194c000-0009-7000-8000-%012zx", i + 1);
	json_object_set_new(item, "id", json_string(text));
	json_object_set_new(item, "price", json_real((double)(500 + i) / 100));
}

struct menu_snapshot *menu_fixture_large(size_t dishes)
{
	json_t *menu = menu_fixture_json(OLIVE), *pattern = json_deep_copy(menu_fixture_dish(menu, "Caesar Salad"));
	json_t *category = json_deep_copy(json_array_get(json_object_get(menu, "categories"), 0)), *categories = json_array();
	for (size_t c = 0; c < 20; c++) {
		json_t *items = json_array(), *one = json_deep_copy(category);
		char name[40];
		for (size_t i = c * dishes / 20; i < (c + 1) * dishes / 20; i++) {
			json_t *item = json_deep_copy(pattern);
			name_dish(item, i);
			json_array_append_new(items, item);
		}
		snprintf(name, sizeof(name), "Chapter %zu", c + 1);
		json_object_set_new(one, "name", json_string(name));
		json_object_set_new(one, "items", items);
		json_array_append_new(categories, one);
	}
	json_object_set_new(menu, "categories", categories);
	struct menu_snapshot *s = menu_fixture_of(menu);
	json_decref(category);
	json_decref(pattern);
	json_decref(menu);
	return s;
}
