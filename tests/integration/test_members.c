/* test_members.c - users and members: who may make whom what, and what that does at once. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"
#include "tests/support/stack_token.h"

#define USERS "/api/v1/users"
#define MEMBERS "/api/v1/restaurants/the-cookie-jar/members"
#define JAR "the-cookie-jar"
#define LOGIN "/api/v1/auth/login"
#define JSON "Content-Type: application/json\r\n"

static struct stack *stack;
static int port;

static void start(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1 });
	port = stack_port(stack, 0);
}

static void stop(void)
{
	stack_stop(&stack);
}

TestSuite(members, .init = start, .fini = stop, .timeout = 120);

static struct http_answer ask(const char *who, const char *method, const char *path, const char *more, const char *body)
{
	char headers[2000];
	snprintf(headers, sizeof(headers), "%s%s%s", who, body ? JSON : "", more ? more : "");
	return http_ask(port, method, path, headers, body);
}

/* A member of a JSON answer; static until four calls later. */
static const char *member(const struct http_answer *a, const char *name)
{
	static char texts[4][300];
	static size_t next;
	json_t *body = json_loads(a->body, 0, NULL);
	const char *text = json_string_value(json_object_get(body, name));
	cr_assert_not_null(text, "%s: %s", name, a->body);
	char *copy = texts[next++ % 4];
	snprintf(copy, sizeof(texts[0]), "%s", text);
	json_decref(body);
	return copy;
}

static const char *at(const char *base, const char *id)
{
	static char path[300];
	snprintf(path, sizeof(path), "%s/%s", base, id);
	return path;
}

static int login(const char *email, const char *password)
{
	char body[300];
	snprintf(body, sizeof(body), "{\"email\":\"%s\",\"password\":\"%s\"}", email, password);
	return http_ask(port, "POST", LOGIN, JSON, body).status;
}

Test(members, a_platform_admin_keeps_users)
{
	const char *admin = stack_token(stack, NULL, "platform");
	struct http_answer a = ask(admin, "POST", USERS, NULL, "{\"email\":\"Anna@Example.com\",\"password\":\"long enough\",\"name\":\"Anna\"}");
	cr_assert_eq(a.status, 201, "%s", a.body);
	const char *id = member(&a, "id");
	char etag[100];
	snprintf(etag, sizeof(etag), "If-Match: \"%s\"\r\n", member(&a, "etag"));
	cr_expect_str_eq(http_header(&a, "location"), at(USERS, id));
	cr_expect_null(strstr(a.body, "password"));
	cr_expect_eq(login("anna@example.com", "long enough"), 200);
	cr_expect_eq(ask(admin, "POST", USERS, NULL, "{\"email\":\"anna@EXAMPLE.com\",\"password\":\"long enough\"}").status, 409);
	cr_expect_eq(ask(admin, "GET", at(USERS, id), NULL, NULL).status, 200);
	cr_expect_eq(ask(admin, "PATCH", at(USERS, id), etag, "{\"name\":\"Anne\"}").status, 200);
	cr_expect_eq(ask(admin, "PATCH", at(USERS, id), etag, "{\"name\":\"Ann\"}").status, 412, "somebody was first");
	cr_expect_eq(ask(admin, "PATCH", at(USERS, id), NULL, "{\"password\":\"another one\"}").status, 200);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM refresh_token"), 0, "signed out everywhere");
	cr_expect_eq(login("anna@example.com", "long enough"), 401);
	cr_expect_eq(login("anna@example.com", "another one"), 200);
	cr_expect_eq(ask(admin, "PATCH", at(USERS, id), NULL, "{\"is_active\":false}").status, 200);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM refresh_token"), 0);
	cr_expect_eq(login("anna@example.com", "another one"), 401);
	a = ask(admin, "GET", USERS "?limit=1", NULL, NULL);
	cr_expect_eq(a.status, 200);
	cr_expect_str_eq(http_header(&a, "x-total-count"), "2");
	cr_expect_eq(ask(admin, "DELETE", at(USERS, id), NULL, NULL).status, 204);
	cr_expect_eq(ask(admin, "DELETE", at(USERS, id), NULL, NULL).status, 404);
	cr_expect_eq(ask(admin, "GET", at(USERS, id), NULL, NULL).status, 404);
	cr_expect_eq(ask(admin, "GET", at(USERS, "no-id"), NULL, NULL).status, 404);
}

Test(members, what_a_schema_cannot_say_is_checked)
{
	const char *admin = stack_token(stack, NULL, "platform");
	static const char *const bad[] = {
		"{\"email\":\"nobody\",\"password\":\"long enough\"}", "{\"email\":\"a@b@c.d\",\"password\":\"long enough\"}", "{\"email\":\"@b.c\",\"password\":\"long enough\"}", "{\"email\":\"a@\",\"password\":\"long enough\"}",
		"{\"email\":\"a@-b.c\",\"password\":\"long enough\"}", "{\"email\":\"a@b..c\",\"password\":\"long enough\"}", "{\"email\":\"a b@c.d\",\"password\":\"long enough\"}", "{\"email\":\"\u00e4@b.c\",\"password\":\"long enough\"}",
		"{\"email\":\"a@b.c\",\"password\":\"short\"}", "{\"email\":\"a@b.c\",\"password\":\"long enough\",\"role\":\"owner\"}", "{\"email\":\"a@b.c\",\"password\":\"long enough\",\"name\":\"a\\u0007b\"}", "{\"email\":\"a@b.c\"}"
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct http_answer a = ask(admin, "POST", USERS, NULL, bad[i]);
		cr_expect_eq(a.status, 422, "%s: %s", bad[i], a.body);
		cr_expect_not_null(strstr(a.body, "\"pointer\":\"/"), "%s", a.body);
	}
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM app_user"), 1);
}

Test(members, the_last_platform_admin_stays)
{
	const char *admin = stack_token(stack, NULL, "platform"), *id = stack_user(stack, NULL, "platform");
	cr_expect_eq(ask(admin, "DELETE", at(USERS, id), NULL, NULL).status, 409);
	cr_expect_eq(ask(admin, "PATCH", at(USERS, id), NULL, "{\"is_active\":false}").status, 409);
	cr_expect_eq(ask(admin, "PATCH", at(USERS, id), NULL, "{\"is_platform_admin\":false}").status, 409);
	cr_expect_eq(ask(admin, "PATCH", at(USERS, id), NULL, "{\"name\":\"Root\"}").status, 200);
	cr_expect_eq(ask(admin, "POST", USERS, NULL, "{\"email\":\"second@example.com\",\"password\":\"long enough\",\"is_platform_admin\":true}").status, 201);
	cr_expect_eq(ask(admin, "DELETE", at(USERS, id), NULL, NULL).status, 204, "another one is left");
	cr_expect_eq(ask(admin, "GET", USERS, NULL, NULL).status, 401, "and he is out at once");
}

Test(members, an_owner_keeps_members)
{
	const char *owner = stack_token(stack, JAR, "owner"), *owner_id = stack_user(stack, JAR, "owner");
	struct http_answer a = ask(owner, "POST", MEMBERS, NULL, "{\"email\":\"new@example.com\",\"role\":\"staff\",\"name\":\"New\",\"password\":\"long enough\"}");
	cr_assert_eq(a.status, 201, "%s", a.body);
	const char *id = member(&a, "user_id");
	cr_expect_str_eq(http_header(&a, "location"), at(MEMBERS, id));
	cr_expect_str_eq(member(&a, "role"), "staff");
	cr_expect_eq(login("new@example.com", "long enough"), 200);
	cr_expect_eq(ask(owner, "POST", MEMBERS, NULL, "{\"email\":\"NEW@example.com\",\"role\":\"viewer\"}").status, 409);
	cr_expect_eq(ask(owner, "PUT", at(MEMBERS, id), NULL, "{\"role\":\"boss\"}").status, 422);
	a = ask(owner, "PUT", at(MEMBERS, id), NULL, "{\"role\":\"manager\"}");
	cr_expect_eq(a.status, 200);
	cr_expect_str_eq(member(&a, "role"), "manager");
	a = ask(owner, "GET", MEMBERS, NULL, NULL);
	cr_expect_str_eq(http_header(&a, "x-total-count"), "2");
	cr_expect_eq(ask(owner, "DELETE", at(MEMBERS, owner_id), NULL, NULL).status, 409, "the last owner");
	cr_expect_eq(ask(owner, "PUT", at(MEMBERS, owner_id), NULL, "{\"role\":\"viewer\"}").status, 409);
	cr_expect_eq(ask(owner, "DELETE", at(MEMBERS, id), NULL, NULL).status, 204);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM refresh_token"), 0, "signed out");
	cr_expect_eq(ask(owner, "DELETE", at(MEMBERS, id), NULL, NULL).status, 404);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM app_user WHERE email = 'new@example.com'"), 1, "the user is the platform's");
	a = ask(owner, "GET", "/api/v1/restaurants/" JAR "/audit", NULL, NULL);
	cr_expect_str_eq(http_header(&a, "x-total-count"), "3", "refusals are no changes");
	cr_expect_null(strstr(a.body, "password"));
	cr_expect_str_eq(stack_query(stack, "SELECT string_agg(concat_ws(' ', action, user_email, target_name, before ->> 'role', after ->> 'role'), ', ' ORDER BY created_at) FROM audit WHERE menu_version IS NULL"),
	                 "member_create owner@the-cookie-jar.example new@example.com staff, member_update owner@the-cookie-jar.example new@example.com staff manager, "
	                 "member_delete owner@the-cookie-jar.example new@example.com manager");
}

/* What an edit came to is kept for who asks again, and not for ever; what was done stays in the audit. */
Test(members, old_outcomes_go)
{
	const char *change = "/api/v1/restaurants/the-cookie-jar/avatar";
	stack_launch(stack, STACK_WORKER, 0);
	stack_wait_ready(stack, STACK_WORKER, 0);
	for (int i = 0; i < 2; i++)
		cr_assert_eq(ask(stack_token(stack, JAR, "owner"), "PUT", change, NULL, i ? "{\"name\":\"B\"}" : "{\"name\":\"A\"}").status, 200);
	stack_query(stack, "UPDATE operation SET created_at = now() - interval '41 days' WHERE id = (SELECT id FROM operation ORDER BY created_at LIMIT 1)");
	cr_expect_eq(stack_count(stack, "SELECT operation_tidy('42 days')"), 0);
	cr_expect_eq(stack_count(stack, "SELECT operation_tidy('40 days')"), 1);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM operation"), 1);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM audit"), 2);
}

/* An owner adds somebody who is there: nothing of theirs changes. */
Test(members, an_existing_user_keeps_name_and_password)
{
	const char *owner = stack_token(stack, JAR, "owner"), *other = stack_user(stack, "olive-ember", "owner");
	stack_query(stack, "UPDATE app_user SET password_hash = 'theirs'");
	struct http_answer a = ask(owner, "POST", MEMBERS, NULL, "{\"email\":\"owner@olive-ember.example\",\"role\":\"viewer\",\"name\":\"Mallory\",\"password\":\"long enough\"}");
	cr_assert_eq(a.status, 201, "%s", a.body);
	cr_expect_str_eq(member(&a, "user_id"), other);
	cr_expect_str_eq(member(&a, "name"), "Test owner");
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM app_user WHERE password_hash = 'theirs'"), 2);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM membership WHERE role = 'owner'"), 2, "and they still own what is theirs");
}

Test(members, a_role_is_gone_at_once)
{
	const char *owner = stack_token(stack, JAR, "owner"), *id = stack_user(stack, JAR, "owner");
	cr_expect_eq(ask(owner, "GET", MEMBERS, NULL, NULL).status, 200);
	struct http_answer a = ask(owner, "POST", MEMBERS, NULL, "{\"email\":\"two@example.com\",\"role\":\"owner\"}");
	cr_expect_eq(a.status, 201);
	cr_expect_eq(ask(owner, "PUT", at(MEMBERS, id), NULL, "{\"role\":\"manager\"}").status, 200);
	cr_expect_eq(ask(owner, "GET", MEMBERS, NULL, NULL).status, 403, "the same token");
}

Test(members, a_key_makes_one_effect)
{
	const char *admin = stack_token(stack, NULL, "platform"), *owner = stack_token(stack, JAR, "owner"), *key = "Idempotency-Key: k1\r\n";
	static const char body[] = "{\"email\":\"once@example.com\",\"password\":\"long enough\"}";
	struct http_answer a = ask(admin, "POST", USERS, key, body);
	cr_assert_eq(a.status, 201);
	const char *id = member(&a, "id");
	a = ask(admin, "POST", USERS, key, body);
	cr_expect_eq(a.status, 201);
	cr_expect_str_eq(member(&a, "id"), id);
	cr_expect_str_eq(http_header(&a, "location"), at(USERS, id));
	cr_expect_eq(ask(admin, "POST", USERS, key, "{\"email\":\"once@example.com\",\"password\":\"another one\"}").status, 422, "another body");
	cr_expect_eq(ask(admin, "POST", USERS, "Idempotency-Key: k2\r\n", body).status, 409, "another key");
	cr_expect_eq(ask(admin, "DELETE", at(USERS, id), key, NULL).status, 204);
	cr_expect_eq(ask(admin, "DELETE", at(USERS, id), key, NULL).status, 204, "the same answer again");
	cr_expect_eq(ask(owner, "POST", MEMBERS, key, "{\"email\":\"m@example.com\",\"role\":\"staff\"}").status, 201, "a key is one user's");
	cr_expect_eq(ask(owner, "POST", MEMBERS, key, "{\"email\":\"m@example.com\",\"role\":\"staff\"}").status, 201);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM membership WHERE role = 'staff'"), 1);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM account_request q WHERE q::text LIKE '%long enough%'"), 0);
}
