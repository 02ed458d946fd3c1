/* test_protection.c - what goes with every answer, who may frame a page, and what is never in a log. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"
#include "tests/support/stack_token.h"
#include "tests/support/ws_client.h"

#define JAR "/api/v1/restaurants/the-cookie-jar"
#define JSON "Content-Type: application/json\r\n"
#define EMAIL "quiet-boss@example.com"
#define PASSWORD "never-write-this-down"
#define MESSAGE "my secret craving is liquorice"

static struct stack *stack;
static int port;

static void start(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1, .env = { "CORS_ORIGINS=https://desk.example", "ADMIN_EMAIL=" EMAIL, "ADMIN_PASSWORD=" PASSWORD, NULL } });
	port = stack_port(stack, 0);
}

static void stop(void)
{
	if (stack)
		stack_stop(&stack);
}

TestSuite(protection, .init = start, .fini = stop, .timeout = 120);

static void check_headers(const struct http_answer *a, const char *what)
{
	cr_assert_gt(a->status, 0, "%s", what);
	cr_expect_str_eq(http_header(a, "x-content-type-options"), "nosniff", "%s", what);
	cr_expect_not_null(http_header(a, "referrer-policy"), "%s", what);
	cr_expect_null(http_header(a, "server"), "%s", what);
	cr_expect_null(http_header(a, "x-powered-by"), "%s", what);
	if (a->status == 304)
		return;
	cr_assert_not_null(http_header(a, "content-security-policy"), "%s", what);
	cr_expect_not_null(strstr(http_header(a, "content-security-policy"), "frame-ancestors 'none'"), "%s", what);
	cr_expect_null(strstr(http_header(a, "content-security-policy"), "script-src 'self' 'unsafe-inline'"), "%s", what);
}

Test(protection, headers_go_with_every_answer)
{
	static const char *const paths[] = { "/health", "/metrics", "/openapi.json", "/docs", "/", "/admin", "/nope", JAR, JAR "/menu", "/api/v1/auth/me", "/api/v1/restaurants?limit=0", "/ws/nowhere", "/r/nowhere", "/r/the-cookie-jar" };
	struct http_answer a;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		a = http_ask(port, "GET", paths[i], NULL, NULL);
		check_headers(&a, paths[i]);
	}
	a = http_ask(port, "DELETE", "/health", NULL, NULL);
	check_headers(&a, "405");
	a = http_ask(port, "GET", JAR "/menu", "If-None-Match: *\r\n", NULL);
	cr_expect_eq(a.status, 304);
	check_headers(&a, "304");
	cr_expect_null(http_header(&a, "content-security-policy"), "would take the place of the page's own");
}

/* Only what can be an origin gets into the header. */
Test(protection, a_restaurant_says_who_may_frame_its_page)
{
	stack_query(stack, "UPDATE restaurant SET allowed_origins = ARRAY['https://shop.example', 'https://a.example; script-src *', 'javascript:alert(1)', E'https://b.example\\r\\nX-Evil: 1']"
	                   " WHERE slug = 'the-cookie-jar'");
	struct http_answer a = http_ask(port, "GET", "/r/the-cookie-jar", NULL, NULL);
	const char *policy = http_header(&a, "content-security-policy");
	cr_assert_not_null(policy);
	cr_expect_not_null(strstr(policy, "frame-ancestors 'self' https://shop.example"), "%s", policy);
	cr_expect_null(strstr(policy, "a.example"));
	cr_expect_null(strstr(policy, "javascript"));
	cr_expect_null(http_header(&a, "x-evil"));
	cr_expect_null(http_header(&a, "x-frame-options"));
	a = http_ask(port, "GET", "/r/olive-ember", NULL, NULL);
	cr_expect_not_null(strstr(http_header(&a, "content-security-policy"), "frame-ancestors 'none'"));
	struct ws_client *ws = ws_client_open_with(&(struct ws_client_options){ .port = port, .path = "/ws/the-cookie-jar", .headers = "Origin: https://shop.example\r\n" }, 5000, NULL);
	cr_expect_not_null(ws, "its guests may connect from there");
	ws_client_close(&ws);
	int status = 0;
	cr_expect_null(ws_client_open_with(&(struct ws_client_options){ .port = port, .path = "/ws/olive-ember", .headers = "Origin: https://shop.example\r\n" }, 5000, &status));
	cr_expect_eq(status, 403);
}

Test(protection, browsers_of_the_list_may_write)
{
	static const char *const methods[] = { "PUT", "DELETE" };
	for (size_t i = 0; i < 2; i++) {
		char headers[400];
		snprintf(headers, sizeof(headers), "Origin: https://desk.example\r\nAccess-Control-Request-Method: %s\r\nAccess-Control-Request-Headers: authorization\r\n", methods[i]);
		struct http_answer a = http_ask(port, "OPTIONS", JAR "/members/018f0000-0000-7000-8000-000000000001", headers, NULL);
		cr_expect_eq(a.status, 204);
		cr_assert_not_null(http_header(&a, "access-control-allow-methods"));
		cr_expect_not_null(strstr(http_header(&a, "access-control-allow-methods"), methods[i]));
		const char *allowed = http_header(&a, "access-control-allow-headers");
		static const char *const names[] = { "authorization", "content-type", "idempotency-key", "if-match", "if-none-match" };
		for (size_t n = 0; n < sizeof(names) / sizeof(*names); n++)
			cr_expect_not_null(strstr(allowed, names[n]), "%s", names[n]);
		cr_expect_str_eq(http_header(&a, "access-control-allow-credentials"), "true");
	}
	struct http_answer a = http_ask(port, "GET", JAR, "Origin: https://desk.example\r\n", NULL);
	static const char *const exposed[] = { "X-Total-Count", "ETag", "Location", "Retry-After" };
	for (size_t n = 0; n < sizeof(exposed) / sizeof(*exposed); n++)
		cr_expect_not_null(strstr(http_header(&a, "access-control-expose-headers"), exposed[n]));
}

/* --- logs --- */

static char *log_text(void)
{
	char path[400], *text = NULL;
	size_t len = 0;
	const char *prefix = stack_topic_prefix(stack);
	snprintf(path, sizeof(path), "%s/stack-logs/%.*s/api-0.log", getenv("BUILD"), (int)(strlen(prefix) - 1), prefix);
	FILE *file = fopen(path, "r"), *out = open_memstream(&text, &len);
	cr_assert_not_null(file, "%s", path);
	for (int c; (c = fgetc(file)) != EOF;)
		fputc(c, out);
	fclose(file);
	fclose(out);
	return text;
}

Test(protection, logs_hold_no_secret_and_no_personal_text)
{
	char body[400], token[1200], refresh[300];
	http_ask(port, "POST", "/api/v1/auth/login", JSON, "{\"email\":\"" EMAIL "\",\"password\":\"" PASSWORD "-not\"}");
	struct http_answer a = http_ask(port, "POST", "/api/v1/auth/login", JSON, "{\"email\":\"" EMAIL "\",\"password\":\"" PASSWORD "\"}");
	cr_assert_eq(a.status, 200);
	json_t *answer = json_loads(a.body, 0, NULL);
	snprintf(token, sizeof(token), "%s", json_string_value(json_object_get(answer, "access_token")));
	snprintf(refresh, sizeof(refresh), "%s", json_string_value(json_object_get(answer, "refresh_token")));
	json_decref(answer);
	snprintf(body, sizeof(body), "{\"refresh_token\":\"%s\"}", refresh);
	cr_expect_eq(http_ask(port, "POST", "/api/v1/auth/refresh", JSON, body).status, 200);
	cr_expect_eq(http_ask(port, "POST", "/api/v1/auth/refresh", JSON, body).status, 401, "a line is written of this");
	cr_expect_eq(http_ask(port, "POST", "/api/v1/chat/the-cookie-jar/message", JSON, "{\"message\":\"" MESSAGE "\",\"session_id\":\"guest-session-1\"}").status, 202);
	char header[1300];
	snprintf(header, sizeof(header), "Authorization: Bearer %s\r\n", token);
	cr_expect_eq(http_ask(port, "GET", "/api/v1/auth/me", header, NULL).status, 200);
	cr_expect_eq(http_ask(port, "GET", "/api/v1/users?q=" PASSWORD, header, NULL).status, 200);
	stack_terminate(stack, STACK_API, 0);
	char *text = log_text();
	cr_expect_not_null(strstr(text, "auth.signed_in"), "else this test proves nothing");
	cr_expect_not_null(strstr(text, "auth.refresh_reused"));
	static const char *const never[] = { PASSWORD, EMAIL, MESSAGE, STACK_SECRET, "argon2" };
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		cr_expect_null(strstr(text, never[i]), "%s", never[i]);
	cr_expect_null(strstr(text, token));
	cr_expect_null(strstr(text, strchr(refresh, '.') + 1));
	free(text);
}
