/* chat_hours.c - see chat_hours.h. */
#include "workers/chat_hours.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

static const char *const days[] = { "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday" };

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

const char *chat_hours(struct arena *a, const char *hours_json, enum language language)
{
	json_t *hours = hours_json ? json_loads(hours_json, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *text = NULL;
	for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++) {
		const json_t *spans = json_object_get(hours, days[i]);
		const char *day = spans ? day_text(a, spans, language) : NULL;
		if (day)
			text = arena_printf(a, "%s%s%s %s", text ? text : "", text ? ", " : "", chat_phrase(language, (enum phrase)(PHRASE_monday + i)), day);
	}
	json_decref(hours);
	return text;
}
