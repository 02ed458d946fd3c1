/* chat_hours.c - see chat_hours.h. */
#include "workers/chat_hours.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

static const char *const days[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };
#define DAYS 7
#define DAY_MINUTES 1440

static bool is_time(const char *s)
{
	return s && strlen(s) == 5 && strspn(s, "0123456789") == 2 && s[2] == ':' && strspn(s + 3, "0123456789") == 2;
}

/* The hours of one day; NULL when they are not written as they should be. */
static const char *day_text(struct arena *a, const json_t *spans, enum language language)
{
	if (!json_is_array(spans))
		return NULL;
	const char *text = json_array_size(spans) ? "" : chat_phrase(language, PHRASE_closed);
	for (size_t i = 0; i < json_array_size(spans); i++) {
		const json_t *span = json_array_get(spans, i);
		const char *from = json_string_value(json_object_get(span, "from")), *to = json_string_value(json_object_get(span, "to"));
		if (!is_time(from) || !is_time(to))
			return NULL;
		text = arena_printf(a, "%s%s%s %s %s", text, i ? chat_phrase(language, PHRASE_and) : "", from, chat_phrase(language, PHRASE_until), to);
	}
	return text;
}

static const char *add_days(struct arena *a, const char *text, int first, int last, const char *hours, enum language language)
{
	const char *from = chat_phrase(language, (enum phrase)(PHRASE_monday + first)), *to = chat_phrase(language, (enum phrase)(PHRASE_monday + last));
	const char *days_text = first == last ? from : arena_printf(a, "%s%s%s", from, chat_phrase(language, last == first + 1 ? PHRASE_and : PHRASE_through), to);
	return arena_printf(a, "%s%s%s %s", text ? text : "", text ? ", " : "", days_text, hours);
}

const char *chat_hours(struct arena *a, const char *hours_json, int only, enum language language)
{
	json_t *hours = hours_json ? json_loads(hours_json, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *text = NULL, *open = NULL; /* hours of the days from `first` on */
	int first = 0;
	for (int i = 0; i <= DAYS; i++) {
		const json_t *spans = i < DAYS && (!only || only == i + 1) ? json_object_get(hours, days[i]) : NULL;
		const char *day = spans ? day_text(a, spans, language) : NULL;
		if (open && day && !strcmp(open, day))
			continue;
		if (open)
			text = add_days(a, text, first, i - 1, open, language);
		open = day;
		first = i;
	}
	json_decref(hours);
	return text;
}

/* --- now --- */

static int64_t minutes_of(const char *time)
{
	return is_time(time) ? ((time[0] - '0') * 10 + time[1] - '0') * 60 + (time[3] - '0') * 10 + time[4] - '0' : -1;
}

/* The day's spans at a minute counted from its midnight; *best_r is when the next one begins. */
static const char *open_until(const json_t *spans, int64_t minute, int64_t *next_r, const char **from_r)
{
	for (size_t i = 0; i < json_array_size(spans); i++) {
		const json_t *span = json_array_get(spans, i);
		const char *from = json_string_value(json_object_get(span, "from")), *to = json_string_value(json_object_get(span, "to"));
		int64_t begins = minutes_of(from), ends = minutes_of(to);
		if (begins < 0 || ends < 0)
			continue;
		if (ends <= begins)
			ends += DAY_MINUTES;
		if (begins <= minute && minute < ends)
			return to;
		if (begins > minute && begins < *next_r) {
			*next_r = begins;
			*from_r = from;
		}
	}
	return NULL;
}

enum hours_now chat_hours_at(struct arena *a, const char *hours_json, int64_t local_minutes, const char **time_r)
{
	json_t *hours = hours_json ? json_loads(hours_json, JSON_REJECT_DUPLICATES, NULL) : NULL;
	int64_t day = local_minutes / DAY_MINUTES, minute = local_minutes % DAY_MINUTES, next = DAY_MINUTES, none = 0;
	const json_t *today = json_object_get(hours, days[(day + 3) % DAYS]), *yesterday = json_object_get(hours, days[(day + 2) % DAYS]); /* 1970 began on a Thursday */
	const char *from = NULL, *until = open_until(today, minute, &next, &from);
	if (!until)
		until = open_until(yesterday, minute + DAY_MINUTES, &none, &from);
	*time_r = until || from ? arena_strdup(a, until ? until : from) : NULL;
	enum hours_now now = until ? HOURS_OPEN : from           ? HOURS_LATER
	                                  : json_is_array(today) ? HOURS_CLOSED
	                                                         : HOURS_UNKNOWN;
	json_decref(hours);
	return now;
}
