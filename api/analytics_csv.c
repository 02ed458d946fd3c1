/* analytics_csv.c - see analytics_csv.h. */
#include "api/analytics_csv.h"

#include "common/csv_write.h"

#include "api/csv_stream.h"
#include "api/request.h"

#define PAGE_ROWS 5000

static const char *const columns[] = { "at", "metric", "value" };

static bool write_page(void *ctx, struct buf *out, const struct pg_rows *rows, bool first, int64_t *count_r)
{
	const struct analytics_table_row *row = rows->v;
	(void)ctx;
	if (!rows->n)
		return !first; /* it always has a row while there is such a period */
	if (first)
		csv_row(out, columns, 3);
	struct arena *a = arena_new();
	for (size_t i = 0; i < rows->n; i++) {
		if (!row[i].metric)
			continue;
		csv_row(out, (const char *[]){ row[i].at, row[i].metric, arena_printf(a, "%lld", (long long)row[i].n) }, 3);
		++*count_r;
	}
	arena_free(&a);
	return true;
}

void analytics_csv_send(struct request *r, const char *restaurant_id, const struct analytics_report_params *period)
{
	struct arena *a = csv_stream_arena();
	struct analytics_table_params *params = arena_new_of(a, struct analytics_table_params);
	*params = (struct analytics_table_params){ .from_ = period->from_ ? arena_strdup(a, period->from_) : NULL, .to_ = period->to_ ? arena_strdup(a, period->to_) : NULL, .by_ = arena_strdup(a, period->by_), .limit_ = PAGE_ROWS };
	csv_stream_answer(r, a,
	                  &(struct csv_source){
				  .file_name = "analytics.csv",
				  .tenant = arena_strdup(a, restaurant_id),
				  .query = QUERY_analytics_table,
				  .params = params,
				  .offset = &params->offset_,
				  .page = PAGE_ROWS,
				  .write = write_page,
			  });
}
