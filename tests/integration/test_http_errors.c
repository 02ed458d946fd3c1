/* What is wrong with a request is said in the contract's words, and the connection stays good wherever it can. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"

#define POST "/api/v1/chat/the-cookie-jar/message"
#define JSON "Content-Type: application/json\r\n"
#define GOOD "{\"message\":\"hi\",\"session_id\":\"s1\"}"

static struct stack *stack;
static int port;

static void start(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1, .env = { "CORS_ORIGINS=http://localhost:3000,https://desk.example", NULL } });
	port = stack_port(stack, 0);
}

static void stop(void)
{
	stack_stop(&stack);
}

TestSuite(http_errors, .init = start, .fini = stop, .timeout = 120);

static const struct {
	const char *method, *path, *headers, *body;
	int status;
	const char *says; /* a part of the body */
} cases[] = {
	{ "GET", "/nope", "", NULL, 404, "urn:problem:not_found" },
	{ "GET", "/api/v1/nope", "", NULL, 404, "not_found" },
	{ "POST", "/health", "", "", 405, "method_not_allowed" },
	{ "DELETE", "/api/v1/restaurants", "", NULL, 405, "method_not_allowed" },
	{ "BREW", "/health", "", NULL, 405, "method_not_allowed" },
	{ "GET", POST, "", NULL, 405, "method_not_allowed" },
	{ "PUT", "/nope", JSON, "{}", 404, "not_found" },
	{ "GET", "/api/v1/restaurants?limit=0", "", NULL, 422, "/query/limit" },
	{ "GET", "/api/v1/restaurants?limit=201", "", NULL, 422, "from 1 to 200" },
	{ "GET", "/api/v1/restaurants?limit=ten", "", NULL, 422, "/query/limit" },
	{ "GET", "/api/v1/restaurants?limit=1e2", "", NULL, 422, "/query/limit" },
	{ "GET", "/api/v1/restaurants?limit=99999999999999999999", "", NULL, 422, "/query/limit" },
	{ "GET", "/api/v1/restaurants?offset=-1", "", NULL, 422, "/query/offset" },
	{ "GET", "/api/v1/restaurants?limit=%FF", "", NULL, 422, "UTF-8" },
	{ "GET", "/api/v1/restaurants?unknown=x", "", NULL, 200, "[" },
	{ "GET", "/api/v1/chat/the-cookie-jar/messages", "", NULL, 422, "is required" },
	{ "GET", "/api/v1/chat/the-cookie-jar/messages?session_id=a%20b", "", NULL, 422, "/query/session_id" },
	{ "GET", "/api/v1/restaurants%ZZ", "", NULL, 400, "malformed_request" },
	{ "GET", "/api/v1/%00", "", NULL, 400, "malformed_request" },
	{ "GET", "/../../etc/passwd", "", NULL, 404, "not_found" },
	{ "GET", "/%2e%2e/%2e%2e/etc/passwd", "", NULL, 404, "not_found" },
	{ "GET", "/assets/../../etc/passwd", "", NULL, 404, "not_found" },
	{ "GET", "//etc/passwd", "", NULL, 404, "not_found" },
	{ "GET", "/a/b/c/d/e/f/g/h/i/j/k", "", NULL, 404, "not_found" },
	{ "POST", POST, "", GOOD, 415, "application/json" },
	{ "POST", POST, "Content-Type: text/plain\r\n", GOOD, 415, "unsupported_media" },
	{ "POST", POST, "Content-Type: application/json; charset=latin1\r\n", GOOD, 415, "unsupported_media" },
	{ "POST", POST, JSON "Content-Encoding: gzip\r\n", GOOD, 415, "Content-Encoding" },
	{ "POST", POST, JSON, "", 400, "malformed_json" },
	{ "POST", POST, JSON, "{", 400, "malformed_json" },
	{ "POST", POST, JSON, "nonsense", 400, "malformed_json" },
	{ "POST", POST, JSON, GOOD "x", 400, "malformed_json" },
	{ "POST", POST, JSON, "{\"message\":\"a\",\"message\":\"b\",\"session_id\":\"s\"}", 400, "malformed_json" },
	{ "POST", POST, JSON, "{\"message\":\"a\\u0000b\",\"session_id\":\"s\"}", 400, "malformed_json" },
	{ "POST", POST, JSON, "{\"message\":\"\xff\xfe\",\"session_id\":\"s\"}", 400, "malformed_json" },
	{ "POST", POST, JSON, "[]", 422, "\"pointer\":\"\"" },
	{ "POST", POST, JSON, "{\"session_id\":\"s\"}", 422, "\"pointer\":\"/message\"" },
	{ "POST", POST, JSON, "{\"message\":\"hi\"}", 422, "/session_id" },
	{ "POST", POST, JSON, "{\"message\":\"\",\"session_id\":\"s\"}", 422, "/message" },
	{ "POST", POST, JSON, "{\"message\":\"hi\",\"session_id\":\"a b\"}", 422, "/session_id" },
	{ "POST", POST, JSON, "{\"message\":5,\"session_id\":\"s\"}", 422, "/message" },
	{ "POST", POST, JSON, "{\"message\":\"hi\",\"session_id\":\"s\",\"message_id\":\"no\"}", 422, "/message_id" },
	{ "POST", "/api/v1/chat/no-such-place/message", JSON, GOOD, 404, "not_found" },
	{ "GET", "/ws/the-cookie-jar", "", NULL, 426, "upgrade_required" },
	{ "GET", "/ws/no-such-place", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", NULL, 404, "not_found" },
	{ "GET", "/ws/the-cookie-jar", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", NULL, 426, "version 13" },
	{ "GET", "/ws/the-cookie-jar", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n", NULL, 400, "Sec-WebSocket-Key" },
	{ "GET", "/health", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", NULL, 200, "healthy" },
};

static struct http_answer ask_on(struct http_client *c, const char *method, const char *path, const char *headers, const char *body)
{
	char text[4096];
	int n = snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: x\r\n%s", method, path, headers);
	if (body)
		n += snprintf(text + n, sizeof(text) - (size_t)n, "Content-Length: %zu\r\n", strlen(body));
	snprintf(text + n, sizeof(text) - (size_t)n, "\r\n%s", body ? body : "");
	http_client_say(c, text);
	return http_client_read(c, 5000);
}

/* All of them on one connection: an error never costs it. */
Test(http_errors, each_has_its_status_and_keeps_the_connection)
{
	struct http_client *c = http_client_open(port);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct http_answer a = ask_on(c, cases[i].method, cases[i].path, cases[i].headers, cases[i].body);
		cr_assert_eq(a.status, cases[i].status, "%s %s %s: %d %s", cases[i].method, cases[i].path, cases[i].body ? cases[i].body : "", a.status, a.body);
		cr_assert_not_null(strstr(a.body, cases[i].says), "%s %s: %s", cases[i].method, cases[i].path, a.body);
		cr_assert_str_eq(http_header(&a, "connection"), "keep-alive", "%s %s", cases[i].method, cases[i].path);
		cr_assert_str_eq(http_header(&a, "x-content-type-options"), "nosniff");
		cr_assert_eq(strlen(http_header(&a, "x-request-id")), 24);
		if (a.status < 400)
			continue;
		cr_assert_str_eq(http_header(&a, "content-type"), "application/problem+json");
		json_t *problem = json_loads(a.body, 0, NULL);
		cr_assert_eq(json_integer_value(json_object_get(problem, "status")), a.status);
		cr_assert_not_null(json_string_value(json_object_get(problem, "title")));
		json_decref(problem);
		if (a.status == 405)
			cr_assert_not_null(http_header(&a, "allow"));
	}
	http_client_close(&c);
}

static char *repeated(const char *before, char what, size_t n, const char *after)
{
	char *s = malloc(strlen(before) + n + strlen(after) + 1);
	memcpy(s, before, strlen(before));
	memset(s + strlen(before), what, n);
	memcpy(s + strlen(before) + n, after, strlen(after) + 1);
	return s;
}

static int post(const char *body)
{
	return http_ask(port, "POST", POST, JSON, body).status;
}

Test(http_errors, deep_long_and_large_bodies)
{
	char *deep = repeated("", '[', 10000, "");
	cr_assert_eq(post(deep), 400);
	free(deep);
	deep = repeated("{\"message\":\"hi\",\"session_id\":\"s\",\"context\":", '[', 10000, "}");
	cr_assert_eq(post(deep), 400);
	free(deep);
	char *longest = repeated("{\"session_id\":\"s\",\"message\":\"", 'a', 2001, "\"}");
	cr_assert_eq(post(longest), 422);
	free(longest);
	char *session = repeated("{\"message\":\"hi\",\"session_id\":\"", 'a', 101, "\"}");
	cr_assert_eq(post(session), 422);
	free(session);
	/* almost 1 MiB is read, and is wrong in its own way; more is refused, and the answer arrives although the body was not read to its end */
	char *large = repeated("\"", 'a', (1 << 20) - 10, "\"");
	cr_assert_eq(post(large), 422);
	free(large);
	large = repeated("\"", 'a', 5 << 20, "\"");
	struct http_answer a = http_ask(port, "POST", POST, JSON, large);
	cr_assert_eq(a.status, 413);
	cr_assert_str_eq(http_header(&a, "content-type"), "application/problem+json");
	cr_assert_not_null(strstr(a.body, "urn:problem:too_large"));
	free(large);
	cr_assert_eq(http_ask(port, "GET", "/health", NULL, NULL).status, 200);
}

/* Heads that h2o alone would take. Each is refused, and the connection ends: where the message ends is in doubt. */
static const char *const ambiguous[] = {
	"GET /health HTTP/1.1\r\n\r\n",
	"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
	"GET /health HTTP/1.1\nHost: a\n\n",
	"GET /health HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
	"GET /health HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
	"GET /health HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
	"POST " POST " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
	"POST " POST " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	"POST " POST " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	"POST " POST " HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}",
	"POST " POST " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
	"POST " POST " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
	"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	"GET /he\x01alth HTTP/1.1\r\nHost: a\r\n\r\n",
	"nonsense\r\n\r\n",
	"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
};

Test(http_errors, ambiguous_heads_are_refused)
{
	for (size_t i = 0; i < sizeof(ambiguous) / sizeof(*ambiguous); i++) {
		struct http_client *c = http_client_open(port);
		http_client_say(c, ambiguous[i]);
		struct http_answer a = http_client_read(c, 5000);
		cr_assert_eq(a.status, 400, "%zu: %d %s", i, a.status, ambiguous[i]);
		cr_assert_str_eq(http_header(&a, "connection"), "close", "%zu", i);
		cr_assert(http_client_closed(c, 5000), "%zu stayed open", i);
		http_client_close(&c);
	}
	struct http_client *c = http_client_open(port);
	static char bytes[64] = "GET /health HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n";
	http_client_send(c, bytes, sizeof("GET /health HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n") - 1);
	cr_assert_eq(http_client_read(c, 5000).status, 400);
	http_client_close(&c);
}

Test(http_errors, large_heads)
{
	char *line = repeated("X-Large: ", 'a', 20 << 10, "\r\n");
	struct http_client *c = http_client_open(port);
	http_client_say(c, "GET /health HTTP/1.1\r\nHost: a\r\n");
	http_client_say(c, line);
	http_client_say(c, "\r\n");
	struct http_answer a = http_client_read(c, 5000);
	cr_assert_eq(a.status, 431);
	cr_assert_not_null(strstr(a.body, "header_too_large"));
	http_client_close(&c);
	free(line);
	c = http_client_open(port);
	http_client_say(c, "GET /health HTTP/1.1\r\nHost: a\r\n");
	for (int i = 0; i < 200; i++)
		http_client_say(c, "X: y\r\n");
	http_client_say(c, "\r\n");
	int status = http_client_read(c, 5000).status;
	cr_assert(status == 400 || status == 431, "%d", status);
	http_client_close(&c);
}

Test(http_errors, cors)
{
	struct http_answer a = http_ask(port, "GET", "/api/v1/restaurants", "Origin: https://desk.example\r\n", NULL);
	cr_assert_str_eq(http_header(&a, "access-control-allow-origin"), "https://desk.example");
	cr_assert_str_eq(http_header(&a, "access-control-allow-credentials"), "true");
	cr_assert_not_null(strstr(http_header(&a, "access-control-expose-headers"), "X-Total-Count"));
	cr_assert_str_eq(http_header(&a, "vary"), "origin");
	a = http_ask(port, "GET", "/api/v1/restaurants", "Origin: https://elsewhere.example\r\n", NULL);
	cr_assert_null(http_header(&a, "access-control-allow-origin"));
	cr_assert_eq(a.status, 200);
	a = http_ask(port, "GET", "/nope", "Origin: http://localhost:3000\r\n", NULL);
	cr_assert_str_eq(http_header(&a, "access-control-allow-origin"), "http://localhost:3000", "errors can be read too");

	a = http_ask(port, "OPTIONS", POST, "Origin: https://desk.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n", NULL);
	cr_assert_eq(a.status, 204);
	cr_assert_not_null(strstr(http_header(&a, "access-control-allow-methods"), "POST"));
	cr_assert_not_null(strstr(http_header(&a, "access-control-allow-headers"), "content-type"));
	cr_assert_str_eq(http_header(&a, "access-control-allow-origin"), "https://desk.example");
	a = http_ask(port, "OPTIONS", POST, "Origin: https://elsewhere.example\r\nAccess-Control-Request-Method: POST\r\n", NULL);
	cr_assert_eq(a.status, 204);
	cr_assert_null(http_header(&a, "access-control-allow-origin"));
	cr_assert_null(http_header(&a, "access-control-allow-methods"));
	a = http_ask(port, "OPTIONS", "/health", NULL, NULL);
	cr_assert_str_eq(http_header(&a, "allow"), "GET, HEAD, OPTIONS");
	cr_assert_eq(http_ask(port, "OPTIONS", "/nope", NULL, NULL).status, 404);
	cr_assert_eq(http_ask(port, "OPTIONS", "*", NULL, NULL).status, 204);
}
