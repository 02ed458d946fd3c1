/* import_parse.c - the way of a file: bytes, text, records, rows. See import_parse.h. */
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "workers/import_internal.h"

#define SHOWN_BYTES 60
#define MESSAGE_BYTES 500
#define FILE_ARENA_MAX ((size_t)8 << 20)

const struct import_code_row import_code_rows[IMPORT_CODE_COUNT] = {
#define IMPORT_CODE(id, severity, meaning) { #id, IMPORT_##severity },
#include "workers/import_codes.def"
#undef IMPORT_CODE
};

const char *import_shown(struct arena *a, const char *text)
{
	size_t length = strlen(text), n = utf8_cut(text, length, SHOWN_BYTES);
	char *copy = arena_printf(a, "\"%.*s%s\"", (int)n, text, n < length ? "..." : "");
	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	return copy;
}

static const char *message(struct arena *a, const char *format, va_list args)
{
	char *text = arena_vprintf(a, format, args);
	text[utf8_cut(text, strlen(text), MESSAGE_BYTES)] = '\0';
	return text;
}

static bool is_error(enum import_code code)
{
	return import_code_rows[code].severity == IMPORT_ERROR;
}

/* Where a further note goes when all places are taken: an error pushes out the last warning. */
static struct import_note *crowded(struct import_row *row, enum import_code code)
{
	for (size_t i = row->n_notes; is_error(code) && i-- > 0;)
		if (!is_error(row->notes[i].code))
			return &row->notes[i];
	return NULL;
}

void import_note(struct import_parser *p, enum import_code code, enum import_column column, const char *format, ...)
{
	struct import_row *row = &p->row;
	row->n_errors += is_error(code);
	row->n_warnings += !is_error(code);
	struct import_note *note = row->n_notes < IMPORT_NOTES_MAX ? &row->notes[row->n_notes++] : crowded(row, code);
	if (!note)
		return;
	va_list args;
	va_start(args, format);
	*note = (struct import_note){ code, column, message(p->arena, format, args) };
	va_end(args);
}

static void add_file_note(struct import_parser *p, enum import_code code, const char *text)
{
	struct import_file *f = &p->file;
	if (f->n_notes == IMPORT_FILE_NOTES_MAX && import_code_rows[code].severity < IMPORT_REFUSAL)
		return;
	f->n_notes -= f->n_notes == IMPORT_FILE_NOTES_MAX;
	f->notes[f->n_notes++] = (struct import_note){ code, IMPORT_COLUMN_none, text };
}

void import_file_note(struct import_parser *p, enum import_code code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_file_note(p, code, message(p->file_arena, format, args));
	va_end(args);
}

bool import_refuse(struct import_parser *p, enum import_code code, int64_t line, const char *format, ...)
{
	va_list args;
	if (p->file.refused)
		return false;
	va_start(args, format);
	add_file_note(p, code, message(p->file_arena, format, args));
	va_end(args);
	p->file.refused = true;
	p->file.refused_line = line;
	p->error = ERROR_invalid;
	return false;
}

/* Before the first text that was read that way: notes come in the same order wherever the file is cut. */
static void say_encoding(struct import_parser *p)
{
	enum import_encoding encoding = p->text.encoding;
	if (p->file.encoding == import_encoding_names[encoding] || p->file.refused)
		return;
	p->file.encoding = import_encoding_names[encoding];
	if (encoding == IMPORT_ENCODING_windows_1252)
		import_file_note(p, IMPORT_CODE_encoding_windows_1252, "The file is not UTF-8 and was read as Windows-1252; look at letters with accents.");
	if (encoding == IMPORT_ENCODING_utf_16le || encoding == IMPORT_ENCODING_utf_16be)
		import_file_note(p, IMPORT_CODE_encoding_utf_16, "The file was read as UTF-16.");
}

static bool on_text(void *ctx, const char *text, size_t len)
{
	struct import_parser *p = ctx;
	say_encoding(p);
	return p->options.format == IMPORT_FORMAT_csv ? import_csv_text(p, text, len) : import_json_text(p, text, len);
}

struct import_parser *import_parser_new(const struct import_options *options, import_row_fn *on_row, void *ctx)
{
	struct import_parser *p = calloc(1, sizeof(*p));
	if (!p)
		abort(); /* as arena.h: a machine without memory */
	p->options = *options;
	p->on_row = on_row;
	p->ctx = ctx;
	p->file_arena = arena_new_max(FILE_ARENA_MAX);
	p->file.encoding = import_encoding_names[IMPORT_ENCODING_unknown];
	memcpy(p->currency, options->currency, strnlen(options->currency, sizeof(p->currency) - 1));
	if (!import_money_init(&p->money, p->currency, options->decimals, options->max_price))
		abort(); /* the restaurant's row cannot hold it */
	import_text_init(&p->text, on_text, p);
	import_keys_init(&p->keys);
	p->memo = import_allergen_memo_new();
	buf_init(&p->category, IMPORT_CELL_MAX + 1);
	buf_init(&p->category_key, IMPORT_KEY_MAX + 1);
	buf_init(&p->sample, IMPORT_ROW_BYTES_MAX);
	if (options->format != IMPORT_FORMAT_csv)
		import_json_headers(p);
	return p;
}

void import_parser_free(struct import_parser **p)
{
	if (!p || !*p)
		return;
	struct import_parser *q = *p;
	*p = NULL;
	arena_free(&q->arena);
	arena_free(&q->file_arena);
	import_keys_free(&q->keys);
	import_allergen_memo_free(&q->memo);
	import_csv_free(&q->csv);
	import_json_free(&q->json);
	buf_free(&q->category);
	buf_free(&q->category_key);
	buf_free(&q->sample);
	buf_free(&q->json_category);
	free(q);
}

const struct import_file *import_parser_file(const struct import_parser *p)
{
	return &p->file;
}

/* What the layers below said no to, unless it was said already. */
static enum error stopped(struct import_parser *p)
{
	const struct import_text *t = &p->text;
	if (t->problem == IMPORT_TEXT_nul)
		import_refuse(p, IMPORT_CODE_nul_byte, 0, "There is a NUL character at byte %lld: this is not a text file.", (long long)t->problem_at);
	else if (t->problem)
		import_refuse(p, IMPORT_CODE_encoding, 0, "The byte 0x%02x at byte %lld is not %s; save the file as UTF-8.", t->problem_byte, (long long)t->problem_at,
		              import_encoding_names[t->encoding]);
	if (!p->error)
		p->error = ERROR_cancelled;
	return p->error;
}

enum error import_parser_feed(struct import_parser *p, const void *bytes, size_t len)
{
	if (p->error)
		return p->error;
	p->file.bytes += (int64_t)len;
	if (p->file.bytes > IMPORT_BYTES_MAX)
		import_refuse(p, IMPORT_CODE_file_too_large, 0, "The file is larger than %lld MB.", (long long)(IMPORT_BYTES_MAX / 1000000));
	bool fine = !p->error && import_text_feed(&p->text, bytes, len);
	say_encoding(p);
	return fine ? ERROR_none : stopped(p);
}

enum error import_parser_finish(struct import_parser *p)
{
	if (p->error)
		return p->error;
	bool fine = import_text_finish(&p->text);
	say_encoding(p);
	fine = fine && (p->options.format == IMPORT_FORMAT_csv ? import_csv_end(p) : import_json_end(p));
	return fine ? ERROR_none : stopped(p);
}
