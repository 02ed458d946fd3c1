/* import_parse.h - a menu's file (CSV, JSON, NDJSON) into rows, each with what is wrong about it. Pure: no I/O, no clock, no database.
 *
 * Feed the file in pieces of any size; rows come out by a callback, in the file's order, each once, during feed() or finish(). Cutting the file elsewhere
 * changes nothing. What it does: encoding (UTF-8, UTF-16, Windows-1252), separator, header, cells by their columns, allergens by their
 * words, and what only the file can tell (two rows for one item). What it does not: compare with the menu, know categories, decide what is applied.
 *
 * Money is decimal text, never a double (a JSON number is read by its shortest decimal text; exact up to 15 digits).
 * An empty cell and a missing column never clear anything; the word CLEAR does (IMPORT_CELL_clear).
 * Memory: bounded whatever comes. At most IMPORT_ROW_BYTES_MAX for the row being read, about ten times that for its values, and 16 bytes for each key of a row
 * seen (two keys a row: at most 64 MiB at a million rows, 96 MiB while the table grows).
 * A row with errors comes out too, with whatever could be read of it.
 */
#ifndef WORKERS_IMPORT_PARSE_H
#define WORKERS_IMPORT_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/error.h"

#define IMPORT_BYTES_MAX ((int64_t)100 * 1000 * 1000)
#define IMPORT_ROWS_MAX 1000000
#define IMPORT_COLUMNS_MAX 64
#define IMPORT_CELL_MAX ((size_t)64 << 10)
#define IMPORT_ROW_BYTES_MAX ((size_t)1 << 20)
#define IMPORT_LIST_MAX 50  /* values of one cell */
#define IMPORT_NOTES_MAX 16 /* of one row; the others are only counted */
#define IMPORT_FILE_NOTES_MAX 80

enum import_format { IMPORT_FORMAT_csv,
	             IMPORT_FORMAT_json, /* an array of objects, {"items": [...]}, or the menu as GET .../menu gives it */
	             IMPORT_FORMAT_ndjson };

enum import_column {
#define IMPORT_COLUMN(id, kind, max, headers) IMPORT_COLUMN_##id,
#include "workers/import_columns.def"
#undef IMPORT_COLUMN
	IMPORT_COLUMN_COUNT,
	IMPORT_COLUMN_none = IMPORT_COLUMN_COUNT /* a note about the whole row or file; a column that is not imported */
};
extern const char *const import_column_names[IMPORT_COLUMN_COUNT + 1]; /* "external_id", ...; the last one is "" */

enum import_code {
#define IMPORT_CODE(id, severity, meaning) IMPORT_CODE_##id,
#include "workers/import_codes.def"
#undef IMPORT_CODE
	IMPORT_CODE_COUNT
};

enum import_severity { IMPORT_NOTE,
	               IMPORT_WARNING,
	               IMPORT_ERROR,
	               IMPORT_REFUSAL };
extern const struct import_code_row {
	const char *name; /* "price_range" */
	enum import_severity severity;
} import_code_rows[IMPORT_CODE_COUNT];

struct import_note {
	enum import_code code;
	enum import_column column; /* IMPORT_COLUMN_none: the whole row or file */
	const char *message;       /* one sentence with a period, clean UTF-8, at most 500 bytes */
};

enum import_cell { IMPORT_CELL_absent, /* the file has no such column (JSON: the object no such key) */
	           IMPORT_CELL_empty,  /* nothing in it: leaves what is there, as absent does. JSON: null, "", [] */
	           IMPORT_CELL_clear,  /* CLEAR: empties the field */
	           IMPORT_CELL_value };

struct import_list {
	const char *const *v;
	size_t n;
};

/* One row. Everything in it lives until the callback returns. The members for a column mean something when its cell is IMPORT_CELL_value and the row has no
 * error for that column; else they are NULL, 0 or empty. */
struct import_row {
	int64_t line;   /* where the row begins in the file, from 1 */
	int64_t number; /* of the rows, from 1; blank rows do not count */
	enum import_cell cell[IMPORT_COLUMN_COUNT];
	const char *text[IMPORT_COLUMN_COUNT]; /* TEXT and URL columns: normalised (NFC, no blanks around); the others: as written. NULL unless value */
	const char *price;                     /* "14.90", with the currency's decimals; NULL with a cell of value: market price, that is null */
	bool is_signature, is_available;
	int32_t spice_level, display_order;
	struct import_list contains, may_contain, free_of; /* names on the wire, in the order of the taxonomy. A cell of value with an empty list: "none" */
	bool none_declared;                                /* contains says "none": needs confirmation */
	struct import_list tags, ingredients;              /* texts as TEXT; each once (by their folded form) */
	const char *category_key;                          /* import_fold() of the category; NULL when there is none */
	const char *identity;                              /* import_identity() of category and name; NULL when there is no name */

	const char *const *fields; /* the cells as they were read, in the order of import_file.headers: for giving the row back. NULL: no such cell */
	size_t n_fields;
	size_t n_errors; /* of all notes, also of those that are not kept */
	size_t n_warnings;
	struct import_note notes[IMPORT_NOTES_MAX]; /* errors are kept before warnings */
	size_t n_notes;                             /* that are kept */
};

/* What is known about the file: complete once the first row came, or after finish(). Lives as long as the parser. */
struct import_file {
	const char *encoding;                           /* "utf-8", "utf-16le", "utf-16be", "windows-1252" */
	char separator;                                 /* of CSV; 0 for JSON */
	const char *headers[IMPORT_COLUMNS_MAX];        /* as in the file; JSON: the names of all columns */
	enum import_column columns[IMPORT_COLUMNS_MAX]; /* what each was taken for; IMPORT_COLUMN_none: not imported */
	size_t n_columns;
	struct import_note notes[IMPORT_FILE_NOTES_MAX]; /* a refusal is the last one */
	size_t n_notes;
	bool refused;
	int64_t refused_line; /* 0: no line in particular */
	int64_t bytes, rows, error_rows, warning_rows;
};

struct import_options {
	enum import_format format;
	const char *currency;  /* "EUR" */
	int decimals;          /* of the currency: 0, 2 or 3 */
	const char *max_price; /* decimal text: "1000" or "1000.000" */
};

/* false: stop; nothing comes after it. */
typedef bool import_row_fn(void *ctx, const struct import_row *row);

struct import_parser;

struct import_parser *import_parser_new(const struct import_options *options, import_row_fn *on_row, void *ctx); /* copies the options */
void import_parser_free(struct import_parser **p);                                                               /* NULL is fine */

/* ERROR_none; ERROR_invalid when the file is refused (import_parser_file() says why, rows that came before do not count); ERROR_cancelled when the callback said
 * stop. After an error every further call returns it again. */
MUST_CHECK enum error import_parser_feed(struct import_parser *p, const void *bytes, size_t len);
/* The end of the file: gives the last rows. */
MUST_CHECK enum error import_parser_finish(struct import_parser *p);
const struct import_file *import_parser_file(const struct import_parser *p);

/* A text for comparing: canonical Unicode form, case folded, runs of white space one space, none around. Two names that look the same give the same
 * key. Not for showing. Always at most IMPORT_KEY_MAX bytes (then the end is replaced by a hash). */
#define IMPORT_KEY_MAX 1000
const char *import_fold(struct arena *a, const char *text);
/* The key of an item without an external_id: fold(category) U+001F fold(name). category may be NULL. For the items that are there already as well. */
const char *import_identity(struct arena *a, const char *category, const char *name);

#endif
