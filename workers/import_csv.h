/* import_csv.h - text into records of cells: RFC 4180 as it is in the wild. Pure; knows nothing of headers and columns.
 *
 * Cells are separated by `separator`; records end with CRLF, LF or CR. A cell in quotes may hold all of these, and "" for a quote; blanks around the quotes are
 * dropped. A quote within a cell that did not begin with one is text (5" pan). Text behind a closing quote is kept and reported.
 * Records of one empty cell (blank lines) are not given. Memory: one record.
 */
#ifndef WORKERS_IMPORT_CSV_H
#define WORKERS_IMPORT_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "workers/import_parse.h"

struct import_record {
	int64_t line;       /* where it begins, from 1 */
	char *const *cells; /* each ended by NUL, as they were but for the quotes */
	const size_t *lengths;
	size_t n;          /* at most IMPORT_COLUMNS_MAX */
	size_t surplus;    /* further cells; what they hold is not kept */
	bool surplus_text; /* one of them is not blank */
	bool stray;        /* text behind a closing quote */
};

/* The record lives until the return. false: no more, please. */
typedef bool import_record_fn(void *ctx, const struct import_record *record);

enum import_csv_problem { IMPORT_CSV_fine,
	                  IMPORT_CSV_cell_too_large,
	                  IMPORT_CSV_row_too_large,
	                  IMPORT_CSV_quote_open };

struct import_csv {
	unsigned char kind[256]; /* what a byte is */
	int state;
	int64_t line, record_line, quote_line;
	bool after_cr, stopped;
	enum import_csv_problem problem; /* at record_line; of a quote: quote_line */
	char *bytes;                     /* of the record */
	size_t used, room, cell;         /* `cell`: where the one being read begins */
	bool surplus_now;
	size_t starts[IMPORT_COLUMNS_MAX], lengths[IMPORT_COLUMNS_MAX];
	struct import_record record;
	import_record_fn *on_record;
	void *ctx;
};

void import_csv_init(struct import_csv *c, char separator, int64_t line, import_record_fn *on_record, void *ctx);
void import_csv_free(struct import_csv *c);
/* false: there is a problem, or on_record said stop; nothing comes afterwards. */
bool import_csv_feed(struct import_csv *c, const char *text, size_t len);
bool import_csv_finish(struct import_csv *c);

#endif
