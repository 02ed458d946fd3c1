/* log.c - see log.h.
 *
 * A line is made in a buffer on the stack. Its end is kept free for `,"cut":true}`, so a line that is full still ends as valid
 * JSON. Bytes that are not UTF-8 become U+FFFD. stderr may be a pipe or terminal shared with others, so its flags stay as they are:
 * a poll without waiting tells whether it takes more.
 */
#include "common/log.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/text.h"

#define LINE_MAX_BYTES 8192
#define VALUE_MAX_BYTES 3000 /* of one field, escaped */
#define TAIL ",\"cut\":true}\n"
#define REST_WAIT_MS 50 /* for the rest of a line whose beginning is written */

static const char *const level_names[] = { "error", "warn", "info", "debug" };
static const char *program_name = "";
static atomic_int shown = LOG_info;
static atomic_uint_fast64_t dropped;
static pthread_mutex_t stderr_lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local const struct log_binding *bound;

struct line {
	char v[LINE_MAX_BYTES];
	size_t len;
	bool cut;
};

void log_init(const char *program, enum log_level level)
{
	program_name = program;
	atomic_store(&shown, level);
}

void log_step(int direction)
{
	int level = atomic_load(&shown) + (direction > 0 ? 1 : -1);

	if (level >= LOG_error && level <= LOG_debug)
		atomic_store(&shown, level);
}

enum log_level log_level(void)
{
	return (enum log_level)atomic_load_explicit(&shown, memory_order_relaxed);
}

int log_level_parse(const char *name)
{
	for (int i = 0; name && i <= LOG_debug; i++)
		if (strcmp(name, level_names[i]) == 0)
			return i;
	return -1;
}

uint64_t log_dropped(void)
{
	return atomic_load(&dropped);
}

void log_bind(const struct log_binding *b)
{
	bound = b;
}

void log_unbind(void)
{
	bound = NULL;
}

static size_t room(const struct line *l)
{
	return sizeof(l->v) - l->len - (sizeof(TAIL) - 1);
}

static bool put(struct line *l, const char *s, size_t len)
{
	if (len > room(l))
		return false;
	memcpy(l->v + l->len, s, len);
	l->len += len;
	return true;
}

/* One code point of `s` as it stands in a JSON string; *len_r of `s` are used up. */
static size_t escaped(const char *s, size_t len, size_t *len_r, char out[8])
{
	unsigned char c = (unsigned char)*s;
	size_t n = utf8_step(s, len);

	*len_r = n ? n : 1;
	if (n == 0)
		return (size_t)snprintf(out, 8, "\\ufffd");
	if (c == '"' || c == '\\' || c == '\n' || c == '\t') {
		out[0] = '\\';
		out[1] = c == '\n' ? 'n' : c == '\t' ? 't'
		                                     : (char)c;
		return 2;
	}
	if (c < 0x20 || c == 0x7f)
		return (size_t)snprintf(out, 8, "\\u%04x", c);
	memcpy(out, s, n);
	return n;
}

/* The longest beginning of `s` that fits, with a mark when it is not the whole; false when not even the mark fits. */
static bool put_string(struct line *l, const char *s)
{
	static const char mark[] = "\xe2\x80\xa6\""; /* an ellipsis, and the quote that ends the string */
	size_t len = strlen(s), end = room(l);

	if (end < sizeof(mark) || !put(l, "\"", 1))
		return false;
	end = l->len + (end - 1 < VALUE_MAX_BYTES ? end - 1 : VALUE_MAX_BYTES) - (sizeof(mark) - 1);
	while (len) {
		char out[8];
		size_t used, n = escaped(s, len, &used, out);
		if (l->len + n > end) {
			l->cut = true;
			return put(l, mark, sizeof(mark) - 1);
		}
		put(l, out, n);
		s += used;
		len -= used;
	}
	return put(l, "\"", 1);
}

static bool put_number(struct line *l, const struct log_field *f)
{
	char text[40];
	int n;

	if (f->kind == LOG_INT)
		n = snprintf(text, sizeof(text), "%lld", (long long)f->i);
	else if (isfinite(f->f))
		n = snprintf(text, sizeof(text), "%.9g", f->f);
	else
		n = snprintf(text, sizeof(text), "null");
	return put(l, text, (size_t)n);
}

static bool put_value(struct line *l, const struct log_field *f)
{
	if (f->kind != LOG_STRING)
		return put_number(l, f);
	return f->s ? put_string(l, f->s) : put(l, "null", 4);
}

/* A field stands in the line whole or not at all. */
static void put_field(struct line *l, const struct log_field *f)
{
	size_t before = l->len;

	if (put(l, l->len > 1 ? "," : "", l->len > 1) && put_string(l, f->name) && put(l, ":", 1) && put_value(l, f))
		return;
	l->len = before;
	l->cut = true;
}

static void put_text(struct line *l, const char *name, const char *value)
{
	if (value)
		put_field(l, &LOG_S(name, value));
}

static void put_bound(struct line *l)
{
	if (!bound)
		return;
	put_text(l, "trace_id", bound->trace_id);
	put_text(l, "request_id", bound->request_id);
	put_text(l, "session_id", bound->session_id);
	put_text(l, "message_id", bound->message_id);
	put_text(l, "flow", bound->flow);
	put_text(l, "step", bound->step);
}

/* Writes at most PIPE_BUF bytes at a time: so much a pipe that polls writable takes without blocking. */
static bool write_all(const char *s, size_t len, bool begun)
{
	while (len) {
		struct pollfd p = { .fd = STDERR_FILENO, .events = POLLOUT };
		if (poll(&p, 1, begun ? REST_WAIT_MS : 0) != 1 || !(p.revents & POLLOUT))
			return false;
		ssize_t n = write(STDERR_FILENO, s, len < PIPE_BUF ? len : PIPE_BUF);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s += n;
		len -= (size_t)n;
		begun = true;
	}
	return true;
}

static void line_write(const struct line *l)
{
	static bool torn; /* the last line has no end: begin with one */

	pthread_mutex_lock(&stderr_lock);
	if (torn)
		torn = !write_all("\n", 1, false);
	bool ok = !torn && write_all(l->v, l->len < PIPE_BUF ? l->len : PIPE_BUF, false);
	if (ok && l->len > PIPE_BUF) {
		ok = write_all(l->v + PIPE_BUF, l->len - PIPE_BUF, true);
		torn = !ok;
	}
	if (!ok)
		atomic_fetch_add(&dropped, 1);
	pthread_mutex_unlock(&stderr_lock);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
	int saved = errno;
	struct line l;
	char time[CLOCK_TEXT];

	l.len = 1;
	l.v[0] = '{';
	l.cut = false;
	clock_text(clock_wall_ms(), time);
	put_text(&l, "time", time);
	put_text(&l, "level", level_names[level]);
	put_text(&l, "program", program_name);
	put_text(&l, "event", event);
	put_bound(&l);
	for (const struct log_field *f = fields; f && f->kind != LOG_END; f++)
		put_field(&l, f);
	const char *tail = l.cut ? TAIL : "}\n";
	memcpy(l.v + l.len, tail, strlen(tail));
	l.len += strlen(tail);
	line_write(&l);
	errno = saved;
}
