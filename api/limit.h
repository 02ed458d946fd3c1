/* limit.h - token buckets by key: how often somebody may do something.
 *
 * A bucket holds `rate.count` tokens, starts full and fills evenly over `rate.per_ms`. Memory is bounded by `keys_max` buckets: when
 * all are in use the one used longest ago makes room (and would start full again), so choose it well above the number of keys that
 * are active within `per_ms`. Time comes from clock_ms(), so tests can set it. Loop thread only; never blocks, never fails.
 */
#ifndef API_LIMIT_H
#define API_LIMIT_H

#include <stddef.h>
#include <stdint.h>

#include "common/config.h"

struct limit;

/* `name` is the label of the metric rate_limited; static. A rate that is off makes a limit that always says yes. */
struct limit *limit_new(const char *name, struct config_rate rate, size_t keys_max);
void limit_free(struct limit **l);

/* Takes one token. 0: go ahead; else the whole seconds (at least 1) after which one more will be there. */
int limit_take(struct limit *l, const char *key);
/* Gives the token back: what it was taken for did not happen. */
void limit_give_back(struct limit *l, const char *key);
size_t limit_keys(const struct limit *l);

#endif
