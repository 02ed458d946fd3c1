/* import_csv.c - a machine of six states over runs of bytes; see import_csv.h. */
#include "workers/import_csv.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 4096

enum byte_kind { BYTE_text,
	         BYTE_separator,
	         BYTE_quote,
	         BYTE_cr,
	         BYTE_lf };

enum state { STATE_begin, /* nothing of the record yet */
	     STATE_cell,  /* at the front of a cell: only blanks so far */
	     STATE_plain,
	     STATE_quoted,
	     STATE_closed,  /* behind a quote that may have been the closing one */
	     STATE_after }; /* behind a closing quote and a blank */

void import_csv_init(struct import_csv *c, char separator, int64_t line, import_record_fn *on_record, void *ctx)
{
	*c = (struct import_csv){ .line = line, .on_record = on_record, .ctx = ctx };
	c->kind[(unsigned char)separator] = BYTE_separator;
	c->kind['"'] = BYTE_quote;
	c->kind['\r'] = BYTE_cr;
	c->kind['\n'] = BYTE_lf;
}

void import_csv_free(struct import_csv *c)
{
	free(c->bytes);
	c->bytes = NULL;
}

static bool fail(struct import_csv *c, enum import_csv_problem problem)
{
	c->problem = problem;
	return false;
}

static bool grow(struct import_csv *c, size_t need)
{
	size_t room = c->room ? c->room : ROOM_FIRST;
	while (room < need)
		room *= 2;
	char *bytes = realloc(c->bytes, room);
	if (!bytes)
		abort(); /* as arena.h: a machine without memory */
	c->bytes = bytes;
	c->room = room;
	return true;
}

static bool add(struct import_csv *c, const char *s, size_t len)
{
	if (c->used - c->cell + len > IMPORT_CELL_MAX)
		return fail(c, IMPORT_CSV_cell_too_large);
	if (c->used + len > IMPORT_ROW_BYTES_MAX)
		return fail(c, IMPORT_CSV_row_too_large);
	if (c->used + len + 1 > c->room)
		grow(c, c->used + len + 1);
	memcpy(c->bytes + c->used, s, len);
	c->used += len;
	return true;
}

static bool is_blank(const char *s, size_t len)
{
	while (len && (*s == ' ' || *s == '\t')) {
		s++;
		len--;
	}
	return !len;
}

static bool end_cell(struct import_csv *c)
{
	struct import_record *r = &c->record;
	size_t length = c->used - c->cell;
	if (!add(c, "", 0))
		return false;
	if (r->n == IMPORT_COLUMNS_MAX) {
		r->surplus++;
		r->surplus_text = r->surplus_text || !is_blank(c->bytes + c->cell, length);
		c->used = c->cell;
		return true;
	}
	c->starts[r->n] = c->cell;
	c->lengths[r->n++] = length;
	c->bytes[c->used++] = '\0';
	c->cell = c->used;
	return true;
}

static bool end_record(struct import_csv *c)
{
	char *cells[IMPORT_COLUMNS_MAX];
	struct import_record *r = &c->record;
	bool any = c->state != STATE_begin;
	if (any && !end_cell(c))
		return false;
	for (size_t i = 0; i < r->n; i++)
		cells[i] = c->bytes + c->starts[i];
	r->line = c->record_line;
	r->cells = cells;
	r->lengths = c->lengths;
	if (any && (r->n > 1 || !is_blank(cells[0], c->lengths[0])))
		c->stopped = !c->on_record(c->ctx, r);
	*r = (struct import_record){ 0 };
	c->used = c->cell = 0;
	c->state = STATE_begin;
	return !c->stopped;
}

/* Counts a line's end; false when it is the second half of CRLF. */
static bool new_line(struct import_csv *c, char end, bool after_cr)
{
	if (end == '\n' && after_cr)
		return false;
	c->after_cr = end == '\r';
	c->line++;
	return true;
}

static bool at_line_end(struct import_csv *c, char byte, bool after_cr)
{
	int64_t line = c->line;
	if (!new_line(c, byte, after_cr))
		return c->state != STATE_quoted || add(c, &byte, 1);
	if (c->state == STATE_quoted)
		return add(c, &byte, 1);
	if (c->state == STATE_begin)
		c->record_line = line;
	return end_record(c);
}

static void begin(struct import_csv *c)
{
	if (c->state != STATE_begin)
		return;
	c->record_line = c->line;
	c->state = STATE_cell;
}

static bool at_quote(struct import_csv *c)
{
	enum state was = c->state;
	if (was == STATE_quoted) {
		c->state = STATE_closed;
		return true;
	}
	if (was == STATE_cell) {
		c->used = c->cell; /* blanks before the quote */
		c->quote_line = c->line;
		c->state = STATE_quoted;
		return true;
	}
	if (was == STATE_closed) /* "" is a quote */
		c->state = STATE_quoted;
	if (was == STATE_after) {
		c->record.stray = true;
		c->state = STATE_plain;
	}
	return add(c, "\"", 1);
}

static bool at_special(struct import_csv *c, char byte)
{
	unsigned kind = c->kind[(unsigned char)byte];
	bool after_cr = c->after_cr;
	c->after_cr = false;
	if (kind == BYTE_cr || kind == BYTE_lf)
		return at_line_end(c, byte, after_cr);
	begin(c);
	if (kind == BYTE_quote)
		return at_quote(c);
	if (c->state == STATE_quoted)
		return add(c, &byte, 1);
	c->state = STATE_cell;
	return end_cell(c);
}

/* A run without special bytes. */
static bool at_run(struct import_csv *c, const char *s, size_t len)
{
	c->after_cr = false;
	begin(c);
	if (c->state == STATE_closed || c->state == STATE_after) {
		while (len && (*s == ' ' || *s == '\t')) {
			s++;
			len--;
		}
		c->record.stray = c->record.stray || len;
		c->state = len ? STATE_plain : STATE_after;
	}
	if (c->state == STATE_cell && !is_blank(s, len))
		c->state = STATE_plain;
	return add(c, s, len);
}

bool import_csv_feed(struct import_csv *c, const char *text, size_t len)
{
	if (c->problem || c->stopped)
		return false;
	for (size_t at = 0; at < len;) {
		size_t end = at;
		while (end < len && !c->kind[(unsigned char)text[end]])
			end++;
		if (end > at && !at_run(c, text + at, end - at))
			return false;
		at = end;
		if (at < len && !at_special(c, text[at++]))
			return false;
	}
	return true;
}

bool import_csv_finish(struct import_csv *c)
{
	if (c->problem || c->stopped)
		return false;
	if (c->state == STATE_quoted)
		return fail(c, IMPORT_CSV_quote_open);
	return c->state == STATE_begin || end_record(c);
}
