/* wheel.h - deadlines in whole seconds for very many things, with one timer for all of them.
 *
 * For pings, silences and waits, where a second more or less does not matter and where 10,000 libuv timers would. An entry lives in its owner;
 * all zero is one that is not set. Setting and clearing cost no look-up. The callback comes between `in_s` and `in_s` + 1 seconds later, once; it
 * may set its entry again, clear others, and free its owner. Times go by the monotonic clock (clock.h); seconds in which the
 * process was stopped do not count, because what others sent meanwhile was not read either. Loop thread only.
 */
#ifndef API_WHEEL_H
#define API_WHEEL_H

#include <stdint.h>
#include <uv.h>

struct wheel;
struct wheel_entry;

typedef void wheel_fn(struct wheel_entry *entry);

struct wheel_entry {
	struct wheel_entry *next, **link; /* link: what points at us; NULL when not set */
	wheel_fn *fn;
	uint32_t due_s;
};

struct wheel *wheel_new(uv_loop_t *loop);
void wheel_free(struct wheel **wheel); /* its entries are forgotten; the handle needs one more loop turn */

uint32_t wheel_now_s(const struct wheel *wheel);
/* A set entry is moved. */
void wheel_set(struct wheel *wheel, struct wheel_entry *entry, uint32_t in_s, wheel_fn *fn);
void wheel_clear(struct wheel_entry *entry);

/* What the timer does each second: everything that is due by `now_s`. For tests too. */
void wheel_turn(struct wheel *wheel, uint32_t now_s);

#endif
