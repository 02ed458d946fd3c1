/* upkeep.c - see upkeep.h. */
#include "workers/upkeep.h"

#include <stdlib.h>

#include "common/log.h"

struct upkeep {
	struct worker *worker;
	uv_timer_t timer;
	struct arena *arena; /* of the query under way */
};

static void on_gone(void *ctx, const struct pg_result *result)
{
	struct upkeep *u = ctx;
	const struct operation_tidy_row *row = result->rows[0].v;
	if (result->error)
		log_event(LOG_warn, "upkeep.failed", LOG_S("error", error_row(result->error)->name), LOG_S("detail", result->detail));
	else if (result->rows[0].n && row->gone)
		log_event(LOG_info, "upkeep.operations", LOG_I("gone", row->gone));
	arena_free(&u->arena);
}

static void on_timer(uv_timer_t *timer)
{
	struct upkeep *u = timer->data;
	if (u->arena || u->worker->draining || !pg_ready(u->worker->pg))
		return;
	u->arena = arena_new();
	pg_query(u->worker->pg, u->arena, NULL, operation_tidy, (&(struct operation_tidy_params){ .kept_days = OPERATION_KEPT_DAYS }), on_gone, u);
}

enum error upkeep_new(struct worker *w, struct upkeep **upkeep_r)
{
	struct upkeep *u = calloc(1, sizeof(*u));
	if (!u || uv_timer_init(w->loop, &u->timer)) {
		free(u);
		return ERROR_internal;
	}
	u->worker = w;
	u->timer.data = u;
	uv_timer_start(&u->timer, on_timer, UPKEEP_MS, UPKEEP_MS);
	*upkeep_r = u;
	return ERROR_none;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void upkeep_free(struct upkeep **upkeep)
{
	struct upkeep *u = *upkeep;
	*upkeep = NULL;
	if (!u)
		return;
	arena_free(&u->arena);
	uv_close((uv_handle_t *)&u->timer, on_closed);
}
