/* single.c - see single.h. */
#include "api/single.h"

#include "common/buf.h"
#include "common/pg.h"

#include "api/api.h"
#include "api/compact.h"
#include "api/request.h"

#define BODY_BYTES_MAX ((size_t)16 << 20)
#define RETRY_S 1

struct single_row {
	const char *body;
};

struct single {
	struct request *request;
	struct pg_call *call;
	const char *missing;
};

static void on_gone(void *ctx)
{
	struct single *s = ctx;
	pg_cancel(&s->call);
}

static void send_body(struct request *r, const char *json)
{
	struct buf b;
	buf_init(&b, BODY_BYTES_MAX);
	compact_json(&b, json);
	request_set_header(r, "cache-control", "no-store");
	if (buf_error(&b))
		request_reply_error(r, ERROR_too_big_to_store, NULL, NULL, 0);
	else
		request_reply(r, 200, "application/json", buf_text(&b), b.len);
	buf_free(&b);
}

static void on_row(void *ctx, const struct pg_result *result)
{
	struct single *s = ctx;
	struct request *r = s->request;
	const struct single_row *row = result->rows[0].n ? result->rows[0].v : NULL;
	request_on_gone(r, NULL, NULL);
	if (result->error)
		request_reply_error(r, result->error, NULL, NULL, RETRY_S);
	else if (!row || !row->body)
		request_reply_error(r, ERROR_not_found, s->missing, NULL, 0);
	else
		send_body(r, row->body);
}

void single_ask(struct request *r, const char *tenant, enum query_id query, const void *params, const char *missing)
{
	struct single *s = arena_new_of(request_arena(r), struct single);
	struct pg_statement statement = { query, params };
	s->request = r;
	s->missing = missing;
	s->call = pg_run(the_api.pg, request_arena(r), tenant, &statement, 1, on_row, s);
	request_on_gone(r, on_gone, s);
}
