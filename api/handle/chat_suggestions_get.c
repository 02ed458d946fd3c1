/* GET /api/v1/chat/{slug}/suggestions - questions to start with, in the guest's language, about dishes that can be ordered now and fit the session's profile.
 *
 * With an allergy in the profile only dishes that are known to be free of it are named, as in every answer; with one that no table knows none is. */
#include <string.h>

#include "api/api.h"
#include "api/chat.h"
#include "api/place.h"
#include "api/router.h"
#include "api/starters.h"
#include "api/without.h"
#include "common/buf.h"
#include "schemas.h"

#define DISHES_NAMED 3
#define BODY_MAX (32 << 10)

struct reading {
	struct request *request;
	struct pg_call *call;
	char restaurant_id[ID_TEXT];
	const struct starter *starter;
	struct without without;
	struct suggestion_items_params params;
};

/* --- the answer --- */

static void add(struct buf *b, const char *text)
{
	buf_str(b, b->len == 0 ? "[" : ",");
	buf_json_string(b, text);
}

static bool is_new_category(const struct suggestion_items_row *rows, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(rows[k].category, rows[i].category) == 0)
			return false;
	return true;
}

/* A starter with the dish's name in its place: formats are ours, names are not. */
static void add_about(struct buf *b, struct arena *a, const char *format, const char *name)
{
	const char *at = strstr(format, "%s");

	add(b, arena_printf(a, "%.*s%s%s", (int)(at - format), format, name, at + 2));
}

/* Questions only: what is true about a dish is for the answer to say. */
static void write_suggestions(struct buf *b, struct arena *a, const struct starter *s, const struct suggestion_items_row *rows, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n && count < DISHES_NAMED; i++) {
		if (!is_new_category(rows, i))
			continue;
		add_about(b, a, count % 2 == 0 ? s->about : s->contents, rows[i].name);
		count++;
	}
	add(b, s->pick);
	add(b, s->menu);
	buf_char(b, ']');
}

static void answer(struct reading *reading, const struct suggestion_items_row *rows, size_t n)
{
	struct request *r = reading->request;
	struct buf b;

	buf_init(&b, BODY_MAX);
	write_suggestions(&b, request_arena(r), reading->starter, rows, n);
	request_set_header(r, "Content-Language", reading->starter->language);
	request_set_header(r, "Vary", "Accept-Language");
	request_set_header(r, "Cache-Control", "no-store");
	if (buf_error(&b) == ERROR_none)
		request_reply(r, 200, "application/json", b.data, b.len);
	else
		request_reply(r, 200, "application/json", "[]", 2);
	buf_free(&b);
}

/* --- what fits --- */

static void on_gone(void *ctx)
{
	struct reading *reading = ctx;

	pg_cancel(&reading->call);
}

static bool refused(struct reading *reading, const struct pg_result *result)
{
	request_on_gone(reading->request, NULL, NULL);
	if (result->error != ERROR_none)
		request_reply_error(reading->request, result->error, NULL, NULL, CHAT_RETRY_S);
	return result->error != ERROR_none;
}

static void on_dishes(void *ctx, const struct pg_result *result)
{
	struct reading *reading = ctx;

	if (!refused(reading, result))
		answer(reading, result->rows[0].v, result->rows[0].n);
}

static void ask_dishes(struct request *r, void *ctx)
{
	struct reading *reading = ctx;
	const struct without *w = &reading->without;

	reading->params.listed = w->listed;
	reading->params.asked = w->asked;
	reading->params.above = w->above;
	reading->params.regulated = w->regulated;
	reading->params.suspects = w->suspects;
	request_on_gone(r, on_gone, reading);
	reading->call = pg_query(the_api.pg, request_arena(r), reading->restaurant_id, suggestion_items, &reading->params, on_dishes, reading);
}

static bool has(const struct profile *profile, const char *diet)
{
	for (size_t i = 0; i < profile->diets.n; i++)
		if (strcmp(profile->diets.v[i], diet) == 0)
			return true;
	return false;
}

/* A vegetarian may have what is vegan. */
static struct query_texts tags_for(struct arena *a, const struct profile *profile)
{
	const char **v = arena_array(a, 2, sizeof(*v));
	size_t n = 0;

	if (has(profile, "vegan") || has(profile, "vegetarian"))
		v[n++] = "vegan";
	if (n > 0 && !has(profile, "vegan"))
		v[n++] = "vegetarian";
	return (struct query_texts){ v, n };
}

static void with_profile(struct reading *reading, const struct profile *profile)
{
	struct request *r = reading->request;
	struct arena *a = request_arena(r);
	const char *words = "", *why;

	for (size_t i = 0; i < profile->allergies.n; i++)
		words = arena_printf(a, "%s%s%s", words, i > 0 ? "," : "", profile->allergies.v[i]);
	reading->params.tags = tags_for(a, profile);
	if (profile->allergies.n == 0)
		ask_dishes(r, reading);
	else if (without_parse(a, words, &reading->without, &why))
		without_ask(r, reading->restaurant_id, &reading->without, ask_dishes, reading);
	else
		answer(reading, NULL, 0);
}

static void on_profile(void *ctx, const struct pg_result *result)
{
	struct reading *reading = ctx;
	const struct session_profile_row *row = result->rows[0].v;
	struct profile profile = { 0 };

	if (refused(reading, result))
		return;
	if (result->rows[0].n == 0)
		ask_dishes(reading->request, reading);
	else if (schema_decode(request_arena(reading->request), &schema_profile, row->profile, strlen(row->profile), &profile, NULL) == ERROR_none)
		with_profile(reading, &profile);
	else
		answer(reading, NULL, 0); /* what the guest must not eat is not known */
}

static void with_place(struct request *r, const struct menu_restaurant *found, void *ctx)
{
	struct reading *reading = arena_new_of(request_arena(r), struct reading);
	const struct avatar_config *avatar = found->restaurant->avatar_config;
	const char *wanted = request_query(r, "lang");
	const char *session = request_query(r, "session_id");

	(void)ctx;
	reading->request = r;
	memcpy(reading->restaurant_id, found->id, strlen(found->id) + 1);
	reading->starter = starter_for(wanted != NULL ? wanted : request_header(r, "accept-language"), avatar != NULL && avatar->voice != NULL ? avatar->voice->lang : NULL);
	if (session == NULL) {
		ask_dishes(r, reading);
		return;
	}
	request_on_gone(r, on_gone, reading);
	reading->call = pg_query(the_api.pg, request_arena(r), found->id, session_profile, &(struct session_profile_params){ .session_id = session }, on_profile, reading);
}

void chat_suggestions_get_handle(struct request *r, const struct none *in)
{
	(void)in;
	place_find(r, with_place, NULL);
}
