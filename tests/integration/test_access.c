/* test_access.c - from the token to the principal, over HTTP and in the database. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "common/clock.h"
#include "tests/support/http_client.h"
#include "tests/support/pg_fixture.h"
#include "tests/support/stack.h"
#include "tests/support/stack_token.h"

#define ME "/api/v1/auth/me"
#define JAR "the-cookie-jar"

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

TestSuite(access, .init = start, .fini = stop, .timeout = 120);

static int me(const char *headers)
{
	struct http_answer a = http_ask(port, "GET", ME, headers, NULL);
	if (a.status == 401)
		cr_expect_str_eq(http_header(&a, "www-authenticate"), "Bearer");
	return a.status;
}

Test(access, tokens_open_the_door)
{
	int64_t now = clock_wall_ms() / 1000;
	const char *user = stack_user(stack, JAR, "manager");
	struct http_answer a = http_ask(port, "GET", ME, stack_token(stack, JAR, "manager"), NULL);
	json_t *body = json_loads(a.body, 0, NULL);
	cr_assert_eq(a.status, 200, "%s", a.body);
	cr_expect_str_eq(json_string_value(json_object_get(body, "id")), user);
	cr_expect_str_eq(json_string_value(json_object_get(body, "email")), "manager@the-cookie-jar.example");
	const json_t *place = json_array_get(json_object_get(body, "memberships"), 0);
	cr_expect_str_eq(json_string_value(json_object_get(place, "slug")), JAR);
	cr_expect_str_eq(json_string_value(json_object_get(place, "role")), "manager");
	json_decref(body);
	cr_expect_eq(me(NULL), 401);
	cr_expect_eq(me("Authorization: Basic YTpi\r\n"), 401);
	cr_expect_eq(me("Authorization: Bearer\r\n"), 401);
	cr_expect_eq(me("Authorization: Bearer a.b.c\r\n"), 401);
	cr_expect_eq(me(stack_token_of(user, STACK_SECRET, now - 61)), 401, "over");
	cr_expect_eq(me(stack_token_of(user, "another-key-another-key-another-key", now + 100)), 401);
	cr_expect_eq(me(stack_token_of("018f0000-0000-7000-8000-00000000dead", STACK_SECRET, now + 100)), 401, "nobody");
	cr_expect_eq(me(stack_token_of(user, STACK_SECRET, now + 100)), 200);
	cr_expect_eq(http_ask(port, "GET", "/health", "Authorization: Bearer nonsense\r\n", NULL).status, 200, "public routes do not look");
	stack_query(stack, "UPDATE app_user SET is_active = false WHERE email = 'manager@the-cookie-jar.example'");
	cr_expect_eq(me(stack_token_of(user, STACK_SECRET, now + 100)), 401, "switched off, and at once");
}

/* --- the query --- */

static struct pg_fixture f;

static void open_fixture(void)
{
	pg_fixture_open(&f);
}

static void close_fixture(void)
{
	pg_fixture_close(&f);
}

TestSuite(access_find, .init = open_fixture, .fini = close_fixture, .timeout = 120);

static const char *make_user(const char *email, const char *restaurant, const char *role)
{
	const char *id = arena_strdup(f.arena, pg_fixture_value(&f, arena_printf(f.arena, "INSERT INTO app_user (id, email) VALUES (gen_random_uuid(), '%s') RETURNING id", email)));
	if (restaurant)
		pg_fixture_value(&f, arena_printf(f.arena, "INSERT INTO membership (restaurant_id, user_id, role) VALUES ('%s', '%s', '%s')", restaurant, id, role));
	return id;
}

static const char *first_of(const char *table)
{
	return arena_strdup(f.arena, pg_fixture_value(&f, arena_printf(f.arena, "SELECT id FROM %s WHERE restaurant_id = '%s' LIMIT 1", table, f.jar)));
}

Test(access_find, each_kind_of_target_names_its_restaurant)
{
	const char *user = make_user("a@example.com", f.jar, "staff");
	const char *const targets[][2] = {
		{ "SLUG", JAR }, { "RESTAURANT", f.jar }, { "BODY", f.jar }, { "QUERY", f.jar }, { "CATEGORY", first_of("menu_category") }, { "ITEM", first_of("menu_item") }, { "INGREDIENT", first_of("ingredient") }
	};
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		const struct access_find_row *row = pg_fixture_row(&f, NULL, access_find, .user_id = user, .of_ = targets[i][0], .target_ = targets[i][1]);
		cr_expect_str_eq(row->restaurant_id, f.jar, "%s", targets[i][0]);
		cr_expect_str_eq(row->slug, JAR);
		cr_expect_str_eq(row->role, "staff");
		const char *unknown = i ? "018f0000-0000-7000-8000-00000000dead" : "nowhere";
		row = pg_fixture_row(&f, NULL, access_find, .user_id = user, .of_ = targets[i][0], .target_ = unknown);
		cr_expect_null(row->restaurant_id, "%s", targets[i][0]);
		cr_expect_null(row->role);
	}
	const struct access_find_row *row = pg_fixture_row(&f, NULL, access_find, .user_id = user, .of_ = "SLUG", .target_ = "olive-ember");
	cr_expect_str_eq(row->restaurant_id, f.olive);
	cr_expect_null(row->role, "a role is of one restaurant");
}

/* Whoever deleted something may send that request again (Idempotency-Key): the worker says whether it is gone. */
Test(access_find, the_deleted_are_still_somebodys)
{
	const char *user = make_user("a@example.com", f.jar, "owner"), *item = first_of("menu_item");
	pg_fixture_value(&f, arena_printf(f.arena, "UPDATE menu_item SET deleted_at = now() WHERE id = '%s'", item));
	cr_expect_str_eq(pg_fixture_row(&f, NULL, access_find, .user_id = user, .of_ = "ITEM", .target_ = item)->restaurant_id, f.jar);
	const char *category = first_of("menu_category");
	pg_fixture_value(&f, arena_printf(f.arena, "UPDATE restaurant SET deleted_at = now() WHERE id = '%s'", f.jar));
	cr_expect_str_eq(pg_fixture_row(&f, NULL, access_find, .user_id = user, .of_ = "SLUG", .target_ = JAR)->restaurant_id, f.jar);
	cr_expect_null(pg_fixture_row(&f, NULL, access_find, .user_id = user, .of_ = "CATEGORY", .target_ = category)->restaurant_id);
	pg_fixture_value(&f, arena_printf(f.arena, "INSERT INTO restaurant (id, name, slug) VALUES ('018f0000-0000-7000-8000-00000000beef', 'Next', '%s')", JAR));
	cr_expect_str_eq(pg_fixture_row(&f, NULL, access_find, .user_id = user, .of_ = "SLUG", .target_ = JAR)->restaurant_id, "018f0000-0000-7000-8000-00000000beef");
	pg_fixture_value(&f, "UPDATE app_user SET is_active = false");
	cr_expect_eq(pg_fixture_query(&f, NULL, access_find, .user_id = user, .of_ = "NOTHING")->rows[0].n, 0);
}

Test(access_find, an_email_is_one_in_any_case)
{
	make_user("Anna@Example.com", NULL, NULL);
	cr_expect_eq(pg_script_run(f.owner, "INSERT INTO app_user (id, email) VALUES (gen_random_uuid(), 'aNNA@eXAMPLE.COM')"), ERROR_db_conflict);
	cr_expect_eq(pg_script_run(f.owner, "INSERT INTO app_user (id, email) VALUES (gen_random_uuid(), 'anna@example.com')"), ERROR_db_conflict);
}
