/* seed.c - see seed.h.
 *
 * The file's objects get their ids here; then SQL takes each table's objects as one JSON array.
 */
#include "workers/seed.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/id.h"
#include "common/pg.h"
#include "common/pg_script.h"

struct seed {
	const char *file;
	struct pg_script *script;
	char restaurant_id[ID_TEXT];
	json_t *restaurant; /* borrowed */
	json_t *categories, *items, *ingredients, *links;
};

static bool say(const struct seed *s, const char *what)
{
	fprintf(stderr, "seed: %s: %s\n", s->file, what);
	return false;
}

/* --- objects for the tables --- */

static json_t *with_id(json_t *object, size_t position)
{
	char id[ID_TEXT];
	id_uuid(id);
	json_object_set_new(object, "id", json_string(id));
	json_object_set_new(object, "display_order", json_integer((json_int_t)position));
	return object;
}

static json_t *find_named(json_t *list, const char *name)
{
	size_t i;
	json_t *one;
	json_array_foreach(list, i, one)
	{
		if (strcmp(json_string_value(json_object_get(one, "name")), name) == 0)
			return one;
	}
	return NULL;
}

static bool add_ingredients(struct seed *s, json_t *item)
{
	size_t i;
	json_t *name;
	json_array_foreach(json_object_get(item, "ingredients"), i, name)
	{
		if (!json_is_string(name))
			return say(s, "ingredients must be names");
		json_t *ingredient = find_named(s->ingredients, json_string_value(name));
		if (!ingredient) {
			ingredient = with_id(json_pack("{sO}", "name", name), i);
			json_array_append_new(s->ingredients, ingredient);
		}
		json_array_append_new(s->links, json_pack("{sOsOsi}", "menu_item_id", json_object_get(item, "id"), "ingredient_id",
		                                          json_object_get(ingredient, "id"), "display_order", (int)i));
	}
	return true;
}

static bool add_item(struct seed *s, json_t *category, json_t *item, size_t position)
{
	if (!json_is_object(item))
		return say(s, "an item must be an object");
	with_id(item, position);
	json_object_set(item, "category_id", json_object_get(category, "id"));
	json_array_append(s->items, item);
	return add_ingredients(s, item);
}

static bool add_category(struct seed *s, json_t *category, size_t position)
{
	size_t i;
	json_t *item;
	if (!json_is_object(category))
		return say(s, "a category must be an object");
	json_array_append(s->categories, with_id(category, position));
	json_array_foreach(json_object_get(category, "items"), i, item)
	{
		if (!add_item(s, category, item, i))
			return false;
	}
	return true;
}

static bool take_apart(struct seed *s, json_t *document)
{
	size_t i;
	json_t *category;
	s->restaurant = json_object_get(document, "restaurant");
	if (!json_is_string(json_object_get(s->restaurant, "slug")))
		return say(s, "restaurant.slug is missing");
	id_uuid(s->restaurant_id);
	json_array_foreach(json_object_get(document, "categories"), i, category)
	{
		if (!add_category(s, category, i))
			return false;
	}
	return true;
}

/* --- the database --- */

static bool run(struct seed *s, const char *sql, const char *const *params, size_t n)
{
	enum error error = n ? pg_script_query(s->script, sql, params, n) : pg_script_run(s->script, sql);
	return !error || say(s, pg_script_error(s->script));
}

static bool insert(struct seed *s, const char *sql, const json_t *rows)
{
	char *text = json_dumps(rows, JSON_COMPACT | JSON_REAL_PRECISION(15));
	const char *params[] = { s->restaurant_id, text };
	bool fine = text && run(s, sql, params, 2);
	free(text);
	return fine;
}

static const char restaurant_sql[] =
	"INSERT INTO restaurant (id, name, slug, cuisine_type, description, currency, timezone, hours, max_price, allowed_origins, theme, avatar_config, metadata)"
	" SELECT $1::uuid, name, slug, cuisine_type, description, coalesce(currency, 'USD'), coalesce(timezone, 'UTC'), hours, coalesce(max_price, 1000),"
	" coalesce(allowed_origins, '{}'), theme, coalesce(avatar_config, '{}'), coalesce(metadata, '{}')"
	" FROM jsonb_to_record($2::jsonb) AS r(name text, slug text, cuisine_type text, description text, currency text, timezone text, hours jsonb,"
	" max_price numeric, allowed_origins text[], theme jsonb, avatar_config jsonb, metadata jsonb)"
	" ON CONFLICT (slug) WHERE deleted_at IS NULL DO NOTHING RETURNING id";
static const char categories_sql[] =
	"INSERT INTO menu_category (restaurant_id, id, name, description, display_order, is_active)"
	" SELECT $1::uuid, id, name, description, display_order, coalesce(is_active, true)"
	" FROM jsonb_to_recordset($2::jsonb) AS c(id uuid, name text, description text, display_order integer, is_active boolean)";
static const char items_sql[] =
	"INSERT INTO menu_item (restaurant_id, id, category_id, external_id, name, description, price, image_url, is_signature, spice_level, allergen_info, tags,"
	" display_order, is_available, available_again_at)"
	" SELECT $1::uuid, id, category_id, external_id, name, description, price, image_url, coalesce(is_signature, false), spice_level,"
	" '{\"contains\": [], \"may_contain\": [], \"free_of\": [], \"reviewed_at\": null, \"reviewed_by\": null}'::jsonb || coalesce(allergen_info, '{}'), coalesce(tags, '{}'),"
	" display_order, coalesce(is_available, true), available_again_at"
	" FROM jsonb_to_recordset($2::jsonb) AS i(id uuid, category_id uuid, external_id text, name text, description text, price numeric, image_url text,"
	" is_signature boolean, spice_level smallint, allergen_info jsonb, tags text[], display_order integer, is_available boolean, available_again_at timestamptz)";
static const char ingredients_sql[] =
	"INSERT INTO ingredient (restaurant_id, id, name) SELECT $1::uuid, id, name FROM jsonb_to_recordset($2::jsonb) AS g(id uuid, name text)";
static const char links_sql[] =
	"INSERT INTO menu_item_ingredient (restaurant_id, menu_item_id, ingredient_id, display_order)"
	" SELECT $1::uuid, menu_item_id, ingredient_id, display_order"
	" FROM jsonb_to_recordset($2::jsonb) AS l(menu_item_id uuid, ingredient_id uuid, display_order integer)";

static bool insert_menu(struct seed *s)
{
	return insert(s, categories_sql, s->categories) && insert(s, items_sql, s->items) && insert(s, ingredients_sql, s->ingredients) &&
	       insert(s, links_sql, s->links);
}

static bool store(struct seed *s)
{
	const char *slug = json_string_value(json_object_get(s->restaurant, "slug"));
	if (!run(s, "BEGIN", NULL, 0) || !insert(s, restaurant_sql, s->restaurant))
		return false;
	bool fresh = pg_script_rows(s->script) == 1;
	if (fresh && !insert_menu(s))
		return false;
	if (!run(s, "COMMIT", NULL, 0))
		return false;
	if (fresh)
		printf("seeded %s: %zu categories, %zu items\n", slug, json_array_size(s->categories), json_array_size(s->items));
	else
		printf("%s is already there: nothing changed\n", slug);
	fflush(stdout);
	return true;
}

/* --- files --- */

static bool load(struct seed *s)
{
	json_error_t why;
	json_t *document = json_load_file(s->file, JSON_REJECT_DUPLICATES, &why);
	if (!document) {
		fprintf(stderr, "seed: %s:%d: %s\n", s->file, why.line, why.text);
		return false;
	}
	s->categories = json_array();
	s->items = json_array();
	s->ingredients = json_array();
	s->links = json_array();
	bool fine = take_apart(s, document) && store(s);
	json_decref(s->categories);
	json_decref(s->items);
	json_decref(s->ingredients);
	json_decref(s->links);
	json_decref(document);
	return fine;
}

int seed_command(const struct config *config, int argc, char **argv)
{
	if (!argc) {
		fputs("seed: name the files to load\n", stderr);
		return 2;
	}
	struct pg_script *script = NULL;
	bool fine = pg_script_open(pg_conninfo(config), "seed", &script) == ERROR_none;
	if (!fine)
		fprintf(stderr, "seed: %s\n", pg_script_error(script));
	for (int i = 0; i < argc && fine; i++) {
		struct seed s = { .file = argv[i], .script = script };
		fine = load(&s);
	}
	pg_script_close(&script);
	return fine ? 0 : 1;
}
