/* import_internal.h - what the files of the import's reading share. Not for others: import_parse.h is the way in. */
#ifndef WORKERS_IMPORT_INTERNAL_H
#define WORKERS_IMPORT_INTERNAL_H

#include <jansson.h>

#include "common/allergen_words.h"
#include "common/buf.h"
#include "workers/import_csv.h"
#include "workers/import_header.h"
#include "workers/import_json.h"
#include "workers/import_keys.h"
#include "workers/import_number.h"
#include "workers/import_parse.h"
#include "workers/import_text.h"

/* A cell as its format gave it, before anybody looked at it. */
struct import_raw {
	const char *text; /* NULL: absent; ended by NUL */
	size_t length;
	const char *const *v; /* JSON arrays of a LIST column: each value by itself; `text` joins them */
	size_t n;
};

struct import_raw_row {
	int64_t line;
	struct import_raw cell[IMPORT_COLUMN_COUNT];
	bool guarded[IMPORT_COLUMN_COUNT]; /* CSV: the text CLEAR, and not the order */
	const char *problem;               /* what is wrong with the row as a whole; NULL: nothing */
	enum import_code problem_code;
	const char *const *fields;
	size_t n_fields;
};

/* Lists of allergens that were read before: most files say the same few over and over. */
struct import_allergen_memo;

struct import_parser {
	struct import_options options;
	char currency[4];
	struct import_money money;
	import_row_fn *on_row;
	void *ctx;
	struct import_file file;
	enum error error;

	struct arena *file_arena; /* headers, notes of the file */
	struct arena *arena;      /* of the row */
	struct import_text text;
	struct import_keys keys;
	struct import_allergen_memo *memo;
	struct buf category; /* the last category and its key: rows of a category come together */
	struct buf category_key;

	struct buf sample; /* CSV: the beginning of the file, until the separator is known */
	bool separated;
	struct import_csv csv;
	bool headed;

	struct import_json json;
	struct buf json_category; /* of the rows that come */
	bool in_category;
	const char *unknown_keys[64];
	size_t n_unknown_keys;
	struct import_row row;
};

/* Notes. The message is one sentence. */
void import_note(struct import_parser *p, enum import_code code, enum import_column column, const char *format, ...) __attribute__((format(printf, 4, 5)));
void import_file_note(struct import_parser *p, enum import_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Ends everything; returns false for who passes it on. */
bool import_refuse(struct import_parser *p, enum import_code code, int64_t line, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* A value for a message: quoted, cut after 60 bytes, without control characters. */
const char *import_shown(struct arena *a, const char *text);

/* Cells into p->row. */
void import_cells(struct import_parser *p, const struct import_raw_row *raw);
void import_cell_allergens(struct import_parser *p, const struct import_raw_row *raw);
struct import_allergen_memo *import_allergen_memo_new(void);
void import_allergen_memo_free(struct import_allergen_memo **m);
/* Text as a column takes it, or NULL with a note: NFC, no blanks around, no control characters and tags, not too long. */
const char *import_cell_text(struct import_parser *p, enum import_column column, const char *text, size_t length);

/* One row: checks, counts, gives it. false: stop. */
bool import_row(struct import_parser *p, const struct import_raw_row *raw);
/* A row that could not even be taken apart: one error. */
bool import_broken_row(struct import_parser *p, int64_t line, enum import_code code, const char *message);

/* The formats. */
bool import_csv_text(struct import_parser *p, const char *text, size_t len);
bool import_csv_end(struct import_parser *p);
bool import_json_text(struct import_parser *p, const char *text, size_t len);
bool import_json_end(struct import_parser *p);
void import_json_headers(struct import_parser *p);

#endif
