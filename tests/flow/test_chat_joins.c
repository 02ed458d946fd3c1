/* The chat flow among others: sockets that join, partitions that go, poison, too much work. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/flow/play.h"
#include "workers/chat.h"
#include "workers/chat_db.h"
#include "workers/chat_stream.h"

TestSuite(chat_joins, .init = play_setup, .fini = play_teardown);

#define STORED_META "{\"seq\":5,\"items\":[],\"warnings\":[],\"suggestions\":[],\"profile\":{\"allergies\":[],\"diets\":[]}}"

static void answer_join(const struct session_answers_row *answers, size_t n)
{
	static const struct session_profile_row profile = { .conversation_id = PLAY_C1,
		                                            .profile = "{\"allergies\":[\"peanuts\"],\"diets\":[]}" };
	static const struct session_attach_row attach = { .known = true };
	play_expect_query(QUERY_session_profile);
	fake_pg_answer_many((const struct pg_rows[]){ { &profile, 1 }, { answers, n }, { &attach, 1 } }, 3);
	play_turn();
}

Test(chat_joins, a_join_in_the_middle_gets_what_it_missed_then_what_is_live)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_delta("Hello. ");
	fake_llm_delta("Welcome. ");
	play_sleep_ms(CHAT_STREAM_BEAT_MS);
	play_join(11, NULL);
	answer_join(NULL, 0);
	cr_assert_str_eq(fake_bus_last("joined")->socket, "s-2");
	cr_assert_eq(fake_bus_last("joined")->partition, 9);
	cr_assert(strstr(fake_bus_last("joined")->value, PLAY_M1), "the open answer is listed");
	cr_assert(strstr(fake_bus_last("joined")->value, "peanuts"));
	cr_assert_str_eq(play_tokens_to("s-2", 1), "Hello. Welcome.");
	size_t before = fake_bus_count();
	fake_llm_delta("Enjoy. ");
	play_sleep_ms(CHAT_STREAM_BEAT_MS);
	cr_assert_eq(fake_bus_count(), before + 2, "live frames go to both partitions");
}

Test(chat_joins, a_join_with_last_gets_only_what_is_behind_it)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_delta("Hello. ");
	fake_llm_delta("Welcome. ");
	play_sleep_ms(CHAT_STREAM_BEAT_MS);
	play_join(11, "\"last\":{\"message_id\":\"" PLAY_M1 "\",\"attempt\":1,\"seq\":1}");
	answer_join(NULL, 0);
	cr_assert_str_eq(play_tokens_to("s-2", 2), " Welcome.");
}

Test(chat_joins, a_join_gets_stored_answers_but_not_the_one_it_saw_whole)
{
	struct session_answers_row rows[] = {
		{ .message_id = PLAY_M1, .attempt = 1, .content = "Old.", .status = "complete", .claims = "[]", .meta_data = STORED_META, .menu_version = 3, .provider = "double" },
		{ .message_id = PLAY_M2, .attempt = 1, .content = "New.", .status = "complete", .claims = "[]", .meta_data = STORED_META, .menu_version = 3, .provider = "double" },
	};
	play_join(11, "\"last\":{\"message_id\":\"" PLAY_M1 "\",\"attempt\":1,\"seq\":5}");
	answer_join(rows, 2);
	cr_assert_eq(fake_bus_frames("ai_message"), 1);
	cr_assert_str_eq(play_member("ai_message", "content"), "New.");
	play_join(12, "\"last\":{\"message_id\":\"" PLAY_M1 "\",\"attempt\":1,\"seq\":4}");
	answer_join(rows, 1);
	cr_assert_eq(fake_bus_frames("ai_message"), 2, "the last token is not the last frame");
	cr_assert_eq(fake_bus_finished(), 2);
}

Test(chat_joins, a_join_during_the_announcement_gets_the_last_frame_once)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_delta("Our oatmeal cookies are lovely.");
	fake_llm_done(ERROR_none, true);
	play_turn();
	play_join(11, NULL);
	play_store(PLAY_M1); /* stored and announced, not confirmed; the join's rows were read before */
	answer_join(NULL, 0);
	size_t addressed = 0;
	for (size_t i = 0; i < fake_bus_count(); i++)
		addressed += strcmp(fake_bus_record(i)->frame, "ai_message") == 0 &&
		             strcmp(fake_bus_record(i)->socket, "s-2") == 0;
	cr_assert_eq(addressed, 1);
}

/* The question came a second time after it was answered. Whoever joins before that was found out sees the answer, and no other attempt. */
Test(chat_joins, a_join_while_a_repeated_question_is_looked_up_sees_its_answer)
{
	const struct session_answers_row row = { .message_id = PLAY_M1, .attempt = 1, .content = "Old.", .status = "complete", .claims = "[]", .meta_data = STORED_META, .menu_version = 3, .provider = "double" };
	const struct chat_recall_row stored = { .message_id = PLAY_M1, .attempt = 1, .content = "Old.", .status = "complete", .claims = "[]", .meta_data = STORED_META, .menu_version = 3, .provider = "double" };
	play_ask(10, PLAY_M1);
	play_turn();
	play_join(11, NULL);
	play_begin(PLAY_M1, 2);
	answer_join(&row, 1);
	cr_assert_eq(fake_bus_frames("restart"), 0);
	cr_assert_eq(fake_bus_frames("ai_message"), 1);
	cr_assert_str_eq(fake_bus_last("ai_message")->socket, "s-2");
	play_expect_query(QUERY_chat_recall);
	fake_pg_answer(ERROR_none, &stored, 1);
	play_turn();
	cr_assert_eq(fake_bus_frames("restart"), 0);
	cr_assert_eq(fake_bus_frames("ai_message"), 2, "and to who asked again");
	cr_assert_str_eq(fake_bus_last("ai_message")->socket, "s-1");
}

Test(chat_joins, poison_goes_to_the_dead_topic_and_stops_nothing)
{
	fake_bus_deliver("chat.asked", 10, "{\"not\":\"what it should be\"}");
	fake_bus_deliver("chat.asked", 11, "not json");
	fake_bus_deliver("nobody.knows", 12, "{}");
	cr_assert_eq(fake_bus_count(), 3);
	for (size_t i = 0; i < 3; i++)
		cr_assert_eq(fake_bus_record(i)->topic, TOPIC_chat_requests_dead);
	play_confirm();
	cr_assert_eq(fake_bus_finished(), 3);
	play_ask(13, PLAY_M1);
	play_begin(PLAY_M1, 1);
}

Test(chat_joins, too_much_work_pauses_reading)
{
	char session[16], id[64];
	for (int i = 0; i < 20; i++) {
		snprintf(session, sizeof(session), "s%d", i);
		snprintf(id, sizeof(id), "01890000-0000-7000-8000-0000000001%02d", i);
		cr_assert_not(fake_bus_paused());
		play_ask_on(10 + i, session, id, "hi", "s-1");
	}
	cr_assert(fake_bus_paused());
}

Test(chat_joins, a_revoked_partition_drops_what_waits_and_the_new_record_stands_for_what_runs)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	play_ask(11, PLAY_M2);
	fake_bus_revoke(0);
	fake_llm_delta("Our oatmeal cookies are lovely.");
	play_ask(10, PLAY_M1); /* the same worker got the partition back */
	play_ask(11, PLAY_M2);
	fake_llm_done(ERROR_none, true);
	play_turn();
	play_store(PLAY_M1);
	play_confirm();
	cr_assert_eq(fake_bus_finished(), 1, "the record of the new assignment");
	play_begin(PLAY_M2, 1);
}

Test(chat_joins, an_announcement_that_the_broker_did_not_take_is_repeated)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	fake_llm_delta("Hello.");
	fake_llm_done(ERROR_none, true);
	play_turn();
	play_store(PLAY_M1);
	fake_bus_confirm(ERROR_bus_unavailable);
	play_sleep_ms(6000);
	cr_assert_eq(fake_bus_frames("ai_message"), 2);
	play_confirm();
	cr_assert_eq(fake_bus_finished(), 1);
}
