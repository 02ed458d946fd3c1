/* restaurant_wait.h - for handlers of /api/v1/restaurants/{slug}/...: the restaurant first, from memory or from the database; errors are answered here. */
#ifndef API_RESTAURANT_WAIT_H
#define API_RESTAURANT_WAIT_H

#include "api/menu_cache.h"

typedef void restaurant_found_fn(struct request *r, const struct menu_restaurant *restaurant);

/* Calls `next` at once or later; not when the client goes away or the restaurant is not there. */
void restaurant_wait(struct request *r, restaurant_found_fn *next);

#endif
