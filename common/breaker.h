/* breaker.h - a circuit breaker: stops asking what keeps failing. Pure; time comes from clock.h.
 *
 * CLOSED lets everything through. BREAKER_IN_A_ROW failures in a row, or BREAKER_SHARE of the last BREAKER_WINDOW calls, open it for BREAKER_OPEN_MS: nothing passes. After that
 * it lets one call through on trial; its success closes it, its failure opens it again.
 */
#ifndef COMMON_BREAKER_H
#define COMMON_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#define BREAKER_IN_A_ROW 5
#define BREAKER_WINDOW 20
#define BREAKER_SHARE 0.5
#define BREAKER_OPEN_MS 10000

struct breaker {
	int64_t open_until_ms;          /* 0: closed */
	bool trial;                     /* the one call is under way */
	uint32_t outcomes;              /* last calls, newest in bit 0; 1 = failed */
	int seen, in_a_row;
};

bool breaker_open(const struct breaker *b);     /* would a call be refused now? */
bool breaker_take(struct breaker *b);           /* may this call go? If yes, breaker_report() or breaker_forget() must follow */
void breaker_report(struct breaker *b, bool failed);
void breaker_forget(struct breaker *b);         /* the call was cancelled: it says nothing */

#endif
