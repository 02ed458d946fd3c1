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
	/* The last data line's line feed is not part of the data. */
	if (s->has_data) {
		s->data.data[s->data.len - 1] = '\0';
		if (!s->on_event(s->ctx, s->event, s->data.data, s->data.len - 1))
			s->stopped = true;
	}
	buf_reset(&s->data);
	s->has_data = false;
	s->event[0] = '\0';
}

static enum error take_field(struct sse *s, const char *name, size_t name_len, const char *value, size_t len)
{
	if (name_len == 4 && memcmp(name, "data", 4) == 0) {
		enum error error = buf_append(&s->data, value, len);
		s->has_data = true;
		return error ? error : buf_char(&s->data, '\n');
	}
	if (name_len == 5 && memcmp(name, "event", 5) == 0) {
		if (len >= sizeof(s->event))
			len = sizeof(s->event) - 1;
		memcpy(s->event, value, len);
		s->event[len] = '\0';
	}
	return ERROR_none;
}

static enum error take_line(struct sse *s, const char *line, size_t len)
{
	if (!s->begun && len >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0) {
		line += 3;
		len -= 3;
	}
	s->begun = true;
	if (!len) {
		dispatch(s);
		return ERROR_none;
	}
	const char *colon = memchr(line, ':', len);
	size_t name_len = colon ? (size_t)(colon - line) : len;
	if (!name_len)
		return ERROR_none;      /* a comment */
	const char *value = colon ? colon + 1 : line + len;
	if (colon && value < line + len && *value == ' ')
		value++;
	return take_field(s, line, name_len, value, (size_t)(line + len - value));
}

static enum error end_line(struct sse *s, const char *piece, size_t len)
{
	if (!s->line.len)
		return take_line(s, piece, len);
	enum error error = buf_append(&s->line, piece, len);
	if (!error)
		error = take_line(s, s->line.data, s->line.len);
	buf_reset(&s->line);
	return error;
}

static enum error feed(struct sse *s, const char *bytes, size_t len)
{
	size_t from = 0;
	for (size_t i = 0; i < len && !s->stopped; i++) {
		bool after_cr = s->after_cr;
		s->after_cr = false;
		if (bytes[i] == '\n' && after_cr) {
			from = i + 1;   /* the second half of a \r\n */
			continue;
		}
		if (bytes[i] != '\n' && bytes[i] != '\r')
			continue;
		s->after_cr = bytes[i] == '\r';
		enum error error = end_line(s, bytes + from, i - from);
		if (error)
			return error;
		from = i + 1;
	}
	return s->stopped ? ERROR_none : buf_append(&s->line, bytes + from, len - from);
}

enum error sse_feed(struct sse *s, const char *bytes, size_t len)
{
	if (s->stopped)
		return ERROR_none;
	if (!s->failed && feed(s, bytes, len))
		s->failed = true;
	return s->failed ? ERROR_http_too_large : ERROR_none;
}
