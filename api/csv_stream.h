/* csv_stream.h - a table of the database as a CSV file: read and written page by page, however long it is.
 *
 * The first page is read before the answer begins, so what is not there (no row, no database) is said properly. Later nothing can be said any more: a page that cannot be read
 * cuts the connection, so that nobody takes a part for the whole. The next page is asked for when the client has taken the last one: memory holds one
 * page. Loop thread only.
 */
#ifndef API_CSV_STREAM_H
#define API_CSV_STREAM_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/pg.h"

#define CSV_PAGE_BYTES_MAX ((size_t)32 << 20)

struct request;

struct csv_source {
	const char *file_name; /* "menu.csv" */
	const char *tenant;
	enum query_id query;
	void *params;    /* the query's, in the arena */
	int64_t *offset; /* one of them, moved on by csv_stream.c; NULL: `write` does that */
	int64_t page;    /* rows of a page: the query's limit */
	/* Writes a page, with the header when it is the first; sets how many of its rows count. False: it cannot go on (it is then cut; on the first page: not found). */
	bool (*write)(void *ctx, struct buf *out, const struct pg_rows *rows, bool first, int64_t *count_r);
	void *ctx;
};

/* An arena for the source's strings, params and ctx: it lives as long as the answer. */
struct arena *csv_stream_arena(void);
/* Answers. Takes the arena; `source` is copied. */
void csv_stream_answer(struct request *r, struct arena *arena, const struct csv_source *source);

#endif
