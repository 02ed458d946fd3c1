/* GET /api/v1/menu/imports/{id} */
#include <string.h>

#include "common/buf.h"
#include "common/pg.h"

#include "schemas.h"

#include "api/access.h"
#include "api/api.h"
#include "api/compact.h"
#include "api/imports.h"
#include "api/router.h"

#define STATE_BYTES_MAX ((size_t)4 << 20)
#define RETRY_S 1

struct reading {
	struct request *request;
	struct pg_call *call;
};

static void on_gone(void *ctx)
{
	struct reading *reading = ctx;
	pg_cancel(&reading->call);
}

/* No worker has read the first chunk yet. */
static void send_taken(struct request *r)
{
	const struct import_counts none = { 0 };
	request_reply_json(r, 200, &schema_import_state,
	                   &(struct import_state){ .id = request_param(r, "id"), .restaurant_id = request_principal(r)->restaurant_id, .status = "receiving", .counts = &none });
}

static void send_state(struct request *r, const char *json)
{
	struct buf b;
	buf_init(&b, STATE_BYTES_MAX);
	compact_json(&b, json);
	if (buf_error(&b))
		request_reply_error(r, ERROR_too_big_to_store, NULL, NULL, 0);
	else
		request_reply(r, 200, "application/json", buf_text(&b), b.len);
	buf_free(&b);
}

static void on_row(void *ctx, const struct pg_result *result)
{
	struct request *r = ((struct reading *)ctx)->request;
	const struct import_get_row *row = result->rows[0].v;
	request_on_gone(r, NULL, NULL);
	request_set_header(r, "cache-control", "no-store");
	if (result->error)
		request_reply_error(r, result->error, NULL, NULL, RETRY_S);
	else if (result->rows[0].n)
		send_state(r, row->body);
	else if (imports_restaurant(request_param(r, "id")))
		send_taken(r);
	else
		request_reply_error(r, ERROR_not_found, NULL, NULL, 0);
}

void import_get_handle(struct request *r, const struct none *body)
{
	(void)body;
	struct reading *reading = arena_new_of(request_arena(r), struct reading);
	struct import_get_params params = { .import_id = request_param(r, "id") };
	reading->request = r;
	reading->call = pg_query(the_api.pg, request_arena(r), request_principal(r)->restaurant_id, import_get, &params, on_row, reading);
	request_on_gone(r, on_gone, reading);
}
