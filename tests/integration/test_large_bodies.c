/* Bodies of more than 1 MiB: refused from the head, unless somebody who is signed in uploads a file; then they may be slow, but not idle, and do not fill the memory. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"
#include "tests/support/stack_token.h"

#define PATH "/api/v1/menu/imports?restaurant_id=01890a5d-ac96-774b-bcce-b302099a8057"
#define LARGE (3 << 20)

static struct stack *stack;
static int port;
static char token[1000];

static void start(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1 });
	port = stack_port(stack, 0);
	snprintf(token, sizeof(token), "%s", stack_token(stack, NULL, "platform"));
}

static void stop(void)
{
	stack_stop(&stack);
}

TestSuite(large_bodies, .init = start, .fini = stop, .timeout = 180);

static struct http_client *begin(const char *path, const char *authorization, const char *framing)
{
	char head[2000];
	struct http_client *c = http_client_open(port);
	snprintf(head, sizeof(head), "POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\n%s%s\r\n\r\n", path, authorization ? authorization : "", framing);
	http_client_say(c, head);
	return c;
}

static char *length(size_t n)
{
	static char text[60];
	snprintf(text, sizeof(text), "Content-Length: %zu", n);
	return text;
}

/* The answer comes although nothing of the body was sent. */
static void refused(const char *path, const char *authorization, const char *framing, int status)
{
	struct http_client *c = begin(path, authorization, framing);
	struct http_answer a = http_client_read(c, 5000);
	cr_expect_eq(a.status, status, "%s: %d %s", path, a.status, a.body);
	cr_expect_str_eq(http_header(&a, "content-type"), "application/problem+json");
	cr_expect_eq(http_header(&a, "www-authenticate") != NULL, status == 401);
	http_client_close(&c);
}

Test(large_bodies, are_refused_from_the_head)
{
	refused("/api/v1/chat/the-cookie-jar/message", NULL, length(50 << 20), 413);
	refused("/api/v1/chat/the-cookie-jar/message", token, length(50 << 20), 413);
	refused("/api/v1/menu/importsx", token, length(50 << 20), 413);
	refused(PATH, NULL, length(50 << 20), 401);
	refused(PATH, "Authorization: Bearer nonsense\r\n", length(50 << 20), 401);
	refused(PATH, token, length(100 * 1000 * 1000 + 1), 413);
	/* a reused connection is no way around */
	struct http_client *c = http_client_open(port);
	http_client_say(c, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
	cr_expect_eq(http_client_read(c, 5000).status, 200);
	char head[200];
	snprintf(head, sizeof(head), "POST " PATH " HTTP/1.1\r\nHost: a\r\n%s\r\n\r\n", length(50 << 20));
	http_client_say(c, head);
	cr_expect_eq(http_client_read(c, 5000).status, 401);
	http_client_close(&c);
}

static const char piece[64 << 10] = { 'x' };

/* Sends the body in pieces; false: the server had enough. */
static bool send_body(struct http_client *c, size_t len)
{
	for (size_t at = 0; at < len; at += sizeof(piece))
		if (!http_client_send(c, piece, len - at < sizeof(piece) ? len - at : sizeof(piece)))
			return false;
	return true;
}

/* Chunked, nobody knows how long: it ends at 1 MiB for whoever may not. */
Test(large_bodies, chunked_ones_end_at_the_limit)
{
	struct http_client *c = begin("/api/v1/chat/the-cookie-jar/message", NULL, "Transfer-Encoding: chunked");
	http_client_say(c, "300000\r\n");
	send_body(c, LARGE);
	cr_expect_eq(http_client_read(c, 5000).status, 413);
	http_client_close(&c);
	c = begin(PATH, token, "Transfer-Encoding: chunked");
	http_client_say(c, "300000\r\n");
	cr_expect(send_body(c, LARGE));
	http_client_say(c, "\r\n0\r\n\r\n");
	int status = http_client_read(c, 10000).status;
	cr_expect(status == 404 || status == 415 || status == 422, "%d", status);
	http_client_close(&c);
}

static long rss_kb(void)
{
	char path[60], line[200];
	long kb = 0;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)stack_pid(stack, STACK_API, 0));
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "VmRSS:", 6))
			kb = strtol(line + 6, NULL, 10);
	if (f)
		fclose(f);
	return kb;
}

Test(large_bodies, do_not_fill_the_memory)
{
	long before = rss_kb(), most = 0;
	size_t len = 90 * 1000 * 1000;
	struct http_client *c = begin(PATH, token, length(len));
	for (int i = 0; i < 9; i++) {
		cr_assert(send_body(c, len / 9));
		most = rss_kb() > most ? rss_kb() : most;
	}
	int status = http_client_read(c, 20000).status;
	cr_expect(status == 404 || status == 422, "%d", status);
	cr_expect_lt(most - before, 40 * 1024, "it grew by %ld KB", most - before);
	http_client_close(&c);
	cr_expect_eq(http_ask(port, "GET", "/health", NULL, NULL).status, 200);
}

/* A phone in a cellar: 13 s for a file. Others who send nothing are cut after 10 s, and those who send a byte a second once it is clear that they will not do more. */
Test(large_bodies, may_be_slow_but_not_idle)
{
	struct http_client *slow = begin(PATH, token, length(26 * sizeof(piece))), *idle = begin(PATH, token, length(LARGE)), *drip = begin(PATH, token, length(LARGE));
	int64_t began = http_now_ms(), idle_cut = 0, drip_cut = 0;
	for (int i = 0; i < 60 && !drip_cut; i++) {
		if (i < 26)
			cr_assert(http_client_send(slow, piece, sizeof(piece)), "after %d", i);
		if (i % 2)
			http_client_send(drip, "x", 1);
		if (!idle_cut && http_client_closed(idle, 250))
			idle_cut = http_now_ms() - began;
		if (!drip_cut && http_client_closed(drip, 250))
			drip_cut = http_now_ms() - began;
		usleep(idle_cut ? 250000 : 1000);
		if (i == 25) {
			int status = http_client_read(slow, 5000).status;
			cr_expect(status == 404 || status == 422, "%d", status);
		}
	}
	cr_expect(idle_cut > 8000 && idle_cut < 14000, "idle: cut after %d ms", (int)idle_cut);
	cr_expect(drip_cut > 18000, "drip: cut after %d ms", (int)drip_cut);
	http_client_close(&slow);
	http_client_close(&idle);
	http_client_close(&drip);
}
