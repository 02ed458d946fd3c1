/* chat_hours.h - opening hours in words; pure, used by the writer only. */
#ifndef WORKERS_CHAT_HOURS_H
#define WORKERS_CHAT_HOURS_H

#include "common/arena.h"
#include "workers/chat_phrases.h"

/* {"monday":[{"from":"08:00","to":"19:00"}],…} -> "Monday 08:00 to 19:00, Tuesday closed, …"; a weekday that is missing is left out. NULL when the JSON is anything else, or names no day. */
const char *chat_hours(struct arena *a, const char *hours_json, enum language language);

#endif
