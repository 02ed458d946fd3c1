/* imports.c - see imports.h. */
#include "workers/imports.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "common/log.h"
#include "schemas.h"
#include "workers/import_job.h"
#include "workers/import_progress.h"

#ifndef STAILQ_FOREACH_SAFE
#define STAILQ_FOREACH_SAFE(var, head, field, next) for ((var) = STAILQ_FIRST(head); (var) && ((next) = STAILQ_NEXT(var, field), 1); (var) = (next))
#endif

#define RETRY_MS 500
#define TRIES_MAX 5 /* of what the database refuses; while it is away there is no end */

/* A chunk on its way into its row. */
struct storing {
	struct imports *imports;
	struct receipt *receipt;
	const struct event *event;
	int tries;
	LIST_ENTRY(storing)
	link;
};

struct imports {
	struct worker *worker;
	LIST_HEAD(, storing)
	storing;
	STAILQ_HEAD(, import_job)
	waiting;
	size_t running;
	uv_timer_t *timer;
	struct arena *tidying; /* of the query under way */
};

/* --- chunks --- */

STEP_DECLARE(import_chunk, store)
STEP_DECLARE(import_chunk, stored)

static const struct step *import_chunk_store(struct flow *f)
{
	struct storing *s = flow_state(f, struct storing);
	const struct event *e = s->event;
	struct import_receive_params params = { .import_id = e->import_id, .seq = e->seq, .data = { e->raw, e->raw_len }, .open_max = IMPORT_OPEN_MAX };
	return flow_query(f, s->imports->worker->pg, e->restaurant_id, &(struct pg_statement){ QUERY_import_receive, &params }, 1, &import_chunk_stored_step);
}

static const struct step *import_chunk_stored(struct flow *f)
{
	struct storing *s = flow_state(f, struct storing);
	if (!f->result.error)
		return FLOW_END;
	if (error_row(f->result.error)->policy != ERROR_WAITING && ++s->tries >= TRIES_MAX)
		return flow_fail(f, f->result.error, f->result.detail);
	return flow_sleep(f, RETRY_MS, &import_chunk_store_step);
}

static void on_chunk_over(struct flow *f, enum error error, const char *detail)
{
	struct storing *s = flow_state(f, struct storing);
	const struct event *e = s->event;
	if (error) {
		consumer_bury(s->receipt, error, detail);
		return;
	}
	const struct import_receive_row *row = f->result.rows[0].v;
	if (e->socket)
		import_answer_stored(s->imports->worker, e, row->status);
	consumer_finish(s->receipt);
}

static void forget_chunk(struct flow *f)
{
	struct storing *s = flow_state(f, struct storing);
	LIST_REMOVE(s, link);
}

void imports_on_chunk(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	if (!event->import_id || !event->restaurant_id || event->seq < 0) {
		consumer_bury(receipt, ERROR_invalid_event, "a chunk needs ce_import, ce_restaurant and ce_seq");
		arena_free(&arena);
		return;
	}
	struct storing *s = arena_new_of(arena, struct storing);
	*s = (struct storing){ .imports = w->imports, .receipt = receipt, .event = event };
	LIST_INSERT_HEAD(&w->imports->storing, s, link);
	struct flow *f = flow_new(w->flows, "import_chunk", arena, s, on_chunk_over);
	f->dispose = forget_chunk;
	flow_start(f, &import_chunk_store_step);
}

size_t imports_storing(const struct imports *imports, const char *import_id)
{
	size_t n = 0;
	const struct storing *s;
	LIST_FOREACH(s, &imports->storing, link)
	n += strcmp(s->event->import_id, import_id) == 0;
	return n;
}

/* --- jobs --- */

static void start_jobs(struct imports *i)
{
	struct import_job *job;
	while (i->running < IMPORT_JOBS_MAX && !i->worker->draining && (job = STAILQ_FIRST(&i->waiting))) {
		STAILQ_REMOVE_HEAD(&i->waiting, link);
		i->running++;
		import_job_start(job);
	}
}

void imports_job_over(struct worker *w)
{
	w->imports->running--;
	start_jobs(w->imports);
}

void imports_on_uploaded(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	struct import_job *job = import_job_new(w, arena, event, receipt);
	STAILQ_INSERT_TAIL(&w->imports->waiting, job, link);
	start_jobs(w->imports);
}

void imports_drop_waiting(struct imports *i, int32_t partition)
{
	struct import_job *job, *next;
	STAILQ_FOREACH_SAFE(job, &i->waiting, link, next)
	{
		if (partition != BUS_ANY_PARTITION && job->receipt->record.partition != partition)
			continue;
		STAILQ_REMOVE(&i->waiting, job, import_job, link);
		consumer_abandon(job->receipt);
		import_job_free(job);
	}
}

/* --- watchers --- */

void imports_on_watched(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	import_watch(w, arena, event, receipt);
}

/* --- tidying up --- */

static void on_tidied(void *ctx, const struct pg_result *result)
{
	struct imports *i = ctx;
	const struct import_tidy_row *rows = result->rows[0].v;
	if (result->error)
		log_event(LOG_warn, "imports.not_tidied", LOG_S("error", error_row(result->error)->name), LOG_S("detail", result->detail));
	for (size_t n = 0; n < result->rows[0].n; n++) {
		const struct import_state_row state = { .status = rows[n].status, .done = rows[n].done, .total = rows[n].total, .watchers = rows[n].watchers };
		import_tell(i->worker, rows[n].restaurant_id, rows[n].import_id, &state, NULL);
		log_event(LOG_info, "import.rejected", LOG_S("import_id", rows[n].import_id), LOG_S("reason", "upload_incomplete"));
	}
	arena_free(&i->tidying);
}

static void on_timer(uv_timer_t *timer)
{
	struct imports *i = timer->data;
	if (i->tidying || i->worker->draining || !pg_ready(i->worker->pg))
		return;
	i->tidying = arena_new();
	pg_query(i->worker->pg, i->tidying, NULL, import_tidy, (&(struct import_tidy_params){ .stale_minutes = IMPORT_STALE_MIN, .kept_days = IMPORT_KEPT_DAYS }), on_tidied, i);
}

/* --- beginning and end --- */

enum error imports_new(struct worker *w, struct imports **imports_r)
{
	struct imports *i = calloc(1, sizeof(*i));
	uv_timer_t *timer = calloc(1, sizeof(*timer));
	if (!i || !timer || uv_timer_init(w->loop, timer)) {
		free(i);
		free(timer);
		return ERROR_internal;
	}
	i->worker = w;
	i->timer = timer;
	timer->data = i;
	LIST_INIT(&i->storing);
	STAILQ_INIT(&i->waiting);
	uv_timer_start(timer, on_timer, IMPORT_TIDY_MS, IMPORT_TIDY_MS);
	*imports_r = i;
	return ERROR_none;
}

static void free_timer(uv_handle_t *handle)
{
	free(handle);
}

void imports_free(struct imports **imports)
{
	struct imports *i = *imports;
	*imports = NULL;
	if (!i)
		return;
	struct import_job *job;
	while ((job = STAILQ_FIRST(&i->waiting))) {
		STAILQ_REMOVE_HEAD(&i->waiting, link);
		import_job_free(job);
	}
	uv_close((uv_handle_t *)i->timer, free_timer);
	arena_free(&i->tidying);
	free(i);
}
