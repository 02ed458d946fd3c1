/* clock.h - the two clocks, both settable by tests.
 *
 * clock_ms(): monotonic milliseconds, for deadlines and durations; does not move with the wall clock.
 * clock_wall_ms(): milliseconds since 1970 UTC, for what people and other machines read.
 * clock_set() freezes both at given values until clock_unset(); clock_advance() moves both. Tests only.
 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

int64_t clock_ms(void);
int64_t clock_us(void);
int64_t clock_wall_ms(void);
void clock_set(int64_t monotonic_ms, int64_t wall_ms);
void clock_advance(int64_t ms);
void clock_unset(void);

/* RFC 3339 in UTC with milliseconds, "2026-01-02T03:04:05.678Z"; out holds at least CLOCK_TEXT bytes. */
#define CLOCK_TEXT 25
void clock_text(int64_t wall_ms, char out[CLOCK_TEXT]);

#endif
