/* pg.c - the pool: which connection carries a call, what waits, deadlines. See pg.h and pg_conn.h. */
#include "common/pg.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/id.h"
#include "common/metric.h"
#include "common/pg_conn.h"

/* --- the end of a call --- */

void pg_call_fail(struct pg_call *call, enum error error, const char *sqlstate, const char *detail)
{
	if (call->result.error)
		return;
	call->result.error = error;
	pg_copy_text(call->sqlstate, sizeof(call->sqlstate), sqlstate);
	pg_copy_text(call->detail, sizeof(call->detail), detail);
}

static void measure(const struct pg_call *call)
{
	const char *query = call->queries[0]->name;
	metric_observe(METRIC_query_seconds, (double)(clock_us() - call->began_us) / 1e6, query);
	if (call->result.error)
		metric_add(METRIC_query_errors, 1, query, error_row(call->result.error)->name);
}

static void tell(struct pg_call *call)
{
	pg_done_fn *done = call->done;
	call->done = NULL;
	if (!done)
		return;
	measure(call);
	call->result.sqlstate = call->sqlstate;
	call->result.detail = call->detail;
	if (call->result.error)
		memset(call->result.rows, 0, sizeof(call->result.rows));
	done(call->ctx, &call->result);
}

void pg_call_end(struct pg_call *call)
{
	TAILQ_REMOVE(&call->pg->by_age, call, age);
	tell(call);
	free(call);
}

static void leave_waiting(struct pg_call *call)
{
	struct pg *pg = call->pg;
	TAILQ_REMOVE(&pg->waiting, call, order);
	pg->waiting_count--;
	metric_set(METRIC_db_waiting, (double)pg->waiting_count);
}

/* --- what happens on the next turn --- */

static void end_ended(struct pg *pg)
{
	struct pg_calls now = TAILQ_HEAD_INITIALIZER(now);
	struct pg_call *call;
	TAILQ_CONCAT(&now, &pg->ended, order);
	while ((call = TAILQ_FIRST(&now))) {
		TAILQ_REMOVE(&now, call, order);
		if (pg->closing)
			call->done = NULL;
		pg_call_end(call);
	}
}

static void on_soon(uv_timer_t *timer)
{
	struct pg *pg = timer->data;
	for (int i = 0; i < pg->count && !pg->closing; i++) {
		struct pg_conn *c = &pg->conns[i];
		if (c->broken)
			pg_link_drop(&c->link, c->why);
	}
	end_ended(pg);
	if (!pg->closing)
		pg_pump(pg);
}

void pg_soon(struct pg *pg)
{
	if (!pg->closing && !uv_is_active((uv_handle_t *)&pg->soon))
		uv_timer_start(&pg->soon, on_soon, 0, 0);
}

static void end_soon(struct pg_call *call, enum error error, const char *detail)
{
	pg_call_fail(call, error, "", detail);
	call->place = PG_ENDED;
	TAILQ_INSERT_TAIL(&call->pg->ended, call, order);
	pg_soon(call->pg);
}

/* --- deadlines: all calls have the same time, so the oldest is the first to run out --- */

static void arm_deadline(struct pg *pg);

static void fail_late(struct pg_call *call, bool dead)
{
	if (dead)
		pg_call_fail(call, ERROR_db_unavailable, "", "the server does not answer; the outcome is not known");
	else if (call->conn)
		pg_call_fail(call, ERROR_deadline, "", "no answer in time; the outcome is not known");
	else if (pg_ready(call->pg))
		pg_call_fail(call, ERROR_deadline, "", "no connection was free in time");
	else
		pg_call_fail(call, ERROR_db_unavailable, "", "there is no connection");
}

static void run_out(struct pg_call *call)
{
	struct pg *pg = call->pg;
	struct pg_conn *c = call->conn;
	/* A connection that said nothing for so long is dead, whatever TCP thinks. */
	bool dead = c && uv_now(pg->loop) - c->progress >= PG_DEADLINE_MS;
	if (dead)
		pg_conn_break(c, "the server does not answer");
	fail_late(call, dead);
	if (call->place == PG_WAITING) {
		leave_waiting(call);
		pg_call_end(call);
		return;
	}
	/* It keeps its place in the pipeline, and is looked at again in case the connection dies behind its back. */
	TAILQ_REMOVE(&pg->by_age, call, age);
	TAILQ_INSERT_TAIL(&pg->by_age, call, age);
	call->deadline = uv_now(pg->loop) + PG_DEADLINE_MS;
	tell(call);
}

static void on_deadline(uv_timer_t *timer)
{
	struct pg *pg = timer->data;
	uint64_t now = uv_now(pg->loop);
	struct pg_call *call;
	while (!pg->closing && (call = TAILQ_FIRST(&pg->by_age)) && call->deadline <= now)
		run_out(call);
	if (!pg->closing)
		arm_deadline(pg);
}

static void arm_deadline(struct pg *pg)
{
	struct pg_call *oldest = TAILQ_FIRST(&pg->by_age);
	uint64_t now = uv_now(pg->loop);
	if (oldest && !uv_is_active((uv_handle_t *)&pg->deadlines))
		uv_timer_start(&pg->deadlines, on_deadline, oldest->deadline > now ? oldest->deadline - now : 0, 0);
}

/* --- running --- */

static struct pg_conn *least_busy(struct pg *pg)
{
	struct pg_conn *best = NULL;
	for (int i = 0; i < pg->count; i++) {
		struct pg_conn *c = &pg->conns[i];
		if (c->state == PG_CONN_UP && !c->broken && c->sent_count < PG_PIPELINE_MAX && (!best || c->sent_count < best->sent_count))
			best = c;
	}
	return best;
}

void pg_pump(struct pg *pg)
{
	struct pg_call *call;
	struct pg_conn *c;
	while ((call = TAILQ_FIRST(&pg->waiting)) && (c = least_busy(pg))) {
		leave_waiting(call);
		pg_conn_send(c, call);
	}
}

static void wait_or_send(struct pg *pg, struct pg_call *call)
{
	struct pg_conn *c = TAILQ_EMPTY(&pg->waiting) ? least_busy(pg) : NULL;
	if (c) {
		pg_conn_send(c, call);
		return;
	}
	call->place = PG_WAITING;
	TAILQ_INSERT_TAIL(&pg->waiting, call, order);
	pg->waiting_count++;
	metric_set(METRIC_db_waiting, (double)pg->waiting_count);
}

static enum error bind_all(struct pg_call *call, const struct pg_statement *statements, const char **why_r)
{
	enum error error = ERROR_none;
	for (size_t i = 0; i < call->n; i++)
		call->queries[i] = &query_rows[statements[i].query];
	for (size_t i = 0; i < call->n && !error; i++) {
		error = pg_bind(call->arena, call->queries[i], statements[i].params, &call->bound[i], why_r);
	}
	return error;
}

struct pg_call *pg_run(struct pg *pg, struct arena *arena, const char *tenant, const struct pg_statement *statements, size_t n, pg_done_fn *done, void *ctx)
{
	struct pg_call *call = calloc(1, sizeof(*call));
	const char *why = "";
	if (!call || !n || n > PG_STATEMENTS_MAX)
		abort();
	call->pg = pg;
	call->arena = arena;
	call->n = n;
	call->done = done;
	call->ctx = ctx;
	call->began_us = clock_us();
	call->deadline = uv_now(pg->loop) + PG_DEADLINE_MS;
	pg_copy_text(call->tenant, sizeof(call->tenant), tenant);
	TAILQ_INSERT_TAIL(&pg->by_age, call, age);
	arm_deadline(pg);
	enum error error = bind_all(call, statements, &why);
	if (tenant && !id_is_uuid(tenant, strlen(tenant)))
		end_soon(call, ERROR_db_failed, "the tenant is not a uuid");
	else if (error)
		end_soon(call, error, why);
	else if (pg->waiting_count >= PG_QUEUE_MAX)
		end_soon(call, ERROR_overloaded, "too many queries wait for the database");
	else
		wait_or_send(pg, call);
	return call;
}

void pg_cancel(struct pg_call **call)
{
	struct pg_call *c = *call;
	*call = NULL;
	if (!c)
		return;
	c->done = NULL;
	if (c->place != PG_WAITING)
		return;
	leave_waiting(c);
	pg_call_end(c);
}

/* --- the pool --- */

bool pg_ready(const struct pg *pg)
{
	for (int i = 0; i < pg->count; i++)
		if (pg->conns[i].state == PG_CONN_UP)
			return true;
	return false;
}

size_t pg_waiting(const struct pg *pg)
{
	return pg->waiting_count;
}

void pg_count_connections(struct pg *pg)
{
	int up = 0;
	for (int i = 0; i < pg->count; i++)
		up += pg->conns[i].state == PG_CONN_UP;
	metric_set(METRIC_db_connections, up, "up");
	metric_set(METRIC_db_connections, pg->count - up, "down");
}

enum error pg_new(const struct pg_config *config, struct pg **pg_r)
{
	struct pg *pg = calloc(1, sizeof(*pg) + (size_t)config->pool * sizeof(pg->conns[0]));
	if (!pg)
		return ERROR_internal;
	enum error error = pg_target_parse(config->conninfo, config->program, &pg->target);
	if (error) {
		free(pg);
		return error;
	}
	pg->loop = config->loop;
	pg->count = config->pool;
	TAILQ_INIT(&pg->waiting);
	TAILQ_INIT(&pg->ended);
	TAILQ_INIT(&pg->by_age);
	uv_timer_init(pg->loop, &pg->soon);
	uv_timer_init(pg->loop, &pg->deadlines);
	pg->soon.data = pg->deadlines.data = pg;
	pg->handles = 2 + pg->count;
	for (int i = 0; i < pg->count; i++) {
		struct pg_conn *c = &pg->conns[i];
		c->pg = pg;
		TAILQ_INIT(&c->sent);
		pg_link_init(&c->link, pg->loop, &pg->target, &pg_conn_calls);
		pg_link_start(&c->link);
	}
	pg_count_connections(pg);
	*pg_r = pg;
	return ERROR_none;
}

void pg_handle_closed(struct pg *pg)
{
	if (--pg->handles)
		return;
	pg_target_free(&pg->target);
	free(pg);
}

static void on_timer_closed(uv_handle_t *handle)
{
	pg_handle_closed(handle->data);
}

static void free_calls(struct pg_calls *calls)
{
	struct pg_call *call;
	while ((call = TAILQ_FIRST(calls))) {
		TAILQ_REMOVE(calls, call, order);
		TAILQ_REMOVE(&call->pg->by_age, call, age);
		free(call);
	}
}

void pg_free(struct pg **pg)
{
	struct pg *p = *pg;
	*pg = NULL;
	if (!p)
		return;
	p->closing = true;
	free_calls(&p->waiting);
	free_calls(&p->ended);
	for (int i = 0; i < p->count; i++) {
		free_calls(&p->conns[i].sent);
		p->conns[i].state = PG_CONN_DOWN;
		pg_link_end(&p->conns[i].link);
	}
	uv_close((uv_handle_t *)&p->soon, on_timer_closed);
	uv_close((uv_handle_t *)&p->deadlines, on_timer_closed);
}
