#include "common/metric.h"

#include "api/api.h"
#include "api/router.h"
#include "api/server.h"

#define METRICS_BYTES_MAX ((size_t)8 << 20)

void metrics_handle(struct request *r, const struct none *body)
{
	(void)body;
	struct buf b;
	buf_init(&b, METRICS_BYTES_MAX);
	metric_set(METRIC_http_connections, (double)server_connections(the_api.server));
	if (metric_print(&b))
		request_reply_error(r, ERROR_too_big_to_store, NULL, NULL, 0);
	else
		request_reply(r, 200, route_rows[ROUTE_metrics].out_name, buf_text(&b), b.len);
	buf_free(&b);
}
