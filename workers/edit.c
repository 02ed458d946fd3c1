/* edit.c - see edit.h. */
#include "workers/edit.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/clock.h"
#include "common/id.h"
#include "common/log.h"
#include "common/metric.h"
#include "schemas.h"
#include "workers/edit_check.h"
#include "workers/edit_reply.h"
#include "workers/import_apply.h"

#define BACKOFF_FIRST_MS 50
#define BACKOFF_MAX_MS 5000
#define CONFIRM_MS 70000 /* of the announcement; the producer's own timeout is shorter */

STEP_DECLARE(edit, apply)
STEP_DECLARE(edit, applied)
STEP_DECLARE(edit, announce)
STEP_DECLARE(edit, announced)

struct edit {
	struct worker *worker;
	struct arena *arena;
	struct flow *flow;
	struct receipt *receipt;
	struct line *line; /* NULL once the next one may begin */
	struct edit *next;
	const struct menu_edit *ask;
	enum edit_id id;
	int64_t time_ms;
	int tries;
	bool checked, dead;
	struct edit_checked findings;
	const char *refusal; /* JSON; NULL: to be applied */
	const struct edit_apply_row *outcome;
};

/* The edits of one restaurant: one under way, the others wait behind it. */
struct line {
	char restaurant_id[ID_TEXT];
	struct edits *edits;
	struct edit *running, *first, **last;
	UT_hash_handle hh;
};

struct edits {
	struct worker *worker;
	struct flows *flows;
	struct line *lines;
	size_t waiting;
};

/* --- the line of a restaurant --- */

static struct line *line_of(struct edits *edits, const char *restaurant_id)
{
	struct line *line = NULL;
	HASH_FIND_STR(edits->lines, restaurant_id, line);
	if (line)
		return line;
	line = calloc(1, sizeof(*line));
	if (!line)
		abort();
	memcpy(line->restaurant_id, restaurant_id, strnlen(restaurant_id, ID_TEXT - 1));
	line->edits = edits;
	line->last = &line->first;
	HASH_ADD_STR(edits->lines, restaurant_id, line);
	return line;
}

static void count_waiting(struct edits *edits, int by)
{
	edits->waiting += (size_t)by;
	metric_set(METRIC_edits_waiting, (double)edits->waiting);
}

static struct edit *line_take(struct line *line)
{
	struct edit *e = line->first;
	if (!e)
		return NULL;
	line->first = e->next;
	if (!line->first)
		line->last = &line->first;
	count_waiting(line->edits, -1);
	return e;
}

static void on_done(struct flow *f, enum error error, const char *detail);

static void start(struct edit *e)
{
	e->line->running = e;
	e->flow = flow_new(e->line->edits->flows, "edit", e->arena, e, on_done);
	flow_start(e->flow, &edit_apply_step);
}

/* The next one may begin: this one is committed, or has ended without. */
static void leave_line(struct edit *e)
{
	struct line *line = e->line;
	if (!line)
		return;
	e->line = NULL;
	line->running = NULL;
	struct edit *next = line->edits->worker->draining ? NULL : line_take(line);
	if (next) {
		start(next);
		return;
	}
	if (line->first)
		return; /* draining: they are dropped with the others */
	HASH_DEL(line->edits->lines, line);
	free(line);
}

static void drop(struct edit *e)
{
	consumer_abandon(e->receipt);
	struct arena *arena = e->arena;
	arena_free(&arena);
}

void edits_drop_waiting(struct edits *edits, int32_t partition)
{
	struct line *line, *next;
	HASH_ITER(hh, edits->lines, line, next)
	{
		struct edit *list = line->first;
		line->first = NULL;
		line->last = &line->first;
		while (list) {
			struct edit *e = list;
			list = e->next;
			e->next = NULL;
			if (partition == BUS_ANY_PARTITION || e->receipt->record.partition == partition) {
				count_waiting(edits, -1);
				drop(e);
			} else {
				*line->last = e;
				line->last = &e->next;
			}
		}
	}
}

size_t edits_waiting(const struct edits *edits)
{
	return edits->waiting;
}

enum error edits_new(struct worker *w, struct edits **edits_r)
{
	struct edits *edits = calloc(1, sizeof(*edits));
	if (!edits)
		return ERROR_internal;
	edits->worker = w;
	*edits_r = edits;
	return flows_new(w->loop, &edits->flows);
}

void edits_free(struct edits **edits)
{
	struct line *line, *next;
	if (!*edits)
		return;
	flows_free(&(*edits)->flows);
	HASH_ITER(hh, (*edits)->lines, line, next)
	{
		HASH_DEL((*edits)->lines, line);
		for (struct edit *e; (e = line_take(line));)
			arena_free(&(struct arena *){ e->arena });
		free(line);
	}
	free(*edits);
	*edits = NULL;
}

void edit_on_event(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	struct edit *e = arena_new_of(arena, struct edit);
	*e = (struct edit){ .worker = w, .arena = arena, .receipt = receipt, .ask = event->payload, .time_ms = event->time_ms };
	if (!edit_find(e->ask->action, &e->id)) {
		consumer_bury(receipt, ERROR_invalid_event, "no edit of this name");
		arena_free(&arena);
		return;
	}
	e->line = line_of(w->edits, e->ask->restaurant_id);
	if (!e->line->running && !w->draining) {
		start(e);
		return;
	}
	*e->line->last = e;
	e->line->last = &e->next;
	count_waiting(w->edits, 1);
}

/* --- the end --- */

static void on_done(struct flow *f, enum error error, const char *detail)
{
	struct edit *e = flow_state(f, struct edit);
	if (e->dead)
		consumer_bury(e->receipt, ERROR_db_failed, e->outcome->detail);
	else if (!error)
		consumer_finish(e->receipt);
	else
		consumer_bury(e->receipt, error, detail);
	leave_line(e);
}

static int64_t backoff_ms(int tries)
{
	int64_t ms = BACKOFF_FIRST_MS << (tries < 7 ? tries : 7);
	return ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
}

static const struct step *sleep_and(struct edit *e, const struct step *step)
{
	struct flow *f = e->flow;
	log_event(LOG_warn, "edit.try_again", LOG_S("step", step->name), LOG_S("operation_id", e->ask->operation_id), LOG_S("error", error_row(f->result.error)->name),
	          LOG_S("sqlstate", f->result.sqlstate), LOG_S("detail", f->result.detail), LOG_I("tries", e->tries));
	return flow_sleep(f, backoff_ms(e->tries++), step);
}

/* --- apply --- */

static const struct step *edit_apply(struct flow *f)
{
	struct edit *e = flow_state(f, struct edit);
	const struct menu_edit *ask = e->ask;
	if (!e->checked) {
		enum error error = edit_check(e->arena, e->id, ask->restaurant_id, ask->body, &e->findings);
		e->checked = true;
		if (error)
			e->refusal = edit_refusal(e->arena, 422, NULL, &e->findings.problems);
	}
	struct edit_apply_params params = {
		.operation_id = ask->operation_id,
		.user_id = ask->user_id,
		.user_email = ask->user_email,
		.action = ask->action,
		.target_id = ask->target_id,
		.body = e->refusal ? NULL : ask->body,
		.checked = e->findings.allergens,
		.if_match = { ask->if_match.v, ask->if_match.n },
		.request_hash = ask->request_hash,
		.refusal = e->refusal,
	};
	if (!e->refusal && (e->id == EDIT_import_apply || e->id == EDIT_import_undo))
		return import_edit_query(f, e->worker, ask->restaurant_id, &params, &edit_applied_step);
	return flow_query(f, e->worker->pg, ask->restaurant_id, &(struct pg_statement){ QUERY_edit_apply, &params }, 1, &edit_applied_step);
}

/* PostgreSQL would not have a value: a number beyond all bounds, a day that no calendar has. */
static bool is_bad_value(const struct flow *f)
{
	return strncmp(f->result.sqlstate, "22", 2) == 0;
}

static const struct step *refused(struct edit *e)
{
	struct flow *f = e->flow;
	enum error_policy policy = error_row(f->result.error)->policy;
	if (policy == ERROR_WAITING || f->result.error == ERROR_deadline || f->result.error == ERROR_overloaded || (e->tries < EDIT_TRIES && !is_bad_value(f)))
		return sleep_and(e, &edit_apply_step);
	if (e->refusal) /* not even the refusal can be stored: the program and the database do not fit */
		return flow_fail(f, f->result.error, f->result.detail);
	log_event(LOG_error, "edit.refused", LOG_S("operation_id", e->ask->operation_id), LOG_S("action", e->ask->action), LOG_S("sqlstate", f->result.sqlstate),
	          LOG_S("detail", f->result.detail));
	e->tries = 0;
	if (is_bad_value(f)) {
		e->refusal = edit_refusal(e->arena, 422, "A value is beyond what can be stored.", NULL);
	} else {
		e->dead = true;
		e->refusal = edit_refusal(e->arena, 500, "The edit could not be applied; it was put aside.", NULL);
	}
	return &edit_apply_step;
}

static const struct step *edit_applied(struct flow *f)
{
	struct edit *e = flow_state(f, struct edit);
	if (f->result.error)
		return refused(e);
	if (!f->result.rows[0].n)
		return flow_fail(f, ERROR_db_failed, "edit_apply gave no row");
	e->tries = 0;
	e->outcome = f->result.rows[0].v;
	metric_add(METRIC_edits, 1, e->ask->action, arena_printf(e->arena, "%d", (int)e->outcome->status));
	metric_observe(METRIC_edit_seconds, (double)(clock_wall_ms() - e->time_ms) / 1e3);
	return &edit_announce_step;
}

/* --- announce --- */

struct confirmation {
	struct flow *flow; /* NULL: nobody waits any more */
	size_t open;
	enum error error;
};

static void settle(struct confirmation *k)
{
	if (--k->open)
		return;
	struct flow *f = k->flow;
	enum error error = k->error;
	free(k);
	if (f)
		flow_resume(f, error, "");
}

static void on_announced(void *ctx, enum error error)
{
	struct confirmation *k = ctx;
	if (error)
		k->error = error;
	settle(k);
}

/* A reply that is lost is not missed: the request says 202, and the operation tells. */
static void on_replied(void *ctx, enum error error)
{
	(void)error;
	settle(ctx);
}

static void forget_confirmation(void *operation)
{
	((struct confirmation *)operation)->flow = NULL;
}

static const struct step *edit_announce(struct flow *f)
{
	struct edit *e = flow_state(f, struct edit);
	struct confirmation *k = calloc(1, sizeof(*k));
	if (!k)
		abort();
	k->flow = f;
	enum error error = e->outcome->changed ? edit_announce_change(e->worker, e->ask, e->outcome, on_announced, k) : ERROR_none;
	k->open = !error && e->outcome->changed;
	k->open += !error && edit_send_reply(e->worker, e->ask, e->outcome, on_replied, k) == ERROR_none;
	leave_line(e);
	if (k->open)
		return flow_wait(f, forget_confirmation, k, CONFIRM_MS, &edit_announced_step);
	free(k);
	f->result.error = error;
	return error ? sleep_and(e, &edit_announce_step) : FLOW_END;
}

static const struct step *edit_announced(struct flow *f)
{
	struct edit *e = flow_state(f, struct edit);
	if (f->result.error && f->result.error != ERROR_bus_rejected)
		return sleep_and(e, &edit_announce_step);
	return FLOW_END;
}
