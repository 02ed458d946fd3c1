/* chat_hours.h - opening hours in words; pure, used by the writer only.
 *
 * {"monday":[{"from":"08:00","to":"19:00"}],…}; a span whose end is not behind its beginning ends on the next day. */
#ifndef WORKERS_CHAT_HOURS_H
#define WORKERS_CHAT_HOURS_H

#include <stdint.h>

#include "common/arena.h"
#include "workers/chat_phrases.h"

/* "Monday to Friday 08:00 to 19:00, Saturday closed, …": neighbours with the same hours together; a weekday that is missing is left out. NULL when the JSON is anything else, or names no day. `only`
 * 1 to 7: that weekday alone, Monday is 1. */
const char *chat_hours(struct arena *a, const char *hours_json, int only, enum language language);

enum hours_now { HOURS_UNKNOWN, /* nothing is written for today */
	         HOURS_OPEN,    /* until *time_r */
	         HOURS_LATER,   /* it opens at *time_r today */
	         HOURS_CLOSED };
/* At this moment of the restaurant's own clocks, in minutes since 1970. */
enum hours_now chat_hours_at(struct arena *a, const char *hours_json, int64_t local_minutes, const char **time_r);

#endif
