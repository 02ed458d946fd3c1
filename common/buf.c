/* buf.c - see buf.h. */
#include "common/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP ((size_t)256)

void buf_init(struct buf *b, size_t max_bytes)
{
	*b = (struct buf){ .max_bytes = max_bytes };
}

void buf_free(struct buf *b)
{
	if (!b)
		return;
	free(b->data);
	buf_init(b, b->max_bytes);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->overflown = false;
	if (b->data)
		b->data[0] = '\0';
}

void buf_cut(struct buf *b, size_t len)
{
	b->overflown = false;
	if (len >= b->len)
		return;
	b->len = len;
	b->data[len] = '\0';
}

static size_t grown(const struct buf *b, size_t need)
{
	size_t cap = b->cap ? b->cap : FIRST_CAP;

	while (cap < need)
		cap *= 2;
	return cap > b->max_bytes + 1 ? b->max_bytes + 1 : cap;
}

/* Room for `more` bytes and the NUL. */
static enum error reserve(struct buf *b, size_t more)
{
	if (b->overflown || b->len > b->max_bytes || more > b->max_bytes - b->len) {
		b->overflown = true;
		return ERROR_too_big_to_store;
	}
	if (b->len + more + 1 <= b->cap)
		return ERROR_none;
	size_t cap = grown(b, b->len + more + 1);
	char *data = realloc(b->data, cap);
	if (!data) {
		fputs("{\"level\":\"error\",\"event\":\"memory.exhausted\"}\n", stderr);
		abort();
	}
	b->data = data;
	b->cap = cap;
	return ERROR_none;
}

static void put(struct buf *b, const void *bytes, size_t len)
{
	if (len)
		memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

enum error buf_append(struct buf *b, const void *bytes, size_t len)
{
	enum error e = reserve(b, len);

	if (!e)
		put(b, bytes, len);
	return e;
}

enum error buf_str(struct buf *b, const char *s)
{
	return buf_append(b, s, strlen(s));
}

enum error buf_char(struct buf *b, char c)
{
	return buf_append(b, &c, 1);
}

enum error buf_int(struct buf *b, int64_t value)
{
	char digits[20], *p = digits + sizeof(digits);
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		*--p = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (value < 0)
		*--p = '-';
	return buf_append(b, p, (size_t)(digits + sizeof(digits) - p));
}

enum error buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	assert(n >= 0);
	enum error e = reserve(b, (size_t)n);
	if (e)
		return e;
	va_start(args, format);
	vsnprintf(b->data + b->len, (size_t)n + 1, format, args);
	va_end(args);
	b->len += (size_t)n;
	return ERROR_none;
}

static bool needs_escape(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

/* The escaped form in out, its length back: two characters, or \u00XX. */
static size_t escape(unsigned char c, char out[6])
{
	static const char letters[0x20] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r' };
	static const char hex[] = "0123456789abcdef";
	char letter = c >= 0x20 ? (char)c : letters[c];

	out[0] = '\\';
	out[1] = letter ? letter : 'u';
	if (letter)
		return 2;
	out[2] = out[3] = '0';
	out[4] = hex[c >> 4];
	out[5] = hex[c & 15];
	return 6;
}

#define EACH(byte) (0x0101010101010101u * (byte))

/* Is there one among these eight bytes? A byte of `x` is 0 exactly where (x - 1) borrows into its highest bit, and below 0x20 where (x - 0x20) does; the lowest
 * find is always a true one. */
static bool any_needs_escape(uint64_t eight)
{
	uint64_t quote = eight ^ EACH('"'), backslash = eight ^ EACH('\\');
	uint64_t found = ((quote - EACH(1)) & ~quote) | ((backslash - EACH(1)) & ~backslash) | ((eight - EACH(0x20)) & ~eight);
	return found & EACH(0x80);
}

/* How many bytes stand for themselves. Prompts and answers are nothing but such for thousands of bytes. */
static size_t plain_length(const char *s, size_t len)
{
	size_t i = 0;
	for (uint64_t eight; len - i >= sizeof(eight); i += sizeof(eight)) {
		memcpy(&eight, s + i, sizeof(eight));
		if (any_needs_escape(eight))
			break;
	}
	while (i < len && !needs_escape((unsigned char)s[i]))
		i++;
	return i;
}

/* How much longer the text becomes by escaping. */
static size_t escape_growth(const char *s, size_t len)
{
	size_t more = 0;
	char out[6];

	for (size_t i = 0; (i += plain_length(s + i, len - i)) < len; i++)
		more += escape((unsigned char)s[i], out) - 1;
	return more;
}

/* All or nothing: a string that does not fit leaves no half of itself. */
enum error buf_json_string_n(struct buf *b, const char *s, size_t len)
{
	enum error e = reserve(b, len + escape_growth(s, len) + 2);

	if (e)
		return e;
	put(b, "\"", 1);
	for (size_t i = 0;; i++) {
		char out[6];
		size_t plain = plain_length(s + i, len - i);
		put(b, s + i, plain);
		i += plain;
		if (i == len)
			break;
		put(b, out, escape((unsigned char)s[i], out));
	}
	put(b, "\"", 1);
	return ERROR_none;
}

enum error buf_json_string(struct buf *b, const char *s)
{
	return buf_json_string_n(b, s, strlen(s));
}

void buf_consume(struct buf *b, size_t len)
{
	assert(len <= b->len);
	if (len == 0)
		return;
	b->len -= len;
	memmove(b->data, b->data + len, b->len);
	b->data[b->len] = '\0';
}

enum error buf_error(const struct buf *b)
{
	return b->overflown ? ERROR_too_big_to_store : ERROR_none;
}

const char *buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}
