/* GET /api/v1/chat/{slug}/analytics/rows?metric= - the rows behind a number. */
#include "api/access.h"
#include "api/listing.h"
#include "api/router.h"

void chat_analytics_rows_get_handle(struct request *r, const struct none *body)
{
	struct analytics_rows_params params = {
		.metric = request_query(r, "metric"),
		.from_ = request_query(r, "from"),
		.to_ = request_query(r, "to"),
		.limit_ = request_query_int(r, "limit"),
		.offset_ = request_query_int(r, "offset"),
	};
	(void)body;
	listing_ask(r, request_principal(r)->restaurant_id, QUERY_analytics_rows, &params);
}
