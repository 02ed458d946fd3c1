/* test_chat_api.c - the WebSocket against the real api, with Kafka and PostgreSQL; the worker is a stand-in, so that the order of things is in our hands. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/frames.h"
#include "tests/integration/scene.h"

static struct scene scene;

static void setup(void)
{
	scene_open(&scene, NULL, false);
}

static void teardown(void)
{
	scene_close(&scene);
}

TestSuite(chat_api, .init = setup, .fini = teardown, .timeout = 120);

static void ask(struct ws_client *c, const char *session, const char *message_id, const char *text)
{
	scene_say(c, "{\"type\":\"chat_message\",\"message\":\"%s\",\"session_id\":\"%s\",\"message_id\":\"%s\"}", text, session, message_id);
}

static void reply_token(const struct wish *w, const char *session, const char *socket, const char *message_id, int seq)
{
	char key[200], json[300];

	snprintf(key, sizeof(key), "%s/%s", scene.restaurant_id, session);
	snprintf(json, sizeof(json), "{\"type\":\"token\",\"session_id\":\"%s\",\"message_id\":\"%s\",\"attempt\":1,\"seq\":%d,\"text\":\"x\"}", session, message_id,
	         seq);
	stand_in_reply(scene.worker, w->reply_partition, key, socket, message_id, "token", json);
}

static void see_token(struct ws_client *c, const char *message_id, int seq)
{
	json_t *f = scene_expect(c, "token");

	cr_assert_str_eq(scene_text(f, "message_id"), message_id);
	cr_assert_eq(scene_number(f, "seq"), seq);
	json_decref(f);
}

static void see_accepted(struct ws_client *c, const char *message_id)
{
	json_t *f = scene_expect(c, "accepted");

	cr_assert_str_eq(scene_text(f, "message_id"), message_id);
	json_decref(f);
}

Test(chat_api, welcome_says_who_answers)
{
	struct ws_client *c = ws_client_open(scene.port, "/ws/" SCENE_SLUG, SCENE_MS);
	cr_assert_not_null(c);
	json_t *f = scene_expect(c, "welcome"), *restaurant = json_object_get(f, "restaurant"), *assistant = json_object_get(f, "assistant");

	cr_assert_str_eq(scene_text(restaurant, "slug"), SCENE_SLUG);
	cr_assert_str_eq(scene_text(restaurant, "id"), scene.restaurant_id);
	cr_assert_neq(scene_text(restaurant, "name")[0], '\0');
	cr_assert_str_eq(scene_text(assistant, "name"), "Chip");
	cr_assert_neq(scene_text(assistant, "greeting")[0], '\0');
	cr_assert_not_null(strstr(scene_text(f, "disclosure"), "AI"));
	cr_assert_geq(scene_number(f, "menu_version"), 1);
	json_decref(f);
	scene_see_alive(c);
	cr_assert_eq(scene_metric(&scene, "websocket_connections"), 1);
	ws_client_close(&c);
}

Test(chat_api, a_question_becomes_an_event_and_its_answer_comes_back)
{
	struct ws_client *c = scene_guest(&scene);
	char id[ID_TEXT];

	id_uuid(id);
	ask(c, "anna-1", id, "Hungry?");
	const struct wish *w = scene_wish(&scene, "chat.asked");
	char key[200];
	snprintf(key, sizeof(key), "%s/anna-1", scene.restaurant_id);
	cr_assert_str_eq(w->key, key);
	cr_assert_str_eq(w->message_id, id);
	cr_assert(w->attach, "the socket did not know the session");
	cr_assert_neq(w->socket[0], '\0');
	cr_assert_str_eq(scene_text(w->payload, "message"), "Hungry?");
	cr_assert_str_eq(scene_text(w->payload, "slug"), SCENE_SLUG);
	cr_assert_str_eq(scene_text(w->payload, "restaurant_id"), scene.restaurant_id);
	cr_assert_geq(scene_number(w->payload, "menu_version"), 1);
	stand_in_answer(scene.worker, w, 3);
	see_accepted(c, id);
	for (int seq = 1; seq <= 3; seq++)
		see_token(c, id, seq);
	json_t *f = scene_expect(c, "ai_message");
	cr_assert_str_eq(scene_text(f, "content"), "t1 t2 t3 ");
	json_decref(f);
	scene_see_alive(c);
	ws_client_close(&c);
}

Test(chat_api, accepted_precedes_every_frame_of_its_message)
{
	enum { N = 200 };
	struct ws_client *c = scene_guest(&scene);
	static char ids[N][ID_TEXT];
	int state[N] = { 0 }; /* frames seen */

	for (int i = 0; i < N; i++) {
		id_uuid(ids[i]);
		ask(c, i % 2 ? "s-odd" : "s-even", ids[i], "x");
		if (i % 8 == 7)
			for (int k = 0; k < 8; k++)
				stand_in_answer(scene.worker, scene_wish(&scene, "chat.asked"), 1);
	}
	for (int n = 0; n < N * 3; n++) {
		const char *text = ws_client_read(c, SCENE_MS);
		cr_assert_not_null(text, "after %d frames", n);
		json_t *f = json_loads(text, 0, NULL);
		for (int i = 0; i < N; i++) {
			if (strcmp(ids[i], scene_text(f, "message_id")) != 0)
				continue;
			static const char *const order[] = { "accepted", "token", "ai_message" };
			cr_assert_lt(state[i], 3);
			cr_assert_str_eq(scene_text(f, "type"), order[state[i]++]);
		}
		json_decref(f);
	}
	for (int i = 0; i < N; i++)
		cr_assert_eq(state[i], 3);
	ws_client_close(&c);
}

Test(chat_api, a_message_without_id_gets_one)
{
	struct ws_client *c = scene_guest(&scene);

	scene_say(c, "{\"type\":\"chat_message\",\"message\":\"x\",\"session_id\":\"anna\",\"context\":{\"history\":[1,2]}}");
	json_t *f = scene_expect(c, "accepted");
	const char *id = scene_text(f, "message_id");
	cr_assert(id_is_uuid(id, strlen(id)));
	cr_assert_eq(id[14], '7');
	cr_assert_str_eq(scene_wish(&scene, "chat.asked")->message_id, id);
	json_decref(f);
	ws_client_close(&c);
}

Test(chat_api, a_joining_socket_sees_what_it_missed_then_what_is_live)
{
	struct ws_client *a = scene_guest(&scene), *b = scene_guest(&scene);
	char id[ID_TEXT], key[200], joined[300];
	static struct wish w;

	id_uuid(id);
	ask(a, "shared", id, "x");
	w = *scene_wish(&scene, "chat.asked");
	snprintf(key, sizeof(key), "%s", w.key);
	stand_in_reply(scene.worker, w.reply_partition, key, w.socket, NULL, "attached", "{\"type\":\"attached\"}");
	see_accepted(a, id);
	reply_token(&w, "shared", NULL, id, 1);
	see_token(a, id, 1);

	scene_say(b, "{\"type\":\"join\",\"session_id\":\"shared\",\"last\":{\"message_id\":\"%s\",\"attempt\":1,\"seq\":0}}", id);
	w = *scene_wish(&scene, "chat.joined");
	cr_assert_str_eq(w.key, key);
	const json_t *last = json_object_get(w.payload, "last");
	cr_assert_str_eq(scene_text(last, "message_id"), id);
	reply_token(&w, "shared", NULL, id, 2);
	see_token(a, id, 2);
	scene_see_alive(b); /* pending: what is live is not for it yet */

	snprintf(joined, sizeof(joined), "{\"type\":\"joined\",\"session_id\":\"shared\",\"profile\":{\"allergies\":[],\"diets\":[]},\"open\":[{\"message_id\":\"%s\",\"attempt\":1}]}", id);
	stand_in_reply(scene.worker, w.reply_partition, key, w.socket, NULL, "joined", joined);
	reply_token(&w, "shared", w.socket, id, 1);
	reply_token(&w, "shared", w.socket, id, 2);
	reply_token(&w, "shared", NULL, id, 3);
	scene_see(b, "joined");
	for (int seq = 1; seq <= 3; seq++)
		see_token(b, id, seq);
	see_token(a, id, 3);
	scene_see_alive(a);

	scene_say(b, "{\"type\":\"stop\",\"session_id\":\"shared\",\"message_id\":\"%s\"}", id);
	cr_assert_str_eq(scene_wish(&scene, "chat.stopped")->message_id, id);
	scene_say(b, "{\"type\":\"profile_remove\",\"session_id\":\"shared\",\"kind\":\"allergy\",\"value\":\"nuts\",\"confirm\":true}");
	cr_assert_str_eq(scene_text(scene_wish(&scene, "chat.profile_removed")->payload, "value"), "nuts");
	cr_assert_geq(scene_metric(&scene, "active_conversations_total"), 1);
	ws_client_close(&a);
	ws_client_close(&b);
}

Test(chat_api, the_same_id_ten_times_is_accepted_ten_times_and_attached_once)
{
	struct ws_client *c = scene_guest(&scene);
	char id[ID_TEXT], upper[ID_TEXT];
	int attached = 0;

	id_uuid(id);
	for (int i = 0; i < ID_TEXT; i++)
		upper[i] = (char)(id[i] >= 'a' && id[i] <= 'f' ? id[i] - 32 : id[i]);
	for (int i = 0; i < 10; i++)
		ask(c, "anna", i % 2 ? upper : id, "x");
	for (int i = 0; i < 10; i++) {
		const struct wish *w = scene_wish(&scene, "chat.asked");
		cr_assert_str_eq(w->message_id, id, "an id is the same in capitals");
		attached += w->attach;
	}
	cr_assert_eq(attached, 1);
	for (int i = 0; i < 10; i++)
		see_accepted(c, id);
	ws_client_close(&c);
}

Test(chat_api, frames_find_only_their_socket)
{
	struct ws_client *a = scene_guest(&scene), *b = scene_guest(&scene);
	char id[ID_TEXT], old[80];
	static struct wish w;

	id_uuid(id);
	ask(a, "s1", id, "x");
	w = *scene_wish(&scene, "chat.asked");
	snprintf(old, sizeof(old), "%s", w.socket);
	see_accepted(a, id);
	ws_client_close(&a);
	a = scene_guest(&scene); /* takes the slot of the one that went */
	reply_token(&w, "s1", old, id, 1);
	reply_token(&w, "s1", NULL, id, 1);
	scene_see_alive(a);
	scene_see_alive(b);
	ws_client_close(&a);
	ws_client_close(&b);
}

Test(chat_api, a_record_of_many_frames_serves_many_sockets_in_its_order)
{
	struct ws_client *c[2] = { scene_guest(&scene), scene_guest(&scene) };
	struct buf value;
	struct wish w;
	char key[200], id[2][ID_TEXT], json[300];

	buf_init(&value, 100000);
	for (int i = 0; i < 2; i++) {
		id_uuid(id[i]);
		ask(c[i], i ? "two" : "one", id[i], "x");
		w = *scene_wish(&scene, "chat.asked");
		stand_in_reply(scene.worker, w.reply_partition, w.key, w.socket, NULL, "attached", "{\"type\":\"attached\"}");
		see_accepted(c[i], id[i]);
	}
	for (int n = 0; n < 40; n++) {
		snprintf(key, sizeof(key), "%s/%s", scene.restaurant_id, n % 2 ? "two" : "one");
		snprintf(json, sizeof(json), "{\"type\":\"token\",\"message_id\":\"%s\",\"seq\":%d}", id[n % 2], n / 2 + 1);
		cr_assert_eq(frames_add(&value, &(struct frames_head){ .type = "token", .session = key, .message_id = id[n % 2] }, json, strlen(json)), ERROR_none);
	}
	stand_in_replies_soon(scene.worker, w.reply_partition, "no frames\n", 10);
	stand_in_replies_soon(scene.worker, w.reply_partition, value.data, value.len);
	for (int n = 0; n < 40; n++)
		see_token(c[n % 2], id[n % 2], n / 2 + 1);
	buf_free(&value);
	ws_client_close(&c[0]);
	ws_client_close(&c[1]);
}

Test(chat_api, menu_changes_reach_the_sockets_of_that_restaurant)
{
	struct ws_client *c = scene_guest(&scene), *other = ws_client_open(scene.port, "/ws/olive-ember", SCENE_MS);
	char json[400], id[ID_TEXT];

	cr_assert_not_null(other);
	scene_see(other, "welcome");
	snprintf(json, sizeof(json), "{\"restaurant_id\":\"%s\",\"slug\":\"" SCENE_SLUG "\",\"menu_version\":9,\"items\":[{\"id\":\"%s\",\"price\":3.5,\"is_available\":false}]}",
	         scene.restaurant_id, scene.restaurant_id);
	/* The api serves a moment before it reads menu.changes (menu_cache.h): the change is announced until it is seen. */
	const char *text = NULL;
	for (int i = 0; !text && i < 20; i++) {
		stand_in_menu_changed(scene.worker, scene.restaurant_id, json);
		text = ws_client_read(c, 500);
	}
	cr_assert_not_null(text, "no menu_updated came");
	json_t *f = json_loads(text, 0, NULL), *item = json_array_get(json_object_get(f, "items"), 0);
	cr_assert_str_eq(scene_text(f, "type"), "menu_updated");
	cr_assert_eq(scene_number(f, "menu_version"), 9);
	cr_assert_str_eq(scene_text(item, "id"), scene.restaurant_id);
	cr_assert_float_eq(json_number_value(json_object_get(item, "price")), 3.5, 1e-9);
	cr_assert(json_is_false(json_object_get(item, "is_available")));
	json_decref(f);
	scene_see_alive(other);
	id_uuid(id);
	ask(c, "anna", id, "x");
	cr_assert_eq(scene_number(scene_wish(&scene, "chat.asked")->payload, "menu_version"), 9, "a question knows the newest menu");
	ws_client_close(&c);
	ws_client_close(&other);
}

Test(chat_api, a_slow_reader_is_closed_and_others_do_not_feel_it)
{
	enum { PIECE = 100000,
	       PIECES = 120 };
	struct ws_client *slow = ws_client_open_with(&(struct ws_client_options){ .port = scene.port, .path = "/ws/" SCENE_SLUG, .receive_buffer = 4096 }, SCENE_MS, NULL);
	struct ws_client *quick = scene_guest(&scene);
	static char json[PIECE + 100];
	char id[ID_TEXT];
	static struct wish w;

	cr_assert_not_null(slow);
	scene_see(slow, "welcome");
	id_uuid(id);
	ask(slow, "s1", id, "x");
	w = *scene_wish(&scene, "chat.asked");
	stand_in_reply(scene.worker, w.reply_partition, w.key, w.socket, NULL, "attached", "{\"type\":\"attached\"}");
	snprintf(json, sizeof(json), "{\"type\":\"token\",\"text\":\"%0*d\"}", PIECE, 0);
	for (int i = 0; i < PIECES && scene_metric(&scene, "websocket_closes_total{code=\"1013\"}") == 0; i++) {
		stand_in_reply(scene.worker, w.reply_partition, w.key, NULL, id, "token", json);
		int64_t from = clock_ms();
		scene_see_alive(quick);
		cr_assert_lt(clock_ms() - from, 1000);
	}
	int64_t until = clock_ms() + SCENE_MS;
	while (scene_metric(&scene, "websocket_closes_total{code=\"1013\"}") == 0)
		cr_assert_lt(clock_ms(), until, "the slow reader was not closed");
	cr_assert_eq(ws_client_wait_close(slow, SCENE_MS), 1013);
	scene_see_alive(quick);
	ws_client_close(&slow);
	ws_client_close(&quick);
}

Test(chat_api, draining_closes_with_1012_and_lets_answers_finish)
{
	struct ws_client *idle = scene_guest(&scene), *busy = scene_guest(&scene);
	char id[ID_TEXT];
	static struct wish w;

	id_uuid(id);
	ask(busy, "s1", id, "x");
	w = *scene_wish(&scene, "chat.asked");
	see_accepted(busy, id);
	stack_signal(scene.stack, STACK_API, 0, SIGTERM);
	cr_assert_eq(ws_client_wait_close(idle, SCENE_MS), 1012);
	cr_assert_not_null(strstr(ws_client_close_reason(idle), "retry_after_ms="), "%s", ws_client_close_reason(idle));
	cr_assert(ws_client_alive(busy), "its answer is under way");
	stand_in_answer(scene.worker, &w, 1);
	see_token(busy, id, 1);
	scene_see(busy, "ai_message");
	cr_assert_eq(ws_client_wait_close(busy, SCENE_MS), 1012);
	stack_terminate(scene.stack, STACK_API, 0); /* again: does no harm; it must exit with 0 */
	ws_client_close(&idle);
	ws_client_close(&busy);
}

Test(chat_api, silence_for_a_minute_ends_a_socket_and_pongs_keep_it)
{
	struct ws_client *mute = ws_client_open_with(&(struct ws_client_options){ .port = scene.port, .path = "/ws/" SCENE_SLUG, .no_pongs = true }, SCENE_MS, NULL);
	struct ws_client *polite = scene_guest(&scene);
	int64_t from = clock_ms();

	cr_assert_not_null(mute);
	scene_see(mute, "welcome");
	while (ws_client_wait_close(mute, 1000) == 0 && clock_ms() - from < 70000)
		ws_client_read(polite, 0);
	int64_t took = clock_ms() - from;
	cr_assert_eq(ws_client_wait_close(mute, 0), 1001);
	cr_assert(took >= 58000 && took < 66000, "%lld ms", (long long)took);
	cr_assert_geq(ws_client_pings(mute), 2);
	scene_see_alive(polite);
	ws_client_close(&mute);
	ws_client_close(&polite);
}
