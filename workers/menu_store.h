/* menu_store.h - the menus that this worker knows, one snapshot for each restaurant, kept fresh by menu.changes.
 *
 * A snapshot is loaded on first use and again when a newer version was announced, when an event demands a newer one (an acknowledged edit
 * is in the next answer), or after MENU_STORE_MAX_AGE_MS. Those who ask meanwhile wait for the one load. At most MENU_STORE_MAX
 * snapshots are kept; the one used longest ago makes room.
 */
#ifndef WORKERS_MENU_STORE_H
#define WORKERS_MENU_STORE_H

#include "common/flow.h"
#include "workers/menu_snapshot.h"
#include "workers/worker.h"

#define MENU_STORE_MAX 512
#define MENU_STORE_MAX_AGE_MS (5 * 60 * 1000)

struct menu_store;

MUST_CHECK enum error menu_store_new(struct worker *w, struct menu_store **store_r);
void menu_store_free(struct menu_store **store);

/* Puts a reference into *snapshot_r and goes on with `next`: at once, or when it is loaded (f->result.error says whether). A load that was under way already may bring a version
 * below `least_version`; then ask again. */
const struct step *menu_store_get(struct flow *f, struct menu_store *store, const char *restaurant_id, int64_t least_version, struct menu_snapshot **snapshot_r, const struct step *next);

#endif
