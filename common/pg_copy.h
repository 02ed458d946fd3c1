/* pg_copy.h - values as COPY's text format wants them: nothing in a value can end its field or its row. Pure.
 *
 * Source: https://www.postgresql.org/docs/15/sql-copy.html, "Text Format".
 */
#ifndef COMMON_PG_COPY_H
#define COMMON_PG_COPY_H

#include "common/buf.h"

#define PG_COPY_NULL "\\N"

void pg_copy_escape(struct buf *out, const char *s); /* for a field that is written piece by piece */
void pg_copy_field(struct buf *out, const char *s);  /* and the tab behind it; NULL: no value */

#endif
