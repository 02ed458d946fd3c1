/* GET /api/v1/menu/imports/{id}/rows - the preview's rows; as CSV those that failed, to be corrected and sent again. */
#include <string.h>

#include "common/csv_write.h"

#include "api/access.h"
#include "api/csv_stream.h"
#include "api/listing.h"
#include "api/router.h"

#define PAGE_ROWS 2000
#define CELLS_MAX 65 /* a file's columns, and `error` */

struct failed {
	struct import_failed_params params;
};

static void write_cells(struct buf *out, const struct query_texts *cells, size_t columns, const char *last)
{
	const char *row[CELLS_MAX];
	for (size_t i = 0; i < columns; i++)
		row[i] = i < cells->n ? cells->v[i] : NULL;
	row[columns] = last;
	csv_row(out, row, columns + 1);
}

static bool write_page(void *ctx, struct buf *out, const struct pg_rows *rows, bool first, int64_t *count_r)
{
	struct failed *x = ctx;
	const struct import_failed_row *row = rows->v;
	if (!rows->n)
		return false;
	size_t columns = row->headers.n < CELLS_MAX - 1 ? row->headers.n : CELLS_MAX - 1;
	if (first)
		write_cells(out, &row->headers, columns, "error");
	for (size_t i = 0; i < rows->n; i++) {
		if (!row[i].error && !row[i].number)
			continue;
		write_cells(out, &row[i].cells, columns, row[i].error);
		x->params.after = row[i].number;
		++*count_r;
	}
	return true;
}

static void send_failed(struct request *r)
{
	struct arena *a = csv_stream_arena();
	struct failed *x = arena_new_of(a, struct failed);
	x->params = (struct import_failed_params){ .import_id = arena_strdup(a, request_param(r, "id")), .limit_ = PAGE_ROWS };
	csv_stream_answer(r, a,
	                  &(struct csv_source){
				  .file_name = "failed-rows.csv",
				  .tenant = arena_strdup(a, request_principal(r)->restaurant_id),
				  .query = QUERY_import_failed,
				  .params = &x->params,
				  .page = PAGE_ROWS,
				  .write = write_page,
				  .ctx = x,
			  });
}

void import_rows_handle(struct request *r, const struct none *body)
{
	(void)body;
	const char *outcome = request_query_choice(r, "outcome");
	if (request_accepts(r, "text/csv")) {
		send_failed(r);
		return;
	}
	struct import_rows_params params = {
		.import_id = request_param(r, "id"),
		.outcome = strcmp(outcome, "all") != 0 ? outcome : NULL,
		.limit_ = request_query_int(r, "limit"),
		.offset_ = request_query_int(r, "offset"),
	};
	listing_ask(r, request_principal(r)->restaurant_id, QUERY_import_rows, &params);
}
