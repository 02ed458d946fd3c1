/* test_profile.c - an entry of the guest's profile is dropped; and a menu that changed is read again. */
#include <criterion/criterion.h>
#include <string.h>

#include "schemas.h"
#include "tests/flow/play.h"

#define REMOVAL "{\"restaurant_id\":\"" PLAY_R "\",\"session_id\":\"anna\",\"kind\":\"allergy\",\"value\":\"peanuts\",\"reply_to\":{\"partition\":4}}"

TestSuite(profile, .init = play_setup, .fini = play_teardown);
TestSuite(menu_changes, .init = play_setup, .fini = play_teardown);

static void answer_removal(enum error error, const char *profile)
{
	static struct profile_remove_row row;
	play_expect_query(QUERY_profile_remove);
	row = (struct profile_remove_row){ .profile = profile };
	fake_pg_answer(error, &row, profile != NULL);
	play_turn();
}

Test(profile, an_entry_is_dropped_and_the_session_sees_what_is_left)
{
	fake_bus_deliver("chat.profile_removed", 10, REMOVAL);
	play_turn();
	const struct profile_remove_params *p = fake_pg_statement(0)->params;
	cr_assert(strcmp(p->session_id, "anna") == 0 && strcmp(p->kind, "allergy") == 0 && strcmp(p->value, "peanuts") == 0);
	cr_assert_eq(fake_bus_count(), 0, "nothing is shown before it is stored");
	answer_removal(ERROR_none, "{\"allergies\":[\"milk\"],\"diets\":[\"vegan\"]}");
	const struct fake_record *r = fake_bus_last("joined");
	cr_assert(r && r->partition == 4 && !*r->socket, "all sockets of the session");
	cr_assert_not_null(strstr(r->value, "milk"));
	cr_assert_null(strstr(r->value, "peanuts"));
	cr_assert_eq(fake_bus_finished(), 1);
}

Test(profile, a_database_that_is_away_is_waited_for)
{
	fake_bus_deliver("chat.profile_removed", 10, REMOVAL);
	play_turn();
	for (int i = 0; i < 8; i++) {
		answer_removal(ERROR_db_unavailable, NULL);
		cr_assert_eq(fake_bus_finished(), 0);
		play_sleep_ms(300);
	}
	answer_removal(ERROR_none, "{\"allergies\":[],\"diets\":[]}");
	cr_assert(fake_bus_frames("joined") == 1 && fake_bus_finished() == 1);
}

Test(profile, a_statement_that_fails_again_and_again_ends)
{
	fake_bus_deliver("chat.profile_removed", 10, REMOVAL);
	play_turn();
	for (int tries = 0; fake_pg_open(); tries++) {
		cr_assert_lt(tries, 10);
		answer_removal(ERROR_db_failed, NULL);
		play_sleep_ms(300);
	}
	cr_assert(fake_bus_count() == 0 && fake_bus_finished() == 1, "its record is not left open");
}

Test(profile, a_session_without_a_profile_has_an_empty_one)
{
	fake_bus_deliver("chat.profile_removed", 10, REMOVAL);
	play_turn();
	answer_removal(ERROR_none, NULL);
	cr_assert_not_null(strstr(fake_bus_last("joined")->value, "\"allergies\":[]"));
}

/* --- menu.changes --- */

static void ask_and_end(int64_t offset, const char *message_id)
{
	play_ask(offset, message_id);
	play_begin(message_id, 1);
}

static void finish_answer(const char *message_id)
{
	fake_llm_delta("Yes.");
	fake_llm_done(ERROR_none, true);
	play_turn();
	play_store(message_id);
	play_confirm();
}

Test(menu_changes, a_menu_is_read_again_only_when_a_newer_one_was_announced)
{
	ask_and_end(10, PLAY_M1);
	play_load_menu();
	finish_answer(PLAY_M1);
	fake_bus_change("menu.changed", "{\"restaurant_id\":\"" PLAY_R "\",\"menu_version\":3}");
	fake_bus_change("menu.changed", "{\"restaurant_id\":\"01890000-0000-7000-8000-0000000000ab\",\"menu_version\":9}");
	fake_bus_change("menu.changed", "not JSON");
	fake_bus_change("menu.invented", "{}");
	ask_and_end(11, PLAY_M2);
	cr_assert_eq(fake_pg_open(), 0, "version 3 is what we have");
	finish_answer(PLAY_M2);
	fake_bus_change("menu.changed", "{\"restaurant_id\":\"" PLAY_R "\",\"menu_version\":4}");
	ask_and_end(12, "01890000-0000-7000-8000-000000000003");
	play_expect_query(QUERY_menu_document);
}
