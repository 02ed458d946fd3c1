/* csv_write.c - see csv_write.h. */
#include "common/csv_write.h"

#include <string.h>

#define LIST_SPECIAL ",;|\\"

bool csv_needs_guard(const char *text, size_t len)
{
	while (len && *text == '\'') {
		text++;
		len--;
	}
	if (!len)
		return false;
	bool clear = len == strlen(CSV_CLEAR) && !memcmp(text, CSV_CLEAR, len);
	return clear || (*text && strchr("=+-@\t\r", *text));
}

size_t csv_guard(const char *text, size_t len)
{
	return len && *text == '\'' && csv_needs_guard(text, len);
}

enum error csv_cell(struct buf *out, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	if (!len)
		return buf_error(out);
	bool guard = csv_needs_guard(text, len);
	bool quotes = strpbrk(text, "\",;\t\r\n") || text[0] == ' ' || text[len - 1] == ' ';
	if (quotes)
		buf_char(out, '"');
	if (guard)
		buf_char(out, '\'');
	while (quotes && *text) {
		size_t n = strcspn(text, "\"");
		buf_append(out, text, n);
		text += n;
		if (*text)
			buf_str(out, "\"\"");
		text += *text != '\0';
	}
	buf_str(out, text); /* nothing is left of it when there were quotes */
	if (quotes)
		buf_char(out, '"');
	return buf_error(out);
}

enum error csv_row(struct buf *out, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_char(out, ',');
		csv_cell(out, cells[i]);
	}
	if (n == 1 && !(cells[0] && *cells[0]))
		buf_str(out, "\"\""); /* else the row would be a blank line */
	buf_str(out, "\r\n");
	return buf_error(out);
}

const char *csv_list(struct arena *a, const char *const *v, size_t n)
{
	size_t most = 1;
	for (size_t i = 0; i < n; i++)
		most += 2 * strlen(v[i]) + 1;
	char *text = arena_alloc(a, most), *at = text;
	for (size_t i = 0; i < n; i++) {
		if (i)
			*at++ = '|';
		for (const char *s = v[i]; *s; s++) {
			if (strchr(LIST_SPECIAL, *s))
				*at++ = '\\';
			*at++ = *s;
		}
	}
	return text;
}
