/* turnstile.h - how many answers may ask a model at once, and whose turn is next.
 *
 * At most `limit` are inside. The others wait, each restaurant in a line of its own, and the lines take turns: a restaurant with a
 * thousand guests waiting delays another's only guest by one answer, not by a thousand. Who waits holds its event's receipt, so the number of those who wait is bounded
 * by CHAT_CONCURRENCY. Loop thread only.
 */
#ifndef WORKERS_TURNSTILE_H
#define WORKERS_TURNSTILE_H

#include "common/flow.h"

struct turnstile;

MUST_CHECK enum error turnstile_new(uv_loop_t *loop, size_t limit, struct turnstile **turnstile_r);
void turnstile_free(struct turnstile **turnstile);

/* Goes on with `next` inside: at once, or when it is this flow's turn. Each who is inside calls turnstile_leave() once. A flow that is
 * interrupted, or waits longer than `wait_ms`, is not inside: look at f->result.error in `next` (none = inside). */
const struct step *turnstile_enter(struct flow *f, struct turnstile *t, const char *tenant, int64_t wait_ms, const struct step *next);
/* The next one enters at the end of the loop turn: never inside this call. */
void turnstile_leave(struct turnstile *t);
size_t turnstile_inside(const struct turnstile *t);
size_t turnstile_waiting(const struct turnstile *t);

#endif
