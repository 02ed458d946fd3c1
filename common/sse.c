/* sse.c - see sse.h. */
#include "common/sse.h"

#include <string.h>

void sse_init(struct sse *s, size_t max_bytes, sse_event_fn *on_event, void *ctx)
{
	*s = (struct sse){ .on_event = on_event, .ctx = ctx };
	buf_init(&s->line, max_bytes);
	buf_init(&s->data, max_bytes);
}

void sse_free(struct sse *s)
{
	buf_free(&s->line);
	buf_free(&s->data);
}

static void dispatch(struct sse *s)
{
	bool has_data = s->has_data;
	char event[sizeof(s->event)];
	memcpy(event, s->event, sizeof(event));
	s->has_data = false;
	s->event[0] = '\0';
	if (has_data && !s->on_event(s->ctx, event, buf_text(&s->data), s->data.len))
		s->stopped = true;
	buf_reset(&s->data);
}

static bool is_field(const char *line, size_t name_len, const char *name)
{
	return name_len == strlen(name) && memcmp(line, name, name_len) == 0;
}

static void take_field(struct sse *s, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	size_t name_len = colon ? (size_t)(colon - line) : len;
	const char *value = colon ? colon + 1 : line + len;
	size_t value_len = (size_t)(line + len - value);
	if (value_len && *value == ' ') {
		value++;
		value_len--;
	}
	if (is_field(line, name_len, "data")) {
		if (s->has_data)
			buf_char(&s->data, '\n');
		s->has_data = true;
		buf_append(&s->data, value, value_len);
	} else if (is_field(line, name_len, "event")) {
		size_t kept = value_len < sizeof(s->event) ? value_len : sizeof(s->event) - 1;
		memcpy(s->event, value, kept);
		s->event[kept] = '\0';
	}
}

static void take_line(struct sse *s, const char *line, size_t len)
{
	if (!s->begun && len >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
		line += 3;
		len -= 3;
	}
	s->begun = true;
	if (len == 0)
		dispatch(s);
	else if (*line != ':')
		take_field(s, line, len);
}

/* A line that lies in the piece as a whole is not copied. */
static void end_line(struct sse *s, const char *bytes, size_t len)
{
	if (s->line.len == 0) {
		take_line(s, bytes, len);
		return;
	}
	buf_append(&s->line, bytes, len);
	if (!s->line.overflown)
		take_line(s, buf_text(&s->line), s->line.len);
	if (!s->line.overflown)
		buf_reset(&s->line);
}

static size_t line_length(const char *bytes, size_t len)
{
	const char *feed = memchr(bytes, '\n', len);
	size_t until = feed ? (size_t)(feed - bytes) : len;
	const char *ret = memchr(bytes, '\r', until);
	return ret ? (size_t)(ret - bytes) : until;
}

static bool overflown(const struct sse *s)
{
	return s->line.overflown || s->data.overflown || s->line.len + s->data.len > s->line.max_bytes;
}

enum error sse_feed(struct sse *s, const char *bytes, size_t len)
{
	const char *end = bytes + len;
	while (bytes < end && !s->failed && !s->stopped) {
		if (s->after_cr && *bytes == '\n') {
			s->after_cr = false;
			bytes++;
			continue;
		}
		s->after_cr = false;
		size_t n = line_length(bytes, (size_t)(end - bytes));
		if (bytes + n == end) {
			buf_append(&s->line, bytes, n);
			bytes = end;
		} else {
			s->after_cr = bytes[n] == '\r';
			end_line(s, bytes, n);
			bytes += n + 1;
		}
		s->failed = overflown(s);
	}
	return s->failed ? ERROR_http_too_large : ERROR_none;
}
