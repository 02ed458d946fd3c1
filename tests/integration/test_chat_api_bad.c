/* test_chat_api_bad.c - what clients must not send: an error for a bad frame, the right code for a broken connection, and nobody else notices. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/integration/scene.h"

#define ID "0190aaaa-0000-7000-8000-000000000001"
#define MESSAGE_MAX (16 << 10)

static struct scene scene;

static void setup(void)
{
	scene_open(&scene, NULL, false);
}

static void teardown(void)
{
	scene_close(&scene);
}

TestSuite(chat_api_bad, .init = setup, .fini = teardown, .timeout = 120);

static const struct {
	const char *frame, *code, *word;
} bad_frames[] = {
	{ "", "invalid_frame", NULL },
	{ "x", "invalid_frame", NULL },
	{ "{", "invalid_frame", NULL },
	{ "{\"type\":\"ping\"} x", "invalid_frame", NULL },
	{ "{\"type\":\"ping\",\"type\":\"ping\"}", "invalid_frame", NULL },
	{ "{\"type\":\"pi\\u0000ng\"}", "invalid_frame", NULL },
	{ "{\"type\":\"\\ud800\"}", "invalid_frame", NULL },
	{ "[]", "invalid_frame", NULL },
	{ "null", "invalid_frame", NULL },
	{ "{}", "invalid_frame", "/type" },
	{ "{\"type\":7}", "invalid_frame", "/type" },
	{ "{\"type\":\"dance\"}", "invalid_frame", "/type" },
	{ "{\"type\":\"welcome\"}", "invalid_frame", "/type" },
	{ "{\"type\":\"chat_message\",\"session_id\":\"s\"}", "invalid_message", "/message" },
	{ "{\"type\":\"chat_message\",\"message\":\"\",\"session_id\":\"s\"}", "invalid_message", "/message" },
	{ "{\"type\":\"chat_message\",\"message\":5,\"session_id\":\"s\"}", "invalid_message", "/message" },
	{ "{\"type\":\"chat_message\",\"message\":\"x\"}", "invalid_message", "/session_id" },
	{ "{\"type\":\"chat_message\",\"message\":\"x\",\"session_id\":\"\"}", "invalid_message", "/session_id" },
	{ "{\"type\":\"chat_message\",\"message\":\"x\",\"session_id\":\"a b\"}", "invalid_message", "/session_id" },
	{ "{\"type\":\"chat_message\",\"message\":\"x\",\"session_id\":null}", "invalid_message", "/session_id" },
	{ "{\"type\":\"chat_message\",\"message\":\"x\",\"session_id\":\"s\",\"message_id\":\"7\"}", "invalid_message", "/message_id" },
	{ "{\"type\":\"join\"}", "invalid_message", "/session_id" },
	{ "{\"type\":\"join\",\"session_id\":\"s\",\"last\":{\"message_id\":\"" ID "\",\"attempt\":1}}", "invalid_message", "/last/seq" },
	{ "{\"type\":\"stop\",\"session_id\":\"s\"}", "invalid_message", "/message_id" },
	{ "{\"type\":\"profile_remove\",\"session_id\":\"s\",\"kind\":\"allergy\",\"value\":\"nuts\"}", "invalid_message", "/confirm" },
	{ "{\"type\":\"profile_remove\",\"session_id\":\"s\",\"kind\":\"mood\",\"value\":\"nuts\",\"confirm\":true}", "invalid_message", "/kind" },
	{ "{\"type\":\"watch\",\"token\":\"t\",\"slug\":\"s\"}", "not_found", "restaurant" },
};

Test(chat_api_bad, a_bad_frame_costs_an_error_and_not_the_connection)
{
	struct ws_client *c = scene_guest(&scene);

	for (size_t i = 0; i < sizeof(bad_frames) / sizeof(bad_frames[0]); i++) {
		cr_log_info("%s", bad_frames[i].frame);
		ws_client_send(c, bad_frames[i].frame);
		scene_see_error(c, bad_frames[i].code, bad_frames[i].word);
	}
	scene_see_alive(c);
	cr_assert_null(stand_in_next(scene.worker, SCENE_QUIET_MS), "nothing of this was published");
	cr_assert_gt(scene_metric(&scene, "websocket_error_frames_total{code=\"invalid_frame\"}"), 10);
	ws_client_close(&c);
}

Test(chat_api_bad, an_error_names_the_message_when_it_can)
{
	struct ws_client *c = scene_guest(&scene);

	scene_say(c, "{\"type\":\"chat_message\",\"message\":\"\",\"session_id\":\"s\",\"message_id\":\"" ID "\"}");
	json_t *f = scene_expect(c, "error");
	cr_assert_str_eq(scene_text(f, "message_id"), ID);
	json_decref(f);
	scene_say(c, "{\"type\":\"chat_message\",\"message\":\"\",\"session_id\":\"s\",\"message_id\":\"no\"}");
	f = scene_expect(c, "error");
	cr_assert_null(json_object_get(f, "message_id"));
	json_decref(f);
	ws_client_close(&c);
}

/* {"type":"chat_message","message":"<n times text>","session_id":"s"} */
static void say_long(struct ws_client *c, const char *text, int n)
{
	static char words[MESSAGE_MAX];
	size_t len = strlen(text);

	for (int i = 0; i < n; i++)
		memcpy(words + (size_t)i * len, text, len);
	words[(size_t)n * len] = '\0';
	scene_say(c, "{\"type\":\"chat_message\",\"message\":\"%s\",\"session_id\":\"s\"}", words);
}

Test(chat_api_bad, length_is_counted_in_characters)
{
	struct ws_client *c = scene_guest(&scene);

	say_long(c, "x", 2001);
	scene_see_error(c, "invalid_message", "/message");
	say_long(c, "\xf0\x9f\x8d\xaa", 2001);
	scene_see_error(c, "invalid_message", "/message");
	say_long(c, "\xf0\x9f\x8d\xaa", 2000);
	scene_see(c, "accepted");
	cr_assert_eq(strlen(scene_text(scene_wish(&scene, "chat.asked")->payload, "message")), 8000);
	ws_client_close(&c);
}

Test(chat_api_bad, deep_json_binary_frames_and_fragments)
{
	static char deep[10001];
	struct ws_client *c = scene_guest(&scene);

	memset(deep, '[', 10000);
	ws_client_send(c, deep);
	scene_see_error(c, "invalid_frame", NULL);
	ws_client_send_frame(c, 0x82, "{\"type\":\"ping\"}", 15);
	scene_see_error(c, "invalid_frame", "binary");
	ws_client_send_frame(c, 0x01, "{\"type\":", 8);
	ws_client_send_frame(c, 0x89, "hello", 5);
	ws_client_send_frame(c, 0x80, "\"ping\"}", 7);
	scene_see(c, "pong");
	cr_assert_eq(ws_client_pongs(c), 1);
	ws_client_close(&c);
}

/* --- what closes --- */

static void expect_close(struct ws_client **c, int code)
{
	char line[80];

	cr_assert_eq(ws_client_wait_close(*c, SCENE_MS), code, "%d", ws_client_wait_close(*c, 0));
	ws_client_close(c);
	snprintf(line, sizeof(line), "websocket_closes_total{code=\"%d\"}", code);
	cr_assert_geq(scene_metric(&scene, line), 1);
}

Test(chat_api_bad, what_breaks_the_protocol_closes_with_its_code)
{
	static char big[1 << 20];
	struct ws_client *witness = scene_guest(&scene), *c;

	memset(big, ' ', sizeof(big));
	memcpy(big, "{\"type\":\"ping\"}", 15);
	c = scene_guest(&scene);
	ws_client_send_frame(c, 0x81, big, MESSAGE_MAX);
	scene_see(c, "pong");
	ws_client_send_frame(c, 0x81, big, MESSAGE_MAX + 1);
	expect_close(&c, 1009);
	c = scene_guest(&scene);
	ws_client_send_frame(c, 0x81, big, sizeof(big));
	expect_close(&c, 1009);
	c = scene_guest(&scene);
	ws_client_send_bytes(c, "\x81\xff\x00\x00\x00\x00\x80\x00\x00\x00", 10);
	expect_close(&c, 1009);
	c = scene_guest(&scene);
	ws_client_send_frame(c, 0x81, "{\"type\":\"\xc3\x28\"}", 13);
	expect_close(&c, 1007);
	c = scene_guest(&scene);
	ws_client_send_bytes(c, "\x81\x02{}", 4);
	expect_close(&c, 1002);
	c = scene_guest(&scene);
	ws_client_send_frame(c, 0xc1, "{}", 2);
	expect_close(&c, 1002);
	c = scene_guest(&scene);
	ws_client_send_frame(c, 0x83, "{}", 2);
	expect_close(&c, 1002);
	c = scene_guest(&scene);
	for (int i = 0; i < 17; i++)
		ws_client_send_frame(c, i == 0 ? 0x01 : 0x00, " ", 1);
	expect_close(&c, 1008);
	c = scene_guest(&scene);
	for (int i = 0; i < 100; i++)
		ws_client_send_frame(c, 0x89, "flood", 5);
	expect_close(&c, 1008);
	scene_see_alive(witness);
	ws_client_close(&witness);
}

Test(chat_api_bad, goodbye_is_answered_in_kind)
{
	static const struct {
		const char *payload;
		size_t len;
		int code;
	} cases[] = { { "", 0, 1000 }, { "\x03\xe9", 2, 1001 }, { "\x0f\xa0why", 5, 4000 }, { "\x03", 1, 1002 }, { "\x03\xed", 2, 1002 }, { "\x03\xe8\xff", 3, 1007 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ws_client *c = scene_guest(&scene);
		ws_client_send_frame(c, 0x88, cases[i].payload, cases[i].len);
		cr_assert_eq(ws_client_wait_close(c, SCENE_MS), cases[i].code);
		ws_client_close(&c);
	}
	for (int64_t n = 0; scene_metric(&scene, "websocket_connections") > 0; n++)
		cr_assert_lt(n, 1000, "sockets are left");
}

/* --- upgrades that are refused --- */

static int upgrade_status(const char *path, const char *headers, const char *version)
{
	int status;
	struct ws_client *c = ws_client_open_with(&(struct ws_client_options){ .port = scene.port, .path = path, .headers = headers, .version = version }, SCENE_MS, &status);

	ws_client_close(&c);
	return status;
}

Test(chat_api_bad, who_may_upgrade)
{
	char own[100];
	int status;

	snprintf(own, sizeof(own), "Origin: http://127.0.0.1:%d\r\n", scene.port);
	cr_assert_eq(upgrade_status("/ws/" SCENE_SLUG, NULL, NULL), 101);
	cr_assert_eq(upgrade_status("/ws/" SCENE_SLUG, own, NULL), 101);
	cr_assert_eq(upgrade_status("/ws/" SCENE_SLUG, "Origin: http://localhost:3000\r\n", NULL), 101);
	cr_assert_eq(upgrade_status("/ws/" SCENE_SLUG, "Origin: https://evil.example\r\n", NULL), 403);
	cr_assert_eq(upgrade_status("/ws/" SCENE_SLUG, "Origin: null\r\n", NULL), 403);
	cr_assert_eq(upgrade_status("/ws/no-such-place", NULL, NULL), 404);
	cr_assert_eq(upgrade_status("/ws/no-such-place", NULL, NULL), 404, "from memory too");
	cr_assert_neq(upgrade_status("/ws/" SCENE_SLUG, NULL, "8"), 101);
	scene_http(&scene, "GET", "/ws/" SCENE_SLUG, NULL, NULL, &status);
	cr_assert(status == 400 || status == 426, "%d", status);
}

Test(chat_api_bad, a_ninth_session_is_too_many)
{
	struct ws_client *c = scene_guest(&scene);

	for (int i = 0; i < 8; i++) {
		scene_say(c, "{\"type\":\"chat_message\",\"message\":\"x\",\"session_id\":\"s%d\"}", i);
		scene_see(c, "accepted");
	}
	scene_say(c, "{\"type\":\"chat_message\",\"message\":\"x\",\"session_id\":\"s8\"}");
	scene_see_error(c, "overloaded", NULL);
	scene_say(c, "{\"type\":\"chat_message\",\"message\":\"x\",\"session_id\":\"s3\"}");
	scene_see(c, "accepted");
	ws_client_close(&c);
}
