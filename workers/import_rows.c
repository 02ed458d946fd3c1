/* import_rows.c - CSV records into rows: the header, the number of cells; and what every row goes through before it is given. */
#include <string.h>

#include "common/csv_write.h"
#include "common/text.h"
#include "workers/import_internal.h"

#define BLANKS " \t\r\n"
#define SAMPLE_BYTES ((size_t)64 << 10)

/* Rows. */

static bool give(struct import_parser *p)
{
	struct import_row *row = &p->row;
	p->file.error_rows += row->n_errors > 0;
	p->file.warning_rows += !row->n_errors && row->n_warnings;
	bool go_on = p->on_row(p->ctx, row);
	arena_free(&p->arena);
	return go_on;
}

static bool begin(struct import_parser *p, int64_t line)
{
	if (p->file.rows == IMPORT_ROWS_MAX)
		return import_refuse(p, IMPORT_CODE_too_many_rows, line, "There are more than %d rows.", IMPORT_ROWS_MAX);
	if (!p->arena)
		p->arena = arena_new();
	p->row = (struct import_row){ .line = line, .number = ++p->file.rows };
	return true;
}

/* The same item twice in one file. */
static void check_keys(struct import_parser *p)
{
	struct import_row *row = &p->row;
	const char *external_id = row->text[IMPORT_COLUMN_external_id];
	if (external_id) {
		int64_t line = import_keys_add(&p->keys, IMPORT_KEY_external_id, external_id, row->line);
		if (line) {
			import_note(p, IMPORT_CODE_duplicate_external_id, IMPORT_COLUMN_external_id, "The external_id %s is in line %lld already.", import_shown(p->arena, external_id), (long long)line);
			return;
		}
	}
	int64_t line = row->identity ? import_keys_add(&p->keys, external_id ? IMPORT_KEY_item_with_id : IMPORT_KEY_item, row->identity, row->line) : 0;
	if (line)
		import_note(p, IMPORT_CODE_duplicate_item, IMPORT_COLUMN_name, "The same category and name are in line %lld already; give both rows an external_id.", (long long)line);
}

bool import_row(struct import_parser *p, const struct import_raw_row *raw)
{
	if (!begin(p, raw->line))
		return false;
	p->row.fields = raw->fields;
	p->row.n_fields = raw->n_fields;
	import_cells(p, raw);
	check_keys(p);
	return give(p);
}

bool import_broken_row(struct import_parser *p, int64_t line, enum import_code code, const char *message)
{
	if (!begin(p, line))
		return false;
	import_note(p, code, IMPORT_COLUMN_none, "%s", message);
	return give(p);
}

/* The header. */

static bool add_column(struct import_parser *p, struct arena *a, const char *header)
{
	struct import_file *f = &p->file;
	bool ignored, empty = !header[strspn(header, BLANKS)];
	enum import_column column = import_header(a, header, p->currency, &ignored);
	f->headers[f->n_columns] = arena_strdup(p->file_arena, header);
	f->columns[f->n_columns++] = column;
	if (column == IMPORT_COLUMN_none) {
		if (empty)
			import_file_note(p, IMPORT_CODE_column_unknown, "Column %zu has no name and was left out.", f->n_columns);
		else if (!ignored)
			import_file_note(p, IMPORT_CODE_column_unknown, "The column %s is not known and was left out.", import_shown(a, header));
		return true;
	}
	for (size_t i = 0; i + 1 < f->n_columns; i++)
		if (f->columns[i] == column)
			return import_refuse(p, IMPORT_CODE_column_duplicate, 0, "The columns %s and %s both mean %s.", import_shown(a, f->headers[i]), import_shown(a, header), import_column_names[column]);
	return true;
}

static bool has_column(const struct import_file *f, enum import_column column)
{
	for (size_t i = 0; i < f->n_columns; i++)
		if (f->columns[i] == column)
			return true;
	return false;
}

static bool on_header(struct import_parser *p, const struct import_record *record)
{
	struct arena *a = arena_new();
	bool fine = true;
	size_t n = record->n;
	while (n && !record->cells[n - 1][strspn(record->cells[n - 1], BLANKS)])
		n--; /* separators at the end of the line */
	p->headed = true;
	if (record->surplus_text)
		fine = import_refuse(p, IMPORT_CODE_too_many_columns, record->line, "There are %zu columns; at most %d are taken.", record->n + record->surplus, IMPORT_COLUMNS_MAX);
	for (size_t i = 0; fine && i < n; i++)
		fine = add_column(p, a, record->cells[i]);
	if (fine && !has_column(&p->file, IMPORT_COLUMN_name))
		fine = import_refuse(p, IMPORT_CODE_column_missing, record->line, "There is no column for the name: the first line must hold the names of the columns.");
	if (p->file.refused && !p->file.refused_line)
		p->file.refused_line = record->line;
	arena_free(&a);
	return fine;
}

/* Records. */

static bool all_blank(const struct import_record *record)
{
	if (record->surplus_text)
		return false;
	for (size_t i = 0; i < record->n; i++)
		if (record->cells[i][strspn(record->cells[i], BLANKS)])
			return false;
	return true;
}

/* The names of the columns that a short row has no cell for. */
static const char *missing(struct import_parser *p, size_t from)
{
	const char *text = "";
	for (size_t i = from; i < p->file.n_columns; i++)
		if (p->file.columns[i] != IMPORT_COLUMN_none)
			text = arena_printf(p->arena, "%s%s%s", text, *text ? ", " : "", import_column_names[p->file.columns[i]]);
	return *text ? text : "columns that are not imported";
}

static bool surplus_is_blank(const struct import_record *record, size_t columns)
{
	for (size_t i = columns; i < record->n; i++)
		if (record->cells[i][strspn(record->cells[i], BLANKS)])
			return false;
	return !record->surplus_text;
}

/* Cells without the apostrophe that guards formulas (csv_write.h). */
static void take_cells(struct import_parser *p, const struct import_record *record, struct import_raw_row *raw, const char **fields)
{
	for (size_t i = 0; i < record->n; i++) {
		size_t guard = csv_guard(record->cells[i], record->lengths[i]);
		fields[i] = record->cells[i] + guard;
		enum import_column column = i < p->file.n_columns ? p->file.columns[i] : IMPORT_COLUMN_none;
		if (column != IMPORT_COLUMN_none)
			raw->cell[column] = (struct import_raw){ .text = fields[i], .length = record->lengths[i] - guard };
		if (guard && column != IMPORT_COLUMN_none && !strcmp(fields[i], CSV_CLEAR))
			raw->guarded[column] = true;
	}
}

static bool on_record(void *ctx, const struct import_record *record)
{
	struct import_parser *p = ctx;
	if (all_blank(record))
		return true;
	if (!p->headed)
		return on_header(p, record);
	const char *fields[IMPORT_COLUMNS_MAX];
	struct import_raw_row raw = { .line = record->line, .fields = fields, .n_fields = record->n };
	size_t columns = p->file.n_columns, n = record->n + record->surplus;
	take_cells(p, record, &raw, fields);
	p->arena = arena_new();
	if (record->n < columns)
		raw.problem = arena_printf(p->arena, "There are %zu cells instead of %zu; these are missing: %s.", n, columns, missing(p, record->n));
	else if (!surplus_is_blank(record, columns))
		raw.problem = arena_printf(p->arena, "There are %zu cells instead of %zu; a cell with a separator in it needs quotes.", n, columns);
	raw.problem_code = IMPORT_CODE_row_ragged;
	if (record->stray && !raw.problem) {
		raw.problem = "There is text behind a closing quote; a quote within quotes is written twice.";
		raw.problem_code = IMPORT_CODE_quote_stray;
	}
	return import_row(p, &raw);
}

static bool csv_stopped(struct import_parser *p)
{
	struct import_csv *c = &p->csv;
	if (c->problem == IMPORT_CSV_quote_open)
		return import_refuse(p, IMPORT_CODE_quote_open, c->quote_line, "The quote that opens in line %lld is never closed.", (long long)c->quote_line);
	if (c->problem == IMPORT_CSV_cell_too_large)
		return import_refuse(p, IMPORT_CODE_cell_too_large, c->record_line, "A cell of the row in line %lld is larger than %zu KiB; is a quote not closed?", (long long)c->record_line, IMPORT_CELL_MAX >> 10);
	if (c->problem)
		return import_refuse(p, IMPORT_CODE_row_too_large, c->record_line, "The row in line %lld is larger than %zu KiB.", (long long)c->record_line, IMPORT_ROW_BYTES_MAX >> 10);
	return false;
}

/* "sep=;" in the first line, as spreadsheets write it: how long that line is. */
static size_t said_separator(const char *text, char *separator_r)
{
	if (strncasecmp(text, "sep=", 4) != 0 || !text[4] || !strchr(",;\t", text[4]))
		return 0;
	size_t n = 5 + (text[5] == '\r');
	n += text[n] == '\n';
	*separator_r = text[4];
	return n > 5 ? n : 0;
}

/* The sample is complete: which separator? */
static bool separate(struct import_parser *p)
{
	const char *text = buf_text(&p->sample), *separator_name;
	char separator;
	size_t said = said_separator(text, &separator), len = p->sample.len;
	if (!said)
		separator = import_separator(text, len, p->currency);
	p->separated = true;
	p->file.separator = separator;
	separator_name = separator == '\t' ? "a tab" : separator == ';' ? "a semicolon"
	                                                                : "a comma";
	if (separator != ',')
		import_file_note(p, IMPORT_CODE_separator, "The cells are separated by %s.", separator_name);
	import_csv_init(&p->csv, separator, said ? 2 : 1, on_record, p);
	bool fine = import_csv_feed(&p->csv, text + said, len - said);
	buf_free(&p->sample);
	return fine || csv_stopped(p);
}

bool import_csv_text(struct import_parser *p, const char *text, size_t len)
{
	if (!p->separated) {
		size_t room = SAMPLE_BYTES - p->sample.len, n = len < room ? len : room;
		buf_append(&p->sample, text, n);
		text += n;
		len -= n;
		if (p->sample.len < SAMPLE_BYTES)
			return true;
		if (!separate(p))
			return false;
	}
	return !len || import_csv_feed(&p->csv, text, len) || csv_stopped(p);
}

bool import_csv_end(struct import_parser *p)
{
	if (!p->separated && !separate(p))
		return false;
	if (!import_csv_finish(&p->csv))
		return csv_stopped(p);
	return p->headed || import_refuse(p, IMPORT_CODE_file_empty, 0, "The file is empty.");
}
