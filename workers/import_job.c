/* import_job.c - see import_job.h. */
#include "workers/import_job.h"

#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "schemas.h"
#include "workers/import_progress.h"
#include "workers/import_stage.h"
#include "workers/imports.h"

#define PAUSE_MS 500
#define STORING_MS 20 /* between two looks whether the chunks are stored */
#define PLANS_MAX 20

STEP_DECLARE(preview, begin)
STEP_DECLARE(preview, open)
STEP_DECLARE(preview, stage)
STEP_DECLARE(preview, copy)
STEP_DECLARE(preview, read)
STEP_DECLARE(preview, feed)
STEP_DECLARE(preview, put)
STEP_DECLARE(preview, end)
STEP_DECLARE(preview, isolate)
STEP_DECLARE(preview, plan)
STEP_DECLARE(preview, commit)
STEP_DECLARE(preview, planned)
STEP_DECLARE(preview, rejected)
STEP_DECLARE(preview, look)
STEP_DECLARE(preview, tell)

static struct import_job *job_of(struct flow *f)
{
	return flow_state(f, struct import_job);
}

/* --- what a job holds outside of its arena --- */

static void let_go(struct import_job *job)
{
	pg_session_close(&job->session);
	import_parser_free(&job->parser);
	arena_free(&job->chunk_arena);
	buf_free(&job->rows);
}

static void dispose(struct flow *f)
{
	struct import_job *job = job_of(f);
	let_go(job);
	import_progress_free(&job->progress);
}

/* --- failures --- */

static const struct step *reject(struct flow *f, const char *reason, const char *detail)
{
	struct import_job *job = job_of(f);
	struct buf columns, notes;
	buf_init(&columns, 1 << 20);
	buf_init(&notes, 1 << 20);
	const struct import_file *file = job->parser ? import_parser_file(job->parser) : NULL;
	if (file) {
		import_columns_json(&columns, file);
		import_notes_json(&notes, file->notes, file->n_notes);
	}
	const struct import_reject_params params = { .import_id = job->uploaded->import_id, .reason = reason, .detail = arena_strdup(f->arena, detail), .columns = file ? arena_strdup(f->arena, buf_text(&columns)) : NULL, .notes = file ? arena_strdup(f->arena, buf_text(&notes)) : NULL };
	buf_free(&columns);
	buf_free(&notes);
	log_event(LOG_info, "import.rejected", LOG_S("import_id", job->uploaded->import_id), LOG_S("reason", reason));
	let_go(job);
	return flow_query(f, job->worker->pg, job->uploaded->restaurant_id, &(struct pg_statement){ QUERY_import_reject, &params }, 1, &preview_rejected_step);
}

static bool passes(enum error error)
{
	return error_row(error)->policy == ERROR_WAITING || error == ERROR_overloaded;
}

/* From the beginning, after a pause. */
static const struct step *again(struct flow *f)
{
	struct import_job *job = job_of(f);
	enum error error = f->result.error;
	log_event(LOG_warn, "import.again", LOG_S("import_id", job->uploaded->import_id), LOG_S("error", error_row(error)->name), LOG_S("detail", f->result.detail));
	if (!passes(error) && ++job->tries >= IMPORT_JOB_TRIES)
		return reject(f, "failed", "Something in the server went wrong; it was logged. Upload the file again.");
	let_go(job);
	return flow_sleep(f, PAUSE_MS, &preview_begin_step);
}

/* --- the session's operations --- */

static void on_session(void *ctx, const struct pg_session_result *result)
{
	struct import_job *job = ctx;
	job->flow->result.rows[0] = result->decoded;
	job->outrun = strcmp(result->sqlstate, "40001") == 0 || strcmp(result->sqlstate, "40P01") == 0;
	flow_resume(job->flow, result->error, result->detail);
}

static const struct step *session_wait(struct flow *f, const struct step *next)
{
	return flow_wait(f, NULL, NULL, 0, next);
}

static const struct step *run_sql(struct flow *f, const char *sql, const struct step *next)
{
	pg_session_run(job_of(f)->session, sql, NULL, 0, on_session);
	return session_wait(f, next);
}

static const struct step *run_query(struct flow *f, const struct pg_statement *statement, const struct step *next)
{
	pg_session_query(job_of(f)->session, f->arena, statement, on_session);
	return session_wait(f, next);
}

/* --- the steps --- */

static const struct step *preview_begin(struct flow *f)
{
	struct import_job *job = job_of(f);
	const struct import_uploaded *u = job->uploaded;
	if (imports_storing(job->worker->imports, u->import_id))
		return flow_sleep(f, STORING_MS, &preview_begin_step);
	struct buf about;
	buf_init(&about, 8 << 10);
	schema_encode(&about, &schema_import_uploaded, u);
	const struct import_begin_params params = { .import_id = u->import_id, .about = arena_strdup(f->arena, buf_text(&about)), .open_max = IMPORT_OPEN_MAX };
	buf_free(&about);
	return flow_query(f, job->worker->pg, u->restaurant_id, &(struct pg_statement){ QUERY_import_begin, &params }, 1, &preview_open_step);
}

static void set_options(struct import_job *job, const struct import_begin_row *row)
{
	const char *format = job->uploaded->format;
	job->options = (struct import_options){ .format = strcmp(format, "json") == 0 ? IMPORT_FORMAT_json : strcmp(format, "ndjson") == 0 ? IMPORT_FORMAT_ndjson
		                                                                                                                           : IMPORT_FORMAT_csv,
		                                .currency = row->currency,
		                                .decimals = (int)row->decimals,
		                                .max_price = row->max_price };
}

static const struct step *preview_open(struct flow *f)
{
	struct import_job *job = job_of(f);
	if (f->result.error)
		return again(f);
	const struct import_begin_row *row = f->result.rows[0].v;
	if (!f->result.rows[0].n || strcmp(row->status, "previewing") != 0)
		return &preview_look_step; /* done before, rejected, or the restaurant is gone */
	if (job->uploaded->incomplete || row->chunks < job->uploaded->chunks)
		return reject(f, "upload_incomplete", "The upload stopped before the file was complete.");
	set_options(job, row);
	const struct pg_session_config config = { .pg = job->worker->pg, .tenant = job->uploaded->restaurant_id, .open_ms = IMPORT_OPEN_MS, .statement_ms = IMPORT_STATEMENT_MS };
	if (pg_session_open(&config, on_session, job, &job->session))
		return flow_fail(f, ERROR_internal, "no session");
	return session_wait(f, &preview_stage_step);
}

static const struct step *preview_stage(struct flow *f)
{
	if (f->result.error)
		return again(f);
	return run_query(f, &(struct pg_statement){ QUERY_import_stage, NULL }, &preview_copy_step);
}

static bool on_row(void *ctx, const struct import_row *row)
{
	struct import_job *job = ctx;
	import_stage_row(&job->rows, row);
	return !job->rows.overflown;
}

static const struct step *preview_copy(struct flow *f)
{
	struct import_job *job = job_of(f);
	if (f->result.error)
		return again(f);
	buf_init(&job->rows, IMPORT_SLICE_ROWS_MAX);
	job->parser = import_parser_new(&job->options, on_row, job);
	job->seq = job->done = 0;
	job->chunk = (struct query_bytes){ NULL, 0 };
	job->at = 0;
	job->parsed = false;
	pg_session_copy(job->session, IMPORT_STAGE_COPY, on_session);
	return session_wait(f, &preview_put_step);
}

static void on_chunk(void *ctx, const struct pg_result *result)
{
	struct import_job *job = ctx;
	const struct import_chunk_read_row *row = result->rows[0].v;
	bool found = !result->error && result->rows[0].n;
	job->chunk = found ? row->data : (struct query_bytes){ NULL, 0 };
	job->at = 0;
	flow_resume(job->flow, result->error ? result->error : found ? ERROR_none
	                                                             : ERROR_conflict,
	            result->detail);
}

static void cancel_call(void *operation)
{
	struct pg_call *call = operation;
	pg_cancel(&call);
}

static const struct step *preview_read(struct flow *f)
{
	struct import_job *job = job_of(f);
	arena_free(&job->chunk_arena);
	job->chunk_arena = arena_new();
	const struct import_chunk_read_params params = { .import_id = job->uploaded->import_id, .seq = job->seq++ };
	struct pg_call *call = pg_query(job->worker->pg, job->chunk_arena, job->uploaded->restaurant_id, import_chunk_read, &params, on_chunk, job);
	return flow_wait(f, cancel_call, call, 0, &preview_feed_step);
}

static const struct step *refused(struct flow *f, enum error error)
{
	const struct import_file *file = import_parser_file(job_of(f)->parser);
	if (error == ERROR_invalid && file->n_notes)
		return reject(f, "file_refused", file->notes[file->n_notes - 1].message);
	return reject(f, "failed", "The file holds more than this server can take in one piece.");
}

static const struct step *preview_feed(struct flow *f)
{
	struct import_job *job = job_of(f);
	if (f->result.error)
		return again(f);
	size_t left = job->chunk.n - job->at, len = left < IMPORT_SLICE ? left : IMPORT_SLICE;
	buf_reset(&job->rows);
	enum error error = len ? import_parser_feed(job->parser, (const char *)job->chunk.v + job->at, len) : import_parser_finish(job->parser);
	job->parsed = !len;
	job->at += len;
	job->done += (int64_t)len;
	if (error)
		return refused(f, error);
	import_progress_report(job->progress, job->done, job->uploaded->bytes);
	/* Also when there is nothing to put: the next slice is another turn's. */
	pg_session_put(job->session, buf_text(&job->rows), job->rows.len, on_session);
	return session_wait(f, &preview_put_step);
}

/* A piece has left, or COPY may begin: what comes next? */
static const struct step *preview_put(struct flow *f)
{
	struct import_job *job = job_of(f);
	if (f->result.error)
		return again(f);
	if (job->parsed) {
		pg_session_copy_end(job->session, on_session);
		return session_wait(f, &preview_end_step);
	}
	if (job->at < job->chunk.n || job->seq == job->uploaded->chunks)
		return &preview_feed_step;
	return &preview_read_step;
}

static const struct step *preview_end(struct flow *f)
{
	if (f->result.error)
		return again(f);
	return &preview_isolate_step;
}

/* The plan must see one menu, whatever edits do meanwhile. */
static const struct step *preview_isolate(struct flow *f)
{
	arena_free(&job_of(f)->chunk_arena);
	return run_sql(f, "BEGIN ISOLATION LEVEL REPEATABLE READ", &preview_plan_step);
}

static const struct step *preview_plan(struct flow *f)
{
	struct import_job *job = job_of(f);
	if (f->result.error)
		return again(f);
	const struct import_file *file = import_parser_file(job->parser);
	struct buf columns, notes;
	buf_init(&columns, 1 << 20);
	buf_init(&notes, 1 << 20);
	import_columns_json(&columns, file);
	import_notes_json(&notes, file->notes, file->n_notes);
	const struct import_plan_params params = { .import_id = job->uploaded->import_id, .columns = buf_text(&columns), .notes = buf_text(&notes) };
	const struct step *next = run_query(f, &(struct pg_statement){ QUERY_import_plan, &params }, &preview_commit_step);
	buf_free(&columns);
	buf_free(&notes);
	return next;
}

static const struct step *preview_commit(struct flow *f)
{
	struct import_job *job = job_of(f);
	if (job->outrun && ++job->plans < PLANS_MAX)
		return run_sql(f, "ROLLBACK", &preview_isolate_step);
	if (f->result.error)
		return again(f);
	return run_sql(f, "COMMIT", &preview_planned_step);
}

static const struct step *preview_planned(struct flow *f)
{
	struct import_job *job = job_of(f);
	if (f->result.error)
		return again(f);
	const struct import_file *file = import_parser_file(job->parser);
	log_event(LOG_info, "import.ready", LOG_S("import_id", job->uploaded->import_id), LOG_I("rows", file->rows), LOG_I("bytes", file->bytes),
	          LOG_I("ms", (clock_us() - job->began_us) / 1000));
	let_go(job);
	return &preview_look_step;
}

static const struct step *preview_rejected(struct flow *f)
{
	if (f->result.error)
		return again(f);
	return &preview_look_step;
}

/* --- who watches hears of the end --- */

static const struct step *preview_look(struct flow *f)
{
	struct import_job *job = job_of(f);
	const struct import_state_params params = { .import_id = job->uploaded->import_id };
	return flow_query(f, job->worker->pg, job->uploaded->restaurant_id, &(struct pg_statement){ QUERY_import_state, &params }, 1, &preview_tell_step);
}

static const struct step *preview_tell(struct flow *f)
{
	struct import_job *job = job_of(f);
	if (!f->result.error && f->result.rows[0].n)
		import_tell(job->worker, job->uploaded->restaurant_id, job->uploaded->import_id, f->result.rows[0].v, NULL);
	return FLOW_END;
}

static void on_over(struct flow *f, enum error error, const char *detail)
{
	struct import_job *job = job_of(f);
	if (error)
		consumer_bury(job->receipt, error, detail);
	else
		consumer_finish(job->receipt);
	imports_job_over(job->worker);
}

/* --- beginning and end --- */

struct import_job *import_job_new(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	struct import_job *job = arena_new_of(arena, struct import_job);
	*job = (struct import_job){ .worker = w, .arena = arena, .receipt = receipt, .uploaded = event->payload, .trace = event->trace };
	return job;
}

void import_job_start(struct import_job *job)
{
	job->began_us = clock_us();
	job->progress = import_progress_new(job->worker, job->uploaded->restaurant_id, job->uploaded->import_id);
	job->flow = flow_new(job->worker->flows, "preview", job->arena, job, on_over);
	job->flow->trace = job->trace;
	job->flow->dispose = dispose;
	flow_start(job->flow, &preview_begin_step);
}

void import_job_free(struct import_job *job)
{
	struct arena *arena = job->arena;
	arena_free(&arena);
}
