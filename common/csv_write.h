/* csv_write.h - rows as CSV (RFC 4180: comma, CRLF, quotes where needed) that a spreadsheet may open and the import takes back unchanged.
 *
 * Formula neutralisation: a cell that begins with = + - @ tab or CR (so that a spreadsheet might run it), that is exactly CLEAR (which the import takes
 * for an order), or that begins with apostrophes before one of these, gets one apostrophe in front. The import takes exactly that one away
 * again (csv_guard()). Numbers are cells too: -1 is written as '-1.
 * What this does not do: it neither writes a byte order mark nor checks for UTF-8. It never fails half: the buf remembers that it overflowed.
 */
#ifndef COMMON_CSV_WRITE_H
#define COMMON_CSV_WRITE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"
#include "common/buf.h"

#define CSV_CLEAR "CLEAR"

/* One row with its line end; a cell of NULL is empty. n >= 1. */
enum error csv_row(struct buf *out, const char *const *cells, size_t n);
/* One cell without what separates it, for rows that are written piece by piece. */
enum error csv_cell(struct buf *out, const char *text);

/* Several values as the text of one cell: "salt|pepper, black" becomes salt|pepper\, black. Values without , ; | \ are written as they are. "" when n is 0. */
const char *csv_list(struct arena *a, const char *const *v, size_t n);

/* Does a cell with this text get a guard? */
bool csv_needs_guard(const char *text, size_t len);
/* How many bytes at the front of a cell's text are such a guard: 0 or 1. */
size_t csv_guard(const char *text, size_t len);

#endif
