/* test_auth.c - signing in, staying signed in, signing out, and the first platform admin. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "tests/support/http_client.h"
#include "tests/support/stack.h"
#include "tests/support/stack_token.h"

#define EMAIL "boss@example.com"
#define PASSWORD "correct horse battery"
#define OLD_KEY "the-key-before-the-key-before-the-key-before"
#define LOGIN "/api/v1/auth/login"
#define REFRESH "/api/v1/auth/refresh"
#define LOGOUT "/api/v1/auth/logout"
#define ME "/api/v1/auth/me"
#define JSON "Content-Type: application/json\r\n"
#define AT_ONCE 100

static struct stack *stack;
static int port;

static void start(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1, .apis = 2, .env = { "ADMIN_EMAIL=" EMAIL, "ADMIN_PASSWORD=" PASSWORD, "JWT_SECRET_KEY_PREVIOUS=" OLD_KEY, NULL } });
	port = stack_port(stack, 0);
}

static void start_limited(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1, .limits_on = true, .env = { "ADMIN_EMAIL=" EMAIL, "ADMIN_PASSWORD=" PASSWORD, "LOGIN_RATE_LIMIT=3/hour", "LOGIN_ADDRESS_LIMIT=12/hour", "TRUSTED_PROXIES=127.0.0.1", NULL } });
	port = stack_port(stack, 0);
}

static void stop(void)
{
	stack_stop(&stack);
}

TestSuite(auth, .init = start, .fini = stop, .timeout = 120);
TestSuite(auth_limits, .init = start_limited, .fini = stop, .timeout = 120);

static struct http_answer login(const char *email, const char *password)
{
	char body[700];
	snprintf(body, sizeof(body), "{\"email\":\"%s\",\"password\":\"%s\"}", email, password);
	return http_ask(port, "POST", LOGIN, JSON, body);
}

/* A member of a JSON answer; the caller's. */
static char *member(const struct http_answer *a, const char *name)
{
	json_t *body = json_loads(a->body, 0, NULL);
	const char *text = json_string_value(json_object_get(body, name));
	cr_assert_not_null(text, "%s: %s", name, a->body);
	char *copy = strdup(text);
	json_decref(body);
	return copy;
}

static char *signed_in(const char *name)
{
	struct http_answer a = login(EMAIL, PASSWORD);
	cr_assert_eq(a.status, 200, "%s", a.body);
	return member(&a, name);
}

static int with_refresh(const char *path, const char *token, char **next_r)
{
	char body[300];
	snprintf(body, sizeof(body), "{\"refresh_token\":\"%s\"}", token);
	struct http_answer a = http_ask(port, "POST", path, JSON, body);
	if (next_r)
		*next_r = a.status == 200 ? member(&a, "refresh_token") : NULL;
	return a.status;
}

static int with_token(const char *method, const char *path, const char *token)
{
	char header[1200];
	snprintf(header, sizeof(header), "Authorization: Bearer %s\r\n", token);
	return http_ask(port, method, path, header, NULL).status;
}

static double metric(const char *line)
{
	struct http_answer a = http_ask(port, "GET", "/metrics", NULL, NULL);
	const char *at = strstr(a.body, line);
	return at ? strtod(at + strlen(line), NULL) : 0;
}

Test(auth, the_right_password_gives_tokens)
{
	struct http_answer a = login("BOSS@Example.COM", PASSWORD);
	cr_assert_eq(a.status, 200, "%s", a.body);
	cr_expect_str_eq(http_header(&a, "cache-control"), "no-store");
	json_t *body = json_loads(a.body, 0, NULL);
	cr_expect_str_eq(json_string_value(json_object_get(body, "token_type")), "bearer");
	cr_expect_eq(json_integer_value(json_object_get(body, "expires_in")), 900);
	cr_expect_eq(with_token("GET", ME, json_string_value(json_object_get(body, "access_token"))), 200);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM refresh_token"), 1);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM refresh_token WHERE token_hash ~ '^[0-9a-f]{64}$'"), 1);
	const char *secret = strchr(json_string_value(json_object_get(body, "refresh_token")), '.') + 1;
	char sql[300];
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM refresh_token t WHERE t::text LIKE '%%%s%%'", secret);
	cr_expect_eq(stack_count(stack, sql), 0, "only a hash is stored");
	json_decref(body);
}

/* Who does not know the password learns nothing else, not by the work that it costs either. */
Test(auth, every_refusal_is_the_same)
{
	stack_user(stack, "the-cookie-jar", "owner"); /* has no password */
	static const char *const attempts[][2] = { { EMAIL, "wrong password" }, { "nobody@example.com", PASSWORD }, { "owner@the-cookie-jar.example", PASSWORD }, { "owner@the-cookie-jar.example", "x" }, { "not an address", PASSWORD } };
	char *first = NULL;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
		double before = metric("password_hashes_total{kind=\"check\"} ");
		struct http_answer a = login(attempts[i][0], attempts[i][1]);
		cr_expect_eq(a.status, 401, "%s", attempts[i][0]);
		cr_expect_str_eq(http_header(&a, "www-authenticate"), "Bearer");
		first = first ? first : strdup(a.body);
		cr_expect_str_eq(a.body, first, "%s", attempts[i][0]);
		cr_expect_eq(metric("password_hashes_total{kind=\"check\"} ") - before, 1, "%s", attempts[i][0]);
	}
	stack_query(stack, "UPDATE app_user SET is_active = false WHERE email = '" EMAIL "'");
	cr_expect_str_eq(login(EMAIL, PASSWORD).body, first, "switched off");
	free(first);
	cr_expect_eq(http_ask(port, "POST", LOGIN, JSON, "{\"email\":\"a@b.c\"}").status, 422);
	cr_expect_eq(http_ask(port, "POST", LOGIN, JSON, "{\"email\":1,\"password\":\"x\"}").status, 422);
	cr_expect_eq(http_ask(port, "POST", LOGIN, JSON, "{").status, 400);
}

Test(auth, a_refresh_token_is_good_once_and_its_reuse_ends_the_family)
{
	char *first = signed_in("refresh_token"), *other = signed_in("refresh_token"), *second, *third;
	cr_assert_eq(with_refresh(REFRESH, first, &second), 200);
	cr_assert_eq(with_refresh(REFRESH, second, &third), 200);
	cr_expect_str_neq(first, second);
	cr_expect_eq(with_refresh(REFRESH, second, NULL), 401, "used before");
	cr_expect_eq(with_refresh(REFRESH, third, NULL), 401, "the thief's, or the owner's: both are out");
	cr_expect_eq(with_refresh(REFRESH, other, NULL), 200, "another device is another family");
	cr_expect_eq(with_refresh(REFRESH, "nonsense", NULL), 401);
	cr_expect_eq(http_ask(port, "POST", REFRESH, JSON, "{}").status, 422);
	free(first), free(second), free(third), free(other);
}

Test(auth, a_refresh_token_ends_with_time_and_with_its_user)
{
	char *token = signed_in("refresh_token"), *other = signed_in("refresh_token"), *next;
	stack_query(stack, "UPDATE refresh_token SET expires_at = now() - interval '1 second' WHERE rotated_at = (SELECT min(rotated_at) FROM refresh_token)");
	cr_expect_eq(with_refresh(REFRESH, token, NULL), 401);
	cr_expect_eq(with_refresh(REFRESH, other, &next), 200);
	stack_query(stack, "UPDATE app_user SET is_active = false");
	cr_expect_eq(with_refresh(REFRESH, next, NULL), 401);
	free(token), free(other), free(next);
}

/* Both apis, the same token, at the same time: one of them is the first. */
Test(auth, two_refreshes_at_once_are_not_both_good)
{
	char *token = signed_in("refresh_token"), text[500], body[300];
	struct http_client *c[2];
	int good = 0;
	snprintf(body, sizeof(body), "{\"refresh_token\":\"%s\"}", token);
	snprintf(text, sizeof(text), "POST " REFRESH " HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
	for (int i = 0; i < 2; i++) {
		c[i] = http_client_open(stack_port(stack, i));
		http_client_say(c[i], text);
	}
	for (int i = 0; i < 2; i++) {
		good += http_client_read(c[i], 10000).status == 200;
		http_client_close(&c[i]);
	}
	cr_expect_eq(good, 1);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM refresh_token"), 0);
	free(token);
}

Test(auth, logout_ends_one_device)
{
	char *token = signed_in("refresh_token"), *other = signed_in("refresh_token"), *access = signed_in("access_token");
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM refresh_token"), 3);
	cr_expect_eq(with_refresh(LOGOUT, token, NULL), 204);
	cr_expect_eq(with_refresh(LOGOUT, token, NULL), 204, "twice is no mistake");
	cr_expect_eq(with_refresh(REFRESH, token, NULL), 401);
	cr_expect_eq(with_token("POST", LOGOUT, access), 204, "the access token says which");
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM refresh_token"), 1);
	cr_expect_eq(with_refresh(REFRESH, other, NULL), 200);
	cr_expect_eq(http_ask(port, "POST", LOGOUT, NULL, NULL).status, 401);
	cr_expect_eq(with_refresh(LOGOUT, "nonsense", NULL), 204);
	free(token), free(other), free(access);
}

Test(auth, devices_of_one_user_are_counted)
{
	char *token = signed_in("refresh_token");
	stack_query(stack, "INSERT INTO refresh_token (id, user_id, token_hash, expires_at, rotated_at) SELECT gen_random_uuid(), u.id, repeat('0', 64), now() + interval '1 day',"
	                   " now() + interval '1 second' FROM app_user u, generate_series(1, 60)");
	free(signed_in("refresh_token"));
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM refresh_token"), 50);
	cr_expect_eq(with_refresh(REFRESH, token, NULL), 401, "the one used longest ago is out");
	free(token);
}

Test(auth, tokens_of_the_key_before_are_good_while_keys_change)
{
	const char *user = stack_user(stack, "the-cookie-jar", "staff");
	int64_t soon = clock_wall_ms() / 1000 + 100;
	cr_expect_eq(http_ask(port, "GET", ME, stack_token_of(user, OLD_KEY, soon), NULL).status, 200);
	cr_expect_eq(http_ask(port, "GET", ME, stack_token_of(user, STACK_SECRET, soon), NULL).status, 200);
	cr_expect_eq(http_ask(port, "GET", ME, stack_token_of(user, "a-key-that-never-was-a-key-that-never-was", soon), NULL).status, 401);
}

/* Two apis were started at once with an empty table. */
Test(auth, the_first_admin_is_made_once)
{
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM app_user WHERE is_platform_admin"), 1);
	char *hash = strdup(stack_query(stack, "SELECT password_hash FROM app_user"));
	cr_expect_eq(strncmp(hash, "$argon2id$v=19$m=19456,t=2,p=1$", strlen("$argon2id$v=19$m=19456,t=2,p=1$")), 0, "%s", hash);
	stack_terminate(stack, STACK_API, 0);
	stack_launch(stack, STACK_API, 0);
	stack_wait_ready(stack, STACK_API, 0);
	cr_expect_str_eq(stack_query(stack, "SELECT password_hash FROM app_user"), hash, "nothing to do");
	stack_query(stack, "UPDATE app_user SET is_platform_admin = false, password_hash = ''");
	stack_terminate(stack, STACK_API, 0);
	stack_launch(stack, STACK_API, 0);
	stack_wait_ready(stack, STACK_API, 0);
	cr_expect_eq(login(EMAIL, PASSWORD).status, 200, "the settings are what counts");
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM app_user WHERE is_platform_admin"), 1);
	free(hash);
}

/* --- many at once --- */

static struct http_client *clients[AT_ONCE];

static void login_on_all(void)
{
	static const char body[] = "{\"email\":\"" EMAIL "\",\"password\":\"" PASSWORD "\"}";
	char text[400];
	snprintf(text, sizeof(text), "POST " LOGIN " HTTP/1.1\r\nHost: a\r\n" JSON "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
	for (int i = 0; i < AT_ONCE; i++) {
		clients[i] = http_client_open(port);
		http_client_say(clients[i], text);
	}
}

static int answered(void)
{
	struct pollfd fds[AT_ONCE];
	for (int i = 0; i < AT_ONCE; i++)
		fds[i] = (struct pollfd){ .fd = http_client_fd(clients[i]), .events = POLLIN };
	return poll(fds, AT_ONCE, 0);
}

/* Each hash takes long, and the loop does not wait for any: what was asked last is answered first. Beyond the queue it is said at once. */
Test(auth, others_are_answered_while_passwords_are_hashed)
{
	int good = 0, busy = 0;
	login_on_all();
	cr_expect_eq(http_ask(port, "GET", "/health", NULL, NULL).status, 200);
	cr_expect_lt(answered(), AT_ONCE, "the logins came first and are all done already: they were hashed on the loop");
	for (int i = 0; i < AT_ONCE; i++) {
		struct http_answer a = http_client_read(clients[i], 60000);
		good += a.status == 200;
		busy += a.status == 503 && http_header(&a, "retry-after");
		http_client_close(&clients[i]);
	}
	cr_expect_eq(good + busy, AT_ONCE, "%d and %d", good, busy);
	cr_expect_geq(good, 60);
	cr_expect_gt(busy, 0);
}

/* Clients that go away while they wait: nothing is leaked or touched (the sanitizers look). */
Test(auth, who_leaves_before_the_hash_is_done_is_forgotten)
{
	login_on_all();
	for (int i = 0; i < AT_ONCE; i++)
		http_client_close(&clients[i]);
	/* The api notices each as it comes to it; until then their places are taken. */
	int status = 503;
	for (int64_t until = http_now_ms() + 30000; status == 503 && http_now_ms() < until; poll(NULL, 0, 20))
		status = login(EMAIL, PASSWORD).status;
	cr_expect_eq(status, 200);
}

/* --- limits --- */

static struct http_answer login_from(const char *address, const char *email, const char *password)
{
	char headers[200], body[300];
	snprintf(headers, sizeof(headers), JSON "X-Forwarded-For: %s\r\n", address);
	snprintf(body, sizeof(body), "{\"email\":\"%s\",\"password\":\"%s\"}", email, password);
	return http_ask(port, "POST", LOGIN, headers, body);
}

Test(auth_limits, attempts_of_one_address_of_mail_are_limited)
{
	for (int i = 0; i < 5; i++)
		cr_expect_eq(login_from("192.0.2.1", EMAIL, PASSWORD).status, 200, "what succeeds does not count");
	for (int i = 0; i < 3; i++)
		cr_expect_eq(login_from("192.0.2.2", i ? EMAIL : "BOSS@EXAMPLE.COM", "wrong").status, 401);
	struct http_answer a = login_from("192.0.2.3", EMAIL, PASSWORD);
	cr_expect_eq(a.status, 429, "from anywhere, with the right password too");
	cr_assert_not_null(http_header(&a, "retry-after"));
	cr_expect_gt(strtol(http_header(&a, "retry-after"), NULL, 10), 0);
	cr_expect_eq(login_from("192.0.2.3", "another@example.com", "wrong").status, 401, "others are not locked out");
}

Test(auth_limits, attempts_of_one_address_are_limited)
{
	char email[60];
	for (int i = 0; i < 12; i++) {
		snprintf(email, sizeof(email), "guess%d@example.com", i);
		cr_expect_eq(login_from("198.51.100.7", email, "password").status, 401);
	}
	cr_expect_eq(login_from("198.51.100.7", "guess99@example.com", "password").status, 429);
	cr_expect_eq(login_from("198.51.100.8", "guess99@example.com", "password").status, 401);
	cr_expect_eq(login_from("203.0.113.9, 198.51.100.7", "guess98@example.com", "password").status, 429, "what stands left of it anybody may have written");
}
