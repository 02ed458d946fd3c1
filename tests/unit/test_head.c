#include <criterion/criterion.h>
#include <string.h>

#include "api/head.h"

static const struct {
	const char *head;
	const char *fault; /* a part of it; NULL: none */
} cases[] = {
	{ "GET / HTTP/1.1\r\nhost: a\r\n\r\n", NULL },
	{ "\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n", NULL },
	{ "GET / HTTP/1.1\r\nhost: a\r\nx-empty:\r\n\r\n", NULL },
	{ "POST / HTTP/1.1\r\nhost: a\r\ncontent-length:  12 \r\n\r\nhost: b\r\n", NULL },
	{ "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n", NULL },
	{ "GET / HTTP/1.1\r\n\r\n", "no Host" },
	{ "GET / HTTP/1.1\r\nhost: a\r\nHOST: a\r\n\r\n", "more than one Host" },
	{ "GET / HTTP/1.1\nhost: a\r\n\r\n", "CR LF" },
	{ "GET / HTTP/1.1\r\nhost: a\n\r\n", "CR LF" },
	{ "GET / HTTP/1.1\r\nhost: a\r\n\n", "CR LF" },
	{ "GET / HTTP/1.1\r\nhost: a\r\n b\r\n\r\n", "folded" },
	{ "GET / HTTP/1.1\r\nhost: a\r\n\tb: c\r\n\r\n", "folded" },
	{ "GET / HTTP/1.1\r\nhost : a\r\n\r\n", "before a header's colon" },
	{ "GET / HTTP/1.1\r\nhost: a\r\n: b\r\n\r\n", "no name" },
	{ "GET / HTTP/1.1\r\nhost: a\r\nnothing\r\n\r\n", "no name" },
	{ "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n", "more than one Content-Length" },
	{ "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1, 1\r\n\r\n", "plain number" },
	{ "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n", "plain number" },
	{ "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0x3\r\n\r\n", "plain number" },
	{ "POST / HTTP/1.1\r\nhost: a\r\ncontent-length:\r\n\r\n", "plain number" },
	{ "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", "both" },
	{ "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n", "more than one Transfer-Encoding" },
	{ "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip\r\n\r\n", "chunked" },
	{ "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, chunked\r\n\r\n", "chunked" },
};

Test(head, verdicts)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct head_verdict v = head_check(cases[i].head, strlen(cases[i].head), true);
		if (!cases[i].fault)
			cr_assert_null(v.fault, "%s: %s", cases[i].head, v.fault);
		else
			cr_assert(v.fault && strstr(v.fault, cases[i].fault), "%s: %s", cases[i].head, v.fault ? v.fault : "no fault");
		cr_assert(!v.too_large);
	}
}

Test(head, host_is_optional_in_1_0)
{
	static const char head[] = "GET / HTTP/1.0\r\nx: y\r\n\r\n";
	cr_assert_null(head_check(head, sizeof(head) - 1, false).fault);
	cr_assert_not_null(head_check(head, sizeof(head) - 1, true).fault);
}

Test(head, too_large)
{
	static char head[HEAD_BYTES_MAX + 100] = "GET / HTTP/1.1\r\nhost: a\r\nx: ";
	size_t start = strlen(head);
	memset(head + start, 'a', HEAD_BYTES_MAX - start);
	memcpy(head + HEAD_BYTES_MAX, "\r\n\r\n", 4);
	struct head_verdict v = head_check(head, HEAD_BYTES_MAX + 4, true);
	cr_assert(v.too_large && v.fault);
	/* a body behind a small head does not count */
	static char message[HEAD_BYTES_MAX * 2] = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n";
	cr_assert_null(head_check(message, sizeof(message), true).fault);
}

/* Cut anywhere, it never reads beyond and never crashes. */
Test(head, all_prefixes)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (size_t n = 0; n <= strlen(cases[i].head); n++) {
			char *copy = malloc(n + 1);
			memcpy(copy, cases[i].head, n);
			head_check(copy, n, true);
			free(copy);
		}
}

Test(head, tells_of_the_body)
{
	static const char head[] = "POST / HTTP/1.1\r\nHost: a\r\nContent-length:  5000000 \r\nX-Content-Length: 7\r\nAuthorization:\tBearer x\r\n\r\nContent-Length: 9";
	size_t len = strlen(head) - strlen("Content-Length: 9");
	const char *value;
	size_t value_len;
	cr_assert_eq(head_body(head, len).length, 5000000);
	cr_assert_not(head_body(head, len).chunked);
	cr_assert(head_header(head, len, "authorization", &value, &value_len));
	cr_assert(value_len == 8 && !strncmp(value, "Bearer x", 8));
	cr_assert_not(head_header(head, len, "host2", &value, &value_len));
	cr_assert_not(head_header(head, len, "post / http/1.1", &value, &value_len), "the request line is no header");
	static const char chunked[] = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
	cr_assert(head_body(chunked, strlen(chunked)).chunked);
	cr_assert_eq(head_body("GET / HTTP/1.1\r\n\r\n", 18).length, 0);
	cr_assert_eq(head_body("POST / HTTP/1.1\r\nContent-Length: 12x\r\n\r\n", 41).length, 0, "that is refused elsewhere");
}
