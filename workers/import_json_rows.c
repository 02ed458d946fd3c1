/* import_json_rows.c - JSON values into raw rows: keys by import_columns.def, the shapes of our own API (allergen_info, ingredients with id and name). */
#include <string.h>

#include "common/csv_write.h"
#include "common/schema.h"
#include "common/schema_json.h"
#include "workers/import_internal.h"

#define UNKNOWN_KEYS_MAX 64
#define NUMBER_BYTES_MAX 64

/* One object being read. */
struct reading {
	struct import_parser *p;
	struct import_raw_row raw;
	const char *fields[IMPORT_COLUMN_COUNT];
};

static void problem(struct reading *r, enum import_code code, const char *message)
{
	if (r->raw.problem)
		return;
	r->raw.problem = message;
	r->raw.problem_code = code;
}

static const char *number(struct reading *r, const json_t *v)
{
	if (json_is_integer(v))
		return arena_printf(r->p->arena, "%lld", (long long)json_integer_value(v));
	struct buf text;
	buf_init(&text, NUMBER_BYTES_MAX);
	(void)schema_json_double(&text, json_real_value(v));
	const char *copy = arena_strdup(r->p->arena, buf_text(&text));
	buf_free(&text);
	return copy;
}

/* What a cell would say; NULL: nothing that a cell can say. {"id": ..., "name": ...} is its name. */
static const char *scalar(struct reading *r, const json_t *v)
{
	if (json_is_object(v))
		v = json_object_get(v, "name");
	if (json_is_string(v))
		return json_string_value(v);
	if (json_is_boolean(v))
		return json_is_true(v) ? "true" : "false";
	if (json_is_number(v))
		return number(r, v);
	return json_is_null(v) ? "" : NULL;
}

static const char *wrong_kind(struct reading *r, enum import_column column)
{
	return arena_printf(r->p->arena, "The value of %s is JSON of another kind than the column takes.", import_column_names[column]);
}

static bool read_array(struct reading *r, enum import_column column, const json_t *v, struct import_raw *cell)
{
	enum import_column_kind kind = import_column_rows[column].kind;
	size_t n = json_array_size(v), i;
	const char **texts = arena_array(r->p->arena, n, sizeof(*texts));
	const json_t *value;
	if (kind != IMPORT_KIND_LIST && kind != IMPORT_KIND_ALLERGENS)
		return false;
	json_array_foreach(v, i, value) if (!(texts[i] = scalar(r, value))) return false;
	const char *text = csv_list(r->p->arena, texts, n);
	*cell = (struct import_raw){ .text = text, .length = strlen(text) };
	if (kind == IMPORT_KIND_LIST) {
		cell->v = texts;
		cell->n = n;
	}
	return true;
}

static void read_value(struct reading *r, enum import_column column, const json_t *v)
{
	struct import_raw *cell = &r->raw.cell[column];
	if (cell->text) {
		problem(r, IMPORT_CODE_value_kind, arena_printf(r->p->arena, "Two keys of the object mean %s.", import_column_names[column]));
		return;
	}
	if (json_is_array(v)) {
		if (!read_array(r, column, v, cell))
			problem(r, IMPORT_CODE_value_kind, wrong_kind(r, column));
	} else {
		const char *text = scalar(r, v);
		if (text)
			*cell = (struct import_raw){ .text = text, .length = strlen(text) };
		else
			problem(r, IMPORT_CODE_value_kind, wrong_kind(r, column));
	}
	if (cell->text && cell->length > IMPORT_CELL_MAX) {
		problem(r, IMPORT_CODE_too_long, arena_printf(r->p->arena, "The value of %s is larger than %zu KiB.", import_column_names[column], IMPORT_CELL_MAX >> 10));
		*cell = (struct import_raw){ 0 };
	}
	r->fields[column] = cell->text;
}

/* As items of our API have it; reviewed_at and reviewed_by are not for an import. */
static void read_allergen_info(struct reading *r, const json_t *v)
{
	static const enum import_column columns[] = { IMPORT_COLUMN_contains, IMPORT_COLUMN_may_contain, IMPORT_COLUMN_free_of };
	if (json_is_array(v) || json_is_string(v)) {
		read_value(r, IMPORT_COLUMN_contains, v);
		return;
	}
	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		const json_t *list = json_object_get(v, import_column_names[columns[i]]);
		if (list)
			read_value(r, columns[i], list);
	}
}

static void unknown_key(struct import_parser *p, const char *key)
{
	for (size_t i = 0; i < p->n_unknown_keys; i++)
		if (!strcmp(p->unknown_keys[i], key))
			return;
	if (p->n_unknown_keys == UNKNOWN_KEYS_MAX)
		return;
	p->unknown_keys[p->n_unknown_keys++] = arena_strdup(p->file_arena, key);
	import_file_note(p, IMPORT_CODE_column_unknown, "The key %s is not known and was left out.", import_shown(p->file_arena, key));
}

static enum import_column column_of(struct import_parser *p, const char *key, bool *ignored_r)
{
	*ignored_r = false;
	for (int i = 0; i < IMPORT_COLUMN_COUNT; i++)
		if (!strcmp(import_column_names[i], key))
			return (enum import_column)i;
	if (strlen(key) > IMPORT_KEY_MAX)
		return IMPORT_COLUMN_none;
	return import_header(p->arena, key, p->currency, ignored_r);
}

static void read_object(struct reading *r, json_t *object)
{
	const char *key;
	json_t *v;
	json_object_foreach(object, key, v)
	{
		bool ignored;
		if (!strcmp(key, "allergen_info")) {
			read_allergen_info(r, v);
			continue;
		}
		enum import_column column = column_of(r->p, key, &ignored);
		if (column != IMPORT_COLUMN_none)
			read_value(r, column, v);
		else if (!ignored)
			unknown_key(r->p, key);
	}
	if (r->p->in_category && !r->raw.cell[IMPORT_COLUMN_category].text) {
		const char *name = buf_text(&r->p->json_category);
		r->fields[IMPORT_COLUMN_category] = name;
		r->raw.cell[IMPORT_COLUMN_category] = (struct import_raw){ .text = name, .length = strlen(name) };
	}
}

static bool on_row_value(struct import_parser *p, int64_t line, const char *text, size_t len)
{
	json_t *value;
	struct schema_problems problems = { .n = 0 };
	p->arena = arena_new();
	enum error error = schema_parse(p->arena, text, len, &value, &problems);
	if (error && p->options.format == IMPORT_FORMAT_json)
		return import_refuse(p, IMPORT_CODE_json_malformed, line, "The object that begins in line %lld %s.", (long long)line, problems.n ? problems.v[0].message : "cannot be read");
	if (error)
		return import_broken_row(p, line, IMPORT_CODE_json_row, arena_printf(p->arena, "The line %s.", problems.n ? problems.v[0].message : "cannot be read"));
	if (!json_is_object(value)) {
		json_decref(value);
		return import_broken_row(p, line, IMPORT_CODE_json_row, "A row must be a JSON object.");
	}
	struct reading r = { .p = p, .raw = { .line = line, .n_fields = IMPORT_COLUMN_COUNT } };
	r.raw.fields = r.fields;
	read_object(&r, value);
	bool go_on = import_row(p, &r.raw);
	json_decref(value);
	return go_on;
}

/* The name of a category, or something that is only checked. */
static bool on_other(struct import_parser *p, enum import_value what, int64_t line, const char *text, size_t len)
{
	json_t *value;
	struct schema_problems problems = { .n = 0 };
	struct arena *a = arena_new();
	bool fine = !schema_parse(a, text, len, &value, &problems);
	if (!fine)
		import_refuse(p, IMPORT_CODE_json_malformed, line, "The value that begins in line %lld %s.", (long long)line, problems.n ? problems.v[0].message : "cannot be read");
	arena_free(&a);
	if (!fine)
		return false;
	if (what == IMPORT_VALUE_category_name) {
		buf_reset(&p->json_category);
		p->in_category = json_is_string(value);
		(void)buf_str(&p->json_category, p->in_category ? json_string_value(value) : "");
	}
	json_decref(value);
	return true;
}

static bool on_value(void *ctx, enum import_value what, int64_t line, const char *text, size_t len)
{
	struct import_parser *p = ctx;
	return what == IMPORT_VALUE_row ? on_row_value(p, line, text, len) : on_other(p, what, line, text, len);
}

void import_json_headers(struct import_parser *p)
{
	import_json_init(&p->json, p->options.format == IMPORT_FORMAT_ndjson, on_value, p);
	buf_init(&p->json_category, IMPORT_ROW_BYTES_MAX + 1);
	for (int i = 0; i < IMPORT_COLUMN_COUNT; i++) {
		p->file.headers[i] = import_column_names[i];
		p->file.columns[i] = (enum import_column)i;
	}
	p->file.n_columns = IMPORT_COLUMN_COUNT;
}

static bool json_stopped(struct import_parser *p)
{
	const struct import_json *j = &p->json;
	long long line = (long long)j->problem_line;
	if (j->problem == IMPORT_JSON_malformed)
		return import_refuse(p, IMPORT_CODE_json_malformed, line, "The file is not valid JSON: it goes wrong in line %lld.", line);
	if (j->problem == IMPORT_JSON_no_rows)
		return import_refuse(p, IMPORT_CODE_json_malformed, line, "The file must be an array of items, an object with \"items\", or a menu with \"categories\".");
	if (j->problem == IMPORT_JSON_late_name)
		return import_refuse(p, IMPORT_CODE_json_malformed, line, "The \"name\" of a category must come before its \"items\" (line %lld).", line);
	if (j->problem)
		return import_refuse(p, IMPORT_CODE_row_too_large, line, "The value in line %lld is larger than %zu KiB.", line, IMPORT_ROW_BYTES_MAX >> 10);
	return false;
}

bool import_json_text(struct import_parser *p, const char *text, size_t len)
{
	return import_json_feed(&p->json, text, len) || json_stopped(p);
}

bool import_json_end(struct import_parser *p)
{
	return import_json_finish(&p->json) || json_stopped(p);
}
