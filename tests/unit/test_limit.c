#include <criterion/criterion.h>
#include <stdio.h>

#include "common/clock.h"

#include "api/limit.h"

static const struct config_rate ten_a_minute = { .count = 10, .per_ms = 60000 };

static void set_clock(void)
{
	clock_set(1000, 1000);
}

TestSuite(limit, .init = set_clock, .fini = clock_unset);

Test(limit, holds_count_and_fills_evenly)
{
	struct limit *l = limit_new("test", ten_a_minute, 100);
	for (int i = 0; i < 10; i++)
		cr_assert_eq(limit_take(l, "a"), 0, "%d", i);
	cr_assert_eq(limit_take(l, "a"), 7, "the next is there after 6 s");
	cr_assert_eq(limit_take(l, "b"), 0, "another key");
	clock_advance(5999);
	cr_assert_eq(limit_take(l, "a"), 1);
	clock_advance(1);
	cr_assert_eq(limit_take(l, "a"), 0);
	cr_assert_neq(limit_take(l, "a"), 0);
	clock_advance(3600000);
	for (int i = 0; i < 10; i++)
		cr_assert_eq(limit_take(l, "a"), 0, "full again, no more than full: %d", i);
	cr_assert_neq(limit_take(l, "a"), 0);
	limit_free(&l);
	cr_assert_null(l);
}

Test(limit, give_back)
{
	struct limit *l = limit_new("test", (struct config_rate){ .count = 1, .per_ms = 1000 }, 10);
	limit_give_back(l, "never taken");
	cr_assert_eq(limit_take(l, "a"), 0);
	limit_give_back(l, "a");
	cr_assert_eq(limit_take(l, "a"), 0);
	cr_assert_neq(limit_take(l, "a"), 0);
	limit_free(&l);
}

Test(limit, off)
{
	struct limit *l = limit_new("test", (struct config_rate){ .off = true }, 1);
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(limit_take(l, "a"), 0);
	cr_assert_eq(limit_keys(l), 0);
	limit_free(&l);
}

Test(limit, memory_is_bounded_and_the_oldest_goes)
{
	char key[32];
	struct limit *l = limit_new("test", (struct config_rate){ .count = 1, .per_ms = 60000 }, 100);
	cr_assert_eq(limit_take(l, "kept"), 0);
	for (int i = 0; i < 10000; i++) {
		snprintf(key, sizeof(key), "key-%d", i);
		cr_assert_eq(limit_take(l, key), 0);
		cr_assert_neq(limit_take(l, "kept"), 0, "used often, so never the oldest");
		cr_assert_leq(limit_keys(l), 100);
	}
	cr_assert_neq(limit_take(l, "key-9999"), 0);
	cr_assert_eq(limit_take(l, "key-0"), 0, "forgotten");
	limit_free(&l);
}
