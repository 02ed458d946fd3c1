/* GET /api/v1/chat/{slug}/analytics - what happened between two times, each number with the filter that lists its rows. */
#include <string.h>

#include "api/access.h"
#include "api/analytics_csv.h"
#include "api/router.h"
#include "api/single.h"

void chat_analytics_get_handle(struct request *r, const struct none *body)
{
	struct analytics_report_params params = { .from_ = request_query(r, "from"), .to_ = request_query(r, "to"), .by_ = request_query_choice(r, "by") };
	(void)body;
	if (strcmp(request_query_choice(r, "format"), "csv") == 0)
		analytics_csv_send(r, request_principal(r)->restaurant_id, &params);
	else
		single_ask(r, request_principal(r)->restaurant_id, QUERY_analytics_report, &params, "There is no such period: it must not be empty, and may have ten years by day and 63 days by hour.");
}
