#include "api/without.h"

#include <jansson.h>
#include <string.h>

#include "common/allergen_words.h"
#include "common/pg.h"

#include "api/api.h"
#include "api/request.h"

#define NAMES_AT_ONCE 5000
#define NAMES_ROUNDS_MAX 40 /* 200,000 ingredients */
#define LOWEST_ID "00000000-0000-0000-0000-000000000000"
#define RETRY_S 1

/* --- the question --- */

/* The words between two commas, without the blanks around them; NULL at the end. */
static const char *next_words(struct arena *a, const char **at)
{
	const char *from = *at + strspn(*at, ", \t");
	if (!*from)
		return NULL;
	size_t len = strcspn(from, ",");
	*at = from + len;
	while (len && (from[len - 1] == ' ' || from[len - 1] == '\t'))
		len--;
	return arena_strndup(a, from, len);
}

static struct query_texts wires_of(struct arena *a, const struct allergen_set *set)
{
	const char **v = arena_array(a, ALLERGEN_COUNT, sizeof(*v));
	size_t n = 0;
	for (int i = 1; i < ALLERGEN_COUNT; i++)
		if (allergen_in(set, (enum allergen)i))
			v[n++] = allergen_rows[i].wire;
	return (struct query_texts){ v, n };
}

static void prepare(struct arena *a, const struct allergen_set *asked, struct without *w)
{
	struct allergen_set listed = { { 0 } };
	const char **above = arena_array(a, ALLERGEN_COUNT, sizeof(*above));
	bool *regulated = arena_array(a, ALLERGEN_COUNT, sizeof(*regulated));
	size_t n = 0;
	*w = (struct without){ .asked = wires_of(a, asked) };
	for (int i = 1; i < ALLERGEN_COUNT; i++) {
		if (!allergen_in(asked, (enum allergen)i))
			continue;
		struct allergen_question q = allergen_question((enum allergen)i);
		w->family = allergen_either(w->family, q.family);
		listed = allergen_either(listed, allergen_either(q.family, allergen_either(q.above, q.siblings)));
		above[n] = allergen_rows[allergen_rows[i].parent].wire;
		regulated[n++] = allergen_rows[i].regulated;
	}
	w->listed = wires_of(a, &listed);
	w->above = (struct query_texts){ above, n };
	w->regulated = (struct query_bools){ regulated, n };
}

bool without_parse(struct arena *a, const char *text, struct without *w, const char **why_r)
{
	struct allergen_set asked = { { 0 } };
	const char *at = text, *words;
	while ((words = next_words(a, &at))) {
		struct allergen_word word = allergen_word(a, words);
		if (!allergen_any(&word.set)) {
			const char *near = allergen_names(a, word.near, " or ");
			*why_r = arena_printf(a, *near ? "\"%s\" is no allergen that is known here; did you mean %s?" : "\"%s\" is no allergen that is known here%s", words, near);
			return false;
		}
		asked = allergen_either(asked, word.set);
	}
	if (!allergen_any(&asked)) {
		*why_r = "names no allergen";
		return false;
	}
	prepare(a, &asked, w);
	return true;
}

/* --- the ingredients that stand for it --- */

struct asking {
	struct request *request;
	const char *restaurant_id;
	struct without *without;
	without_fn *next;
	void *ctx;
	struct pg_call *call;
	int rounds;
	const char **suspects;
	size_t n, room;
};

static void ask_names(struct asking *g, const char *after_name, const char *after_id);

static void on_gone(void *ctx)
{
	struct asking *g = ctx;
	pg_cancel(&g->call);
}

static bool list_names(const json_t *list, const struct allergen_set *family)
{
	size_t i;
	json_t *entry;
	json_array_foreach((json_t *)list, i, entry)
	{
		const char *wire = json_string_value(entry);
		if (wire && allergen_in(family, allergen_of_wire(wire)))
			return true;
	}
	return false;
}

/* Is the ingredient itself declared to contain it, or perhaps to? */
static bool declared(const char *allergen_info, const struct allergen_set *family)
{
	json_t *info = json_loads(allergen_info, 0, NULL);
	bool yes = list_names(json_object_get(info, "contains"), family) || list_names(json_object_get(info, "may_contain"), family);
	json_decref(info);
	return yes;
}

static void suspect(struct asking *g, const char *id)
{
	struct arena *a = request_arena(g->request);
	if (g->n == g->room) {
		const char **more = arena_array(a, 2 * g->room + 32, sizeof(*more));
		if (g->n)
			memcpy(more, g->suspects, g->n * sizeof(*more));
		g->suspects = more;
		g->room = 2 * g->room + 32;
	}
	g->suspects[g->n++] = id;
}

static void look_at(struct asking *g, const struct ingredient_names_row *row)
{
	const struct allergen_set *family = &g->without->family;
	struct allergen_set said = allergens_named(request_arena(g->request), row->name);
	said = allergen_both(said, *family);
	if (allergen_any(&said) || declared(row->allergen_info, family))
		suspect(g, row->id);
}

static void on_names(void *ctx, const struct pg_result *result)
{
	struct asking *g = ctx;
	const struct ingredient_names_row *rows = result->rows[0].v;
	size_t n = result->rows[0].n;
	request_on_gone(g->request, NULL, NULL);
	if (result->error || (n == NAMES_AT_ONCE && g->rounds == NAMES_ROUNDS_MAX)) {
		request_reply_error(g->request, result->error ? result->error : ERROR_overloaded, NULL, NULL, RETRY_S);
		return;
	}
	for (size_t i = 0; i < n; i++)
		look_at(g, &rows[i]);
	if (n == NAMES_AT_ONCE) {
		ask_names(g, rows[n - 1].name, rows[n - 1].id);
		return;
	}
	g->without->suspects = (struct query_texts){ g->suspects, g->n };
	g->next(g->request, g->ctx);
}

static void ask_names(struct asking *g, const char *after_name, const char *after_id)
{
	struct ingredient_names_params params = { .after_name = after_name, .after_id = after_id, .limit_ = NAMES_AT_ONCE };
	g->rounds++;
	g->call = pg_query(the_api.pg, request_arena(g->request), g->restaurant_id, ingredient_names, &params, on_names, g);
	request_on_gone(g->request, on_gone, g);
}

void without_ask(struct request *r, const char *restaurant_id, struct without *w, without_fn *next, void *ctx)
{
	struct asking *g = arena_new_of(request_arena(r), struct asking);
	*g = (struct asking){ .request = r, .restaurant_id = restaurant_id, .without = w, .next = next, .ctx = ctx };
	ask_names(g, "", LOWEST_ID);
}
