/* test_chat_budget.c - what the answers of a restaurant may cost in a month: reserved before the model is asked, settled afterwards. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/flow/play.h"
#include "workers/chat.h"

static void setup(void)
{
	play_setup();
	play_worker.config->ai_monthly_tokens = 100000;
	play_worker.config->ai_max_tokens = 600;
}

TestSuite(chat_budget, .init = setup, .fini = play_teardown);

static int64_t reserve(bool granted)
{
	static const struct budget_reserve_row month = { .month = "2026-01-01" };
	play_expect_query(QUERY_budget_reserve);
	const struct budget_reserve_params *p = fake_pg_statement(0)->params;
	int64_t tokens = p->tokens;
	cr_assert_eq(p->ceiling, 100000);
	fake_pg_answer(ERROR_none, &month, granted);
	play_turn();
	return tokens;
}

static int64_t settled(void)
{
	static const struct budget_settle_row row = { .tokens = 1 };
	play_expect_query(QUERY_budget_settle);
	const struct budget_settle_params *p = fake_pg_statement(0)->params;
	int64_t tokens = p->tokens;
	cr_assert_str_eq(p->month, "2026-01-01");
	fake_pg_answer(ERROR_none, &row, 1);
	play_turn();
	return tokens;
}

Test(chat_budget, is_reserved_before_the_call_and_settled_after_it)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	cr_assert_eq(fake_llm_calls(), 0, "nothing is asked that was not reserved");
	int64_t tokens = reserve(true);
	cr_assert_gt(tokens, 600 + 300, "the prompt counts as well as the answer");
	cr_assert_eq(fake_llm_calls(), 1);
	fake_llm_delta("We bake oatmeal cookies. They are lovely. ");
	fake_llm_done(ERROR_none, true);
	play_turn();
	const int64_t used = 100 + 20; /* as the fake says */
	cr_assert_eq(settled(), used - tokens);
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "status"), "complete");
}

Test(chat_budget, at_the_ceiling_the_menu_answers)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	reserve(false);
	cr_assert_eq(fake_llm_calls(), 0);
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "provider"), "builtin");
	cr_assert_str_eq(play_member("ai_message", "status"), "complete", "nothing failed");
	cr_assert(strstr(play_member("ai_message", "content"), "Oatmeal Cookie"));
}

Test(chat_budget, who_cannot_count_does_not_spend)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	play_expect_query(QUERY_budget_reserve);
	fake_pg_answer(ERROR_db_failed, NULL, 0);
	play_turn();
	cr_assert_eq(fake_llm_calls(), 0);
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "provider"), "builtin");
}

Test(chat_budget, a_stopped_answer_pays_for_what_was_heard)
{
	play_ask(10, PLAY_M1);
	play_begin(PLAY_M1, 1);
	play_load_menu();
	int64_t tokens = reserve(true);
	fake_llm_delta("We bake oatmeal cookies. They are lovely. ");
	play_stop(11, PLAY_M1);
	int64_t given_back = -settled();
	cr_assert_lt(given_back, 600, "the prompt was paid");
	cr_assert_gt(given_back, 500);
	cr_assert_gt(tokens, given_back);
	play_store(PLAY_M1);
	cr_assert_str_eq(play_member("ai_message", "status"), "stopped");
}
