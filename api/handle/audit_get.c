/* GET /api/v1/restaurants/{slug}/audit - who changed what, newest first. */

#include "common/pg.h"

#include "api/access.h"
#include "api/api.h"
#include "api/compact.h"
#include "api/router.h"

#define LIST_BYTES_MAX ((size_t)8 << 20)

struct reading {
	struct request *request;
	struct pg_call *call;
};

static void on_gone(void *ctx)
{
	struct reading *reading = ctx;
	pg_cancel(&reading->call);
}

static void on_rows(void *ctx, const struct pg_result *result)
{
	struct request *r = ((struct reading *)ctx)->request;
	const struct audit_list_row *row = result->rows[0].v;
	struct buf b;
	request_on_gone(r, NULL, NULL);
	if (result->error || !result->rows[0].n) {
		request_reply_error(r, result->error ? result->error : ERROR_internal, NULL, NULL, 0);
		return;
	}
	request_set_header(r, "x-total-count", arena_printf(request_arena(r), "%lld", (long long)row->total));
	buf_init(&b, LIST_BYTES_MAX);
	compact_json(&b, row->body);
	if (buf_error(&b))
		request_reply_error(r, ERROR_too_big_to_store, NULL, NULL, 0);
	else
		request_reply(r, 200, "application/json", buf_text(&b), b.len);
	buf_free(&b);
}

void audit_get_handle(struct request *r, const struct none *body)
{
	struct reading *reading = arena_new_of(request_arena(r), struct reading);
	struct audit_list_params params = { .limit_ = request_query_int(r, "limit"), .offset_ = request_query_int(r, "offset") };
	(void)body;
	reading->request = r;
	request_on_gone(r, on_gone, reading);
	reading->call = pg_query(the_api.pg, request_arena(r), request_principal(r)->restaurant_id, audit_list, &params, on_rows, reading);
}
