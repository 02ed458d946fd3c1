/* test_import_parse.c - files as people send them, each with what must come of it; wherever a file is cut, the same comes. */
#include <criterion/criterion.h>
#include <glob.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/csv_write.h"
#include "tests/support/import_told.h"
#include "workers/import_csv.h"

#define FILE_MAX ((size_t)1 << 20)

static void setup(void)
{
	cr_assert(sodium_init() >= 0);
}
TestSuite(import_parse, .init = setup);

static char *read_file(const char *path, size_t *len_r)
{
	FILE *f = fopen(path, "rb");
	char *bytes = malloc(FILE_MAX);
	cr_assert(f && bytes, "%s", path);
	*len_r = fread(bytes, 1, FILE_MAX, f);
	fclose(f);
	return bytes;
}

static struct import_options options_of(const char *path)
{
	struct import_options options = import_told_options;
	const char *ending = strrchr(path, '.');
	options.format = !strcmp(ending, ".csv") ? IMPORT_FORMAT_csv : !strcmp(ending, ".json") ? IMPORT_FORMAT_json
	                                                                                        : IMPORT_FORMAT_ndjson;
	return options;
}

static void expect_equal(const char *what, const json_t *got, const json_t *expected)
{
	if (json_equal(got, expected))
		return;
	char *text = json_dumps(got, JSON_INDENT(1));
	cr_expect(false, "%s gives\n%s", what, text);
	free(text);
}

/* Fed by one byte, by three, and cut once at every place. */
static void expect_cuts(const char *path, const char *bytes, size_t len, const json_t *expected)
{
	struct import_options options = options_of(path);
	size_t step = len > 2000 ? len / 50 : 1;
	for (size_t piece = 1; piece < len; piece += piece < 4 ? 2 : step) {
		json_t *got = import_told(&options, bytes, len, piece);
		expect_equal(path, got, expected);
		json_decref(got);
	}
}

static void expect_file(const char *path)
{
	char expected_path[400];
	size_t len;
	char *bytes = read_file(path, &len);
	struct import_options options = options_of(path);
	snprintf(expected_path, sizeof(expected_path), "%s.expected", path);
	json_t *got = import_told(&options, bytes, len, 0), *expected = json_load_file(expected_path, 0, NULL);
	expect_equal(path, got, expected);
	expect_cuts(path, bytes, len, got);
	json_decref(got);
	json_decref(expected);
	free(bytes);
}

static size_t for_files(const char *pattern, void (*each)(const char *path))
{
	glob_t found;
	cr_assert(!glob(pattern, 0, NULL, &found), "%s", pattern);
	for (size_t i = 0; i < found.gl_pathc; i++)
		each(found.gl_pathv[i]);
	size_t n = found.gl_pathc;
	globfree(&found);
	return n;
}

Test(import_parse, csv_files)
{
	cr_assert(for_files("tests/data/import/*.csv", expect_file) >= 30);
}

Test(import_parse, json_files)
{
	cr_assert(for_files("tests/data/import/*.json", expect_file) >= 8);
	cr_assert(for_files("tests/data/import/*.ndjson", expect_file) >= 1);
}

/* Our own export of what a file holds reads back as the same rows. */

static void expect_export(const char *path)
{
	size_t len;
	char *bytes = read_file(path, &len);
	struct import_options options = options_of(path), csv = import_told_options;
	struct buf once, twice;
	buf_init(&once, FILE_MAX);
	buf_init(&twice, FILE_MAX);
	if (import_exported(&once, &options, bytes, len)) {
		cr_expect(import_exported(&twice, &csv, once.data, once.len));
		cr_expect_str_eq(buf_text(&once), buf_text(&twice), "%s", path);
	}
	buf_free(&once);
	buf_free(&twice);
	free(bytes);
}

Test(import_parse, an_export_reads_back_as_itself)
{
	for_files("tests/data/import/*.csv", expect_export);
	for_files("tests/data/import/*.json", expect_export);
}

/* csv-spectrum: cells as its authors want them. */

struct spectrum {
	json_t *rows, *headers;
};

static bool on_spectrum(void *ctx, const struct import_record *record)
{
	struct spectrum *s = ctx;
	json_t *row = json_object();
	for (size_t i = 0; i < record->n; i++) {
		if (!s->rows)
			json_array_append_new(s->headers, json_string(record->cells[i]));
		else
			json_object_set_new(row, json_string_value(json_array_get(s->headers, i)), json_string(record->cells[i]));
	}
	if (s->rows)
		json_array_append(s->rows, row);
	else
		s->rows = json_array();
	json_decref(row);
	return true;
}

static void expect_spectrum(const char *path)
{
	char json_path[400];
	size_t len;
	char *bytes = read_file(path, &len);
	const char *name = strrchr(path, '/') + 1;
	snprintf(json_path, sizeof(json_path), "tests/data/csv-spectrum/json/%.*s.json", (int)(strlen(name) - 4), name);
	struct spectrum s = { .headers = json_array() };
	struct import_csv csv;
	import_csv_init(&csv, ',', 1, on_spectrum, &s);
	cr_assert(import_csv_feed(&csv, bytes, len) && import_csv_finish(&csv), "%s", path);
	import_csv_free(&csv);
	json_t *expected = json_load_file(json_path, 0, NULL);
	expect_equal(path, s.rows, expected);
	json_decref(expected);
	json_decref(s.rows);
	json_decref(s.headers);
	free(bytes);
}

Test(import_parse, csv_spectrum)
{
	cr_assert_eq(for_files("tests/data/csv-spectrum/csvs/*.csv", expect_spectrum), 11);
}

/* Limits. */

static bool take_any(void *ctx, const struct import_row *row)
{
	(void)ctx;
	return row->line > 0;
}

static struct import_file fed(const char *head, const char *piece, size_t n, const char *end)
{
	struct import_parser *p = import_parser_new(&import_told_options, take_any, NULL);
	enum error error = import_parser_feed(p, head, strlen(head));
	for (size_t i = 0; i < n && !error; i++)
		error = import_parser_feed(p, piece, strlen(piece));
	error = error ? error : import_parser_feed(p, end, strlen(end));
	error = error ? error : import_parser_finish(p);
	struct import_file f = *import_parser_file(p);
	cr_assert_eq(!!error, f.refused);
	import_parser_free(&p);
	return f;
}

static enum import_code refusal(const struct import_file *f)
{
	return f->refused ? f->notes[f->n_notes - 1].code : IMPORT_CODE_COUNT;
}

Test(import_parse, a_cell_and_a_row_have_their_limits)
{
	struct import_file f = fed("name\n\"", "0123456789abcdef", (64 << 10) / 16 + 1, "\"\n");
	cr_assert_eq(refusal(&f), IMPORT_CODE_cell_too_large);
	cr_assert_eq(f.refused_line, 2);
	static char cell[40000];
	memset(cell, 'x', sizeof(cell) - 2);
	cell[sizeof(cell) - 2] = ',';
	f = fed("name,a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u,v,w,x,y,z,A1,B1,C1,D1\n", cell, 30, "\n");
	cr_assert_eq(refusal(&f), IMPORT_CODE_row_too_large);
}

static bool count(void *ctx, const struct import_row *row)
{
	(void)row;
	return ++*(int64_t *)ctx < 3;
}

Test(import_parse, the_callback_may_stop_it)
{
	int64_t n = 0;
	static const char text[] = "name\nA\nB\nC\nD\nE\n";
	struct import_parser *p = import_parser_new(&import_told_options, count, &n);
	cr_assert_eq(import_parser_feed(p, text, strlen(text)), ERROR_none); /* the separator is not known before there is more, or an end */
	cr_assert_eq(import_parser_finish(p), ERROR_cancelled);
	cr_assert_eq(import_parser_feed(p, text, strlen(text)), ERROR_cancelled);
	cr_assert_eq(n, 3);
	cr_assert(!import_parser_file(p)->refused);
	import_parser_free(&p);
	import_parser_free(&p);
}

Test(import_parse, a_million_rows_and_no_more)
{
	struct import_parser *p = import_parser_new(&import_told_options, take_any, NULL);
	struct buf b;
	enum error error = import_parser_feed(p, "name\n", 5);
	buf_init(&b, FILE_MAX);
	for (int i = 0; i <= IMPORT_ROWS_MAX && !error; i++) {
		buf_printf(&b, "%d\n", i);
		if (b.len < FILE_MAX / 2 && i < IMPORT_ROWS_MAX)
			continue;
		error = import_parser_feed(p, b.data, b.len);
		buf_reset(&b);
	}
	cr_assert_eq(error, ERROR_invalid);
	cr_assert_eq(import_parser_file(p)->rows, IMPORT_ROWS_MAX);
	cr_assert_eq(import_parser_file(p)->error_rows, 0);
	cr_assert_eq(import_parser_file(p)->notes[0].code, IMPORT_CODE_too_many_rows);
	buf_free(&b);
	import_parser_free(&p);
}

/* Naughty strings: each as the name of a row, in CSV as our export writes it and in JSON; what is no clean text is an error and no crash. */

static bool on_naughty(void *ctx, const struct import_row *row)
{
	json_array_append_new(ctx, row->n_errors ? json_null() : json_string(row->text[IMPORT_COLUMN_name]));
	return true;
}

Test(import_parse, naughty_names)
{
	json_t *strings = json_load_file("tests/data/naughty-strings/blns.json", 0, NULL), *v, *names = json_array(), *again = json_array();
	struct import_options json = import_told_options;
	struct buf text;
	size_t i, taken = 0;
	json.format = IMPORT_FORMAT_ndjson;
	buf_init(&text, FILE_MAX);
	json_array_foreach(strings, i, v)
	{
		buf_str(&text, "{\"name\":");
		buf_json_string(&text, json_string_value(v));
		buf_printf(&text, ",\"external_id\":\"%zu\"}\n", i);
	}
	struct import_parser *p = import_parser_new(&json, on_naughty, names);
	cr_assert(!import_parser_feed(p, text.data, text.len) && !import_parser_finish(p));
	import_parser_free(&p);
	cr_assert_eq(json_array_size(names), json_array_size(strings));
	buf_reset(&text);
	buf_str(&text, "external_id,name\r\n");
	json_array_foreach(names, i, v)
	{
		char id[24];
		snprintf(id, sizeof(id), "%zu", i);
		if (json_is_null(v))
			continue;
		taken++;
		csv_row(&text, (const char *[]){ id, json_string_value(v) }, 2);
	}
	cr_assert(taken > 200);
	p = import_parser_new(&import_told_options, on_naughty, again);
	cr_assert(!import_parser_feed(p, text.data, text.len) && !import_parser_finish(p));
	import_parser_free(&p);
	size_t at = 0;
	json_array_foreach(names, i, v) if (!json_is_null(v))
		cr_expect(json_equal(v, json_array_get(again, at++)), "%s", json_string_value(v));
	buf_free(&text);
	json_decref(strings);
	json_decref(names);
	json_decref(again);
}
