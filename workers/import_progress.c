/* import_progress.c - see import_progress.h. */
#include "workers/import_progress.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/id.h"
#include "common/log.h"
#include "schemas.h"
#include "workers/outbox.h"

#define FRAME_MAX 2000
#define KEY_MAX 100

struct import_progress {
	struct worker *worker;
	char restaurant_id[ID_TEXT], import_id[ID_TEXT];
	int64_t told_ms;
	struct arena *arena; /* of the query under way */
	struct pg_call *call;
};

/* --- frames --- */

static void publish(struct worker *w, const char *restaurant_id, const char *import_id, const char *frame, int32_t partition, const char *socket, const struct buf *json)
{
	char key[KEY_MAX];
	snprintf(key, sizeof(key), "%s/import:%s", restaurant_id, import_id);
	const struct frames_head head = { .type = frame, .session = key, .socket = socket };
	enum error error = outbox_put(w->outbox, partition, &head, buf_text(json), json->len, NULL, NULL);
	if (error)
		log_event(LOG_warn, "reply.lost", LOG_S("frame", frame), LOG_S("error", error_row(error)->name));
}

void import_tell(struct worker *w, const char *restaurant_id, const char *import_id, const struct import_state_row *state, const struct reply_to *to)
{
	const struct progress frame = { .type = "progress", .import_id = import_id, .status = state->status, .done = state->done, .total = state->total };
	struct buf json;
	buf_init(&json, FRAME_MAX);
	schema_encode(&json, &schema_progress, &frame);
	if (to)
		publish(w, restaurant_id, import_id, "progress", (int32_t)to->partition, to->socket, &json);
	for (size_t i = 0; !to && i < state->watchers.n; i++)
		publish(w, restaurant_id, import_id, "progress", (int32_t)state->watchers.v[i], NULL, &json);
	buf_free(&json);
}

void import_answer_stored(struct worker *w, const struct event *chunk, const char *status)
{
	const struct import_stored frame = { .import_id = chunk->import_id, .seq = chunk->seq, .status = status };
	struct buf json;
	buf_init(&json, FRAME_MAX);
	schema_encode(&json, &schema_import_stored, &frame);
	publish(w, chunk->restaurant_id, chunk->import_id, "import_stored", chunk->reply_partition, chunk->socket, &json);
	buf_free(&json);
}

/* --- a job's reports --- */

struct import_progress *import_progress_new(struct worker *w, const char *restaurant_id, const char *import_id)
{
	struct import_progress *p = calloc(1, sizeof(*p));
	if (!p)
		abort();
	p->worker = w;
	snprintf(p->restaurant_id, sizeof(p->restaurant_id), "%s", restaurant_id);
	snprintf(p->import_id, sizeof(p->import_id), "%s", import_id);
	return p;
}

static void end_report(struct import_progress *p)
{
	pg_cancel(&p->call);
	arena_free(&p->arena);
}

void import_progress_free(struct import_progress **p)
{
	if (*p)
		end_report(*p);
	free(*p);
	*p = NULL;
}

static void on_reported(void *ctx, const struct pg_result *result)
{
	struct import_progress *p = ctx;
	p->call = NULL;
	if (!result->error && result->rows[0].n)
		import_tell(p->worker, p->restaurant_id, p->import_id, result->rows[0].v, NULL);
	end_report(p);
}

void import_progress_report(struct import_progress *p, int64_t done, int64_t total)
{
	if (p->call || clock_ms() - p->told_ms < IMPORT_PROGRESS_MS)
		return;
	p->told_ms = clock_ms();
	p->arena = arena_new();
	const struct import_report_params params = { .import_id = p->import_id, .done = done, .total = total };
	p->call = pg_query(p->worker->pg, p->arena, p->restaurant_id, import_report, &params, on_reported, p);
}

/* --- watching --- */

struct watching {
	struct worker *worker;
	struct receipt *receipt;
	const struct import_watched *watched;
};

STEP_DECLARE(import_watch, attach)
STEP_DECLARE(import_watch, tell)

static const struct step *import_watch_attach(struct flow *f)
{
	struct watching *w = flow_state(f, struct watching);
	const struct import_watch_params params = { .import_id = w->watched->import_id, .partition = w->watched->reply_to->partition };
	return flow_query(f, w->worker->pg, w->watched->restaurant_id, &(struct pg_statement){ QUERY_import_watch, &params }, 1, &import_watch_tell_step);
}

static const struct step *import_watch_tell(struct flow *f)
{
	struct watching *w = flow_state(f, struct watching);
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	const struct import_watch_row *row = f->result.rows[0].v;
	if (!f->result.rows[0].n)
		return FLOW_END;
	const struct import_state_row state = { .status = row->status, .done = row->done, .total = row->total };
	import_tell(w->worker, w->watched->restaurant_id, w->watched->import_id, &state, w->watched->reply_to);
	return FLOW_END;
}

/* Who does not hear of it asks again, or reads the state. */
static void on_watching(struct flow *f, enum error error, const char *detail)
{
	struct watching *w = flow_state(f, struct watching);
	if (error)
		log_event(LOG_warn, "import.not_watched", LOG_S("error", error_row(error)->name), LOG_S("detail", detail));
	consumer_finish(w->receipt);
}

void import_watch(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	struct watching *state = arena_new_of(arena, struct watching);
	*state = (struct watching){ .worker = w, .receipt = receipt, .watched = event->payload };
	struct flow *f = flow_new(w->flows, "import_watch", arena, state, on_watching);
	f->trace = event->trace;
	flow_start(f, &import_watch_attach_step);
}
