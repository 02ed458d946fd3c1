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

void single_reply(struct request *r, int status, const char *json, size_t bytes_max)
{
	struct buf b;
	buf_init(&b, bytes_max);
	compact_json(&b, json);
	request_set_header(r, "cache-control", "no-store");
	if (buf_error(&b))
		request_reply_error(r, ERROR_too_big_to_store, NULL, NULL, 0);
	else
		request_reply(r, status, "application/json", buf_text(&b), b.len);
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
		single_reply(r, 200, row->body, BODY_BYTES_MAX);
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
