/* time_text.h - times as people and other machines write them: RFC 3339, or a date alone. Pure. */
#ifndef COMMON_TIME_TEXT_H
#define COMMON_TIME_TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 3339 -> milliseconds since 1970. False: it is none, or its day is not in the calendar. A leap second counts as the next one. */
bool time_parse(const char *text, int64_t *ms_r);
/* Is it RFC 3339 or "YYYY-MM-DD", of a year from 1970 to 9999? */
bool time_or_date(const char *text);

#endif
