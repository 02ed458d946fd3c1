/* GET /api/v1/auth/me - who the token's owner is. */
#include "common/pg.h"

#include "api/access.h"
#include "api/api.h"
#include "api/compact.h"
#include "api/router.h"

#define USER_BYTES_MAX ((size_t)1 << 20)

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
	const struct user_get_row *row = result->rows[0].v;
	if (result->error || !result->rows[0].n) {
		request_reply_error(r, result->error ? result->error : ERROR_unauthorized, NULL, NULL, 0);
		return;
	}
	struct buf b;
	buf_init(&b, USER_BYTES_MAX);
	compact_json(&b, row->body);
	request_set_header(r, "cache-control", "no-store");
	request_reply(r, 200, "application/json", buf_text(&b), b.len);
	buf_free(&b);
}

void auth_me_handle(struct request *r, const struct none *body)
{
	(void)body;
	struct reading *reading = arena_new_of(request_arena(r), struct reading);
	reading->request = r;
	request_on_gone(r, on_gone, reading);
	reading->call = pg_query(the_api.pg, request_arena(r), NULL, user_get, &(struct user_get_params){ .id = request_principal(r)->user_id }, on_rows, reading);
}
