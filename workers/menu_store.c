/* menu_store.c - see menu_store.h. */
#include "workers/menu_store.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/clock.h"
#include "common/event.h"
#include "common/id.h"
#include "common/log.h"
#include "common/metric.h"
#include "schemas.h"

struct waiter {
	struct flow *flow; /* NULL: cancelled */
	struct menu_snapshot **snapshot_r;
	struct waiter *next;
};

struct entry {
	char restaurant_id[ID_TEXT];
	struct menu_store *store;
	struct menu_snapshot *snapshot;
	int64_t announced; /* newest version heard of */
	int64_t loaded_ms;
	int64_t again_ms; /* wall clock: then a dish comes back, and the snapshot is old; 0: none does */
	bool loading;
	struct arena *arena; /* of the load under way */
	struct waiter *waiters;
	UT_hash_handle hh;
};

struct menu_store {
	struct worker *worker;
	struct entry *entries; /* in order of last use */
	struct bus_reader *reader;
};

static void make_room(struct menu_store *store)
{
	struct entry *e, *next;
	HASH_ITER(hh, store->entries, e, next)
	{
		if (HASH_COUNT(store->entries) < MENU_STORE_MAX)
			return;
		if (e->loading)
			continue;
		HASH_DEL(store->entries, e);
		menu_snapshot_drop(&e->snapshot);
		free(e);
	}
}

static struct entry *entry_of(struct menu_store *store, const char *restaurant_id)
{
	struct entry *e = NULL;
	HASH_FIND_STR(store->entries, restaurant_id, e);
	if (e) {
		HASH_DEL(store->entries, e);
	} else {
		make_room(store);
		e = calloc(1, sizeof(*e));
		if (!e)
			abort();
		memcpy(e->restaurant_id, restaurant_id, strnlen(restaurant_id, ID_TEXT - 1));
		e->store = store;
	}
	HASH_ADD_STR(store->entries, restaurant_id, e);
	return e;
}

static bool fresh(const struct entry *e, int64_t least_version)
{
	return e->snapshot && e->snapshot->version >= least_version && e->snapshot->version >= e->announced &&
	       clock_ms() - e->loaded_ms < MENU_STORE_MAX_AGE_MS && (!e->again_ms || clock_wall_ms() < e->again_ms);
}

static enum error take_row(struct entry *e, const struct pg_result *result)
{
	if (result->error)
		return result->error;
	if (!result->rows[0].n)
		return ERROR_not_found;
	const struct menu_document_row *row = result->rows[0].v;
	struct menu_snapshot *snapshot = NULL;
	enum error error = menu_snapshot_new(row->restaurant, row->categories, row->menu_version, &snapshot);
	if (error)
		return error;
	snapshot->utc_offset_min = row->utc_offset_min;
	menu_snapshot_drop(&e->snapshot);
	e->snapshot = snapshot;
	e->loaded_ms = clock_ms();
	e->again_ms = row->again_ms;
	return ERROR_none;
}

static void on_loaded(void *ctx, const struct pg_result *result)
{
	struct entry *e = ctx;
	enum error error = take_row(e, result);
	if (error)
		log_event(LOG_warn, "menu.load_failed", LOG_S("restaurant_id", e->restaurant_id),
		          LOG_S("error", error_row(error)->name), LOG_S("detail", result->detail));
	arena_free(&e->arena);
	e->loading = false;
	struct waiter *list = e->waiters;
	e->waiters = NULL;
	/* A step may come back here for the same entry: the list is ours, the entry may be changed. */
	struct menu_snapshot *snapshot = error ? NULL : menu_snapshot_keep(e->snapshot);
	while (list) {
		struct waiter *waiter = list;
		list = waiter->next;
		if (waiter->flow) {
			*waiter->snapshot_r = snapshot ? menu_snapshot_keep(snapshot) : NULL;
			flow_resume(waiter->flow, error, "");
		}
		free(waiter);
	}
	menu_snapshot_drop(&snapshot);
}

static void load(struct entry *e)
{
	e->loading = true;
	e->arena = arena_new();
	pg_query(e->store->worker->pg, e->arena, e->restaurant_id, menu_document, NULL, on_loaded, e);
}

static void forget_waiter(void *operation)
{
	((struct waiter *)operation)->flow = NULL;
}

const struct step *menu_store_get(struct flow *f, struct menu_store *store, const char *restaurant_id,
                                  int64_t least_version, struct menu_snapshot **snapshot_r, const struct step *next)
{
	struct entry *e = entry_of(store, restaurant_id);
	bool hit = fresh(e, least_version);
	metric_add(METRIC_menu_cache, 1, hit ? "hit" : "miss");
	if (hit) {
		*snapshot_r = menu_snapshot_keep(e->snapshot);
		f->result.error = ERROR_none;
		return next;
	}
	struct waiter *waiter = calloc(1, sizeof(*waiter));
	if (!waiter)
		abort();
	*waiter = (struct waiter){ .flow = f, .snapshot_r = snapshot_r, .next = e->waiters };
	e->waiters = waiter;
	if (!e->loading)
		load(e);
	return flow_wait(f, forget_waiter, waiter, 0, next);
}

static void on_change(void *ctx, const struct bus_record *record)
{
	struct menu_store *store = ctx;
	struct arena *arena = arena_new();
	struct event event;
	const char *why;
	if (event_decode(arena, record, &event, &why) == ERROR_none && event.id == EVENT_menu_changed) {
		const struct menu_changed *changed = event.payload;
		struct entry *e = NULL;
		HASH_FIND_STR(store->entries, changed->restaurant_id, e);
		if (e && changed->menu_version > e->announced)
			e->announced = changed->menu_version;
	}
	arena_free(&arena);
}

static void on_reading(void *ctx, enum error error)
{
	(void)ctx;
	log_event(error ? LOG_warn : LOG_debug, "menu.changes_read", LOG_S("error", error_row(error)->name));
}

enum error menu_store_new(struct worker *w, struct menu_store **store_r)
{
	struct menu_store *store = calloc(1, sizeof(*store));
	if (!store)
		return ERROR_internal;
	store->worker = w;
	*store_r = store;
	return bus_reader_start(w->bus, TOPIC_menu_changes, BUS_ANY_PARTITION, BUS_FROM_END, on_change, on_reading, store,
	                        &store->reader);
}

void menu_store_free(struct menu_store **store)
{
	if (!*store)
		return;
	bus_reader_stop(&(*store)->reader);
	struct entry *e, *next;
	HASH_ITER(hh, (*store)->entries, e, next)
	{
		HASH_DEL((*store)->entries, e);
		for (struct waiter *waiter = e->waiters, *after; waiter; waiter = after) {
			after = waiter->next;
			free(waiter);
		}
		arena_free(&e->arena);
		menu_snapshot_drop(&e->snapshot);
		free(e);
	}
	free(*store);
	*store = NULL;
}
