/* test_clock.c - time as text against the C library, and time that stands still. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"

static void expect_as_c_library(int64_t ms)
{
	time_t seconds = (time_t)(ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000));
	struct tm t;
	char ours[CLOCK_TEXT], theirs[80];

	gmtime_r(&seconds, &t);
	snprintf(theirs, sizeof(theirs), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec,
	         (int)(ms - (int64_t)seconds * 1000));
	clock_text(ms, ours);
	cr_assert_str_eq(ours, theirs);
}

Test(clock, text)
{
	expect_as_c_library(0);
	expect_as_c_library(-1);
	expect_as_c_library(951782400000);    /* 2000-02-29 */
	expect_as_c_library(4107542399999);   /* 2100-02-28, no leap year */
	expect_as_c_library(253402300799999); /* the end of 9999 */
	srand(5);
	for (int64_t day = -200000; day < 2000000; day += 7)
		expect_as_c_library(day * 86400000 + rand() % 86400000);
}

Test(clock, text_of_a_year_beyond_four_digits_is_the_last_that_fits)
{
	char out[CLOCK_TEXT];

	clock_text(INT64_MAX, out);
	cr_expect_str_eq(out, "9999-12-31T23:59:59.999Z");
	clock_text(INT64_MIN, out);
	cr_expect_str_eq(out, "0000-01-01T00:00:00.000Z");
}

Test(clock, stands_still_when_set)
{
	clock_set(1000, 1700000000000);
	cr_expect_eq(clock_ms(), 1000);
	cr_expect_eq(clock_us(), 1000000);
	cr_expect_eq(clock_wall_ms(), 1700000000000);
	clock_advance(500);
	cr_expect_eq(clock_ms(), 1500);
	cr_expect_eq(clock_wall_ms(), 1700000000500);
	clock_unset();
	cr_expect_neq(clock_wall_ms(), 1700000000500);
}

Test(clock, runs)
{
	int64_t before = clock_us(), wall = clock_wall_ms();

	cr_expect_leq(before, clock_us());
	cr_expect_lt(llabs((long long)(wall - (int64_t)time(NULL) * 1000)), 2000);
	clock_advance(60000); /* of a running clock: freezes it there */
	cr_expect_geq(clock_ms(), before / 1000 + 60000);
	cr_expect_eq(clock_us() % 1000, 0);
	clock_unset();
}
