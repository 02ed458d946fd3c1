/* guests.h - who is a guest, and who only looks like one: robots, previews of links, health checks. Pure. */
#ifndef COMMON_GUESTS_H
#define COMMON_GUESTS_H

#include <stdbool.h>

/* What such programs call themselves in User-Agent. NULL or "" (a client of one's own): not a bot. */
bool guest_is_bot(const char *user_agent);
/* Sessions of checks name themselves "probe-...". */
bool guest_is_probe(const char *session_id);

#endif
