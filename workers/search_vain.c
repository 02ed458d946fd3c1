/* search_vain.c - see search_vain.h. */
#include "workers/search_vain.h"

#include <jansson.h>
#include <string.h>

#include "common/text.h"
#include "workers/chat_lexicon.h"

#define QUERY_MIN 3 /* characters; less is a word that was not typed to its end */
#define WORDS_READ 12

static const char *food_in(const char *query)
{
	struct arena *a = arena_new();
	struct words words = words_of(a, query, WORDS_READ);
	enum food food = FOOD_none;
	for (size_t i = 0; i < words.n && food == FOOD_none; i++) {
		food = lexicon_at(&words.v[i], words.n - i).food;
		if (food == FOOD_none)
			food = lexicon_near(&words.v[i]).food;
	}
	arena_free(&a);
	return food == FOOD_none ? "something_else" : lexicon_food_name(food);
}

bool search_vain_read(const struct interaction *e, struct search_vain *vain_r)
{
	if (e->bot || strcmp(e->type, "search") != 0 || !e->data)
		return false;
	json_t *data = json_loads(e->data, 0, NULL);
	const json_t *found = json_object_get(data, "results");
	const char *query = json_string_value(json_object_get(data, "query"));
	bool vain = query && json_is_integer(found) && json_integer_value(found) == 0 && utf8_length(query, strlen(query)) >= QUERY_MIN;
	if (vain) {
		size_t len = utf8_cut(query, strlen(query), SEARCH_QUERY_BYTES);
		memcpy(vain_r->query, query, len);
		vain_r->query[len] = '\0';
		vain_r->food = food_in(vain_r->query);
	}
	json_decref(data);
	return vain;
}
