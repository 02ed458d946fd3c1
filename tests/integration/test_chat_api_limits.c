/* test_chat_api_limits.c - too much, too often, and a broker that is away: said, not suffered. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "tests/integration/scene.h"

#define POST "/api/v1/chat/" SCENE_SLUG "/message"

static void ask(struct ws_client *c, const char *session)
{
	scene_say(c, "{\"type\":\"chat_message\",\"message\":\"x\",\"session_id\":\"%s\"}", session);
}

Test(chat_api_limits, sessions_and_addresses_have_their_rates, .timeout = 60)
{
	struct scene scene;
	int status;

	scene_open(&scene, (const char *const[]){ "CHAT_RATE_LIMIT=3/minute", "CHAT_ADDRESS_LIMIT=6/minute", NULL }, true);
	struct ws_client *c = scene_guest(&scene);
	for (int i = 0; i < 3; i++) {
		ask(c, "anna");
		scene_see(c, "accepted");
	}
	ask(c, "anna");
	json_t *f = scene_expect(c, "error");
	cr_assert_str_eq(scene_text(f, "code"), "rate_limited");
	cr_assert(scene_number(f, "retry_after") > 0 && scene_number(f, "retry_after") <= 20);
	cr_assert(id_is_uuid(scene_text(f, "message_id"), 36));
	json_decref(f);
	const char *answer = scene_http(&scene, "POST", POST, NULL, "{\"message\":\"x\",\"session_id\":\"anna\"}", &status);
	cr_assert_eq(status, 429, "the same bucket over HTTP");
	cr_assert_not_null(strcasestr(answer, "retry-after: "));
	for (int i = 0; i < 3; i++) {
		ask(c, "bert");
		scene_see(c, "accepted");
	}
	ask(c, "cleo");
	scene_see_error(c, "rate_limited", NULL);
	scene_say(c, "{\"type\":\"join\",\"session_id\":\"cleo\"}");
	scene_see_error(c, "rate_limited", NULL);
	scene_see_alive(c);
	cr_assert_geq(scene_metric(&scene, "rate_limited_total{limit=\"session\"}"), 2);
	cr_assert_geq(scene_metric(&scene, "rate_limited_total{limit=\"address\"}"), 2);
	ws_client_close(&c);
	scene_close(&scene);
}

Test(chat_api_limits, without_a_broker_everybody_is_told_to_wait, .timeout = 90)
{
	struct stack *stack = stack_start(&(struct stack_options){ .embedded = true, .workers = -1 });
	struct scene scene = { .stack = stack, .port = stack_port(stack, 0) };
	struct ws_client *c = scene_guest(&scene);
	int status;

	ask(c, "anna");
	scene_see(c, "accepted");
	stack_kill(stack, STACK_BROKER, 0);
	int64_t from = clock_ms();
	ask(c, "anna");
	json_t *f = scene_expect(c, "error");
	cr_assert_str_eq(scene_text(f, "code"), "overloaded");
	cr_assert_gt(scene_number(f, "retry_after"), 0);
	cr_assert_lt(clock_ms() - from, 8000);
	json_decref(f);
	const char *answer = scene_http(&scene, "POST", POST, NULL, "{\"message\":\"x\",\"session_id\":\"bert\"}", &status);
	cr_assert_eq(status, 503, "%s", answer);
	cr_assert_not_null(strcasestr(answer, "retry-after: "));
	scene_http(&scene, "POST", POST "?wait=true", NULL, "{\"message\":\"x\",\"session_id\":\"bert\"}", &status);
	cr_assert_eq(status, 503);
	scene_http(&scene, "POST", POST, "Accept: text/event-stream\r\n", "{\"message\":\"x\",\"session_id\":\"bert\"}", &status);
	cr_assert_eq(status, 503);
	from = clock_ms();
	ask(c, "anna");
	scene_see_error(c, "overloaded", NULL);
	cr_assert_lt(clock_ms() - from, 1000, "once it is known, it is said at once");
	scene_see_alive(c);
	ws_client_close(&c);
	stack_stop(&stack);
}
