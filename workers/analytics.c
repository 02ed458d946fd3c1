/* analytics.c - see analytics.h. */
#include "workers/analytics.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/metric.h"
#include "common/pg_session.h"
#include "workers/analytics_rows.h"
#include "workers/analytics_upkeep.h"

#define OPEN_MS 15000
#define STATEMENT_MS 60000
#define PAUSE_MS 500
#define ROWS_MAX ((size_t)64 << 20)
#define ROWS_FULL ((size_t)8 << 20) /* bytes after which a batch goes, however few its events */

/* One record that waits, and where its rows begin. */
struct entry {
	struct arena *arena; /* holds the receipt; the record's own copy too */
	struct receipt *receipt;
	size_t at;
};

struct batch {
	struct buf rows;
	struct entry *entries;
	size_t n, room, events;
	int64_t first_ms;
};

/* The flow that stores: it has the batch `storing`; `filling` is the next one. */
struct analytics_role {
	struct worker *worker;
	struct batch filling, storing;
	size_t from, to; /* entries of `storing` that are under way; all, or one by one when all were refused */
	bool alone, busy;
	struct pg_session *session;
	struct flow *flow;
	uv_timer_t *timer;
	struct analytics_upkeep *upkeep;
};

STEP_DECLARE(analytics, open)
STEP_DECLARE(analytics, prepare)
STEP_DECLARE(analytics, begin)
STEP_DECLARE(analytics, copy)
STEP_DECLARE(analytics, put)
STEP_DECLARE(analytics, end)
STEP_DECLARE(analytics, store)
STEP_DECLARE(analytics, commit)
STEP_DECLARE(analytics, stored)

static void start_storing(struct analytics_role *a);

/* --- batches --- */

static void add_entry(struct batch *b, struct entry entry)
{
	if (b->n == b->room) {
		b->room = b->room ? 2 * b->room : 256;
		b->entries = realloc(b->entries, b->room * sizeof(*b->entries));
		if (!b->entries)
			abort();
	}
	if (!b->n)
		b->first_ms = clock_ms();
	b->entries[b->n++] = entry;
}

static size_t end_of(const struct batch *b, size_t i)
{
	return i + 1 < b->n ? b->entries[i + 1].at : b->rows.len;
}

static void clear(struct batch *b)
{
	b->n = b->events = 0;
	buf_reset(&b->rows);
}

static void show_waiting(const struct analytics_role *a)
{
	metric_set(METRIC_analytics_waiting, (double)(a->filling.events + (a->busy ? a->storing.events : 0)));
}

static bool full(const struct analytics_role *a)
{
	const struct batch *b = &a->filling;
	return b->events >= (size_t)a->worker->config->analytics_batch || b->rows.len >= ROWS_FULL;
}

static void on_timer(uv_timer_t *timer)
{
	start_storing(timer->data);
}

/* An event, or a KiB of them. */
static size_t weight(size_t events, const struct receipt *receipt)
{
	size_t kib = receipt->record.value_len >> 10;
	size_t most = events > kib ? events : kib;
	return most ? most : 1;
}

static void taken(struct analytics_role *a, size_t at, size_t events, struct arena *arena, struct receipt *receipt)
{
	struct batch *b = &a->filling;
	if (buf_error(&b->rows)) { /* ANALYTICS_CONCURRENCY is far too large, or the record's text grew beyond belief */
		buf_cut(&b->rows, at);
		consumer_bury(receipt, ERROR_too_big_to_store, "the batch is full");
		arena_free(&arena);
		return;
	}
	add_entry(b, (struct entry){ arena, receipt, at });
	consumer_weigh(receipt, weight(events, receipt));
	b->events += events;
	show_waiting(a);
	if (full(a) || a->worker->draining)
		start_storing(a);
	else if (b->n == 1 && !a->busy)
		uv_timer_start(a->timer, on_timer, (uint64_t)a->worker->config->analytics_batch_ms, 0);
}

void analytics_on_interactions(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	struct analytics_role *a = w->analytics;
	const struct interactions *in = event->payload;
	size_t at = a->filling.rows.len;
	size_t bots = analytics_rows_interactions(&a->filling.rows, in);
	if (bots)
		metric_add(METRIC_analytics_events, (double)bots, "bot");
	taken(a, at, in->events.n, arena, receipt);
}

void analytics_on_outcome(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	struct analytics_role *a = w->analytics;
	size_t at = a->filling.rows.len;
	analytics_rows_outcome(&a->filling.rows, event->payload);
	taken(a, at, 1, arena, receipt);
}

/* --- the flow --- */

static void on_session(void *ctx, const struct pg_session_result *result)
{
	struct analytics_role *a = ctx;
	a->flow->result.rows[0] = result->decoded;
	a->flow->result.sqlstate = arena_strdup(a->flow->arena, result->sqlstate);
	flow_resume(a->flow, result->error, result->detail);
}

static struct analytics_role *of(struct flow *f)
{
	return flow_state(f, struct analytics_role);
}

static const struct step *run(struct flow *f, const char *sql, const struct step *next)
{
	pg_session_run(of(f)->session, sql, NULL, 0, on_session);
	return flow_wait(f, NULL, NULL, 0, next);
}

/* Somebody else's transaction stood in the way, or the server does: the same again. Anything else is about the rows. */
static bool passes(const struct flow *f)
{
	enum error error = f->result.error;
	const char *state = f->result.sqlstate;
	return error_row(error)->policy == ERROR_WAITING || error == ERROR_overloaded || error == ERROR_deadline || strncmp(state, "40", 2) == 0 || strncmp(state, "55", 2) == 0;
}

static const struct step *failed(struct flow *f)
{
	struct analytics_role *a = of(f);
	log_event(LOG_warn, "analytics.again", LOG_S("error", error_row(f->result.error)->name), LOG_S("sqlstate", f->result.sqlstate ? f->result.sqlstate : ""), LOG_I("events", a->storing.events),
	          LOG_S("detail", f->result.detail));
	pg_session_close(&a->session);
	if (passes(f))
		return flow_sleep(f, PAUSE_MS, &analytics_open_step);
	if (a->to - a->from > 1) {
		a->alone = true;
		a->to = a->from + 1;
		return &analytics_open_step;
	}
	consumer_bury(a->storing.entries[a->from].receipt, f->result.error, f->result.detail);
	a->storing.entries[a->from].receipt = NULL;
	return &analytics_stored_step;
}

static const struct step *analytics_open(struct flow *f)
{
	struct analytics_role *a = of(f);
	if (a->session && pg_session_usable(a->session))
		return &analytics_begin_step;
	pg_session_close(&a->session);
	const struct pg_session_config config = { .pg = a->worker->pg, .tenant = "", .open_ms = OPEN_MS, .statement_ms = STATEMENT_MS };
	f->result.error = ERROR_none;
	if (pg_session_open(&config, on_session, a, &a->session))
		return flow_sleep(f, PAUSE_MS, &analytics_open_step);
	return flow_wait(f, NULL, NULL, 0, &analytics_prepare_step);
}

static const struct step *analytics_prepare(struct flow *f)
{
	return f->result.error ? failed(f) : run(f, "SELECT analytics_open()", &analytics_begin_step);
}

static const struct step *analytics_begin(struct flow *f)
{
	return f->result.error ? failed(f) : run(f, "BEGIN", &analytics_copy_step);
}

static const struct step *analytics_copy(struct flow *f)
{
	if (f->result.error)
		return failed(f);
	pg_session_copy(of(f)->session, ANALYTICS_ROWS_COPY, on_session);
	return flow_wait(f, NULL, NULL, 0, &analytics_put_step);
}

static const struct step *analytics_put(struct flow *f)
{
	struct analytics_role *a = of(f);
	const struct batch *b = &a->storing;
	if (f->result.error)
		return failed(f);
	size_t at = b->entries[a->from].at;
	pg_session_put(a->session, b->rows.data + at, end_of(b, a->to - 1) - at, on_session);
	return flow_wait(f, NULL, NULL, 0, &analytics_end_step);
}

static const struct step *analytics_end(struct flow *f)
{
	pg_session_copy_end(of(f)->session, on_session); /* an error of put is told here */
	return flow_wait(f, NULL, NULL, 0, &analytics_store_step);
}

static const struct step *analytics_store(struct flow *f)
{
	struct analytics_role *a = of(f);
	if (f->result.error)
		return failed(f);
	pg_session_query(a->session, f->arena, &(struct pg_statement){ QUERY_analytics_store, &(struct analytics_store_params){} }, on_session);
	return flow_wait(f, NULL, NULL, 0, &analytics_commit_step);
}

static const struct step *analytics_commit(struct flow *f)
{
	if (f->result.error)
		return failed(f);
	const struct analytics_store_row *row = f->result.rows[0].v;
	metric_add(METRIC_analytics_events, (double)row->fresh, "stored");
	metric_add(METRIC_analytics_events, (double)row->late, "late");
	metric_add(METRIC_analytics_events, (double)row->repeated, "repeated");
	metric_add(METRIC_analytics_events, (double)row->aside, "quarantined");
	if (row->aside)
		log_event(LOG_warn, "analytics.quarantined", LOG_I("events", row->aside));
	return run(f, "COMMIT", &analytics_stored_step);
}

static void finish(struct entry *e)
{
	if (e->receipt)
		consumer_finish(e->receipt);
	arena_free(&e->arena);
}

static const struct step *analytics_stored(struct flow *f)
{
	struct analytics_role *a = of(f);
	if (f->result.error && a->storing.entries[a->from].receipt)
		return failed(f);
	for (size_t i = a->from; i < a->to; i++)
		finish(&a->storing.entries[i]);
	a->from = a->to;
	if (a->from == a->storing.n)
		return FLOW_END;
	a->to = a->alone ? a->from + 1 : a->storing.n;
	return &analytics_open_step;
}

static void on_done(struct flow *f, enum error error, const char *detail)
{
	struct analytics_role *a = of(f);
	(void)error, (void)detail;
	metric_observe(METRIC_analytics_batch, (double)(clock_ms() - a->storing.first_ms) / 1e3);
	clear(&a->storing);
	a->busy = false;
	a->flow = NULL;
	show_waiting(a);
	int64_t waited = a->filling.n ? clock_ms() - a->filling.first_ms : 0;
	if (!a->filling.n)
		return;
	if (full(a) || a->worker->draining || waited >= a->worker->config->analytics_batch_ms)
		start_storing(a);
	else
		uv_timer_start(a->timer, on_timer, (uint64_t)(a->worker->config->analytics_batch_ms - waited), 0);
}

static void start_storing(struct analytics_role *a)
{
	if (a->busy || !a->filling.n)
		return;
	uv_timer_stop(a->timer);
	struct batch empty = a->storing;
	a->storing = a->filling;
	a->filling = empty;
	a->busy = true;
	a->alone = false;
	a->from = 0;
	a->to = a->storing.n;
	a->flow = flow_new(a->worker->flows, "analytics", arena_new(), a, on_done);
	flow_start(a->flow, &analytics_open_step);
}

void analytics_flush(struct analytics_role *a)
{
	start_storing(a);
}

/* --- the process --- */

enum error analytics_new(struct worker *w, struct analytics_role **analytics_r)
{
	struct analytics_role *a = calloc(1, sizeof(*a));
	uv_timer_t *timer = calloc(1, sizeof(*timer));
	if (!a || !timer || uv_timer_init(w->loop, timer)) {
		free(a);
		free(timer);
		return ERROR_internal;
	}
	a->worker = w;
	a->timer = timer;
	timer->data = a;
	buf_init(&a->filling.rows, ROWS_MAX);
	buf_init(&a->storing.rows, ROWS_MAX);
	*analytics_r = a;
	return ERROR_none;
}

void analytics_start_upkeep(struct analytics_role *a)
{
	a->upkeep = analytics_upkeep_new(a->worker);
}

static void free_batch(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		arena_free(&b->entries[i].arena);
	free(b->entries);
	buf_free(&b->rows);
}

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

void analytics_free(struct analytics_role **analytics)
{
	struct analytics_role *a = *analytics;
	if (!a)
		return;
	analytics_upkeep_free(&a->upkeep);
	pg_session_close(&a->session);
	free_batch(&a->filling);
	for (size_t i = 0; a->busy && i < a->from; i++)
		a->storing.entries[i].arena = NULL;
	free_batch(&a->storing);
	uv_close((uv_handle_t *)a->timer, free_handle);
	free(a);
	*analytics = NULL;
}
