/* clock.c - see clock.h. */
#include "common/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

static struct {
	bool frozen;
	int64_t monotonic_ms, wall_ms;
} set;

static int64_t read_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_us(void)
{
	return set.frozen ? set.monotonic_ms * 1000 : read_us(CLOCK_MONOTONIC);
}

int64_t clock_ms(void)
{
	return clock_us() / 1000;
}

int64_t clock_wall_ms(void)
{
	return set.frozen ? set.wall_ms : read_us(CLOCK_REALTIME) / 1000;
}

void clock_set(int64_t monotonic_ms, int64_t wall_ms)
{
	set.frozen = true;
	set.monotonic_ms = monotonic_ms;
	set.wall_ms = wall_ms;
}

void clock_advance(int64_t ms)
{
	if (!set.frozen)
		clock_set(clock_ms(), clock_wall_ms());
	set.monotonic_ms += ms;
	set.wall_ms += ms;
}

void clock_unset(void)
{
	set.frozen = false;
}

static void digits(char *out, int64_t value, int n)
{
	while (n-- > 0) {
		out[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

/* Without printf and gmtime: every log line has one. Days to a date as in the proleptic Gregorian calendar, eras of 400 years from 1 March. */
void clock_text(int64_t wall_ms, char out[CLOCK_TEXT])
{
	static const int64_t latest_ms = INT64_C(253402300799999), earliest_ms = INT64_C(-62167219200000); /* years 9999 and 0 */
	int64_t ms = wall_ms > latest_ms ? latest_ms : wall_ms < earliest_ms ? earliest_ms
	                                                                     : wall_ms;
	int64_t in_day = ((ms % 86400000) + 86400000) % 86400000;
	int64_t days = (ms - in_day) / 86400000 + 719468; /* since 0000-03-01 */
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t of_era = days - era * 146097;
	int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * of_year + 2) / 153; /* 0 is March */
	int64_t day = of_year - (153 * month + 2) / 5 + 1;
	int64_t year = year_of_era + era * 400 + (month >= 10);
	static const char form[CLOCK_TEXT] = "0000-00-00T00:00:00.000Z";

	for (int i = 0; i < CLOCK_TEXT; i++)
		out[i] = form[i];
	digits(out, year, 4);
	digits(out + 5, month < 10 ? month + 3 : month - 9, 2);
	digits(out + 8, day, 2);
	digits(out + 11, in_day / 3600000, 2);
	digits(out + 14, in_day / 60000 % 60, 2);
	digits(out + 17, in_day / 1000 % 60, 2);
	digits(out + 20, in_day % 1000, 3);
}
