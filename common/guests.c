/* guests.c - see guests.h. */
#include "common/guests.h"

#include <stddef.h>
#include <string.h>

bool guest_is_bot(const char *user_agent)
{
	static const char *const words[] = { "bot", "crawl", "spider", "slurp", "preview", "facebookexternalhit", "headless", "lighthouse", "monitor", "uptime", "pingdom", "kube-probe", "prometheus", "blackbox", "health" };
	for (size_t i = 0; user_agent && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(user_agent, words[i]))
			return true;
	return false;
}

bool guest_is_probe(const char *session_id)
{
	return session_id && strncmp(session_id, "probe-", 6) == 0;
}
