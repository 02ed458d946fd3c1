/* import_header.h - which column a header or a JSON key means, in any of the languages of import_columns.def. Pure. */
#ifndef WORKERS_IMPORT_HEADER_H
#define WORKERS_IMPORT_HEADER_H

#include "workers/import_parse.h"

enum import_column_kind { IMPORT_KIND_TEXT,
	                  IMPORT_KIND_PRICE,
	                  IMPORT_KIND_BOOLEAN,
	                  IMPORT_KIND_INTEGER,
	                  IMPORT_KIND_ALLERGENS,
	                  IMPORT_KIND_LIST,
	                  IMPORT_KIND_URL };

struct import_column_row {
	enum import_column_kind kind;
	size_t max;
};
extern const struct import_column_row import_column_rows[IMPORT_COLUMN_COUNT];

/* IMPORT_COLUMN_none: not one of ours. *ignored_r (may be NULL): one that nobody needs to hear about. `currency`: "Preis EUR" is a price of a EUR menu. */
enum import_column import_header(struct arena *a, const char *text, const char *currency, bool *ignored_r);

/* The separator that fits the beginning of a file (its header, its first rows): , ; or tab. */
char import_separator(const char *text, size_t len, const char *currency);

#endif
