/* import_stage.h - a parsed row as a line of COPY text for the table `stage` (migrations/0006_imports.sql). Pure.
 *
 * A cell of no value is NULL, and so leaves what is there; what CLEAR empties stands in `cleared`, or is written as the column's empty value. Lists are separated by
 * U+001F. A row with errors carries its cells as they were read, to be given back. Its id is a new one: that of the dish, should it be new.
 */
#ifndef WORKERS_IMPORT_STAGE_H
#define WORKERS_IMPORT_STAGE_H

#include "common/buf.h"
#include "workers/import_parse.h"

#define IMPORT_STAGE_COPY "COPY stage FROM STDIN"

void import_stage_row(struct buf *out, const struct import_row *row);
/* JSON for menu_import: [{"column", "code", "severity", "message"}] and [{"header", "column"}]. */
void import_notes_json(struct buf *out, const struct import_note *notes, size_t n);
void import_columns_json(struct buf *out, const struct import_file *file);

#endif
