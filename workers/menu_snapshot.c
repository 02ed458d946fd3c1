/* menu_snapshot.c - see menu_snapshot.h. */
#include "workers/menu_snapshot.h"

#include <assert.h>
#include <string.h>

#include "schemas.h"
#include "workers/chat_lexicon.h"
#include "workers/chat_prompt.h"
#include "workers/menu_facts.h"
#include "workers/menu_index.h"

#define ARENA_LEAST ((size_t)4 << 20)
#define ARENA_PER_BYTE 16 /* decoded structs, their index and the text, for a byte of JSON: measured below 6 */

static enum error decode(struct menu_snapshot *s, const char *restaurant_json, const char *categories_json)
{
	struct restaurant *restaurant = arena_new_of(s->arena, struct restaurant);
	struct menu *menu = arena_new_of(s->arena, struct menu);
	enum error error = schema_decode(s->arena, &schema_restaurant, restaurant_json, strlen(restaurant_json), restaurant, NULL);
	if (error)
		return error;
	void *const *categories;
	size_t n;
	error = schema_decode_list(s->arena, &schema_menu_category, categories_json, strlen(categories_json), &categories, &n, NULL);
	if (error)
		return error;
	menu->restaurant = restaurant;
	menu->menu_version = s->version;
	menu->categories.v = (const struct menu_category *const *)categories;
	menu->categories.n = n;
	s->restaurant = restaurant;
	s->menu = menu;
	s->decimals = money_decimals(restaurant->currency);
	return ERROR_none;
}

static enum allergen allergen_of(struct arena *scratch, const char *name)
{
	enum allergen x = allergen_of_wire(name);
	if (x != ALLERGEN_none)
		return x;
	struct allergen_set said = lexicon_allergens(scratch, name);
	return allergen_first(&said);
}

static struct allergen_set set_of(struct arena *scratch, const char *const *names, size_t n)
{
	struct allergen_set set = { { 0 } };
	for (size_t i = 0; i < n; i++) {
		enum allergen x = allergen_of(scratch, names[i]);
		if (x != ALLERGEN_none)
			allergen_add(&set, x);
	}
	return set;
}

static struct allergen_facts facts_of(struct arena *scratch, const struct menu_item *item)
{
	struct allergen_facts facts = { .declares_ingredients = item->ingredients.n > 0 };
	const struct allergen_info *info = item->allergen_info;
	if (info) {
		facts.contains = set_of(scratch, info->contains.v, info->contains.n);
		facts.may_contain = set_of(scratch, info->may_contain.v, info->may_contain.n);
		facts.free_of = set_of(scratch, info->free_of.v, info->free_of.n);
		facts.reviewed = info->reviewed_at != NULL;
	}
	for (size_t i = 0; i < item->ingredients.n; i++)
		facts.ingredients = allergen_either(facts.ingredients, lexicon_allergens(scratch, item->ingredients.v[i]->name));
	return facts;
}

static struct menu_dish *flatten(struct menu_snapshot *s, struct arena *scratch)
{
	size_t n = 0, at = 0;
	for (size_t i = 0; i < s->menu->categories.n; i++)
		n += s->menu->categories.v[i]->items.n;
	struct menu_dish *dishes = arena_array(s->arena, n ? n : 1, sizeof(*dishes));
	for (size_t i = 0; i < s->menu->categories.n; i++) {
		const struct menu_category *category = s->menu->categories.v[i];
		for (size_t j = 0; j < category->items.n; j++) {
			const struct menu_item *item = category->items.v[j];
			struct menu_dish *dish = &dishes[at++];
			*dish = (struct menu_dish){ .item = item, .category = category, .category_index = (uint32_t)i };
			dish->allergens = facts_of(scratch, item);
			dish->prose = menu_prose_harmless(scratch, item->description, &dish->allergens) ? item->description : NULL;
			dish->prose_words = dish->prose ? words_line(s->arena, words_of(scratch, dish->prose, WORDS_MAX)) : NULL;
		}
	}
	s->dishes = dishes;
	s->dish_count = n;
	return dishes;
}

static void prepare(struct menu_snapshot *s, size_t scratch_max)
{
	struct arena *scratch = arena_new_max(scratch_max);
	menu_index_build(s, flatten(s, scratch), scratch);
	menu_facts_build(s);
	s->system = chat_prompt_system(s->arena, s->restaurant, s->facts);
	arena_free(&scratch);
}

enum error menu_snapshot_new(const char *restaurant_json, const char *categories_json, int64_t version, struct menu_snapshot **snapshot_r)
{
	size_t bytes = strlen(restaurant_json) + strlen(categories_json);
	if (bytes > MENU_SNAPSHOT_JSON_MAX)
		return ERROR_too_big_to_store;
	size_t max = ARENA_LEAST + bytes * ARENA_PER_BYTE;
	struct arena *arena = arena_new_max(max);
	struct menu_snapshot *s = arena_new_of(arena, struct menu_snapshot);
	s->arena = arena;
	s->version = version;
	s->references = 1;
	enum error error = decode(s, restaurant_json, categories_json);
	if (error) {
		arena_free(&arena);
		return error;
	}
	prepare(s, max);
	*snapshot_r = s;
	return ERROR_none;
}

struct menu_snapshot *menu_snapshot_keep(struct menu_snapshot *snapshot)
{
	snapshot->references++;
	return snapshot;
}

void menu_snapshot_drop(struct menu_snapshot **snapshot)
{
	struct menu_snapshot *s = *snapshot;
	*snapshot = NULL;
	if (!s)
		return;
	assert(s->references > 0);
	if (--s->references)
		return;
	struct arena *arena = s->arena;
	arena_free(&arena);
}

const struct menu_word *menu_snapshot_word(const struct menu_snapshot *s, const char *stem)
{
	size_t low = 0, high = s->word_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(s->words[middle].text, stem);
		if (!order)
			return &s->words[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
