/* menu_cache.h - restaurants and their menus in memory, ready to send: bodies, gzipped bodies, ETags.
 *
 * What it promises: after a record of menu.changes was read, nothing older than that version is handed out: the entry is dropped, and a load that was under way is
 * made again. However many wait for an entry that is not there, the database is asked once.
 * Until menu_cache_watched() it keeps nothing, because it would not learn of changes: every question is read from the database.
 * What it does not: know of changes that were not announced on menu.changes (entries are read again after MENU_CACHE_MAX_AGE_MS).
 *
 * Bounds: MENU_CACHE_ENTRIES_MAX restaurants and MENU_CACHE_BYTES_MAX of bodies; what was used longest ago goes first. That a slug is unknown is
 * remembered for MENU_CACHE_UNKNOWN_MS. A load has 3 s.
 *
 * Asking: menu_cache_peek_*() answer at once, or with NULL when the entry is not in memory; then menu_cache_ask_*() load it and call back, never before they returned
 * and exactly once unless menu_cache_cancel() came first. Errors: not_found (no active restaurant of that slug), db_unavailable, db_failed, deadline, overloaded.
 * Loop thread only. What peek and the callbacks hand out is valid until the function that asked returns to the loop; keep blobs by blob_keep().
 */
#ifndef API_MENU_CACHE_H
#define API_MENU_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/pg.h"

#include "api/request.h"

#define MENU_CACHE_ENTRIES_MAX 256
#define MENU_CACHE_BYTES_MAX ((size_t)64 << 20)
#define MENU_CACHE_MAX_AGE_MS (5 * 60 * 1000)
#define MENU_CACHE_UNKNOWN_MS 1000
#define MENU_CACHE_WAITING_MAX 20000

struct menu_cache;
struct menu_wait;
struct restaurant;   /* schemas/restaurant.json */
struct menu_changed; /* schemas/menu_changed.json */

struct menu_restaurant {
	const char *id, *slug;
	const struct restaurant *restaurant; /* decoded: name, currency, timezone, avatar_config, allowed_origins, ... */
	struct blob *body;                   /* the restaurant's JSON as GET answers it */
	const char *etag;                    /* of body, with its quotes */
};

struct menu_ready {
	const char *restaurant_id;
	int64_t menu_version;
	struct blob *body, *gzip;     /* gzip is NULL when it would not be smaller */
	const char *etag, *gzip_etag; /* with their quotes */
};

typedef void menu_restaurant_fn(void *ctx, enum error error, const struct menu_restaurant *restaurant);
typedef void menu_ready_fn(void *ctx, enum error error, const struct menu_ready *menu);

struct menu_cache *menu_cache_new(uv_loop_t *loop, struct pg *pg);
void menu_cache_free(struct menu_cache **cache); /* those who wait are dropped without a callback */

/* An unknown slug that is remembered as unknown: NULL, and *error_r is ERROR_not_found; in every other NULL case *error_r is ERROR_none: ask. */
const struct menu_restaurant *menu_cache_peek_restaurant(struct menu_cache *cache, const char *slug, enum error *error_r);
const struct menu_ready *menu_cache_peek_menu(struct menu_cache *cache, const char *slug, enum error *error_r);

struct menu_wait *menu_cache_ask_restaurant(struct menu_cache *cache, const char *slug, menu_restaurant_fn *done, void *ctx);
struct menu_wait *menu_cache_ask_menu(struct menu_cache *cache, const char *slug, menu_ready_fn *done, void *ctx);
void menu_cache_cancel(struct menu_wait **wait); /* NULL is fine; the callback will not come */

/* The newest version known of a restaurant, from loads and from menu.changes; 0 when unknown. Chat events carry it. */
int64_t menu_cache_version(const struct menu_cache *cache, const char *restaurant_id);

/* A record of menu.changes was read. */
void menu_cache_changed(struct menu_cache *cache, const struct menu_changed *change);
/* From now on every record of menu.changes is passed on: what is read may be kept. */
void menu_cache_watched(struct menu_cache *cache);
/* Records may have been missed: everything is read again when it is next asked for. */
void menu_cache_forget(struct menu_cache *cache);

size_t menu_cache_entries(const struct menu_cache *cache);
size_t menu_cache_bytes(const struct menu_cache *cache);

#endif
