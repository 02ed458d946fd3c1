/* breaker.h - a circuit breaker: stops asking who does not answer, and finds out carefully whether he does again.
 *
 * Pure but for the clock (clock.h). Closed: everything passes. It opens after BREAKER_ROW failures in a row, or when at least half of the last BREAKER_WINDOW
 * outcomes were failures; then nothing passes for BREAKER_OPEN_MS. After that one call may pass: its success closes the breaker, its failure opens it again.
 *
 * Who was let through reports exactly one outcome: success, failure, or that it was given up without one.
 */
#ifndef COMMON_BREAKER_H
#define COMMON_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#define BREAKER_ROW 5
#define BREAKER_WINDOW 20
#define BREAKER_OPEN_MS 10000

struct breaker {
	uint32_t failures; /* one bit for each of the last outcomes, the newest lowest */
	int outcomes, row; /* how many bits count; failures in a row */
	bool open, trial;  /* trial: the one call is under way */
	int64_t until_ms;
};

void breaker_init(struct breaker *b);
/* May a call pass now? true obliges to report. */
bool breaker_pass(struct breaker *b);
/* Would it? Obliges to nothing. */
bool breaker_would_pass(const struct breaker *b);
void breaker_success(struct breaker *b);
void breaker_failure(struct breaker *b);
void breaker_give_up(struct breaker *b);

#endif
