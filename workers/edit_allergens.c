/* edit_allergens.c - see edit_allergens.h. */
#include "workers/edit_allergens.h"

#include <stdlib.h>
#include <string.h>

#include "common/allergen_words.h"

#define WORDS_PER_LIST 200
#define MEMBER "/allergen_info"

struct reading {
	struct arena *a;
	struct schema_problems *problems;
	struct allergen_set list[ALLERGEN_LIST_COUNT];
};

static void add_problem(struct reading *r, const char *pointer, const char *message)
{
	edit_problem(r->a, r->problems, pointer, message);
}

static const char *unknown_message(struct arena *a, const char *word, struct allergen_set near)
{
	const char *shown = strlen(word) <= 60 ? word : "this";
	if (!allergen_any(&near))
		return arena_printf(a, "\"%s\" is no allergen that is known here; an ingredient of that name says it, too", shown);
	return arena_printf(a, "\"%s\" is no allergen that is known here; did you mean %s?", shown, allergen_names(a, near, " or "));
}

static void read_word(struct reading *r, enum allergen_list list, const char *pointer, const char *text)
{
	struct allergen_word word = { .set = { { 0 } } };
	enum allergen exact = allergen_of_wire(text);
	if (exact != ALLERGEN_none)
		allergen_add(&word.set, exact);
	else
		word = allergen_word(r->a, text);
	if (exact != ALLERGEN_none)
		word.absent = word.set;
	struct allergen_set meant = list == ALLERGEN_LIST_free_of ? word.absent : word.set;
	if (!allergen_any(&word.set))
		add_problem(r, pointer, unknown_message(r->a, text, word.near));
	else if (!allergen_any(&meant))
		add_problem(r, pointer, arena_printf(r->a, "does not say enough to be declared absent; name what is: %s", allergen_names(r->a, word.set, " or ")));
	r->list[list] = allergen_either(r->list[list], meant);
}

static void read_list(struct reading *r, enum allergen_list list, const char *pointer, const json_t *words)
{
	size_t i;
	json_t *word;
	if (!json_is_array(words) || json_array_size(words) > WORDS_PER_LIST) {
		add_problem(r, pointer, "must be a list of at most 200 names of allergens");
		return;
	}
	json_array_foreach(words, i, word)
	{
		const char *at = arena_printf(r->a, "%s/%zu", pointer, i);
		if (json_is_string(word))
			read_word(r, list, at, json_string_value(word));
		else
			add_problem(r, at, "must be the name of an allergen");
	}
}

static json_t *list_json(const struct allergen_set *set)
{
	json_t *names = json_array();
	for (size_t x = ALLERGEN_none + 1; x < ALLERGEN_COUNT; x++)
		if (allergen_in(set, (enum allergen)x))
			json_array_append_new(names, json_string(allergen_rows[x].wire));
	return names;
}

static bool is_list_name(const char *key, enum allergen_list *list_r)
{
	for (int i = 0; i < ALLERGEN_LIST_COUNT; i++) {
		if (strcmp(key, allergen_list_names[i]) != 0)
			continue;
		*list_r = (enum allergen_list)i;
		return true;
	}
	return false;
}

static void read_member(struct reading *r, json_t *out, const char *key, const json_t *value)
{
	enum allergen_list list;
	const char *pointer = arena_printf(r->a, MEMBER "/%s", key);
	if (is_list_name(key, &list)) {
		read_list(r, list, pointer, value);
		json_object_set_new(out, key, list_json(&r->list[list]));
	} else if (strcmp(key, "reviewed") == 0) {
		if (json_is_boolean(value))
			json_object_set(out, key, (json_t *)value);
		else
			add_problem(r, pointer, "must be true or false");
	} else if (strcmp(key, "reviewed_at") != 0 && strcmp(key, "reviewed_by") != 0) {
		add_problem(r, MEMBER, strlen(key) <= 60 ? arena_printf(r->a, "has no field \"%s\"", key) : "has a field that is not known");
	}
}

/* What is declared absent must not be listed, neither by itself nor by one of its members ("almond" listed, "tree_nuts" absent). */
static void check_absent(struct reading *r)
{
	const struct allergen_set *lists = r->list;
	struct allergen_set listed = allergen_either(lists[ALLERGEN_LIST_contains], lists[ALLERGEN_LIST_may_contain]);
	for (size_t x = ALLERGEN_none + 1; x < ALLERGEN_COUNT; x++) {
		if (!allergen_in(&lists[ALLERGEN_LIST_free_of], (enum allergen)x))
			continue;
		struct allergen_question question = allergen_question((enum allergen)x);
		struct allergen_set both = allergen_both(question.family, listed);
		if (allergen_any(&both))
			add_problem(r, MEMBER "/free_of", arena_printf(r->a, "\"%s\" cannot be absent: %s is listed as well", allergen_rows[x].wire, allergen_names(r->a, both, ", ")));
	}
}

static void check_twice(struct reading *r)
{
	struct allergen_set both = allergen_both(r->list[ALLERGEN_LIST_contains], r->list[ALLERGEN_LIST_may_contain]);
	if (allergen_any(&both))
		add_problem(r, MEMBER "/may_contain", arena_printf(r->a, "%s stands in contains as well: say one of the two", allergen_names(r->a, both, ", ")));
	check_absent(r);
}

const char *edit_allergens(struct arena *a, const json_t *value, struct schema_problems *problems)
{
	struct reading r = { .a = a, .problems = problems };
	size_t before = problems->n;
	const char *key;
	json_t *member, *info = json_object();
	if (json_is_array(value)) {
		read_list(&r, ALLERGEN_LIST_contains, MEMBER, value);
		json_object_set_new(info, "contains", list_json(&r.list[ALLERGEN_LIST_contains]));
	} else if (json_is_object(value)) {
		json_object_foreach((json_t *)value, key, member)
			read_member(&r, info, key, member);
	} else if (!json_is_null(value)) {
		add_problem(&r, MEMBER, "must be an object with the lists contains, may_contain and free_of, or a list of what it contains");
	}
	check_twice(&r);
	json_t *out = json_pack("{s:o}", "allergen_info", json_is_null(value) ? json_null() : json_incref(info));
	char *text = json_dumps(out, JSON_COMPACT);
	const char *result = problems->n == before ? arena_strdup(a, text) : NULL;
	free(text);
	json_decref(out);
	json_decref(info);
	return result;
}
