/* breaker.c - see breaker.h. */
#include "common/breaker.h"

#include "common/clock.h"

bool breaker_open(const struct breaker *b)
{
	return b->open_until_ms && (b->trial || clock_ms() < b->open_until_ms);
}

bool breaker_take(struct breaker *b)
{
	if (breaker_open(b))
		return false;
	b->trial = b->open_until_ms != 0;
	return true;
}

static void open_it(struct breaker *b)
{
	*b = (struct breaker){ .open_until_ms = clock_ms() + BREAKER_OPEN_MS };
}

void breaker_report(struct breaker *b, bool failed)
{
	if (b->trial && !failed)
		*b = (struct breaker){ 0 };
	else if (b->trial)
		open_it(b);
	if (b->open_until_ms)
		return;         /* a call that began before it opened */
	b->outcomes = (b->outcomes << 1 | failed) & ((1U << BREAKER_WINDOW) - 1);
	b->seen += b->seen < BREAKER_WINDOW;
	b->in_a_row = failed ? b->in_a_row + 1 : 0;
	bool often = b->seen == BREAKER_WINDOW && __builtin_popcount(b->outcomes) >= BREAKER_WINDOW * BREAKER_SHARE;
	if (b->in_a_row >= BREAKER_IN_A_ROW || often)
		open_it(b);
}

void breaker_forget(struct breaker *b)
{
	b->trial = false;
}
