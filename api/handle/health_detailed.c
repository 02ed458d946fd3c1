#include "schemas.h"

#include "api/health.h"
#include "api/router.h"

struct waiting {
	struct request *request;
	struct health_run *run;
};

static void on_gone(void *ctx)
{
	health_cancel(&((struct waiting *)ctx)->run);
}

static void on_checked(void *ctx, const struct health_detailed *health, bool healthy)
{
	struct waiting *w = ctx;
	w->run = NULL;
	request_reply_json(w->request, healthy ? 200 : 503, &schema_health_detailed, health);
}

void health_detailed_handle(struct request *r, const struct none *body)
{
	(void)body;
	struct waiting *w = arena_new_of(request_arena(r), struct waiting);
	w->request = r;
	w->run = health_check_all(on_checked, w);
	request_on_gone(r, on_gone, w);
}
