/* GET /api/v1/chat/{slug}/messages?session_id= - the conversation so far, the newest `limit` messages in the order they were written. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/chat.h"
#include "api/place.h"
#include "api/router.h"

struct reading {
	struct request *request;
	struct pg_call *call;
};

static void on_rows(void *ctx, const struct pg_result *result)
{
	struct reading *reading = ctx;
	struct request *r = reading->request;
	const struct message_list_row *row = result->rows[0].v;
	const char *body = "[]";
	int64_t total = 0;

	request_on_gone(r, NULL, NULL);
	if (result->error != ERROR_none) {
		request_reply_error(r, result->error, NULL, NULL, CHAT_RETRY_S);
		return;
	}
	if (result->rows[0].n > 0 && row->body != NULL) {
		body = row->body;
		total = row->total;
	}
	request_set_header(r, "X-Total-Count", arena_printf(request_arena(r), "%lld", (long long)total));
	request_set_header(r, "Cache-Control", "no-store");
	request_reply(r, 200, "application/json", body, strlen(body));
}

static void on_gone(void *ctx)
{
	struct reading *reading = ctx;

	pg_cancel(&reading->call);
}

/* The router has checked that it is a number in its range. */
static int64_t number(struct request *r, const char *name, int64_t fallback)
{
	const char *text = request_query(r, name);
	return text == NULL ? fallback : strtoll(text, NULL, 10);
}

static void with_place(struct request *r, const struct menu_restaurant *found, void *ctx)
{
	struct reading *reading = arena_new_of(request_arena(r), struct reading);
	struct message_list_params params = {
		.session_id = request_query(r, "session_id"),
		.limit_ = number(r, "limit", 50),
		.offset_ = number(r, "offset", 0),
	};

	(void)ctx;
	reading->request = r;
	request_on_gone(r, on_gone, reading);
	reading->call = pg_query(the_api.pg, request_arena(r), found->id, message_list, &params, on_rows, reading);
}

void chat_messages_get_handle(struct request *r, const struct none *in)
{
	(void)in;
	place_find(r, with_place, NULL);
}
