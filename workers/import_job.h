/* import_job.h - one import from its stored chunks to its preview.
 *
 *     begin → open → stage → copy → read ⇄ feed → put … → end → isolate → plan → commit → planned → look → tell
 *
 * Reads the chunks in order, parses them in slices of IMPORT_SLICE bytes, one slice a turn of the loop, and copies the rows into a temporary table on a session of its own;
 * then import_plan() compares and stores the preview, in one transaction. Memory does not grow with the file: one chunk, one slice's rows, and what the parser holds.
 *
 * Waits for the database without end. What it refuses is tried again JOB_TRIES times from the beginning; then the import is rejected ("failed"). A file that cannot be read
 * is rejected ("file_refused") with the parser's words, one with chunks missing as "upload_incomplete".
 */
#ifndef WORKERS_IMPORT_JOB_H
#define WORKERS_IMPORT_JOB_H

#include <sys/queue.h>

#include "common/pg_session.h"
#include "workers/consumer.h"
#include "workers/import_parse.h"

#define IMPORT_SLICE ((size_t)32 << 10)
#define IMPORT_SLICE_ROWS_MAX ((size_t)64 << 20) /* COPY text of one slice */
#define IMPORT_OPEN_MS 10000
#define IMPORT_STATEMENT_MS (10 * 60 * 1000)
#define IMPORT_JOB_TRIES 3

struct import_uploaded;
struct import_progress;

struct import_job {
	struct worker *worker;
	struct receipt *receipt;
	struct arena *arena;
	const char *trace;
	const struct import_uploaded *uploaded;
	STAILQ_ENTRY(import_job)
	link; /* while it waits */

	struct flow *flow;
	struct import_options options;
	struct pg_session *session;
	struct import_parser *parser;
	struct import_progress *progress;
	struct buf rows;           /* COPY text of the slice */
	struct arena *chunk_arena; /* holds the chunk */
	struct query_bytes chunk;
	size_t at;        /* in the chunk */
	int64_t seq;      /* of the next chunk */
	int64_t done;     /* bytes */
	bool parsed;      /* the parser's end was reached */
	bool outrun;      /* the last statement lost against another transaction */
	int tries, plans; /* plans: that were outrun */
	int64_t began_us;
};

/* Owns the arena; the receipt is ended when the job is. */
struct import_job *import_job_new(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);
void import_job_start(struct import_job *job); /* calls imports_job_over() at its end */
void import_job_free(struct import_job *job);  /* one that was not started; its receipt is the caller's matter */

#endif
