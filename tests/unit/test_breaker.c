/* test_breaker.c - the circuit breaker, with a clock of the test's own. */
#include <criterion/criterion.h>

#include "common/breaker.h"
#include "common/clock.h"

static struct breaker b;

static void init(void)
{
	clock_set(1000, 1000);
	breaker_init(&b);
}

static void fail(int times)
{
	for (int i = 0; i < times; i++) {
		cr_assert(breaker_pass(&b));
		breaker_failure(&b);
	}
}

static void succeed(int times)
{
	for (int i = 0; i < times; i++) {
		cr_assert(breaker_pass(&b));
		breaker_success(&b);
	}
}

TestSuite(breaker, .init = init);

Test(breaker, opens_after_a_row)
{
	fail(BREAKER_ROW - 1);
	succeed(1);
	fail(BREAKER_ROW - 1);
	cr_assert(breaker_would_pass(&b));
	fail(1);
	cr_assert(!breaker_would_pass(&b) && !breaker_pass(&b));
	clock_advance(BREAKER_OPEN_MS - 1);
	cr_assert(!breaker_pass(&b));
}

Test(breaker, opens_at_half_of_the_window)
{
	for (int i = 0; i < BREAKER_WINDOW / 2 - 1; i++) {
		succeed(1);
		fail(1);
	}
	succeed(1);
	cr_assert(!b.open);
	fail(1);
	cr_assert(b.open, "10 of 20");
}

Test(breaker, fewer_than_the_window_prove_nothing)
{
	for (int i = 0; i < 4; i++) {
		fail(2);
		succeed(1);
	}
	cr_assert(!b.open);
}

Test(breaker, old_failures_are_forgotten)
{
	fail(4);
	succeed(20);
	for (int i = 0; i < 9; i++) {
		fail(1);
		succeed(1);
	}
	cr_assert(!b.open);
}

Test(breaker, one_trial)
{
	fail(BREAKER_ROW);
	clock_advance(BREAKER_OPEN_MS);
	cr_assert(breaker_would_pass(&b));
	cr_assert(breaker_pass(&b));
	cr_assert(!breaker_pass(&b), "one at a time");
	breaker_failure(&b);
	cr_assert(!breaker_would_pass(&b));
	clock_advance(BREAKER_OPEN_MS);
	cr_assert(breaker_pass(&b));
	breaker_success(&b);
	cr_assert(!b.open);
	fail(BREAKER_ROW - 1);
	cr_assert(!b.open, "it starts anew");
}

Test(breaker, trial_that_is_given_up)
{
	fail(BREAKER_ROW);
	clock_advance(BREAKER_OPEN_MS);
	cr_assert(breaker_pass(&b));
	breaker_give_up(&b);
	cr_assert(breaker_pass(&b));
}

/* Calls that passed before it opened report while it is open: they neither close nor prolong it. */
Test(breaker, late_news)
{
	cr_assert(breaker_pass(&b));
	cr_assert(breaker_pass(&b));
	fail(BREAKER_ROW);
	breaker_success(&b);
	cr_assert(!breaker_would_pass(&b));
	clock_advance(BREAKER_OPEN_MS - 1);
	breaker_failure(&b);
	clock_advance(1);
	cr_assert(breaker_would_pass(&b));
}
