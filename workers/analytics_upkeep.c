/* analytics_upkeep.c - see analytics_upkeep.h. */
#include "workers/analytics_upkeep.h"

#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/metric.h"
#include "common/pg_session.h"
#include "workers/analytics_log.h"

#define OPEN_MS 15000
#define STATEMENT_MS (10 * 60 * 1000)
#define TOLD_MAX 20 /* differences that get a log line each */

struct analytics_upkeep {
	struct worker *worker;
	uv_timer_t *timer;
	struct pg_session *session;
	struct flow *flow; /* NULL: at rest */
	struct analytics_log *log;
};

STEP_DECLARE(upkeep, open)
STEP_DECLARE(upkeep, tidy)
STEP_DECLARE(upkeep, recount)
STEP_DECLARE(upkeep, compare)

static void on_session(void *ctx, const struct pg_session_result *result)
{
	struct analytics_upkeep *u = ctx;
	u->flow->result.rows[0] = result->decoded;
	flow_resume(u->flow, result->error, result->detail);
}

static struct analytics_upkeep *of(struct flow *f)
{
	return flow_state(f, struct analytics_upkeep);
}

static const struct step *upkeep_open(struct flow *f)
{
	struct analytics_upkeep *u = of(f);
	const struct pg_session_config config = { .pg = u->worker->pg, .tenant = "", .open_ms = OPEN_MS, .statement_ms = STATEMENT_MS };
	if (pg_session_open(&config, on_session, u, &u->session))
		return flow_fail(f, ERROR_internal, "no session");
	return flow_wait(f, NULL, NULL, 0, &upkeep_tidy_step);
}

static const struct step *upkeep_tidy(struct flow *f)
{
	struct analytics_upkeep *u = of(f);
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	pg_session_query(u->session, f->arena, &(struct pg_statement){ QUERY_analytics_tidy, &(struct analytics_tidy_params){ .days = u->worker->config->analytics_retention_days } }, on_session);
	return flow_wait(f, NULL, NULL, 0, &upkeep_recount_step);
}

static const struct step *upkeep_recount(struct flow *f)
{
	struct analytics_upkeep *u = of(f);
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	const struct analytics_tidy_row *row = f->result.rows[0].v;
	if (f->result.rows[0].n && (row->dropped || row->deleted))
		log_event(LOG_info, "analytics.tidied", LOG_I("partitions", row->dropped), LOG_I("rows", row->deleted));
	pg_session_query(u->session, f->arena, &(struct pg_statement){ QUERY_analytics_recount, &(struct analytics_recount_params){ .days_ago = 1, .days = u->worker->config->analytics_retention_days } }, on_session);
	return flow_wait(f, NULL, NULL, 0, &upkeep_compare_step);
}

static const struct step *upkeep_compare(struct flow *f)
{
	const struct analytics_recount_row *rows = f->result.rows[0].v;
	size_t n = f->result.rows[0].n, answers = 0;
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	for (size_t i = 0; i < n && i < TOLD_MAX; i++)
		log_event(LOG_error, "analytics.difference", LOG_S("restaurant", rows[i].slug), LOG_S("metric", rows[i].metric), LOG_I("counted", rows[i].counted), LOG_I("rolled_up", rows[i].rolled));
	for (size_t i = 0; i < n; i++)
		answers += strcmp(rows[i].metric, "missing") == 0;
	metric_set(METRIC_analytics_difference, (double)(n - answers), "rollup");
	metric_set(METRIC_analytics_difference, (double)answers, "answer");
	metric_add(METRIC_analytics_recounts, 1, "rows", n ? "different" : "equal");
	return FLOW_END;
}

static void on_done(struct flow *f, enum error error, const char *detail)
{
	struct analytics_upkeep *u = of(f);
	if (error) {
		metric_add(METRIC_analytics_recounts, 1, "rows", "failed");
		log_event(LOG_warn, "analytics.upkeep_failed", LOG_S("error", error_row(error)->name), LOG_S("detail", detail));
	}
	pg_session_close(&u->session);
	u->flow = NULL;
	analytics_log_start(u->log);
}

static void on_timer(uv_timer_t *timer)
{
	struct analytics_upkeep *u = timer->data;
	if (u->flow || u->worker->draining)
		return;
	u->flow = flow_new(u->worker->flows, "upkeep", arena_new(), u, on_done);
	flow_start(u->flow, &upkeep_open_step);
}

struct analytics_upkeep *analytics_upkeep_new(struct worker *w)
{
	struct analytics_upkeep *u = calloc(1, sizeof(*u));
	uv_timer_t *timer = calloc(1, sizeof(*timer));
	if (!u || !timer || uv_timer_init(w->loop, timer))
		abort();
	u->worker = w;
	u->timer = timer;
	u->log = analytics_log_new(w);
	timer->data = u;
	uint64_t every = (uint64_t)w->config->analytics_upkeep_ms;
	uv_timer_start(timer, on_timer, every / 10, every);
	return u;
}

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

void analytics_upkeep_free(struct analytics_upkeep **upkeep)
{
	struct analytics_upkeep *u = *upkeep;
	if (!u)
		return;
	analytics_log_free(&u->log);
	pg_session_close(&u->session);
	uv_close((uv_handle_t *)u->timer, free_handle);
	free(u);
	*upkeep = NULL;
}
