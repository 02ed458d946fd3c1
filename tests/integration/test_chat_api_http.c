/* test_chat_api_http.c - the three forms of POST .../message, the conversation, suggestions, limits, and a broker that is away. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/integration/scene.h"

#define POST "/api/v1/chat/" SCENE_SLUG "/message"
#define LIST "/api/v1/chat/" SCENE_SLUG "/messages"
#define SSE "Accept: text/event-stream\r\n"
#define ID "0190aaaa-0000-7000-8000-000000000001"
#define BODY(session, id) "{\"message\":\"Hungry?\",\"session_id\":\"" session "\",\"message_id\":\"" id "\"}"

static struct scene scene;

static void setup(void)
{
	scene_open(&scene, (const char *const[]){ "CHAT_WAIT_MS=4000", NULL }, false);
}

static void teardown(void)
{
	scene_close(&scene);
}

TestSuite(chat_api_http, .init = setup, .fini = teardown, .timeout = 120);

static int post(const char *headers, const char *body, const char **answer_r)
{
	int status;

	*answer_r = scene_http(&scene, "POST", POST, headers, body, &status);
	return status;
}

static const char *body_of(const char *answer)
{
	const char *end = strstr(answer, "\r\n\r\n");
	return end == NULL ? "" : end + 4;
}

Test(chat_api_http, plain_posts_are_accepted_when_they_are_durable)
{
	const char *answer;

	cr_assert_eq(post(NULL, BODY("anna", ID), &answer), 202, "%s", answer);
	cr_assert_str_eq(body_of(answer), "{\"message_id\":\"" ID "\"}");
	const struct wish *w = scene_wish(&scene, "chat.asked");
	cr_assert_str_eq(w->message_id, ID);
	cr_assert_eq(w->reply_partition, -1, "nobody waits for frames");

	cr_assert_eq(post(NULL, "{\"message\":\"x\",\"session_id\":\"anna\"}", &answer), 202);
	w = scene_wish(&scene, "chat.asked");
	cr_assert_not_null(strstr(answer, w->message_id));
	cr_assert_eq(w->message_id[14], '7');
}

Test(chat_api_http, an_idempotency_key_is_the_message_id)
{
	char first[40], second[40];
	const char *answer;

	cr_assert_eq(post("Idempotency-Key: " ID "\r\n", "{\"message\":\"x\",\"session_id\":\"anna\"}", &answer), 202);
	cr_assert_str_eq(scene_wish(&scene, "chat.asked")->message_id, ID);
	cr_assert_eq(post("Idempotency-Key: my key\r\n", "{\"message\":\"x\",\"session_id\":\"anna\"}", &answer), 202);
	snprintf(first, sizeof(first), "%s", scene_wish(&scene, "chat.asked")->message_id);
	cr_assert_eq(post("Idempotency-Key: my key\r\n", "{\"message\":\"x\",\"session_id\":\"anna\"}", &answer), 202);
	snprintf(second, sizeof(second), "%s", scene_wish(&scene, "chat.asked")->message_id);
	cr_assert_str_eq(first, second);
	cr_assert(id_is_uuid(first, strlen(first)));
	cr_assert_eq(post("Idempotency-Key: my key\r\n", "{\"message\":\"x\",\"session_id\":\"bert\"}", &answer), 202);
	cr_assert_str_neq(scene_wish(&scene, "chat.asked")->message_id, first, "keys of two sessions do not meet");
}

Test(chat_api_http, events_run_from_accepted_to_the_answer)
{
	int fd = scene_http_send(&scene, "POST", POST, SSE, BODY("anna", ID));
	const struct wish *w = scene_wish(&scene, "chat.asked");

	cr_assert(w->attach);
	stand_in_answer(scene.worker, w, 2);
	const char *answer = scene_http_read(fd, NULL);
	close(fd);
	cr_assert_eq(scene_http_status(answer), 200);
	cr_assert_not_null(strstr(answer, "text/event-stream"));
	static const char *const order[] = { "event: accepted\ndata: {\"type\":\"accepted\"", "event: token\ndata: {\"type\":\"token\"", "\"seq\":1",
		                             "event: token\ndata: {\"type\":\"token\"", "\"seq\":2", "event: ai_message\ndata: {\"type\":\"ai_message\"" };
	const char *at = answer;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		at = strstr(at, order[i]);
		cr_assert_not_null(at, "%s is missing in %s", order[i], answer);
		at++;
	}
	cr_assert_null(strstr(answer, "attached"));
	cr_assert_eq(scene_metric(&scene, "active_conversations_total"), 0);
}

Test(chat_api_http, events_of_other_messages_are_not_shown)
{
	int fd = scene_http_send(&scene, "POST", POST, SSE, BODY("anna", ID));
	static struct wish w;
	char other[ID_TEXT];

	w = *scene_wish(&scene, "chat.asked");
	stand_in_reply(scene.worker, w.reply_partition, w.key, w.socket, NULL, "attached", "{\"type\":\"attached\"}");
	id_uuid(other);
	stand_in_reply(scene.worker, w.reply_partition, w.key, NULL, other, "token", "{\"type\":\"token\",\"text\":\"not mine\"}");
	stand_in_reply(scene.worker, w.reply_partition, w.key, NULL, other, "ai_message", "{\"type\":\"ai_message\"}");
	stand_in_reply(scene.worker, w.reply_partition, w.key, NULL, ID, "error", "{\"type\":\"error\",\"code\":\"internal\",\"message\":\"Sorry.\",\"message_id\":\"" ID "\"}");
	const char *answer = scene_http_read(fd, NULL);
	close(fd);
	cr_assert_null(strstr(answer, "not mine"));
	cr_assert_null(strstr(answer, "ai_message"));
	cr_assert_not_null(strstr(answer, "event: error"));
}

Test(chat_api_http, events_end_when_nothing_comes)
{
	int fd = scene_http_send(&scene, "POST", POST, SSE, BODY("anna", ID));
	int64_t from = clock_ms();
	const char *answer = scene_http_read(fd, NULL);

	close(fd);
	cr_assert_not_null(strstr(answer, "event: accepted"));
	cr_assert_not_null(strstr(answer, "event: error"), "%s", answer);
	cr_assert_not_null(strstr(answer, "overloaded"));
	cr_assert_geq(clock_ms() - from, 3900);
}

Test(chat_api_http, waiting_gives_the_whole_answer_or_its_error_or_202)
{
	const char *answer;
	int fd = scene_http_send(&scene, "POST", POST "?wait=true", NULL, BODY("anna", ID));

	stand_in_answer(scene.worker, scene_wish(&scene, "chat.asked"), 2);
	answer = scene_http_read(fd, NULL);
	close(fd);
	cr_assert_eq(scene_http_status(answer), 200, "%s", answer);
	json_t *body = json_loads(body_of(answer), 0, NULL);
	cr_assert_str_eq(scene_text(body, "type"), "ai_message");
	cr_assert_str_eq(scene_text(body, "content"), "t1 t2 ");
	json_decref(body);

	static const struct {
		const char *code;
		int status;
	} errors[] = { { "invalid_message", 409 }, { "overloaded", 503 }, { "internal", 500 } };
	for (size_t i = 0; i < 3; i++) {
		char json[200];
		fd = scene_http_send(&scene, "POST", POST "?wait=true", NULL, BODY("anna", ID));
		const struct wish *w = scene_wish(&scene, "chat.asked");
		snprintf(json, sizeof(json), "{\"type\":\"error\",\"code\":\"%s\",\"message\":\"Told so.\",\"message_id\":\"" ID "\"}", errors[i].code);
		stand_in_reply(scene.worker, w->reply_partition, w->key, w->socket, ID, "error", json);
		answer = scene_http_read(fd, NULL);
		close(fd);
		cr_assert_eq(scene_http_status(answer), errors[i].status, "%s", answer);
		cr_assert_not_null(strstr(answer, "Told so."));
	}
	fd = scene_http_send(&scene, "POST", POST "?wait=true", NULL, BODY("anna", ID));
	answer = scene_http_read(fd, NULL);
	close(fd);
	cr_assert_eq(scene_http_status(answer), 202, "%s", answer);
	cr_assert_not_null(strstr(answer, ID));
}

static void hang_up(int fd, bool with_a_reset)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (with_a_reset)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

Test(chat_api_http, clients_that_go_away_leave_nothing)
{
	for (int i = 0; i < 40; i++) {
		char body[200], id[ID_TEXT];
		id_uuid(id);
		snprintf(body, sizeof(body), BODY("anna", "%s"), id);
		int fd = scene_http_send(&scene, "POST", i % 2 ? POST : POST "?wait=true", i % 4 < 2 ? SSE : NULL, body);
		if (i % 3 == 0)
			scene_wish(&scene, "chat.asked");
		hang_up(fd, i >= 20);
	}
	for (int64_t until = clock_ms() + SCENE_MS; scene_metric(&scene, "active_conversations_total") > 0 || scene_metric(&scene, "http_connections") > 1;)
		cr_assert_lt(clock_ms(), until, "somebody still waits");
	const char *answer;
	cr_assert_eq(post(NULL, BODY("anna", ID), &answer), 202);
}

/* --- stored things --- */

static void store(const char *id, const char *session, const char *question, const char *answer)
{
	char sql[2000];

	snprintf(sql, sizeof(sql),
	         "WITH r AS (SELECT id FROM restaurant WHERE slug = '" SCENE_SLUG "')"
	         ", c AS (INSERT INTO conversation (id, restaurant_id, session_id) SELECT gen_random_uuid(), id, '%s' FROM r RETURNING *)"
	         ", q AS (INSERT INTO message (id, restaurant_id, conversation_id, message_id, sender_type, content, status)"
	         " SELECT gen_random_uuid(), restaurant_id, id, '%s', 'user', '%s', 'sent' FROM c RETURNING 1)"
	         ", a AS (INSERT INTO message (id, restaurant_id, conversation_id, message_id, sender_type, content, status, menu_version, provider)"
	         " SELECT gen_random_uuid(), restaurant_id, id, '%s', 'assistant', '%s', 'complete', 1, 'builtin' FROM c RETURNING 1)"
	         " SELECT (SELECT count(*) FROM q) + (SELECT count(*) FROM a)",
	         session, id, question, id, answer);
	cr_assert_eq(stack_count(scene.stack, sql), 2);
}

Test(chat_api_http, an_id_belongs_to_its_session_and_text)
{
	const char *answer;

	store(ID, "anna", "Hungry?", "Yes.");
	cr_assert_eq(post(NULL, BODY("bert", ID), &answer), 409, "%s", answer);
	cr_assert_not_null(strstr(answer, "application/problem+json"));
	cr_assert_null(strstr(answer, "Yes."));
	cr_assert_eq(post(NULL, "{\"message\":\"Thirsty?\",\"session_id\":\"anna\",\"message_id\":\"" ID "\"}", &answer), 409);
	cr_assert_eq(post(SSE, BODY("bert", ID), &answer), 409);
	cr_assert_eq(post("Idempotency-Key: " ID "\r\n", "{\"message\":\"Thirsty?\",\"session_id\":\"anna\"}", &answer), 422);
	cr_assert_null(stand_in_next(scene.worker, SCENE_QUIET_MS), "nothing of this was published");
	cr_assert_eq(post(NULL, BODY("anna", ID), &answer), 202, "the same again is fine");
}

Test(chat_api_http, the_conversation_can_be_read)
{
	int status;
	const char *answer;

	store(ID, "anna", "Hungry?", "Yes.");
	answer = scene_http(&scene, "GET", LIST "?session_id=anna", NULL, NULL, &status);
	cr_assert_eq(status, 200, "%s", answer);
	cr_assert_not_null(strcasestr(answer, "x-total-count: 2"));
	json_t *list = json_loads(body_of(answer), 0, NULL);
	cr_assert_eq(json_array_size(list), 2);
	cr_assert_str_eq(scene_text(json_array_get(list, 0), "content"), "Hungry?");
	cr_assert_str_eq(scene_text(json_array_get(list, 1), "sender_type"), "assistant");
	cr_assert_str_eq(scene_text(json_array_get(list, 1), "message_id"), ID);
	json_decref(list);
	answer = scene_http(&scene, "GET", LIST "?session_id=anna&limit=1", NULL, NULL, &status);
	list = json_loads(body_of(answer), 0, NULL);
	cr_assert_eq(json_array_size(list), 1);
	cr_assert_str_eq(scene_text(json_array_get(list, 0), "content"), "Yes.");
	json_decref(list);
	answer = scene_http(&scene, "GET", LIST "?session_id=nobody", NULL, NULL, &status);
	cr_assert_eq(status, 200);
	cr_assert_str_eq(body_of(answer), "[]");
	cr_assert_not_null(strcasestr(answer, "x-total-count: 0"));
	static const char *const bad[] = { LIST, LIST "?session_id=", LIST "?session_id=a%20b", LIST "?session_id=a&limit=0", LIST "?session_id=a&limit=201", LIST "?session_id=a&offset=-1" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		scene_http(&scene, "GET", bad[i], NULL, NULL, &status);
		cr_assert_eq(status, 422, "%s: %d", bad[i], status);
	}
	scene_http(&scene, "GET", "/api/v1/chat/nowhere/messages?session_id=a", NULL, NULL, &status);
	cr_assert_eq(status, 404);
}

Test(chat_api_http, suggestions_are_questions_about_the_menu)
{
	int status;
	const char *answer = scene_http(&scene, "GET", "/api/v1/chat/" SCENE_SLUG "/suggestions", NULL, NULL, &status);
	json_t *list = json_loads(body_of(answer), 0, NULL);

	cr_assert_eq(status, 200);
	cr_assert_geq(json_array_size(list), 3, "%s", answer);
	for (size_t i = 0; i < json_array_size(list); i++)
		cr_assert_gt(json_string_length(json_array_get(list, i)), 5);
	json_decref(list);
}

/* The array's texts, each followed by a line's end; static until the next call. */
static const char *suggested(const char *query, const char *language, const char *expected)
{
	static char text[2048];
	char path[256];
	int status;

	snprintf(path, sizeof(path), "/api/v1/chat/" SCENE_SLUG "/suggestions%s", query);
	const char *answer = scene_http(&scene, "GET", path, language, NULL, &status);
	json_t *list = json_loads(body_of(answer), 0, NULL);
	cr_assert_eq(status, 200, "%s", answer);
	cr_assert(strcasestr(answer, expected), "%s", answer);
	text[0] = '\0';
	for (size_t i = 0; i < json_array_size(list); i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s\n", json_string_value(json_array_get(list, i)));
	json_decref(list);
	return text;
}

Test(chat_api_http, suggestions_are_in_the_guests_language)
{
	cr_expect(strstr(suggested("", NULL, "content-language: en"), "What do you recommend?"));
	cr_expect(strstr(suggested("", "Accept-Language: de-AT,de;q=0.9,en;q=0.5\r\n", "content-language: de"), "Was empfehlen Sie?"));
	cr_expect(strstr(suggested("", "Accept-Language: ja,fr;q=0.8\r\n", "content-language: fr"), "Que recommandez-vous ?"));
	cr_expect(strstr(suggested("?lang=tr", "Accept-Language: de\r\n", "content-language: tr"), "Ne önerirsiniz?"));
	cr_expect(strstr(suggested("?lang=xx", NULL, "content-language: en"), "What do you recommend?"));
}

static void tell(const char *session, const char *profile)
{
	char sql[512];
	snprintf(sql, sizeof(sql), "INSERT INTO conversation (restaurant_id, id, session_id, profile) VALUES ('%s', gen_random_uuid(), '%s', '%s') RETURNING id", scene.restaurant_id, session, profile);
	cr_assert_neq(*stack_query(scene.stack, sql), '\0');
}

Test(chat_api_http, suggestions_fit_the_profile)
{
	tell("milk", "{\"allergies\": [\"milk\"], \"diets\": []}");
	tell("vegan", "{\"allergies\": [], \"diets\": [\"vegan\"]}");
	tell("stars", "{\"allergies\": [\"stardust\"], \"diets\": []}");
	cr_expect(strstr(suggested("", NULL, "200"), "Chocolate Chip"));
	const char *text = suggested("?session_id=milk", NULL, "200");
	cr_expect(!strstr(text, "Chocolate Chip") && strstr(text, "Tell me about"), "%s", text);
	text = suggested("?session_id=vegan", NULL, "200");
	cr_expect(!strstr(text, "Chocolate Chip\n") && strstr(text, "Tell me about"), "%s", text);
	text = suggested("?session_id=stars", NULL, "200");
	cr_expect(!strstr(text, "Tell me about") && strstr(text, "What do you have?"), "%s", text);
	cr_expect(strstr(suggested("?session_id=nobody-yet", NULL, "200"), "Chocolate Chip"));
}

Test(chat_api_http, bad_posts_are_refused)
{
	static const struct {
		const char *body;
		int status;
	} cases[] = {
		{ "{", 400 },
		{ "{\"message\":\"x\"}", 422 },
		{ "{\"message\":\"\",\"session_id\":\"s\"}", 422 },
		{ "{\"message\":\"x\",\"session_id\":\"a b\"}", 422 },
		{ "{\"message\":\"x\",\"session_id\":\"s\",\"message_id\":\"7\"}", 422 },
		{ "{\"message\":\"x\",\"message\":\"y\",\"session_id\":\"s\"}", 400 },
	};
	const char *answer;
	int status;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_assert_eq(post(NULL, cases[i].body, &answer), cases[i].status, "%s: %s", cases[i].body, answer);
	scene_http(&scene, "POST", "/api/v1/chat/nowhere/message", NULL, BODY("anna", ID), &status);
	cr_assert_eq(status, 404);
	scene_http(&scene, "POST", POST "?wait=perhaps", NULL, BODY("anna", ID), &status);
	cr_assert_eq(status, 422);
	cr_assert_null(stand_in_next(scene.worker, SCENE_QUIET_MS));
}
