/* GET /api/v1/operations/{id} - what a write came to; for who asked for it. */
#include <string.h>
#include <strings.h>

#include "common/pg.h"
#include "schemas.h"

#include "api/access.h"
#include "api/api.h"
#include "api/edit_answer.h"
#include "api/operation_id.h"
#include "api/router.h"

struct reading {
	struct request *request;
	struct pg_call *call;
};

static void on_gone(void *ctx)
{
	struct reading *reading = ctx;
	pg_cancel(&reading->call);
}

static void send_unfinished(struct request *r)
{
	const char *id = request_param(r, "id");
	struct operation operation = { .id = id, .status = "pending" };
	if (operation_id_valid(id))
		request_reply_json(r, 200, &schema_operation, &operation);
	else
		request_reply_error(r, ERROR_not_found, "There is no such operation.", NULL, 0);
}

static const struct problem *problem_of(struct arena *a, const struct operation_get_row *row)
{
	const struct error_row *error = error_row(edit_error_of((int)row->status));
	struct problem *p = arena_new_of(a, struct problem);
	void *const *errors;
	size_t n;
	*p = (struct problem){ .type = arena_printf(a, "urn:problem:%s", error->name), .title = error->title, .status = row->status, .detail = row->detail };
	if (row->problems && !schema_decode_list(a, &schema_problem_error, row->problems, strlen(row->problems), &errors, &n, NULL)) {
		p->errors.v = (const struct problem_error *const *)errors;
		p->errors.n = n;
	}
	return p;
}

static void send_finished(struct request *r, const struct operation_get_row *row)
{
	bool failed = row->status >= 400;
	struct operation operation = {
		.id = request_param(r, "id"),
		.status = failed ? "failed" : "succeeded",
		.action = row->action,
		.http_status = row->status,
		.has_http_status = true,
		.result = row->result,
		.problem = failed ? problem_of(request_arena(r), row) : NULL,
		.etag = row->etag,
		.menu_version = row->menu_version,
		.has_menu_version = row->menu_version > 0,
		.created_at = row->created_at,
	};
	request_reply_json(r, 200, &schema_operation, &operation);
}

static void on_rows(void *ctx, const struct pg_result *result)
{
	struct request *r = ((struct reading *)ctx)->request;
	const struct operation_get_row *row = result->rows[0].n ? result->rows[0].v : NULL;
	const struct principal *p = request_principal(r);
	request_on_gone(r, NULL, NULL);
	if (result->error)
		request_reply_error(r, result->error, NULL, NULL, 0);
	else if (!row)
		send_unfinished(r);
	else if (p->platform || (row->user_id && p->user_id && !strcasecmp(row->user_id, p->user_id)))
		send_finished(r, row);
	else
		request_reply_error(r, ERROR_not_found, "There is no such operation.", NULL, 0);
}

void operation_get_handle(struct request *r, const struct none *body)
{
	struct reading *reading = arena_new_of(request_arena(r), struct reading);
	(void)body;
	reading->request = r;
	request_on_gone(r, on_gone, reading);
	reading->call = pg_query(the_api.pg, request_arena(r), NULL, operation_get, &(struct operation_get_params){ .id = request_param(r, "id") }, on_rows, reading);
}
