/* test_sse.c - server-sent events: the cases of the standard, each also cut at every byte. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/sse.h"

struct heard {
	char text[2000]; /* "[event|data]" for each event */
	int n, stop_at;
};

static bool on_event(void *ctx, const char *event, const char *data, size_t len)
{
	struct heard *h = ctx;
	cr_assert_eq(strlen(data), len);
	size_t used = strlen(h->text);
	snprintf(h->text + used, sizeof(h->text) - used, "[%s|%s]", event, data);
	h->n++;
	return h->n != h->stop_at;
}

static void feed(const char *stream, size_t piece, struct heard *h)
{
	struct sse s;
	size_t len = strlen(stream);
	sse_init(&s, 1000, on_event, h);
	for (size_t at = 0; at < len; at += piece) {
		/* A copy of its own, so that a sanitizer sees what is read beyond it. */
		size_t n = len - at < piece ? len - at : piece;
		char *copy = malloc(n);
		memcpy(copy, stream + at, n);
		cr_assert_eq(sse_feed(&s, copy, n), ERROR_none);
		free(copy);
	}
	sse_free(&s);
}

static void check(const char *stream, const char *expected)
{
	for (size_t piece = 1; piece <= strlen(stream); piece++) {
		struct heard h = { .n = 0 };
		feed(stream, piece, &h);
		cr_assert_str_eq(h.text, expected, "pieces of %zu: %s, not %s", piece, h.text, expected);
	}
}

Test(sse, events)
{
	check("data: one\n\ndata: two\n\n", "[|one][|two]");
	check("data: a\ndata: b\ndata:\ndata: c\n\n", "[|a\nb\n\nc]");
	check("event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\ndata: x\n\n", "[add|73857293][remove|2153][|x]");
	check(": a comment\n\ndata: x\n: another\n\n", "[|x]");
	check("data:  two blanks\n\ndata:none\n\n", "[| two blanks][|none]");
	check("data\n\ndata\ndata\n\ndata:", "[|][|\n]");
	check("id: 7\nretry: 10\nunknown: x\nDATA: y\ndata: z\n\n", "[|z]");
	check("data: {\"a\": \"b:c\"}\n\n", "[|{\"a\": \"b:c\"}]");
	check("event: lonely\n\ndata: later\n\n", "[|later]");
}

Test(sse, line_ends)
{
	check("data: a\r\ndata: b\r\n\r\ndata: c\r\rdata: d\n\r\n", "[|a\nb][|c][|d]");
	check("data: a\r\n\ndata: b\n\n", "[|a][|b]");
}

Test(sse, byte_order_mark)
{
	check("\xef\xbb\xbf"
	      "data: a\n\n",
	      "[|a]");
	check("data: \xef\xbb\xbf"
	      "a\n\n\xef\xbb\xbf"
	      "data: b\n\n",
	      "[|\xef\xbb\xbf"
	      "a]");
}

Test(sse, unfinished_events_do_not_count)
{
	check("data: a\n\ndata: b\n", "[|a]");
	check("data: a\n\ndata: b", "[|a]");
}

Test(sse, long_event_names_are_cut)
{
	check("event: 0123456789012345678901234567890123456789\ndata: x\n\n", "[0123456789012345678901234567890|x]");
}

Test(sse, stops)
{
	struct heard h = { .stop_at = 2 };
	struct sse s;
	sse_init(&s, 1000, on_event, &h);
	cr_assert_eq(sse_feed(&s, "data: 1\n\ndata: 2\n\ndata: 3\n\n", 27), ERROR_none);
	cr_assert_eq(sse_feed(&s, "data: 4\n\n", 9), ERROR_none);
	cr_assert_str_eq(h.text, "[|1][|2]");
	sse_free(&s);
}

static void check_limit(const char *piece)
{
	struct heard h = { .n = 0 };
	struct sse s;
	enum error error = ERROR_none;
	sse_init(&s, 100, on_event, &h);
	for (int i = 0; i < 30 && !error; i++)
		error = sse_feed(&s, piece, strlen(piece));
	cr_assert_eq(error, ERROR_http_too_large);
	cr_assert_eq(sse_feed(&s, "\n\ndata: x\n\n", 11), ERROR_http_too_large, "it stays failed");
	cr_assert_eq(h.n, 0);
	sse_free(&s);
}

Test(sse, limits)
{
	check_limit("0123456789");         /* a line without an end */
	check_limit("data: 0123456789\n"); /* an event without an end */
}
