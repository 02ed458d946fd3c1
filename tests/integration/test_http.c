/* test_http.c - the HTTP client against a real server: a model double, and a listener that says nothing. */
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/integration/double_kit.h"

#define MANY 1000
#define AT_ONCE 200

static const char *const bench[] = { "--persona", "bench", "--tokens", "20", NULL };
static const char *const slow[] = { "--persona", "bench", "--tokens", "50", "--token-delay-ms", "20", NULL };

struct seen {
	struct double_kit *k;
	struct http_call *call;
	size_t pieces, bytes, stop_after, cancel_after;
	int status;
	bool done;
	struct http_result result;
	char tail[40]; /* the last bytes that came */
	int64_t began_ms, took_ms;
	struct seen *restarts; /* what a callback starts */
};

static struct http_spec spec_of(const char *url, const char *body)
{
	static const char *const headers[] = { "Content-Type: application/json", NULL };
	return (struct http_spec){ .method = body ? "POST" : "GET", .url = url, .headers = headers, .body = body, .body_len = body ? strlen(body) : 0, .connect_ms = 1000, .first_ms = 5000, .gap_ms = 1000, .total_ms = 10000, .max_bytes = 1 << 20 };
}

static bool on_data(void *ctx, int status, const char *bytes, size_t len)
{
	struct seen *s = ctx;
	cr_assert(!s->done);
	s->status = status;
	s->pieces++;
	s->bytes += len;
	size_t kept = len < sizeof(s->tail) - 1 ? len : sizeof(s->tail) - 1;
	memcpy(s->tail, bytes + len - kept, kept);
	s->tail[kept] = '\0';
	if (s->cancel_after && s->pieces == s->cancel_after)
		http_cancel(&s->call);
	return !s->stop_after || s->pieces < s->stop_after;
}

static void start(struct seen *s, const struct http_spec *spec);

static void on_done(void *ctx, const struct http_result *result)
{
	struct seen *s = ctx;
	cr_assert(!s->done, "done came twice");
	s->done = true;
	s->result = *result;
	s->result.detail = NULL;
	s->call = NULL;
	s->took_ms = clock_ms() - s->began_ms;
	if (s->restarts) {
		struct http_spec spec = spec_of(s->k->base, "{}");
		char url[100];
		snprintf(url, sizeof(url), "%s/chat/completions", s->k->base);
		spec.url = url;
		start(s->restarts, &spec);
	}
}

static void start(struct seen *s, const struct http_spec *spec)
{
	s->began_ms = clock_ms();
	cr_assert_eq(http_start(s->k->http, spec, on_data, on_done, s, &s->call), ERROR_none);
	cr_assert(!s->done && !s->pieces, "a callback before the function returned");
}

static bool is_done(void *ctx)
{
	return ((struct seen *)ctx)->done;
}

static const char *completions(const struct double_kit *k)
{
	static char url[100];
	snprintf(url, sizeof(url), "%s/chat/completions", k->base);
	return url;
}

Test(http, whole_answer, .timeout = 30)
{
	struct double_kit k;
	double_kit_open(&k, bench);
	struct seen s = { .k = &k };
	struct http_spec spec = spec_of(completions(&k), "{\"messages\":[]}");
	start(&s, &spec);
	cr_assert(double_kit_until(&k, is_done, &s, 5000));
	cr_assert_eq(s.result.error, ERROR_none);
	cr_assert(s.status == 200 && s.result.status == 200);
	cr_assert_gt(s.bytes, 1000);
	cr_assert_str_eq(s.tail + strlen(s.tail) - 14, "data: [DONE]\n\n");
	cr_assert(s.result.first_byte_us > 0 && s.result.first_byte_us <= s.result.total_us);
	cr_assert_eq(s.result.retry_after_ms, -1);
	double_kit_close(&k);
}

Test(http, streams_as_it_comes, .timeout = 30)
{
	struct double_kit k;
	double_kit_open(&k, slow);
	struct seen s = { .k = &k };
	struct http_spec spec = spec_of(completions(&k), "{}");
	start(&s, &spec);
	cr_assert(double_kit_until(&k, is_done, &s, 10000));
	cr_assert_gt(s.pieces, 20, "%zu pieces", s.pieces);
	cr_assert_lt(s.result.first_byte_us * 2, s.result.total_us);
	double_kit_close(&k);
}

Test(http, not_found_is_an_answer, .timeout = 30)
{
	struct double_kit k;
	double_kit_open(&k, bench);
	struct seen s = { .k = &k };
	char url[100];
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/nothing", k.port);
	struct http_spec spec = spec_of(url, NULL);
	start(&s, &spec);
	cr_assert(double_kit_until(&k, is_done, &s, 5000));
	cr_assert(s.result.error == ERROR_none && s.result.status == 404);
	double_kit_close(&k);
}

Test(http, body_too_large, .timeout = 30)
{
	struct double_kit k;
	double_kit_open(&k, slow);
	struct seen s = { .k = &k };
	struct http_spec spec = spec_of(completions(&k), "{}");
	spec.max_bytes = 1000;
	start(&s, &spec);
	cr_assert(double_kit_until(&k, is_done, &s, 5000));
	cr_assert_eq(s.result.error, ERROR_http_too_large);
	cr_assert_leq(s.bytes, 1000);
	double_kit_close(&k);
}

Test(http, stop_and_cancel_inside_callbacks, .timeout = 30)
{
	struct double_kit k;
	double_kit_open(&k, slow);
	struct seen stopped = { .k = &k, .stop_after = 3 }, cancelled = { .k = &k, .cancel_after = 3 }, none = { .k = &k };
	struct http_spec spec = spec_of(completions(&k), "{}");
	start(&stopped, &spec);
	start(&cancelled, &spec);
	start(&none, &spec);
	http_cancel(&none.call);
	cr_assert_null(none.call);
	cr_assert(double_kit_until(&k, is_done, &stopped, 5000));
	cr_assert(stopped.result.error == ERROR_none && stopped.pieces == 3);
	double_kit_turn(&k, 1500);
	cr_assert(!cancelled.done && cancelled.pieces == 3, "a callback after the cancel");
	cr_assert(!none.done && !none.pieces);
	cr_assert_eq(double_kit_stat(&k, "open"), 0, "the server still serves who is gone");
	double_kit_close(&k);
}

Test(http, start_inside_a_callback, .timeout = 30)
{
	struct double_kit k;
	double_kit_open(&k, bench);
	struct seen second = { .k = &k }, first = { .k = &k, .restarts = &second };
	struct http_spec spec = spec_of(completions(&k), "{}");
	start(&first, &spec);
	cr_assert(double_kit_until(&k, is_done, &second, 5000));
	cr_assert(first.result.error == ERROR_none && second.result.error == ERROR_none);
	double_kit_close(&k);
}

/* A listener that accepts and says nothing. */
static int silent_port(int *fd_r)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	*fd_r = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(bind(*fd_r, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_assert_eq(listen(*fd_r, 10), 0);
	getsockname(*fd_r, (struct sockaddr *)&address, &len);
	return ntohs(address.sin_port);
}

static void check_deadline(struct double_kit *k, const struct http_spec *spec, int64_t ms)
{
	struct seen s = { .k = k };
	start(&s, spec);
	cr_assert(double_kit_until(k, is_done, &s, 5000));
	cr_assert_eq(s.result.error, ERROR_deadline);
	cr_assert(s.took_ms >= ms - 5 && s.took_ms < ms + 1000, "took %ld of %ld ms", (long)s.took_ms, (long)ms);
}

Test(http, deadlines, .timeout = 30)
{
	static const char *const stalls[] = { "--persona", "broken", "--broken-mode", "stall", NULL };
	struct double_kit k;
	int fd;
	char url[100];
	double_kit_open(&k, stalls);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", silent_port(&fd));
	struct http_spec first = spec_of(url, NULL), gap = spec_of(completions(&k), "{}"), total = gap;
	first.first_ms = 300;
	check_deadline(&k, &first, 300);
	gap.gap_ms = 300;
	check_deadline(&k, &gap, 300);
	total.total_ms = 400;
	check_deadline(&k, &total, 400);
	close(fd);
	double_kit_close(&k);
}

Test(http, nobody_there, .timeout = 30)
{
	struct double_kit k;
	int fd;
	char url[100];
	double_kit_open(&k, bench);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", silent_port(&fd));
	close(fd);
	struct seen s = { .k = &k }, bad = { .k = &k };
	struct http_spec spec = spec_of(url, NULL), wrong = spec_of("ftp://127.0.0.1/", NULL);
	start(&s, &spec);
	start(&bad, &wrong);
	cr_assert(double_kit_until(&k, is_done, &s, 5000));
	cr_assert(double_kit_until(&k, is_done, &bad, 5000));
	cr_assert(s.result.error == ERROR_http_failed && s.result.status == 0);
	cr_assert_eq(bad.result.error, ERROR_http_failed);
	double_kit_close(&k);
}

Test(http, retry_after, .timeout = 30)
{
	static const char *const busy[] = { "--persona", "broken", "--broken-mode", "429", NULL };
	struct double_kit k;
	double_kit_open(&k, busy);
	struct seen s = { .k = &k };
	struct http_spec spec = spec_of(completions(&k), "{}");
	start(&s, &spec);
	cr_assert(double_kit_until(&k, is_done, &s, 5000));
	cr_assert(s.result.status == 429 && s.result.retry_after_ms == 1000);
	double_kit_close(&k);
}

struct crowd {
	struct double_kit *k;
	size_t started, done, good, open, most;
};

static void start_some(struct crowd *c);

static bool on_crowd_data(void *ctx, int status, const char *bytes, size_t len)
{
	(void)ctx;
	(void)bytes;
	return status == 200 && len > 0;
}

static void on_crowd_done(void *ctx, const struct http_result *result)
{
	struct crowd *c = ctx;
	c->done++;
	c->open--;
	c->good += result->error == ERROR_none && result->status == 200;
	start_some(c);
}

static void start_some(struct crowd *c)
{
	struct http_spec spec = spec_of(completions(c->k), "{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
	for (; c->started < MANY && c->open < AT_ONCE; c->started++) {
		struct http_call *call;
		cr_assert_eq(http_start(c->k->http, &spec, on_crowd_data, on_crowd_done, c, &call), ERROR_none);
		c->open++;
		c->most = c->open > c->most ? c->open : c->most;
	}
}

static bool all_done(void *ctx)
{
	return ((struct crowd *)ctx)->done == MANY;
}

Test(http, a_thousand_calls, .timeout = 60)
{
	struct double_kit k;
	double_kit_open(&k, bench);
	struct crowd c = { .k = &k };
	start_some(&c);
	cr_assert(double_kit_until(&k, all_done, &c, 40000), "%zu of %d", c.done, MANY);
	cr_assert_eq(c.good, MANY);
	cr_assert_eq(c.most, AT_ONCE);
	cr_assert_eq(double_kit_stat(&k, "calls"), MANY);
	double_kit_close(&k);
}

Test(http, too_many_at_once, .timeout = 30)
{
	struct double_kit k;
	struct http_call *call;
	double_kit_open(&k, slow);
	struct seen s = { .k = &k };
	struct http_spec spec = spec_of(completions(&k), "{}");
	for (int i = 0; i < 300; i++)
		cr_assert_eq(http_start(k.http, &spec, on_data, on_done, &s, &call), ERROR_none);
	cr_assert_eq(http_start(k.http, &spec, on_data, on_done, &s, &call), ERROR_overloaded);
	/* Closed with all of them open. */
	double_kit_close(&k);
	cr_assert(!s.done);
}
