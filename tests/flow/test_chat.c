/* The chat flow, step by step, with pg, llm and bus under the test's hand. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/id.h"
#include "common/log.h"
#include "tests/flow/fakes.h"
#include "workers/chat.h"
#include "workers/chat_db.h"
#include "workers/chat_stream.h"
#include "workers/join.h"
#include "workers/menu_store.h"
#include "workers/session.h"
#include "workers/turnstile.h"

#define R "01890000-0000-7000-8000-0000000000aa"
#define C1 "01890000-0000-7000-8000-0000000000c1"
#define M1 "01890000-0000-7000-8000-000000000001"
#define M2 "01890000-0000-7000-8000-000000000002"
#define ANSWER_ID "01890000-0000-7000-8000-0000000000f1"

static struct worker w;
static struct config config;
static const enum topic_id topics[] = { TOPIC_chat_requests };
static event_handler *const handlers[EVENT_COUNT] = {
	[EVENT_chat_asked] = chat_on_asked,
	[EVENT_chat_joined] = join_on_joined,
	[EVENT_chat_stopped] = chat_on_stopped,
};

static const char restaurant_json[] =
	"{\"id\":\"" R "\",\"name\":\"Test Jar\",\"slug\":\"test-jar\",\"cuisine_type\":null,\"description\":null,\"currency\":\"USD\","
	"\"timezone\":\"UTC\",\"hours\":null,\"max_price\":1000,\"allowed_origins\":[],\"theme\":{},\"avatar_config\":{\"name\":\"Chip\"},"
	"\"metadata\":{},\"is_active\":true,\"menu_version\":3,\"etag\":\"e\",\"created_at\":\"2026-01-01T00:00:00Z\","
	"\"updated_at\":\"2026-01-01T00:00:00Z\"}";
static const char categories_json[] =
	"[{\"id\":\"" C1 "\",\"restaurant_id\":\"" R "\",\"name\":\"Cookies\",\"description\":null,\"display_order\":1,\"is_active\":true,"
	"\"etag\":\"e\",\"created_at\":\"2026-01-01T00:00:00Z\",\"items\":[{\"id\":\"01890000-0000-7000-8000-0000000000d1\","
	"\"restaurant_id\":\"" R "\",\"category_id\":\"" C1 "\",\"external_id\":null,\"name\":\"Oatmeal Cookie\",\"description\":\"Chewy.\","
	"\"price\":2.50,\"image_url\":null,\"is_signature\":true,\"spice_level\":null,\"allergen_info\":{\"contains\":[\"gluten\"],"
	"\"may_contain\":[],\"free_of\":[],\"reviewed_at\":null,\"reviewed_by\":null},\"tags\":[],\"ingredients\":[],\"etag\":\"e\","
	"\"display_order\":1,\"is_available\":true,\"available_again_at\":null,\"created_at\":\"2026-01-01T00:00:00Z\","
	"\"updated_at\":\"2026-01-01T00:00:00Z\"}]}]";
static const struct menu_document_row menu_row = { .menu_version = 3, .restaurant = restaurant_json,
	                                           .categories = categories_json };

static void setup(void)
{
	log_init("flow", LOG_error);
	fakes_reset();
	w = (struct worker){ .loop = uv_default_loop(), .config = &config };
	w.sessions = sessions_new();
	cr_assert_eq(flows_new(w.loop, &w.flows), ERROR_none);
	cr_assert_eq(chat_db_new(&w, &w.chat_db), ERROR_none);
	cr_assert_eq(chat_stream_new(&w, &w.stream), ERROR_none);
	cr_assert_eq(menu_store_new(&w, &w.menus), ERROR_none);
	config.ai_first_ms = 8000;
	cr_assert_eq(turnstile_new(w.loop, 4, &w.turnstile), ERROR_none);
	struct consumer_config c = { .group = "chat", .topics = topics, .topic_count = 1, .handlers = handlers, .limit = 20 };
	cr_assert_eq(consumer_new(&w, &c, &w.consumer), ERROR_none);
	clock_set(1000000, 1767323045678);
}

static void ignore(void *ctx)
{
	(void)ctx;
}

static void teardown(void)
{
	flows_free(&w.flows);
	chat_stream_free(&w.stream);
	chat_db_free(&w.chat_db);
	menu_store_free(&w.menus);
	turnstile_free(&w.turnstile);
	sessions_free(&w.sessions);
	consumer_drain(&w.consumer, 0, ignore, NULL);
	clock_unset();
	for (int i = 0; i < 5; i++)
		uv_run(w.loop, UV_RUN_NOWAIT);
}

TestSuite(chat_flow, .init = setup, .fini = teardown);

/* Lets the loop turn: batches leave at the end of a turn, ticks come every 20 ms. */
static void turn(void)
{
	for (int i = 0; i < 3; i++)
		uv_run(w.loop, UV_RUN_NOWAIT);
}

static void sleep_ms(int64_t ms)
{
	clock_advance(ms);
	struct timespec end, now;
	clock_gettime(CLOCK_MONOTONIC, &end);
	do {
		uv_run(w.loop, UV_RUN_NOWAIT);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - end.tv_sec) * 1000 + (now.tv_nsec - end.tv_nsec) / 1000000 < 3 * FLOW_TICK_MS);
}

static void ask_on(int64_t offset, const char *session, const char *message_id, const char *text, const char *socket)
{
	char json[1024];
	snprintf(json, sizeof(json),
	         "{\"restaurant_id\":\"" R "\",\"slug\":\"test-jar\",\"session_id\":\"%s\",\"message_id\":\"%s\",\"message\":\"%s\","
	         "\"menu_version\":3,\"reply_to\":{\"partition\":7,\"socket\":\"%s\",\"attach\":false}}",
	         session, message_id, text, socket);
	fake_bus_deliver("chat.asked", offset, json);
	turn();
}

static void ask(int64_t offset, const char *message_id)
{
	ask_on(offset, "anna", message_id, "Tell me about your cookies", "s-1");
}

static void stop(int64_t offset, const char *message_id)
{
	char json[512];
	snprintf(json, sizeof(json), "{\"restaurant_id\":\"" R "\",\"session_id\":\"anna\",\"message_id\":\"%s\"}", message_id);
	fake_bus_deliver("chat.stopped", offset, json);
	turn();
}

static void join(int64_t offset, const char *last)
{
	char json[512];
	snprintf(json, sizeof(json),
	         "{\"restaurant_id\":\"" R "\",\"slug\":\"test-jar\",\"session_id\":\"anna\",%s%s\"reply_to\":{\"partition\":9,\"socket\":\"s-2\"}}",
	         last ? last : "", last ? "," : "");
	fake_bus_deliver("chat.joined", offset, json);
	turn();
}

static struct chat_begin_row begin_row(const char *message_id, int64_t attempt)
{
	return (struct chat_begin_row){ .message_id = message_id, .attempt = attempt, .conversation_id = C1,
		                        .profile = "{\"allergies\":[],\"diets\":[]}", .partitions = "[7]", .history = "[]" };
}

static void expect_query(enum query_id id)
{
	cr_assert_gt(fake_pg_open(), 0, "expected a query %s", query_rows[id].name);
	cr_assert_eq(fake_pg_statement(0)->query, id, "expected %s, got %s", query_rows[id].name,
	             query_rows[fake_pg_statement(0)->query].name);
}

static void begin(const char *message_id, int64_t attempt)
{
	static struct chat_begin_row row;
	expect_query(QUERY_chat_begin);
	row = begin_row(message_id, attempt);
	fake_pg_answer(ERROR_none, &row, 1);
	turn();
}

static void load_menu(void)
{
	expect_query(QUERY_menu_document);
	fake_pg_answer(ERROR_none, &menu_row, 1);
	turn();
}

static void store(const char *message_id)
{
	static struct chat_store_row row;
	expect_query(QUERY_chat_store);
	row.message_id = message_id;
	fake_pg_answer(ERROR_none, &row, message_id != NULL);
	turn();
}

static void confirm(void)
{
	fake_bus_confirm(ERROR_none);
	turn();
}

/* Member of the last frame of a type, as text; static. */
static const char *member(const char *frame, const char *name)
{
	static char text[9000];
	const struct fake_record *r = fake_bus_last(frame);
	cr_assert(r, "no %s was sent", frame);
	json_t *value = json_loads(r->value, 0, NULL);
	cr_assert(value, "not JSON: %s", r->value);
	const json_t *m = json_object_get(value, name);
	if (json_is_string(m))
		snprintf(text, sizeof(text), "%s", json_string_value(m));
	else
		snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(m));
	json_decref(value);
	return text;
}

/* All token texts in order; asserts that seq is dense from `first`. */
static const char *tokens_to(const char *socket, int64_t first)
{
	static char text[20000];
	text[0] = '\0';
	for (size_t i = 0; i < fake_bus_count(); i++) {
		const struct fake_record *r = fake_bus_record(i);
		if (strcmp(r->frame, "token") != 0 || strcmp(r->socket, socket) != 0)
			continue;
		json_t *value = json_loads(r->value, 0, NULL);
		cr_assert_eq(json_integer_value(json_object_get(value, "seq")), first++);
		size_t len = strlen(text);
		snprintf(text + len, sizeof(text) - len, "%s", json_string_value(json_object_get(value, "text")));
		json_decref(value);
	}
	return text;
}

Test(chat_flow, streams_stores_announces_and_finishes)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	cr_assert(fake_llm_asked());
	fake_llm_delta("We bake ");
	cr_assert_eq(fake_bus_frames("token"), 1, "the first piece goes out at once");
	fake_llm_delta("oatmeal ");
	fake_llm_delta("cookies.");
	sleep_ms(CHAT_STREAM_BEAT_MS);
	cr_assert_eq(fake_bus_frames("token"), 2, "later pieces of one turn travel together");
	fake_llm_done(ERROR_none, true);
	turn();
	cr_assert_eq(fake_bus_frames("ai_message"), 0, "nothing is announced before it is stored");
	const struct chat_store_params *p = fake_pg_statement(0)->params;
	cr_assert_str_eq(p->contents.v[0], "We bake oatmeal cookies.");
	cr_assert_eq(p->attempts.v[0], 1);
	store(M1);
	cr_assert_str_eq(member("ai_message", "content"), "We bake oatmeal cookies.");
	cr_assert_str_eq(tokens_to("", 1), "We bake oatmeal cookies.");
	cr_assert_str_eq(member("ai_message", "seq"), "3");
	cr_assert_str_eq(member("ai_message", "status"), "complete");
	cr_assert_str_eq(member("ai_message", "provider"), "double");
	cr_assert_eq(fake_bus_finished(), 0, "the event is finished when the announcement is confirmed");
	confirm();
	cr_assert_eq(fake_bus_finished(), 1);
	cr_assert_eq(flows_count(w.flows), 0);
}

Test(chat_flow, without_a_model_the_menu_answers)
{
	fake_llm_is_configured = false;
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	cr_assert_eq(fake_llm_calls(), 0);
	store(M1);
	cr_assert_str_eq(member("ai_message", "provider"), "builtin");
	cr_assert_str_eq(member("ai_message", "status"), "complete");
	char joined[20000];
	snprintf(joined, sizeof(joined), "%s", tokens_to("", 1));
	cr_assert_str_eq(member("ai_message", "content"), joined);
	cr_assert(strstr(joined, "Oatmeal Cookie"), "%s", joined);
	cr_assert_gt(fake_bus_frames("token"), 2);
}

Test(chat_flow, an_id_of_another_session_is_refused_and_shows_nothing)
{
	ask(10, M1);
	begin(M1, 0);
	cr_assert_str_eq(member("error", "code"), "invalid_message");
	cr_assert_str_eq(fake_bus_last("error")->socket, "s-1");
	cr_assert_eq(fake_bus_finished(), 1);
	cr_assert_eq(fake_llm_calls(), 0);
	cr_assert_eq(fake_bus_frames("token") + fake_bus_frames("ai_message"), 0);
}

static const struct chat_recall_row stored_row = { .message_id = M1, .attempt = 1, .content = "Stored words.",
	.status = "complete", .claims = "[]", .meta_data = "{\"seq\":5,\"items\":[],\"warnings\":[],\"suggestions\":[\"More?\"],"
	"\"profile\":{\"allergies\":[],\"diets\":[]}}", .menu_version = 3, .provider = "double" };

Test(chat_flow, a_redelivered_event_finds_its_answer)
{
	ask(10, M1);
	begin(M1, 2);
	expect_query(QUERY_chat_recall);
	fake_pg_answer(ERROR_none, &stored_row, 1);
	turn();
	cr_assert_str_eq(member("ai_message", "content"), "Stored words.");
	cr_assert_str_eq(member("ai_message", "seq"), "5");
	cr_assert_str_eq(member("ai_message", "attempt"), "1");
	cr_assert_eq(fake_llm_calls(), 0);
	cr_assert_eq(fake_bus_finished(), 1);
}

Test(chat_flow, a_second_attempt_announces_itself_first)
{
	ask(10, M1);
	begin(M1, 2);
	expect_query(QUERY_chat_recall);
	fake_pg_answer(ERROR_none, NULL, 0);
	turn();
	cr_assert_str_eq(member("restart", "attempt"), "2");
	load_menu();
	fake_llm_delta("Again.");
	cr_assert_str_eq(member("token", "attempt"), "2");
	cr_assert_str_eq(member("token", "seq"), "1");
}

Test(chat_flow, a_model_that_fails_before_the_first_word_is_replaced)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	fake_llm_done(ERROR_model_refused, false);
	turn();
	store(M1);
	cr_assert_str_eq(member("ai_message", "status"), "fallback");
	cr_assert(strstr(member("ai_message", "content"), "Oatmeal Cookie"));
}

Test(chat_flow, a_model_that_dies_in_the_middle_is_ended_from_data_in_the_same_attempt)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	fake_llm_delta("Our cookies are");
	fake_llm_done(ERROR_deadline, true);
	turn();
	store(M1);
	cr_assert_str_eq(member("ai_message", "status"), "fallback");
	cr_assert_str_eq(member("ai_message", "attempt"), "1");
	const char *content = member("ai_message", "content");
	cr_assert_eq(strncmp(content, "Our cookies are", 15), 0, "%s", content);
	char copy[9000];
	snprintf(copy, sizeof(copy), "%s", content);
	cr_assert_str_eq(tokens_to("", 1), copy);
	cr_assert_eq(fake_bus_frames("restart"), 0);
}

Test(chat_flow, stop_acts_while_the_answer_runs)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	fake_llm_delta("One two");
	stop(11, M1);
	cr_assert_eq(fake_llm_cancelled(), 1);
	store(M1);
	cr_assert_str_eq(member("ai_message", "status"), "stopped");
	cr_assert_str_eq(member("ai_message", "content"), "One two");
	confirm();
	cr_assert_eq(fake_bus_finished(), 2);
}

Test(chat_flow, messages_of_a_session_wait_for_each_other_and_a_stop_does_not)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	ask(11, M2);
	cr_assert_eq(fake_pg_open(), 0, "the second one waits");
	stop(12, M2);
	cr_assert_eq(fake_llm_cancelled(), 0, "the first one goes on");
	fake_llm_delta("First.");
	fake_llm_done(ERROR_none, true);
	turn();
	store(M1);
	confirm();
	begin(M2, 1);
	store(M2);
	cr_assert_str_eq(member("ai_message", "message_id"), M2);
	cr_assert_str_eq(member("ai_message", "status"), "stopped");
	cr_assert_eq(fake_llm_calls(), 1, "a stopped question costs no call");
}

Test(chat_flow, waits_for_the_database_without_end_and_without_calling_the_model)
{
	ask(10, M1);
	for (int i = 0; i < 12; i++) {
		expect_query(QUERY_chat_begin);
		fake_pg_answer(ERROR_db_unavailable, NULL, 0);
		sleep_ms(6000);
	}
	cr_assert_eq(fake_llm_calls(), 0);
	begin(M1, 1);
	load_menu();
	cr_assert(fake_llm_asked());
}

Test(chat_flow, what_keeps_failing_goes_to_the_retry_topic)
{
	ask(10, M1);
	for (int i = 0; i <= CHAT_TRIES; i++) {
		expect_query(QUERY_chat_begin);
		fake_pg_answer(ERROR_db_failed, NULL, 0);
		sleep_ms(6000);
	}
	cr_assert_eq(fake_pg_open(), 0);
	cr_assert_eq(fake_bus_record(fake_bus_count() - 1)->topic, TOPIC_chat_requests_retry);
	cr_assert_eq(fake_bus_finished(), 0, "not before the broker has it");
	confirm();
	cr_assert_eq(fake_bus_finished(), 1);
}

Test(chat_flow, the_same_message_ten_times_is_one_call)
{
	for (int i = 0; i < 10; i++)
		ask(10 + i, M1);
	cr_assert_eq(fake_bus_finished(), 9, "all but the first attach to it");
	begin(M1, 1);
	load_menu();
	fake_llm_delta("Once.");
	fake_llm_done(ERROR_none, true);
	turn();
	store(M1);
	confirm();
	cr_assert_eq(fake_llm_calls(), 1);
	cr_assert_eq(fake_bus_frames("ai_message"), 1);
	cr_assert_eq(fake_bus_finished(), 10);
}

Test(chat_flow, a_superseded_attempt_sends_what_is_stored)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	fake_llm_delta("Mine.");
	fake_llm_done(ERROR_none, true);
	turn();
	store(NULL);
	expect_query(QUERY_chat_recall);
	fake_pg_answer(ERROR_none, &stored_row, 1);
	turn();
	cr_assert_str_eq(member("ai_message", "content"), "Stored words.");
	cr_assert_eq(fake_bus_finished(), 1);
}

static void answer_why(int64_t attempt)
{
	static struct question_attempt_row question;
	question.attempt = attempt;
	expect_query(QUERY_chat_recall);
	fake_pg_answer_many((const struct pg_rows[]){ { NULL, 0 }, { &question, attempt > 0 } }, 2);
	turn();
}

Test(chat_flow, a_newer_attempt_elsewhere_is_left_to_announce_itself)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	fake_llm_delta("Mine.");
	fake_llm_done(ERROR_none, true);
	turn();
	store(NULL);
	answer_why(2);
	cr_assert_eq(fake_bus_frames("ai_message"), 0);
	cr_assert_eq(fake_bus_finished(), 1);
}

Test(chat_flow, a_number_that_a_crash_lost_is_given_again)
{
	ask(10, M1);
	begin(M1, 2);
	expect_query(QUERY_chat_recall);
	fake_pg_answer(ERROR_none, NULL, 0);
	turn();
	load_menu();
	fake_llm_delta("Kept.");
	fake_llm_done(ERROR_none, true);
	turn();
	store(NULL);
	answer_why(0);
	begin(M1, 1);
	begin(M1, 2);
	store(M1);
	cr_assert_str_eq(member("ai_message", "content"), "Kept.");
	cr_assert_str_eq(member("ai_message", "attempt"), "2");
	cr_assert_eq(fake_llm_calls(), 1);
}

Test(chat_flow, an_unknown_outcome_of_the_commit_is_stored_again)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	fake_llm_delta("Kept.");
	fake_llm_done(ERROR_none, true);
	turn();
	expect_query(QUERY_chat_store);
	fake_pg_answer(ERROR_db_unavailable, NULL, 0);
	sleep_ms(6000);
	store(M1);
	cr_assert_str_eq(member("ai_message", "content"), "Kept.");
	cr_assert_eq(fake_llm_calls(), 1, "the answer is not asked for again");
}

Test(chat_flow, company_travels_in_one_statement)
{
	char json[1024];
	for (int i = 0; i < 3; i++) {
		snprintf(json, sizeof(json),
		         "{\"restaurant_id\":\"" R "\",\"slug\":\"test-jar\",\"session_id\":\"s%d\","
		         "\"message_id\":\"01890000-0000-7000-8000-00000000000%d\",\"message\":\"hi\"}", i, i);
		fake_bus_deliver("chat.asked", 10 + i, json);
	}
	turn();
	cr_assert_eq(fake_pg_open(), 1);
	const struct chat_begin_params *p = fake_pg_statement(0)->params;
	cr_assert_eq(p->session_ids.n, 3);
	cr_assert_str_eq(p->session_ids.v[2], "s2");
	cr_assert_eq(p->reply_partitions.v[0], -1);
	fake_pg_answer(ERROR_db_failed, NULL, 0);
	turn();
	cr_assert_eq(fake_pg_open(), CHAT_DB_IN_FLIGHT, "taken apart: one row each, two at a time");
	p = fake_pg_statement(0)->params;
	cr_assert_eq(p->session_ids.n, 1);
}

static void answer_join(const struct session_answers_row *answers, size_t n)
{
	static const struct session_profile_row profile = { .conversation_id = C1,
		                                            .profile = "{\"allergies\":[\"peanuts\"],\"diets\":[]}" };
	static const struct session_attach_row attach = { .known = true };
	expect_query(QUERY_session_profile);
	fake_pg_answer_many((const struct pg_rows[]){ { &profile, 1 }, { answers, n }, { &attach, 1 } }, 3);
	turn();
}

Test(chat_flow, a_join_in_the_middle_gets_what_it_missed_then_what_is_live)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	fake_llm_delta("One ");
	fake_llm_delta("two ");
	sleep_ms(CHAT_STREAM_BEAT_MS);
	join(11, NULL);
	answer_join(NULL, 0);
	cr_assert_str_eq(fake_bus_last("joined")->socket, "s-2");
	cr_assert_eq(fake_bus_last("joined")->partition, 9);
	cr_assert(strstr(fake_bus_last("joined")->value, M1), "the open answer is listed");
	cr_assert(strstr(fake_bus_last("joined")->value, "peanuts"));
	cr_assert_str_eq(tokens_to("s-2", 1), "One two ");
	size_t before = fake_bus_count();
	fake_llm_delta("three");
	sleep_ms(CHAT_STREAM_BEAT_MS);
	cr_assert_eq(fake_bus_count(), before + 2, "live frames go to both partitions");
}

Test(chat_flow, a_join_with_last_gets_only_what_is_behind_it)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	fake_llm_delta("One ");
	fake_llm_delta("two ");
	sleep_ms(CHAT_STREAM_BEAT_MS);
	join(11, "\"last\":{\"message_id\":\"" M1 "\",\"attempt\":1,\"seq\":1}");
	answer_join(NULL, 0);
	cr_assert_str_eq(tokens_to("s-2", 2), "two ");
}

Test(chat_flow, a_join_gets_stored_answers_but_not_the_one_it_saw_whole)
{
	struct session_answers_row rows[] = {
		{ .message_id = M1, .attempt = 1, .content = "Old.", .status = "complete", .claims = "[]",
		  .meta_data = stored_row.meta_data, .menu_version = 3, .provider = "double" },
		{ .message_id = M2, .attempt = 1, .content = "New.", .status = "complete", .claims = "[]",
		  .meta_data = stored_row.meta_data, .menu_version = 3, .provider = "double" },
	};
	join(11, "\"last\":{\"message_id\":\"" M1 "\",\"attempt\":1,\"seq\":5}");
	answer_join(rows, 2);
	cr_assert_eq(fake_bus_frames("ai_message"), 1);
	cr_assert_str_eq(member("ai_message", "content"), "New.");
	join(12, "\"last\":{\"message_id\":\"" M1 "\",\"attempt\":1,\"seq\":4}");
	answer_join(rows, 1);
	cr_assert_eq(fake_bus_frames("ai_message"), 2, "the last token is not the last frame");
	cr_assert_eq(fake_bus_finished(), 2);
}

Test(chat_flow, a_join_during_the_announcement_gets_the_last_frame_once)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	fake_llm_delta("Done.");
	fake_llm_done(ERROR_none, true);
	turn();
	join(11, NULL);
	store(M1);              /* stored and announced, not confirmed; the join's rows were read before */
	answer_join(NULL, 0);
	size_t addressed = 0;
	for (size_t i = 0; i < fake_bus_count(); i++)
		addressed += strcmp(fake_bus_record(i)->frame, "ai_message") == 0 &&
		             strcmp(fake_bus_record(i)->socket, "s-2") == 0;
	cr_assert_eq(addressed, 1);
}

Test(chat_flow, poison_goes_to_the_dead_topic_and_stops_nothing)
{
	fake_bus_deliver("chat.asked", 10, "{\"not\":\"what it should be\"}");
	fake_bus_deliver("chat.asked", 11, "not json");
	fake_bus_deliver("nobody.knows", 12, "{}");
	cr_assert_eq(fake_bus_count(), 3);
	for (size_t i = 0; i < 3; i++)
		cr_assert_eq(fake_bus_record(i)->topic, TOPIC_chat_requests_dead);
	confirm();
	cr_assert_eq(fake_bus_finished(), 3);
	ask(13, M1);
	begin(M1, 1);
}

Test(chat_flow, too_much_work_pauses_reading)
{
	char session[16], id[64];
	for (int i = 0; i < 20; i++) {
		snprintf(session, sizeof(session), "s%d", i);
		snprintf(id, sizeof(id), "01890000-0000-7000-8000-0000000001%02d", i);
		cr_assert_not(fake_bus_paused());
		ask_on(10 + i, session, id, "hi", "s-1");
	}
	cr_assert(fake_bus_paused());
}

Test(chat_flow, a_revoked_partition_drops_what_waits_and_the_new_record_stands_for_what_runs)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	ask(11, M2);
	fake_bus_revoke(0);
	fake_llm_delta("Still here.");
	ask(10, M1);            /* the same worker got the partition back */
	ask(11, M2);
	fake_llm_done(ERROR_none, true);
	turn();
	store(M1);
	confirm();
	cr_assert_eq(fake_bus_finished(), 1, "the record of the new assignment");
	begin(M2, 1);
}

Test(chat_flow, an_announcement_that_the_broker_did_not_take_is_repeated)
{
	ask(10, M1);
	begin(M1, 1);
	load_menu();
	fake_llm_delta("Hello.");
	fake_llm_done(ERROR_none, true);
	turn();
	store(M1);
	fake_bus_confirm(ERROR_bus_unavailable);
	sleep_ms(6000);
	cr_assert_eq(fake_bus_frames("ai_message"), 2);
	confirm();
	cr_assert_eq(fake_bus_finished(), 1);
}
