#include "common/clock.h"

#include "api/api.h"
#include "api/router.h"

/* Liveness: the loop turns. A process that drains says so, so that a balancer takes it out. */
void health_handle(struct request *r, const struct none *body)
{
	(void)body;
	char now[CLOCK_TEXT];
	clock_text(clock_wall_ms(), now);
	struct health h = { .status = the_api.draining ? "unhealthy" : "healthy", .timestamp = now, .version = API_VERSION };
	request_reply_json(r, the_api.draining ? 503 : 200, &schema_health, &h);
}
