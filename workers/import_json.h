/* import_json.h - JSON text, in pieces, into the values that matter, without holding the whole. Pure.
 *
 * Lines (NDJSON): each line that is not blank is a value. A document: an array of rows; {"items": [rows]}; or a menu,
 * {"categories": [{"name": ..., "items": [rows]}]}. Everything else of a document is given as well (as `other`), so that all of it is parsed by somebody; only brackets, commas and
 * colons between values are checked here. Memory: one value, at most IMPORT_ROW_BYTES_MAX.
 */
#ifndef WORKERS_IMPORT_JSON_H
#define WORKERS_IMPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

enum import_value { IMPORT_VALUE_row,
	            IMPORT_VALUE_category_name, /* of the rows that come */
	            IMPORT_VALUE_other };

/* The value's text, until the return; the line where it begins. false: no more, please. */
typedef bool import_value_fn(void *ctx, enum import_value what, int64_t line, const char *text, size_t len);

enum import_json_problem { IMPORT_JSON_fine,
	                   IMPORT_JSON_malformed,
	                   IMPORT_JSON_no_rows,   /* a document that holds no list of items where one is looked for */
	                   IMPORT_JSON_late_name, /* a category's name behind its items */
	                   IMPORT_JSON_too_large };

#define IMPORT_JSON_DEPTH 4 /* document, categories, category, items */

struct import_json {
	bool lines;
	int state;
	int place[IMPORT_JSON_DEPTH]; /* what we are in */
	size_t depth;
	bool found, named, begun; /* a list of rows in the document; a name in this category; rows in it */
	int64_t line, value_line;
	struct buf value;
	size_t nesting;
	bool in_string, escaped, scalar;
	int64_t problem_line;
	enum import_json_problem problem;
	bool stopped;
	char key[16]; /* the last key, as far as it matters */
	import_value_fn *on_value;
	void *ctx;
};

void import_json_init(struct import_json *j, bool lines, import_value_fn *on_value, void *ctx);
void import_json_free(struct import_json *j);
/* false: there is a problem (at problem_line), or on_value said stop; nothing comes afterwards. */
bool import_json_feed(struct import_json *j, const char *text, size_t len);
bool import_json_finish(struct import_json *j);

#endif
