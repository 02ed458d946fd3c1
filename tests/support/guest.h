/* guest.h - a guest as the web app would be: asks, loses the connection, comes back, resumes behind the last frame it saw, and trusts nothing.
 *
 * Every frame is checked as it comes: accepted first, seq dense within an attempt, no lower attempt after a higher one, a restart before a new attempt's
 * tokens (or none seen yet), the final text equal to the joined tokens of its attempt. What breaks a rule fails the test (abort with a message).
 */
#ifndef TESTS_GUEST_H
#define TESTS_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/id.h"

/* How long the web app waits before it connects again: web/src/lib/backoff.ts. */
struct guest_backoff {
	int64_t base_ms, cap_ms, spread_ms;
};

struct guest {
	int port;
	const struct guest_backoff *backoff; /* waits as the web app does; NULL: hardly at all */
	struct ws_client *ws;
	char session[40];
	char message_id[ID_TEXT], question[200];
	bool accepted, done;
	int64_t attempt, seq; /* of the last frame seen of the question */
	char text[16384];     /* tokens of the current attempt, joined */
	size_t text_len;
	char content[16384], status[16], provider[40];
	int restarts, resumes, finals;
	int64_t lost_ms, retry_ms, opened_ms, slowest_back_ms; /* the socket went; connects again then; came back; the longest time from its loss until the api said welcome */
	int failures;                                          /* connections in a row that came to nothing */
};

void guest_init(struct guest *g, int port);
void guest_close(struct guest *g);
void guest_ask(struct guest *g, const char *question); /* a new message id */
/* Reads frames until the answer is complete or `ms` is over; reconnects, resumes and asks again (same id) as a client must. True when complete. */
bool guest_wait(struct guest *g, int64_t ms);
/* Reads at most `frames` frames or until `ms` is over; never reconnects. Returns how many came. */
int guest_read(struct guest *g, int frames, int64_t ms);
/* Stays for `ms`, whatever comes: a socket that is lost is made anew at once, as by guest_wait(). */
void guest_stay(struct guest *g, int64_t ms);
void guest_cut(struct guest *g); /* the network is gone: closes without a word */

#endif
