/* GET /api/v1/menu/items/{id} - a restaurant's dishes: all, or those that are looked for. */
#include <string.h>

#include "api/item_csv.h"
#include "api/listing.h"
#include "api/request.h"
#include "api/router.h"
#include "api/without.h"

#define TAGS_MAX 20

struct looking {
	struct item_list_params params;
	struct without without;
};

static struct query_texts split_tags(struct arena *a, const char *text)
{
	const char **v = arena_array(a, TAGS_MAX, sizeof(*v));
	size_t n = 0;
	for (const char *at = text; at && *at && n < TAGS_MAX;) {
		at += strspn(at, ", ");
		size_t len = strcspn(at, ",");
		const char *next = at + len;
		while (len && at[len - 1] == ' ')
			len--;
		if (len)
			v[n++] = arena_strndup(a, at, len);
		at = next;
	}
	return (struct query_texts){ v, n };
}

static void look(struct request *r, void *ctx)
{
	struct looking *l = ctx;
	struct without *w = &l->without;
	l->params.listed = w->listed;
	l->params.asked = w->asked;
	l->params.above = w->above;
	l->params.regulated = w->regulated;
	l->params.suspects = w->suspects;
	listing_ask(r, request_param(r, "id"), QUERY_item_list, &l->params);
}

void item_list_handle(struct request *r, const struct none *body)
{
	(void)body;
	struct arena *a = request_arena(r);
	if (!strcmp(request_query_choice(r, "format"), "csv")) {
		item_csv_send(r, request_param(r, "id"));
		return;
	}
	struct looking *l = arena_new_of(a, struct looking);
	const char *without = request_query(r, "without"), *why;
	l->params = (struct item_list_params){
		.q = request_query(r, "q"),
		.category = request_query(r, "category"),
		.tags = split_tags(a, request_query(r, "tags")),
		.limit_ = request_query_int(r, "limit"),
		.offset_ = request_query_int(r, "offset"),
	};
	if (!without) {
		look(r, l);
		return;
	}
	if (without_parse(a, without, &l->without, &why)) {
		without_ask(r, request_param(r, "id"), &l->without, look, l);
		return;
	}
	struct schema_problems problems = { .n = 1, .v = { { "/query/without", why } } };
	request_reply_error(r, ERROR_invalid, "A query parameter is not valid.", &problems, 0);
}
