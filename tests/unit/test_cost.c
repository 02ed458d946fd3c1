/* test_cost.c - what answers cost: rounded once, to the nearest millionth. */
#include <criterion/criterion.h>

#include "common/config.h"
#include "workers/chat_budget.h"

Test(cost, is_rounded_once)
{
	const struct config cheap = { .ai_price_in = 150000, .ai_price_out = 600000 }; /* 0.15 and 0.60 for a million */
	cr_expect_eq(chat_cost_micros(&cheap, 500, 40), 75 + 24);
	cr_expect_eq(chat_cost_micros(&cheap, 3, 0), 0, "0.45 of a millionth");
	cr_expect_eq(chat_cost_micros(&cheap, 3, 1), 1, "0.45 and 0.6");
	cr_expect_eq(chat_cost_micros(&cheap, -1, 10), 6, "not told: not counted");
	cr_expect_eq(chat_cost_micros(&cheap, -1, -1), 0);
	const struct config dear = { .ai_price_in = 1000000000, .ai_price_out = 1000000000 };
	cr_expect_eq(chat_cost_micros(&dear, 1000000, 1000000), 2000000000);
}
