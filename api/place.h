/* place.h - the restaurant that a request is about: {slug} of its path, from the menu cache.
 *
 * `next` gets it, now or later, and owns the request from then on. An unknown restaurant (404) or a database that is away (503) is answered here, a
 * client that goes away meanwhile is forgotten, and `next` is not called. `ctx` must live in the request's arena: nobody frees it.
 * `found` is valid during the call only. Loop thread only.
 */
#ifndef API_PLACE_H
#define API_PLACE_H

struct request;
struct menu_restaurant;

typedef void place_fn(struct request *r, const struct menu_restaurant *found, void *ctx);

void place_find(struct request *r, place_fn *next, void *ctx);

#endif
