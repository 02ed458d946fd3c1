/* import_told.c - see import_told.h. */
#include "tests/support/import_told.h"

#include <stdlib.h>
#include <string.h>

#include "common/csv_write.h"

const struct import_options import_told_options = { .format = IMPORT_FORMAT_csv, .currency = "EUR", .decimals = 2, .max_price = "1000.000" };

static const char *const severities[] = { "note", "warning", "error", "refusal" };

static json_t *notes_of(const struct import_note *notes, size_t n)
{
	json_t *v = json_array();
	for (size_t i = 0; i < n; i++) {
		const char *column = import_column_names[notes[i].column];
		json_array_append_new(v, json_sprintf("%s %s%s%s: %s", severities[import_code_rows[notes[i].code].severity], import_code_rows[notes[i].code].name, *column ? " " : "", column, notes[i].message));
	}
	return v;
}

static json_t *list_of(struct import_list list)
{
	json_t *v = json_array();
	for (size_t i = 0; i < list.n; i++)
		json_array_append_new(v, json_string(list.v[i]));
	return v;
}

/* What the row holds for one column. */
static json_t *value_of(const struct import_row *r, enum import_column column)
{
	switch ((int)column) {
	case IMPORT_COLUMN_price:
		return r->price ? json_string(r->price) : json_null();
	case IMPORT_COLUMN_is_signature:
		return json_boolean(r->is_signature);
	case IMPORT_COLUMN_is_available:
		return json_boolean(r->is_available);
	case IMPORT_COLUMN_spice_level:
		return json_integer(r->spice_level);
	case IMPORT_COLUMN_display_order:
		return json_integer(r->display_order);
	case IMPORT_COLUMN_contains:
		return list_of(r->contains);
	case IMPORT_COLUMN_may_contain:
		return list_of(r->may_contain);
	case IMPORT_COLUMN_free_of:
		return list_of(r->free_of);
	case IMPORT_COLUMN_tags:
		return list_of(r->tags);
	case IMPORT_COLUMN_ingredients:
		return list_of(r->ingredients);
	default:
		return r->text[column] ? json_string(r->text[column]) : json_null();
	}
}

static bool on_row(void *ctx, const struct import_row *r)
{
	json_t *row = json_object();
	json_object_set_new(row, "line", json_integer(r->line));
	for (int i = 0; i < IMPORT_COLUMN_COUNT; i++) {
		if (r->cell[i] == IMPORT_CELL_value)
			json_object_set_new(row, import_column_names[i], value_of(r, (enum import_column)i));
		if (r->cell[i] == IMPORT_CELL_clear)
			json_object_set_new(row, import_column_names[i], json_string("(cleared)"));
	}
	if (r->none_declared)
		json_object_set_new(row, "none_declared", json_true());
	if (r->n_notes)
		json_object_set_new(row, "notes", notes_of(r->notes, r->n_notes));
	json_array_append_new(ctx, row);
	return true;
}

static json_t *file_of(const struct import_file *f)
{
	json_t *file = json_object(), *columns = json_array();
	json_object_set_new(file, "encoding", json_string(f->encoding));
	for (size_t i = 0; i < f->n_columns && f->separator; i++)
		json_array_append_new(columns, json_sprintf("%s = %s", f->headers[i], import_column_names[f->columns[i]]));
	if (json_array_size(columns))
		json_object_set(file, "columns", columns);
	json_decref(columns);
	if (f->n_notes)
		json_object_set_new(file, "notes", notes_of(f->notes, f->n_notes));
	if (f->refused)
		json_object_set_new(file, "refused_line", json_integer(f->refused_line));
	json_object_set_new(file, "rows", json_integer(f->rows));
	json_object_set_new(file, "error_rows", json_integer(f->error_rows));
	json_object_set_new(file, "warning_rows", json_integer(f->warning_rows));
	return file;
}

json_t *import_told(const struct import_options *options, const void *bytes, size_t len, size_t piece)
{
	json_t *told = json_object(), *rows = json_array();
	struct import_parser *p = import_parser_new(options, on_row, rows);
	const char *s = bytes;
	enum error error = ERROR_none;
	for (size_t at = 0; at < len && !error;) {
		size_t n = piece && piece < len - at ? piece : len - at;
		char *copy = malloc(n); /* so that reading behind a piece is found */
		memcpy(copy, s + at, n);
		error = import_parser_feed(p, copy, n);
		free(copy);
		at += n;
	}
	if (!error)
		error = import_parser_finish(p);
	if (!!error != import_parser_file(p)->refused)
		abort();
	json_object_set_new(told, "rows", rows);
	json_object_set_new(told, "file", file_of(import_parser_file(p)));
	import_parser_free(&p);
	return told;
}

static bool export_row(void *ctx, const struct import_row *r)
{
	struct buf *out = ctx;
	struct arena *a = arena_new();
	const char *cells[IMPORT_COLUMN_COUNT];
	for (int i = 0; i < IMPORT_COLUMN_COUNT; i++)
		cells[i] = r->cell[i] == IMPORT_CELL_value ? r->text[i] : NULL;
	cells[IMPORT_COLUMN_price] = r->price;
	cells[IMPORT_COLUMN_contains] = csv_list(a, r->contains.v, r->contains.n);
	cells[IMPORT_COLUMN_may_contain] = csv_list(a, r->may_contain.v, r->may_contain.n);
	cells[IMPORT_COLUMN_free_of] = csv_list(a, r->free_of.v, r->free_of.n);
	cells[IMPORT_COLUMN_tags] = csv_list(a, r->tags.v, r->tags.n);
	cells[IMPORT_COLUMN_ingredients] = csv_list(a, r->ingredients.v, r->ingredients.n);
	if (!r->n_errors)
		csv_row(out, cells, IMPORT_COLUMN_COUNT);
	arena_free(&a);
	return true;
}

bool import_exported(struct buf *out, const struct import_options *options, const void *bytes, size_t len)
{
	csv_row(out, import_column_names, IMPORT_COLUMN_COUNT);
	struct import_parser *p = import_parser_new(options, export_row, out);
	bool fine = !import_parser_feed(p, bytes, len) && !import_parser_finish(p);
	import_parser_free(&p);
	return fine;
}
