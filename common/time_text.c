/* time_text.c - see time_text.h. */
#include "common/time_text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/schema_json.h"

static int two(const char *s)
{
	return (s[0] - '0') * 10 + (s[1] - '0');
}

/* "2026-02-30" is no day: mktime would call it the 2nd of March. */
static bool read_day(const char *text, struct tm *tm_r)
{
	*tm_r = (struct tm){ .tm_year = two(text) * 100 + two(text + 2) - 1900, .tm_mon = two(text + 5) - 1, .tm_mday = two(text + 8) };
	struct tm again = *tm_r;
	(void)timegm(&again);
	return tm_r->tm_year >= 70 && again.tm_mon == tm_r->tm_mon && again.tm_mday == tm_r->tm_mday;
}

/* What stands behind the seconds: a fraction, then Z or an offset. */
static int64_t read_rest(const char *at)
{
	int64_t ms = 0;
	if (*at == '.') {
		int64_t unit = 100;
		for (at++; *at >= '0' && *at <= '9'; at++, unit /= 10)
			ms += (*at - '0') * unit;
	}
	if (*at == '+' || *at == '-')
		ms += (*at == '+' ? -1 : 1) * (two(at + 1) * 60 + two(at + 4)) * (int64_t)60000;
	return ms;
}

bool time_parse(const char *text, int64_t *ms_r)
{
	struct tm tm;
	if (!schema_is_date_time(text, strlen(text)) || !read_day(text, &tm))
		return false;
	tm.tm_hour = two(text + 11);
	tm.tm_min = two(text + 14);
	tm.tm_sec = two(text + 17);
	*ms_r = (int64_t)timegm(&tm) * 1000 + read_rest(text + 19);
	return true;
}

bool time_or_date(const char *text)
{
	int64_t ms;
	struct tm tm;
	if (strlen(text) != 10)
		return time_parse(text, &ms);
	for (int i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
			return false;
	return read_day(text, &tm);
}
