/* import_told.h - what an import reads, as JSON: for comparing with a file, or one way of reading with another. */
#ifndef TESTS_SUPPORT_IMPORT_TOLD_H
#define TESTS_SUPPORT_IMPORT_TOLD_H

#include <jansson.h>
#include <stdbool.h>

#include "common/buf.h"
#include "workers/import_parse.h"

/* EUR, at most 1000.000 */
extern const struct import_options import_told_options;

/* {"rows": [...], "file": {...}}: members that are absent, empty, false or 0 are left out. `piece`: how many bytes are fed at once; 0: all. */
json_t *import_told(const struct import_options *options, const void *bytes, size_t len, size_t piece);

/* The rows without errors as our own export writes them. false: the file is refused. */
bool import_exported(struct buf *out, const struct import_options *options, const void *bytes, size_t len);

#endif
