/* The chat flow, step by step. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/flow/play.h"
#include "workers/chat.h"
#include "workers/chat_db.h"
#include "workers/chat_stream.h"

TestSuite(chat_flow, .init = play_setup, .fini = play_teardown);

Test(chat_flow, streams_stores_announces_and_finishes)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	cr_assert(fake_llm_asked());
	fake_llm_delta("We bake ");
	fake_llm_delta("oatmeal cookies.");
	cr_assert_eq(fake_bus_frames("token"), 0, "nothing goes out before its sentence is complete and checked");
	fake_llm_delta(" They are lovely.");
	play_turn();
	cr_assert_eq(fake_bus_frames("token"), 1, "the first sentence goes out at once");
	fake_llm_delta(" We have ordered it for you. Enjoy. ");
	play_sleep_ms(CHAT_STREAM_BEAT_MS);
	cr_assert_eq(fake_bus_frames("token"), 2, "later sentences of one turn travel together");
	fake_llm_done(ERROR_none, true);
	play_turn();
	cr_assert_eq(fake_bus_frames("ai_message"), 0, "nothing is announced before it is stored");
	const struct chat_store_params *p = fake_pg_statement(0)->params;
	cr_assert_str_eq(p->contents.v[0], "We bake oatmeal cookies. They are lovely. Enjoy.");
	cr_assert_eq(p->attempts.v[0], 1);
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "content"), "We bake oatmeal cookies. They are lovely. Enjoy.");
	cr_assert_str_eq(play_tokens_to("", 1), "We bake oatmeal cookies. They are lovely. Enjoy.");
	cr_assert_str_eq(play_member("ai_message", "seq"), "3");
	cr_assert_str_eq(play_member("ai_message", "status"), "complete");
	cr_assert_str_eq(play_member("ai_message", "provider"), "double");
	cr_assert_eq(fake_bus_finished(), 0, "the event is finished when the announcement is confirmed");
	play_confirm();
	cr_assert_eq(fake_bus_finished(), 1);
	cr_assert_eq(flows_count(play_worker.flows), 0);
}

Test(chat_flow, without_a_model_the_menu_answers)
{
	fake_llm_is_configured = false;
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	cr_assert_eq(fake_llm_calls(), 0);
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "provider"), "builtin");
	cr_assert_str_eq(play_member("ai_message", "status"), "complete");
	char joined[20000];
	snprintf(joined, sizeof(joined), "%s", play_tokens_to("", 1));
	cr_assert_str_eq(play_member("ai_message", "content"), joined);
	cr_assert(strstr(joined, "Oatmeal Cookie"), "%s", joined);
	cr_assert_gt(fake_bus_frames("token"), 2);
}

Test(chat_flow, an_id_of_another_session_is_refused_and_shows_nothing)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 0);
	cr_assert_str_eq(play_member("error", "code"), "invalid_message");
	cr_assert_str_eq(fake_bus_last("error")->socket, "s-1");
	cr_assert_eq(fake_bus_finished(), 1);
	cr_assert_eq(fake_llm_calls(), 0);
	cr_assert_eq(fake_bus_frames("token") + fake_bus_frames("ai_message"), 0);
}

static const struct chat_recall_row stored_row = { .message_id = PLAY_M1, .attempt = 1, .content = "Stored words.", .status = "complete", .claims = "[]", .meta_data = "{\"seq\":5,\"items\":[],\"warnings\":[],\"suggestions\":[\"More?\"],"
	                                                                                                                                                               "\"profile\":{\"allergies\":[],\"diets\":[]}}",
	                                           .menu_version = 3,
	                                           .provider = "double" };

Test(chat_flow, a_redelivered_event_finds_its_answer)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 2);
	play_expect_query(QUERY_chat_recall);
	fake_pg_answer(ERROR_none, &stored_row, 1);
	play_turn();
	cr_assert_str_eq(play_member("ai_message", "content"), "Stored words.");
	cr_assert_str_eq(play_member("ai_message", "seq"), "5");
	cr_assert_str_eq(play_member("ai_message", "attempt"), "1");
	cr_assert_eq(fake_llm_calls(), 0);
	cr_assert_eq(fake_bus_finished(), 1);
}

Test(chat_flow, a_second_attempt_announces_itself_first)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 2);
	play_expect_query(QUERY_chat_recall);
	fake_pg_answer(ERROR_none, NULL, 0);
	play_turn();
	cr_assert_str_eq(play_member("restart", "attempt"), "2");
	play_load_menu();
	fake_llm_delta("Hello. ");
	play_turn();
	cr_assert_str_eq(play_member("token", "attempt"), "2");
	cr_assert_str_eq(play_member("token", "seq"), "1");
}

Test(chat_flow, a_model_that_fails_before_the_first_word_is_replaced)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_done(ERROR_model_refused, false);
	play_turn();
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "status"), "fallback");
	cr_assert(strstr(play_member("ai_message", "content"), "Oatmeal Cookie"));
}

Test(chat_flow, a_model_that_dies_in_the_middle_is_ended_from_data_in_the_same_attempt)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_delta("Our oatmeal cookies are lovely. They are");
	fake_llm_done(ERROR_deadline, true);
	play_turn();
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "status"), "fallback");
	cr_assert_str_eq(play_member("ai_message", "attempt"), "1");
	const char *content = play_member("ai_message", "content");
	cr_assert_eq(strncmp(content, "Our oatmeal cookies are lovely. Sorry", 37), 0, "%s", content);
	char copy[9000];
	snprintf(copy, sizeof(copy), "%s", content);
	cr_assert_str_eq(play_tokens_to("", 1), copy);
	cr_assert_eq(fake_bus_frames("restart"), 0);
}

Test(chat_flow, stop_acts_while_the_answer_runs)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_delta("Welcome. One two");
	play_stop(11, PLAY_M1);
	cr_assert_eq(fake_llm_cancelled(), 1);
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "status"), "stopped");
	cr_assert_str_eq(play_member("ai_message", "content"), "Welcome.");
	play_confirm();
	cr_assert_eq(fake_bus_finished(), 2);
}

Test(chat_flow, messages_of_a_session_wait_for_each_other_and_a_stop_does_not)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	play_ask(11, PLAY_M2);
	cr_assert_eq(fake_pg_open(), 0, "the second one waits");
	play_stop(12, PLAY_M2);
	cr_assert_eq(fake_llm_cancelled(), 0, "the first one goes on");
	fake_llm_delta("Our oatmeal cookies are lovely.");
	fake_llm_done(ERROR_none, true);
	play_turn();
	play_store(PLAY_M1);
	play_confirm();
	play_begin(PLAY_M2, 1);
	play_store(PLAY_M2);
	cr_assert_str_eq(play_member("ai_message", "message_id"), PLAY_M2);
	cr_assert_str_eq(play_member("ai_message", "status"), "stopped");
	cr_assert_eq(fake_llm_calls(), 1, "a stopped question costs no call");
}

Test(chat_flow, waits_for_the_database_without_end_and_without_calling_the_model)
{
	play_ask(10, PLAY_M1);
	for (int i = 0; i < 12; i++) {
		play_expect_query(QUERY_chat_begin);
		fake_pg_answer(ERROR_db_unavailable, NULL, 0);
		play_sleep_ms(6000);
	}
	cr_assert_eq(fake_llm_calls(), 0);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	cr_assert(fake_llm_asked());
}

Test(chat_flow, what_keeps_failing_goes_to_the_retry_topic)
{
	play_ask(10, PLAY_M1);
	for (int i = 0; i <= CHAT_TRIES; i++) {
		play_expect_query(QUERY_chat_begin);
		fake_pg_answer(ERROR_db_failed, NULL, 0);
		play_sleep_ms(6000);
	}
	cr_assert_eq(fake_pg_open(), 0);
	cr_assert_eq(fake_bus_record(fake_bus_count() - 1)->topic, TOPIC_chat_requests_retry);
	cr_assert_eq(fake_bus_finished(), 0, "not before the broker has it");
	play_confirm();
	cr_assert_eq(fake_bus_finished(), 1);
}

Test(chat_flow, the_same_message_ten_times_is_one_call)
{
	for (int i = 0; i < 10; i++)
		play_ask(10 + i, PLAY_M1);
	cr_assert_eq(fake_bus_finished(), 9, "all but the first attach to it");
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_delta("Our oatmeal cookies are lovely.");
	fake_llm_done(ERROR_none, true);
	play_turn();
	play_store(PLAY_M1);
	play_confirm();
	cr_assert_eq(fake_llm_calls(), 1);
	cr_assert_eq(fake_bus_frames("ai_message"), 1);
	cr_assert_eq(fake_bus_finished(), 10);
}

Test(chat_flow, a_superseded_attempt_sends_what_is_stored)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_delta("Our oatmeal cookies are lovely.");
	fake_llm_done(ERROR_none, true);
	play_turn();
	play_store(NULL);
	play_expect_query(QUERY_chat_recall);
	fake_pg_answer(ERROR_none, &stored_row, 1);
	play_turn();
	cr_assert_str_eq(play_member("ai_message", "content"), "Stored words.");
	cr_assert_eq(fake_bus_finished(), 1);
}

static void answer_why(int64_t attempt)
{
	static struct question_attempt_row question;
	question.attempt = attempt;
	play_expect_query(QUERY_chat_recall);
	fake_pg_answer_many((const struct pg_rows[]){ { NULL, 0 }, { &question, attempt > 0 } }, 2);
	play_turn();
}

Test(chat_flow, a_newer_attempt_elsewhere_is_left_to_announce_itself)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_delta("Our oatmeal cookies are lovely.");
	fake_llm_done(ERROR_none, true);
	play_turn();
	play_store(NULL);
	answer_why(2);
	cr_assert_eq(fake_bus_frames("ai_message"), 0);
	cr_assert_eq(fake_bus_finished(), 1);
}

Test(chat_flow, a_number_that_a_crash_lost_is_given_again)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 2);
	play_expect_query(QUERY_chat_recall);
	fake_pg_answer(ERROR_none, NULL, 0);
	play_turn();
	play_load_menu();
	fake_llm_delta("Our oatmeal cookies are lovely.");
	fake_llm_done(ERROR_none, true);
	play_turn();
	play_store(NULL);
	answer_why(0);
	play_begin(PLAY_M1, 1);
	play_begin(PLAY_M1, 2);
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "content"), "Our oatmeal cookies are lovely.");
	cr_assert_str_eq(play_member("ai_message", "attempt"), "2");
	cr_assert_eq(fake_llm_calls(), 1);
}

Test(chat_flow, an_unknown_outcome_of_the_commit_is_stored_again)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_delta("Our oatmeal cookies are lovely.");
	fake_llm_done(ERROR_none, true);
	play_turn();
	play_expect_query(QUERY_chat_store);
	fake_pg_answer(ERROR_db_unavailable, NULL, 0);
	play_sleep_ms(6000);
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "content"), "Our oatmeal cookies are lovely.");
	cr_assert_eq(fake_llm_calls(), 1, "the answer is not asked for again");
}

Test(chat_flow, company_travels_in_one_statement)
{
	char json[1024];
	for (int i = 0; i < 3; i++) {
		snprintf(json, sizeof(json),
		         "{\"restaurant_id\":\"" PLAY_R "\",\"slug\":\"test-jar\",\"session_id\":\"s%d\","
		         "\"message_id\":\"01890000-0000-7000-8000-00000000000%d\",\"message\":\"hi\"}",
		         i, i);
		fake_bus_deliver("chat.asked", 10 + i, json);
	}
	play_turn();
	cr_assert_eq(fake_pg_open(), 1);
	const struct chat_begin_params *p = fake_pg_statement(0)->params;
	cr_assert_eq(p->session_ids.n, 3);
	cr_assert_str_eq(p->session_ids.v[2], "s2");
	cr_assert_eq(p->reply_partitions.v[0], -1);
	fake_pg_answer(ERROR_db_failed, NULL, 0);
	play_turn();
	cr_assert_eq(fake_pg_open(), CHAT_DB_IN_FLIGHT, "taken apart: one row each, two at a time");
	p = fake_pg_statement(0)->params;
	cr_assert_eq(p->session_ids.n, 1);
}
