/* import_stage.c - see import_stage.h. */
#include "workers/import_stage.h"

#include <stdio.h>
#include <string.h>

#include "common/id.h"
#include "common/pg_copy.h"

#define SCRATCH_MAX ((size_t)16 << 20)

static const char *const severity_names[] = { "note", "warning", "error", "refusal" };

/* --- JSON --- */

void import_notes_json(struct buf *out, const struct import_note *notes, size_t n)
{
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		const struct import_code_row *code = &import_code_rows[notes[i].code];
		const char *column = import_column_names[notes[i].column];
		buf_str(out, i ? ",{\"column\":" : "{\"column\":");
		if (*column)
			buf_json_string(out, column);
		else
			buf_str(out, "null");
		buf_printf(out, ",\"code\":\"%s\",\"severity\":\"%s\",\"message\":", code->name, severity_names[code->severity]);
		buf_json_string(out, notes[i].message);
		buf_char(out, '}');
	}
	buf_char(out, ']');
}

void import_columns_json(struct buf *out, const struct import_file *file)
{
	buf_char(out, '[');
	for (size_t i = 0; i < file->n_columns; i++) {
		const char *column = import_column_names[file->columns[i]];
		buf_str(out, i ? ",{\"header\":" : "{\"header\":");
		buf_json_string(out, file->headers[i]);
		buf_printf(out, *column ? ",\"column\":\"%s\"}" : ",\"column\":null}", column);
	}
	buf_char(out, ']');
}

static void cells_json(struct buf *out, const struct import_row *row)
{
	buf_char(out, '[');
	for (size_t i = 0; i < row->n_fields; i++) {
		if (i)
			buf_char(out, ',');
		if (row->fields[i])
			buf_json_string(out, row->fields[i]);
		else
			buf_str(out, "null");
	}
	buf_char(out, ']');
}

/* --- COPY text --- */

static void tab(struct buf *out)
{
	buf_char(out, '\t');
}

/* JSON does not fit into COPY text as it is: it goes through here. */
static struct buf *scratch(void)
{
	static struct buf json; /* one loop thread: its memory is kept for the next row */
	if (!json.max_bytes)
		buf_init(&json, SCRATCH_MAX);
	buf_reset(&json);
	return &json;
}

static void put_notes(struct buf *out, const struct import_row *row)
{
	struct buf *json = scratch();
	if (row->n_notes)
		import_notes_json(json, row->notes, row->n_notes);
	pg_copy_field(out, row->n_notes ? buf_text(json) : NULL);
}

static void put_cells(struct buf *out, const struct import_row *row)
{
	struct buf *json = scratch();
	if (row->n_errors)
		cells_json(json, row);
	pg_copy_field(out, row->n_errors ? buf_text(json) : NULL);
}

/* Columns that are emptied by name; of the others an empty value is written. */
static const enum import_column clearable[] = { IMPORT_COLUMN_external_id, IMPORT_COLUMN_description, IMPORT_COLUMN_price, IMPORT_COLUMN_image_url,
	                                        IMPORT_COLUMN_spice_level };

static bool empties(const struct import_row *row, enum import_column column)
{
	if (column == IMPORT_COLUMN_price && row->cell[column] == IMPORT_CELL_value && !row->price)
		return true; /* market price */
	return row->cell[column] == IMPORT_CELL_clear;
}

static void put_cleared(struct buf *out, const struct import_row *row)
{
	bool any = false;
	for (size_t i = 0; i < sizeof(clearable) / sizeof(clearable[0]); i++) {
		if (!empties(row, clearable[i]))
			continue;
		buf_str(out, any ? "" : ",");
		buf_str(out, import_column_names[clearable[i]]);
		buf_char(out, ',');
		any = true;
	}
	if (any)
		tab(out);
	else
		pg_copy_field(out, NULL);
}

static void put_cell(struct buf *out, const struct import_row *row, enum import_column column)
{
	pg_copy_field(out, row->cell[column] == IMPORT_CELL_value ? row->text[column] : NULL);
}

static void put_flag(struct buf *out, const struct import_row *row, enum import_column column, bool value, bool cleared)
{
	enum import_cell cell = row->cell[column];
	if (cell == IMPORT_CELL_value || cell == IMPORT_CELL_clear)
		buf_str(out, (cell == IMPORT_CELL_value ? value : cleared) ? "t" : "f");
	else
		buf_str(out, PG_COPY_NULL);
	tab(out);
}

static void put_number(struct buf *out, const struct import_row *row, enum import_column column, int64_t value, bool clears)
{
	enum import_cell cell = row->cell[column];
	if (cell == IMPORT_CELL_value || (clears && cell == IMPORT_CELL_clear))
		buf_int(out, cell == IMPORT_CELL_value ? value : 0);
	else
		buf_str(out, PG_COPY_NULL);
	tab(out);
}

static void put_list(struct buf *out, const struct import_row *row, enum import_column column, const struct import_list *list)
{
	enum import_cell cell = row->cell[column];
	if (cell == IMPORT_CELL_value)
		for (size_t i = 0; i < list->n; i++) {
			if (i)
				buf_char(out, '\x1f');
			pg_copy_escape(out, list->v[i]);
		}
	else if (cell != IMPORT_CELL_clear)
		buf_str(out, PG_COPY_NULL);
	tab(out);
}

/* Names on the wire need no escapes. */
static void put_allergens(struct buf *out, const struct import_row *row, enum import_column column, const struct import_list *list)
{
	enum import_cell cell = row->cell[column];
	if (cell != IMPORT_CELL_value && cell != IMPORT_CELL_clear) {
		pg_copy_field(out, NULL);
		return;
	}
	buf_char(out, '[');
	for (size_t i = 0; cell == IMPORT_CELL_value && i < list->n; i++) {
		buf_str(out, i ? ",\"" : "\"");
		buf_str(out, list->v[i]);
		buf_char(out, '"');
	}
	buf_append(out, "]\t", 2);
}

static void put_dish(struct buf *out, const struct import_row *row)
{
	put_cell(out, row, IMPORT_COLUMN_external_id);
	put_cell(out, row, IMPORT_COLUMN_category);
	put_cell(out, row, IMPORT_COLUMN_name);
	put_cell(out, row, IMPORT_COLUMN_description);
	pg_copy_field(out, row->cell[IMPORT_COLUMN_price] == IMPORT_CELL_value ? row->price : NULL);
	put_cell(out, row, IMPORT_COLUMN_image_url);
	put_flag(out, row, IMPORT_COLUMN_is_signature, row->is_signature, false);
	put_number(out, row, IMPORT_COLUMN_spice_level, row->spice_level, false);
	put_allergens(out, row, IMPORT_COLUMN_contains, &row->contains);
	put_allergens(out, row, IMPORT_COLUMN_may_contain, &row->may_contain);
	put_allergens(out, row, IMPORT_COLUMN_free_of, &row->free_of);
	buf_str(out, row->none_declared ? "t\t" : "f\t");
	put_list(out, row, IMPORT_COLUMN_tags, &row->tags);
	put_list(out, row, IMPORT_COLUMN_ingredients, &row->ingredients);
	put_number(out, row, IMPORT_COLUMN_display_order, row->display_order, true);
	put_flag(out, row, IMPORT_COLUMN_is_available, row->is_available, true);
}

void import_stage_row(struct buf *out, const struct import_row *row)
{
	char id[ID_TEXT];
	id_uuid(id);
	buf_int(out, row->number);
	tab(out);
	buf_int(out, row->line);
	tab(out);
	buf_str(out, id);
	buf_str(out, row->n_errors ? "\tt\t" : "\tf\t");
	put_cleared(out, row);
	put_notes(out, row);
	put_cells(out, row);
	put_dish(out, row);
	if (!out->overflown)
		out->data[out->len - 1] = '\n'; /* in place of the last tab */
}
