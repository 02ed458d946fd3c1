/* breaker.c - see breaker.h. */
#include "common/breaker.h"

#include "common/clock.h"

void breaker_init(struct breaker *b)
{
	*b = (struct breaker){ 0 };
}

bool breaker_would_pass(const struct breaker *b)
{
	return !b->open || (!b->trial && clock_ms() >= b->until_ms);
}

bool breaker_pass(struct breaker *b)
{
	if (!breaker_would_pass(b))
		return false;
	b->trial = b->open;
	return true;
}

void breaker_success(struct breaker *b)
{
	/* Late news from a call of before it opened proves nothing about now. */
	if (b->open && !b->trial)
		return;
	if (b->open)
		breaker_init(b);
	b->row = 0;
	b->failures <<= 1;
	b->outcomes += b->outcomes < BREAKER_WINDOW;
}

void breaker_failure(struct breaker *b)
{
	const uint32_t window = (UINT32_C(1) << BREAKER_WINDOW) - 1;
	bool again = b->open && b->trial;
	if (b->open && !again)
		return;
	b->row++;
	b->failures = ((b->failures << 1) | 1) & window;
	b->outcomes += b->outcomes < BREAKER_WINDOW;
	bool half = b->outcomes == BREAKER_WINDOW && __builtin_popcount(b->failures & window) * 2 >= BREAKER_WINDOW;
	if (!again && b->row < BREAKER_ROW && !half)
		return;
	*b = (struct breaker){ .open = true, .until_ms = clock_ms() + BREAKER_OPEN_MS };
}

void breaker_give_up(struct breaker *b)
{
	b->trial = false;
}
