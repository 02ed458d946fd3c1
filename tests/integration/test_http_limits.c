/* Slow, greedy and many clients: each is bounded, and the others do not notice. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"

#define MENU "/api/v1/restaurants/the-cookie-jar/menu"
#define CONNECTIONS 40

static struct stack *stack;
static int port;

static void start(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1 });
	port = stack_port(stack, 0);
}

static void start_few(void)
{
	char setting[60];
	snprintf(setting, sizeof(setting), "API_MAX_CONNECTIONS=%d", CONNECTIONS);
	stack = stack_start(&(struct stack_options){ .workers = -1, .env = { setting, NULL } });
	port = stack_port(stack, 0);
}

static void stop(void)
{
	stack_stop(&stack);
}

TestSuite(http_limits, .init = start, .fini = stop, .timeout = 120);
TestSuite(http_connections, .init = start_few, .fini = stop, .timeout = 120);

static void others_are_served(void)
{
	int64_t before = http_now_ms();
	cr_assert_eq(http_ask(port, "GET", MENU, NULL, NULL).status, 200);
	cr_assert_lt(http_now_ms() - before, 1000, "somebody holds the loop");
}

/* One byte a second, of the head and of the body: cut after about 10 s. */
static void drip(const char *beginning, const char *rest)
{
	struct http_client *c = http_client_open(port);
	int64_t before = http_now_ms();
	http_client_say(c, beginning);
	for (const char *at = rest; http_now_ms() - before < 20000 && !http_client_closed(c, 1000); at += *at != 0) {
		others_are_served();
		http_client_send(c, *at ? at : "x", 1);
	}
	int64_t took = http_now_ms() - before;
	cr_assert(took > 8000 && took < 14000, "cut after %lld ms", (long long)took);
	http_client_close(&c);
}

Test(http_limits, slow_heads_and_bodies_are_cut)
{
	drip("GET /health HTTP/1.1\r\nHost: a\r\n", "X-Slow: 0123456789012345678901234567890123456789");
	drip("POST /api/v1/chat/the-cookie-jar/message HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n", "{\"message\":\"slow\",\"session_id\":\"s\"}");
}

Test(http_limits, pipelined_requests_are_answered_in_order)
{
	static const char *const paths[] = { "/health", MENU, "/nope", "/api/v1/restaurants/olive-ember", "/api/v1/restaurants?limit=0" };
	static const int statuses[] = { 200, 200, 404, 200, 422 };
	struct http_client *c = http_client_open(port);
	char text[4096] = "";
	size_t len = 0;
	for (int round = 0; round < 8; round++)
		for (int i = 0; i < 5; i++)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", paths[i]);
	http_client_send(c, text, len);
	for (int i = 0; i < 40; i++)
		cr_assert_eq(http_client_read(c, 5000).status, statuses[i % 5], "%d", i);
	/* the same, cut into pieces at every place that a network may choose */
	for (size_t at = 0; at < len; at += 97) {
		http_client_send(c, text + at, len - at < 97 ? len - at : 97);
		usleep(200);
	}
	for (int i = 0; i < 40; i++)
		cr_assert_eq(http_client_read(c, 5000).status, statuses[i % 5], "%d", i);
	http_client_close(&c);
}

/* Asks for megabytes and reads none of them: the kernel's buffers fill, the server stops, and TCP_USER_TIMEOUT ends it. */
Test(http_limits, who_does_not_read_is_cut)
{
	struct http_client *c = http_client_open(port);
	int small = 4096;
	setsockopt(http_client_fd(c), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (int i = 0; i < 500; i++)
		if (!http_client_say(c, "GET " MENU " HTTP/1.1\r\nHost: a\r\n\r\n"))
			break;
	int64_t before = http_now_ms();
	bool cut = false;
	while (!cut && http_now_ms() - before < 30000) {
		others_are_served();
		struct http_answer a = http_ask(port, "GET", "/metrics", NULL, NULL);
		cut = strstr(a.body, "\nhttp_connections 1\n") != NULL; /* only the asking one is left */
		usleep(200000);
	}
	cr_assert(cut, "still there after 30 s");
	http_client_close(&c);
}

/* A client that goes while its request waits: nothing leaks, and what it sent early is not lost when it stays. */
Test(http_limits, clients_may_leave_or_hurry)
{
	for (int i = 0; i < 200; i++) {
		struct http_client *c = http_client_open(port);
		http_client_say(c, "GET /health/detailed HTTP/1.1\r\nHost: a\r\n\r\n");
		http_client_close(&c);
	}
	struct http_client *c = http_client_open(port);
	http_client_say(c, "GET /health/detailed HTTP/1.1\r\nHost: a\r\n\r\n");
	http_client_say(c, "GET /api/v1/restaurants HTTP/1.1\r\nHost: a\r\n\r\nGET /hea");
	cr_assert_eq(http_client_read(c, 5000).status, 200);
	cr_assert_eq(http_client_read(c, 5000).body[0], '[');
	http_client_say(c, "lth HTTP/1.1\r\nHost: a\r\n\r\n");
	cr_assert_eq(http_client_read(c, 5000).status, 200);
	http_client_close(&c);
	others_are_served();
}

Test(http_connections, beyond_the_limit_they_wait)
{
	struct http_client *held[CONNECTIONS];
	for (int i = 0; i < CONNECTIONS; i++) {
		held[i] = http_client_open(port);
		http_client_say(held[i], "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
		cr_assert_eq(http_client_read(held[i], 5000).status, 200, "connection %d", i);
	}
	struct http_client *one_more = http_client_open(port); /* the kernel takes it, the server does not yet */
	http_client_say(one_more, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
	cr_assert_eq(http_client_read(one_more, 500).status, 0);
	http_client_close(&held[0]);
	cr_assert_eq(http_client_read(one_more, 5000).status, 200);
	http_client_close(&one_more);
	for (int i = 1; i < CONNECTIONS; i++)
		http_client_close(&held[i]);
	others_are_served();
}

/* SIGTERM: what is under way is answered, and so is what comes on a connection that is kept, which ends behind it; sockets are refused, and the process ends with 0. */
Test(http_limits, drain)
{
	struct http_client *idle = http_client_open(port), *asking = http_client_open(port), *kept[2] = { http_client_open(port), http_client_open(port) };
	http_client_say(idle, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
	cr_assert_eq(http_client_read(idle, 5000).status, 200);
	for (int i = 0; i < 2; i++) {
		http_client_say(kept[i], "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
		cr_assert_eq(http_client_read(kept[i], 5000).status, 200);
	}
	/* under way: the wait form of a question that nobody answers, so that there is time to look */
	static const char body[] = "{\"message\":\"hi\",\"session_id\":\"drain\"}";
	char text[400];
	snprintf(text, sizeof(text), "POST /api/v1/chat/the-cookie-jar/message?wait=true HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
	http_client_say(asking, text);
	struct http_answer none = http_client_read(asking, 300);
	cr_assert_eq(none.status, 0, "it should wait: %s", none.body);
	stack_signal(stack, STACK_API, 0, SIGTERM);
	int status;
	int64_t until = http_now_ms() + 5000;
	do { /* until the signal was seen */
		http_client_say(idle, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n");
		status = http_client_read(idle, 5000).status;
	} while (status == 200 && http_now_ms() < until);
	cr_assert_eq(status, 503);
	http_client_say(kept[0], "POST /api/v1/chat/the-cookie-jar/message HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 37\r\n\r\n{\"message\":\"hi\",\"session_id\":\"late1\"}");
	cr_expect_eq(http_client_read(kept[0], 5000).status, 202);
	cr_expect(http_client_closed(kept[0], 5000));
	http_client_say(kept[1], "GET /ws/the-cookie-jar HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
	cr_expect_eq(http_client_read(kept[1], 5000).status, 503);
	http_client_close(&kept[0]);
	http_client_close(&kept[1]);
	http_client_close(&idle);
	http_client_close(&asking);
	stack_terminate(stack, STACK_API, 0); /* must exit with 0 */
}
