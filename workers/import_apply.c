/* import_apply.c - see import_apply.h. */
#include "workers/import_apply.h"

#include <string.h>

#include "common/log.h"
#include "common/pg_session.h"
#include "workers/import_job.h"
#include "workers/import_progress.h"

struct import_edit {
	struct flow *flow; /* of the edit, which waits */
	struct worker *worker;
	const char *restaurant_id;
	struct edit_apply_params params;
	struct pg_call *call;
	struct pg_session *session;
};

/* --- afterwards: who watches is told, and a refused import can be applied again --- */

struct aftermath {
	struct worker *worker;
	const char *restaurant_id, *import_id;
};

STEP_DECLARE(import_aftermath, settle)
STEP_DECLARE(import_aftermath, tell)

static const struct step *import_aftermath_settle(struct flow *f)
{
	struct aftermath *m = flow_state(f, struct aftermath);
	const struct import_settle_params params = { .import_id = m->import_id };
	return flow_query(f, m->worker->pg, m->restaurant_id, &(struct pg_statement){ QUERY_import_settle, &params }, 1, &import_aftermath_tell_step);
}

static const struct step *import_aftermath_tell(struct flow *f)
{
	struct aftermath *m = flow_state(f, struct aftermath);
	const struct import_settle_row *row = f->result.rows[0].v;
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	if (!f->result.rows[0].n)
		return FLOW_END;
	const struct import_state_row state = { .status = row->status, .done = row->done, .total = row->total, .watchers = row->watchers };
	import_tell(m->worker, m->restaurant_id, m->import_id, &state, NULL);
	return FLOW_END;
}

static void on_told(struct flow *f, enum error error, const char *detail)
{
	(void)f;
	if (error)
		log_event(LOG_warn, "import.not_told", LOG_S("error", error_row(error)->name), LOG_S("detail", detail));
}

static void tell_later(const struct import_edit *e)
{
	struct arena *arena = arena_new();
	struct aftermath *m = arena_new_of(arena, struct aftermath);
	*m = (struct aftermath){ .worker = e->worker, .restaurant_id = arena_strdup(arena, e->restaurant_id), .import_id = arena_strdup(arena, e->params.target_id) };
	flow_start(flow_new(e->worker->flows, "import_aftermath", arena, m, on_told), &import_aftermath_settle_step);
}

/* --- the edit --- */

static void cancel(void *operation)
{
	struct import_edit *e = operation;
	pg_cancel(&e->call);
	pg_session_close(&e->session);
}

static void on_applied(void *ctx, const struct pg_session_result *result)
{
	struct import_edit *e = ctx;
	struct flow *f = e->flow;
	f->result.rows[0] = result->decoded;
	f->result.sqlstate = arena_strdup(f->arena, result->sqlstate);
	const char *detail = arena_strdup(f->arena, result->detail);
	enum error error = result->error;
	pg_session_close(&e->session);
	if (!error)
		tell_later(e);
	flow_resume(f, error, detail);
}

static void on_opened(void *ctx, const struct pg_session_result *result)
{
	struct import_edit *e = ctx;
	if (result->error) {
		on_applied(ctx, result);
		return;
	}
	pg_session_query(e->session, e->flow->arena, &(struct pg_statement){ QUERY_edit_apply, &e->params }, on_applied);
}

static void open_session(struct import_edit *e)
{
	const struct pg_session_config config = { .pg = e->worker->pg, .tenant = e->restaurant_id, .open_ms = IMPORT_OPEN_MS, .statement_ms = IMPORT_STATEMENT_MS };
	if (pg_session_open(&config, on_opened, e, &e->session))
		flow_resume(e->flow, ERROR_internal, "no session");
}

static void on_marked(void *ctx, const struct pg_result *result)
{
	struct import_edit *e = ctx;
	e->call = NULL;
	if (result->error) {
		flow_resume(e->flow, result->error, result->detail);
		return;
	}
	const struct import_mark_row *row = result->rows[0].v;
	if (result->rows[0].n) {
		const struct import_state_row state = { .status = row->status, .done = row->done, .total = row->total, .watchers = row->watchers };
		import_tell(e->worker, e->restaurant_id, e->params.target_id, &state, NULL);
	}
	open_session(e);
}

const struct step *import_edit_query(struct flow *f, struct worker *w, const char *restaurant_id, const struct edit_apply_params *params, const struct step *next)
{
	struct import_edit *e = arena_new_of(f->arena, struct import_edit);
	*e = (struct import_edit){ .flow = f, .worker = w, .restaurant_id = restaurant_id, .params = *params };
	const struct import_mark_params mark = { .import_id = params->target_id, .undo = strcmp(params->action, "import_undo") == 0 };
	e->call = pg_query(w->pg, f->arena, restaurant_id, import_mark, &mark, on_marked, e);
	return flow_wait(f, cancel, e, 0, next);
}
