/* GET /api/v1/chat/{slug}/suggestions - questions to start with, about what can be ordered now. */
#include <string.h>

#include "api/api.h"
#include "api/chat.h"
#include "api/place.h"
#include "api/router.h"
#include "common/buf.h"

#define SUGGESTIONS_MAX 5
#define BODY_MAX (32 << 10)

struct reading {
	struct request *request;
	struct pg_call *call;
};

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

/* Questions only: what is true about a dish is for the answer to say. */
static void write_suggestions(struct buf *b, struct arena *a, const struct suggestion_items_row *rows, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n && count < SUGGESTIONS_MAX - 2; i++) {
		if (!is_new_category(rows, i))
			continue;
		add(b, arena_printf(a, count % 2 == 0 ? "Tell me about the %s" : "What is in the %s?", rows[i].name));
		count++;
	}
	if (n > 0)
		add(b, "What do you recommend today?");
	add(b, "Which dishes are free of nuts?");
	buf_char(b, ']');
}

static void on_rows(void *ctx, const struct pg_result *result)
{
	struct reading *reading = ctx;
	struct request *r = reading->request;
	struct buf b;

	request_on_gone(r, NULL, NULL);
	if (result->error != ERROR_none) {
		request_reply_error(r, result->error, NULL, NULL, CHAT_RETRY_S);
		return;
	}
	buf_init(&b, BODY_MAX);
	write_suggestions(&b, request_arena(r), result->rows[0].v, result->rows[0].n);
	if (buf_error(&b) == ERROR_none)
		request_reply(r, 200, "application/json", b.data, b.len);
	else
		request_reply(r, 200, "application/json", "[]", 2);
	buf_free(&b);
}

static void on_gone(void *ctx)
{
	struct reading *reading = ctx;

	pg_cancel(&reading->call);
}

static void with_place(struct request *r, const struct menu_restaurant *found, void *ctx)
{
	struct reading *reading = arena_new_of(request_arena(r), struct reading);

	(void)ctx;
	reading->request = r;
	request_on_gone(r, on_gone, reading);
	reading->call = pg_query(the_api.pg, request_arena(r), found->id, suggestion_items, &(struct suggestion_items_params){}, on_rows, reading);
}

void chat_suggestions_get_handle(struct request *r, const struct none *in)
{
	(void)in;
	place_find(r, with_place, NULL);
}
