/* flow.c - the driver of all flows; see flow.h. */
#include "common/flow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/metric.h"

struct flows {
	uv_timer_t *tick; /* freed in its close callback */
	struct flow head; /* ring of all flows */
	size_t count;
	uint64_t ended; /* flows that are gone: tells a walk that its next may be too */
};

const struct step flow_wait_mark = { "wait", NULL };
const struct step flow_end_mark = { "end", NULL };

static void no_cancel(void *operation)
{
	(void)operation;
}

static void unlink_flow(struct flow *f)
{
	f->previous_flow->next_flow = f->next_flow;
	f->next_flow->previous_flow = f->previous_flow;
	f->owner->count--;
	f->owner->ended++;
	if (f->owner->count == 0 && f->owner->tick)
		uv_timer_stop(f->owner->tick);
}

static void destroy(struct flow *f)
{
	unlink_flow(f);
	if (f->dispose)
		f->dispose(f);
	struct arena *arena = f->arena; /* holds f itself */
	arena_free(&arena);
}

static void measure_step(struct flow *f)
{
	if (!f->step)
		return;
	metric_observe(METRIC_step_seconds, (double)(clock_us() - f->step_began_us) / 1e6, f->step->name);
	if (f->span.kept)
		span_was(f->step->name, f->span.trace, f->step_began_us);
}

static void finish(struct flow *f)
{
	log_event(LOG_debug, "flow.end", LOG_S("flow", f->name), LOG_S("error", error_row(f->error)->name));
	if (f->error)
		metric_add(METRIC_flow_errors, 1, f->name, error_row(f->error)->name);
	span_end(&f->span, f->error, NULL);
	f->done(f, f->error, f->detail);
	destroy(f);
}

/* The only place where steps run. */
static void drive(struct flow *f, const struct step *step)
{
	assert(!f->running && !f->waiting);
	f->running = true;
	while (step != FLOW_WAIT && step != FLOW_END) {
		measure_step(f);
		f->step = step;
		f->step_began_us = clock_us();
		log_event(LOG_debug, "flow.step", LOG_S("step", step->name));
		step = step->run(f);
		assert(step);
	}
	f->running = false;
	if (step == FLOW_WAIT) {
		assert(f->waiting);
		return;
	}
	measure_step(f);
	finish(f);
}

static void expire(struct flow *f, int64_t now)
{
	if (!f->waiting || !f->wait_until_ms || now < f->wait_until_ms)
		return;
	bool slept = f->cancel == no_cancel;
	flow_interrupt(f, slept ? ERROR_none : ERROR_deadline, slept ? "" : "the step's deadline is over");
}

static void on_tick(uv_timer_t *timer)
{
	struct flows *flows = timer->data;
	int64_t now = clock_ms();
	/* A step may end this flow and others, so after one did the walk begins anew: flows already seen are not due any more. */
	for (struct flow *f = flows->head.next_flow; f != &flows->head;) {
		struct flow *next = f->next_flow;
		uint64_t ended = flows->ended;
		expire(f, now);
		f = flows->ended == ended ? next : flows->head.next_flow;
	}
}

static void free_timer(uv_handle_t *handle)
{
	free(handle);
}

enum error flows_new(uv_loop_t *loop, struct flows **flows_r)
{
	struct flows *flows = calloc(1, sizeof(*flows));
	uv_timer_t *tick = calloc(1, sizeof(*tick));
	if (!flows || !tick || uv_timer_init(loop, tick)) {
		free(flows);
		free(tick);
		return ERROR_internal;
	}
	tick->data = flows;
	flows->tick = tick;
	flows->head.next_flow = flows->head.previous_flow = &flows->head;
	*flows_r = flows;
	return ERROR_none;
}

static void abandon(struct flow *f)
{
	if (f->waiting)
		f->cancel(f->operation);
	destroy(f);
}

void flows_free(struct flows **flows)
{
	if (!*flows)
		return;
	while ((*flows)->head.next_flow != &(*flows)->head)
		abandon((*flows)->head.next_flow);
	uv_close((uv_handle_t *)(*flows)->tick, free_timer);
	free(*flows);
	*flows = NULL;
}

size_t flows_count(const struct flows *flows)
{
	return flows->count;
}

struct flow *flow_new(struct flows *flows, const char *name, struct arena *arena, void *state, flow_done_fn *done)
{
	struct flow *f = arena_new_of(arena, struct flow);
	*f = (struct flow){ .arena = arena, .state = state, .name = name, .owner = flows, .done = done, .detail = "" };
	f->result.detail = f->result.sqlstate = "";
	f->next_flow = &flows->head;
	f->previous_flow = flows->head.previous_flow;
	f->previous_flow->next_flow = f;
	flows->head.previous_flow = f;
	if (flows->count++ == 0)
		uv_timer_start(flows->tick, on_tick, FLOW_TICK_MS, FLOW_TICK_MS);
	return f;
}

void flow_start(struct flow *f, const struct step *first)
{
	if (f->trace && trace_on()) {
		span_begin(&f->span, f->name, f->trace);
		f->trace = f->span.trace;
	}
	drive(f, first);
}

const struct step *flow_wait(struct flow *f, flow_cancel_fn *cancel, void *operation, int64_t deadline_ms,
                             const struct step *next)
{
	assert(f->running && !f->waiting);
	f->waiting = true;
	f->cancel = cancel ? cancel : no_cancel;
	f->operation = operation;
	f->wait_until_ms = deadline_ms ? clock_ms() + deadline_ms : 0;
	f->next = next;
	memset(&f->result, 0, sizeof(f->result));
	f->result.detail = f->result.sqlstate = "";
	return FLOW_WAIT;
}

const struct step *flow_sleep(struct flow *f, int64_t ms, const struct step *next)
{
	return flow_wait(f, NULL, NULL, ms > 0 ? ms : 1, next);
}

static void on_rows(void *ctx, const struct pg_result *result)
{
	struct flow *f = ctx;
	memcpy(f->result.rows, result->rows, sizeof(f->result.rows));
	if (*result->sqlstate)
		f->result.sqlstate = arena_strdup(f->arena, result->sqlstate);
	flow_resume(f, result->error, result->detail);
}

static void cancel_query(void *operation)
{
	struct pg_call *call = operation;
	pg_cancel(&call);
}

const struct step *flow_query(struct flow *f, struct pg *pg, const char *tenant, const struct pg_statement *statements,
                              size_t n, const struct step *next)
{
	struct pg_call *call = pg_run(pg, f->arena, tenant, statements, n, on_rows, f);
	return flow_wait(f, cancel_query, call, 0, next);
}

const struct step *flow_fail(struct flow *f, enum error error, const char *detail)
{
	f->error = error;
	f->detail = detail && *detail ? arena_strdup(f->arena, detail) : "";
	return FLOW_END;
}

void flow_resume(struct flow *f, enum error error, const char *detail)
{
	assert(f->waiting && !f->running);
	f->waiting = false;
	f->cancel = NULL;
	f->operation = NULL;
	f->result.error = error;
	f->result.detail = detail && *detail ? arena_strdup(f->arena, detail) : "";
	drive(f, f->next);
}

void flow_interrupt(struct flow *f, enum error error, const char *detail)
{
	assert(f->waiting && !f->running);
	f->cancel(f->operation);
	flow_resume(f, error, detail);
}

bool flow_waits_in(const struct flow *f, const struct step *step)
{
	return f->waiting && f->step == step;
}
