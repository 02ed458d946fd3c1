#include "api/menu_entry.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/metric.h"

#include "schemas.h"

#define UNKNOWN_MAX 64 /* entries that only say "no such restaurant"; a flood of wrong slugs must not push menus out */
#define LOAD_TICK_MS 100

struct menu_wait {
	struct menu_wait *next, **link;
	struct menu_cache *cache;
	struct menu_entry *entry;
	menu_restaurant_fn *on_restaurant;
	menu_ready_fn *on_menu;
	void *ctx;
};

static void wait_push(struct menu_wait **head, struct menu_wait *w)
{
	while (*head) /* first come, first served */
		head = &(*head)->next;
	w->next = NULL;
	w->link = head;
	*head = w;
}

static void wait_unlink(struct menu_wait *w)
{
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
}

/* Moves the whole list to a head of the caller's. */
static void wait_take_all(struct menu_wait **from, struct menu_wait **to)
{
	*to = *from;
	*from = NULL;
	if (*to)
		(*to)->link = to;
}

static uint32_t hash(const char *slug)
{
	uint32_t h = 2166136261u;
	for (; *slug; slug++)
		h = (h ^ (unsigned char)*slug) * 16777619u;
	return (h ^ h >> 15) % MENU_CACHE_SLOTS;
}

static struct menu_entry *find(const struct menu_cache *c, const char *slug)
{
	struct menu_entry *e = c->slots[hash(slug)];
	while (e && strcmp(e->slug, slug) != 0)
		e = e->next;
	return e;
}

static void list_remove(struct menu_entry *e)
{
	struct menu_cache *c = e->cache;
	*(e->newer ? &e->newer->older : &c->newest) = e->older;
	*(e->older ? &e->older->newer : &c->oldest) = e->newer;
}

static void list_add(struct menu_entry *e)
{
	struct menu_cache *c = e->cache;
	e->newer = NULL;
	e->older = c->newest;
	*(c->newest ? &c->newest->newer : &c->oldest) = e;
	c->newest = e;
}

static void touch(struct menu_entry *e)
{
	if (e->cache->newest == e)
		return;
	list_remove(e);
	list_add(e);
}

void menu_entry_clear(struct menu_entry *e)
{
	size_t before = e->bytes;
	blob_drop(&e->restaurant.body);
	blob_drop(&e->menu.body);
	blob_drop(&e->menu.gzip);
	arena_free(&e->arena);
	e->restaurant = (struct menu_restaurant){ 0 };
	e->menu = (struct menu_ready){ 0 };
	e->has_restaurant = e->has_menu = e->unknown = false;
	e->bytes = 0;
	e->cache->bytes -= before;
}

static void entry_free(struct menu_entry *e)
{
	struct menu_cache *c = e->cache;
	struct menu_entry **at = &c->slots[hash(e->slug)];
	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	list_remove(e);
	c->entries--;
	menu_entry_clear(e);
	free(e);
}

static bool evictable(const struct menu_entry *e)
{
	return !e->waiting && !e->load && !e->pinned;
}

static void make_room(struct menu_cache *c)
{
	size_t unknown = 0;
	for (struct menu_entry *e = c->newest, *older; e; e = older) {
		older = e->older;
		if (e->unknown && ++unknown > UNKNOWN_MAX && evictable(e))
			entry_free(e);
	}
	for (struct menu_entry *e = c->oldest, *newer; e && (c->entries > MENU_CACHE_ENTRIES_MAX || c->bytes > MENU_CACHE_BYTES_MAX); e = newer) {
		newer = e->newer;
		if (evictable(e))
			entry_free(e);
	}
}

void menu_entry_grown(struct menu_entry *e, size_t before)
{
	e->bytes = (e->restaurant.body ? e->restaurant.body->len : 0) + (e->menu.body ? e->menu.body->len : 0) + (e->menu.gzip ? e->menu.gzip->len : 0);
	e->cache->bytes += e->bytes - before;
	e->pinned++;
	make_room(e->cache);
	e->pinned--;
}

static struct menu_entry *entry_for(struct menu_cache *c, const char *slug)
{
	struct menu_entry *e = find(c, slug);
	if (e)
		return e;
	size_t len = strlen(slug) + 1;
	e = calloc(1, sizeof(*e) + len);
	if (!e)
		abort();
	e->cache = c;
	memcpy(e->slug, slug, len);
	e->next = c->slots[hash(slug)];
	c->slots[hash(slug)] = e;
	list_add(e);
	c->entries++;
	e->pinned++;
	make_room(c);
	e->pinned--;
	return e;
}

/* Old contents are still right (changes are announced), but announcements may have been lost: read again behind the back of those who ask. */
static void keep_fresh(struct menu_entry *e, int64_t now)
{
	if (now - e->read_ms < MENU_CACHE_MAX_AGE_MS || e->load)
		return;
	e->read_ms = now - MENU_CACHE_MAX_AGE_MS + 10000; /* not again at once when it fails */
	menu_load_start(e, true);
}

/* The entry with its contents looked at: NULL when there is none. */
static struct menu_entry *peek(struct menu_cache *c, const char *slug, enum error *error_r)
{
	struct menu_entry *e = find(c, slug);
	*error_r = ERROR_none;
	if (!e)
		return NULL;
	int64_t now = (int64_t)uv_now(c->loop);
	if (e->unknown && now - e->read_ms < MENU_CACHE_UNKNOWN_MS)
		*error_r = ERROR_not_found;
	if (!e->has_restaurant || !c->watched)
		return NULL;
	touch(e);
	keep_fresh(e, now);
	return e;
}

/* A dish came back by itself: the menu is read again. */
static bool is_over(struct menu_entry *e)
{
	if (!e->outdated_wall_ms || clock_wall_ms() < e->outdated_wall_ms || e->pinned)
		return false;
	e->has_menu = false;
	e->outdated_wall_ms = 0;
	return true;
}

const struct menu_restaurant *menu_cache_peek_restaurant(struct menu_cache *c, const char *slug, enum error *error_r)
{
	struct menu_entry *e = peek(c, slug, error_r);
	return e ? &e->restaurant : NULL;
}

const struct menu_ready *menu_cache_peek_menu(struct menu_cache *c, const char *slug, enum error *error_r)
{
	struct menu_entry *e = peek(c, slug, error_r);
	if (!e || !e->has_menu || is_over(e))
		return NULL;
	metric_add(METRIC_menu_cache, 1, "hit");
	return &e->menu;
}

static void call(struct menu_wait *w, enum error error)
{
	struct menu_wait done = *w;
	w->cache->waiters--;
	free(w);
	if (done.on_menu)
		done.on_menu(done.ctx, error, error ? NULL : &done.entry->menu);
	else
		done.on_restaurant(done.ctx, error, error ? NULL : &done.entry->restaurant);
}

bool menu_entry_wants_menu(const struct menu_entry *e)
{
	for (const struct menu_wait *w = e->waiting; w; w = w->next)
		if (w->on_menu)
			return true;
	return false;
}

void menu_entry_deliver(struct menu_entry *e, bool menu, enum error error)
{
	struct menu_wait *list;
	wait_take_all(&e->waiting, &list);
	e->pinned++;
	while (list) {
		struct menu_wait *w = list;
		wait_unlink(w);
		if ((w->on_menu != NULL) == menu)
			call(w, error);
		else
			wait_push(&e->waiting, w);
	}
	e->pinned--;
}

/* They asked for what was there; it may be gone by now. */
static void on_due(uv_timer_t *timer)
{
	struct menu_cache *c = timer->data;
	struct menu_wait *list;
	wait_take_all(&c->due, &list);
	while (list) {
		struct menu_wait *w = list;
		struct menu_entry *e = w->entry;
		bool there = w->on_menu ? e->has_menu : e->has_restaurant;
		wait_unlink(w);
		if (there || e->unknown) {
			call(w, there ? ERROR_none : ERROR_not_found);
			e->pinned--;
			continue;
		}
		e->pinned--;
		wait_push(&e->waiting, w);
		menu_load_start(e, false);
	}
}

static struct menu_wait *ask(struct menu_cache *c, const char *slug, menu_restaurant_fn *on_restaurant, menu_ready_fn *on_menu, void *ctx)
{
	struct menu_wait *w = calloc(1, sizeof(*w));
	if (!w)
		abort();
	struct menu_entry *e = entry_for(c, slug);
	*w = (struct menu_wait){ .cache = c, .entry = e, .on_restaurant = on_restaurant, .on_menu = on_menu, .ctx = ctx };
	bool there = c->watched && (on_menu ? e->has_menu : e->has_restaurant);
	bool unknown = e->unknown && (int64_t)uv_now(c->loop) - e->read_ms < MENU_CACHE_UNKNOWN_MS;
	metric_add(METRIC_menu_cache, 1, there ? "hit" : unknown ? "unknown"
	                                         : e->load       ? "joined"
	                                                         : "miss");
	c->waiters++;
	if (there || unknown) {
		e->pinned++;
		wait_push(&c->due, w);
		uv_timer_start(&c->due_timer, on_due, 0, 0);
	} else {
		wait_push(&e->waiting, w);
		menu_load_start(e, !c->watched);
	}
	return w;
}

struct menu_wait *menu_cache_ask_restaurant(struct menu_cache *c, const char *slug, menu_restaurant_fn *done, void *ctx)
{
	return ask(c, slug, done, NULL, ctx);
}

struct menu_wait *menu_cache_ask_menu(struct menu_cache *c, const char *slug, menu_ready_fn *done, void *ctx)
{
	return ask(c, slug, NULL, done, ctx);
}

static bool is_due(const struct menu_wait *w)
{
	for (const struct menu_wait *d = w->cache->due; d; d = d->next)
		if (d == w)
			return true;
	return false;
}

void menu_cache_cancel(struct menu_wait **wait)
{
	struct menu_wait *w = *wait;
	*wait = NULL;
	if (!w)
		return;
	if (is_due(w))
		w->entry->pinned--;
	wait_unlink(w);
	w->cache->waiters--;
	free(w);
}

int64_t menu_cache_version(const struct menu_cache *c, const char *restaurant_id)
{
	for (const struct menu_entry *e = c->newest; e; e = e->older)
		if (e->has_restaurant && !strcmp(e->restaurant.id, restaurant_id))
			return e->version;
	return 0;
}

/* Those who come from now on must not see what is older. */
static void outdate(struct menu_entry *e, const char *restaurant_id, int64_t version)
{
	if (restaurant_id && strcmp(e->version_of, restaurant_id) != 0) {
		memcpy(e->version_of, restaurant_id, strnlen(restaurant_id, ID_TEXT - 1) + 1);
		e->version = version;
	} else if (version > e->version) {
		e->version = version;
	}
	if (e->load)
		menu_load_again(e->load);
	if (!e->pinned)
		menu_entry_clear(e);
	else
		e->has_menu = e->has_restaurant = e->unknown = false;
}

void menu_cache_changed(struct menu_cache *c, const struct menu_changed *change)
{
	for (struct menu_entry *e = c->newest, *older; e; e = older) {
		older = e->older;
		bool same_id = e->has_restaurant && !strcmp(e->restaurant.id, change->restaurant_id);
		bool same_slug = change->slug && !strcmp(e->slug, change->slug);
		if (same_id || same_slug)
			outdate(e, change->restaurant_id, change->menu_version);
		else if (!e->has_restaurant && !change->slug && e->load)
			menu_load_again(e->load); /* it may be this one */
	}
}

void menu_cache_watched(struct menu_cache *c)
{
	menu_cache_forget(c);
	c->watched = true;
}

void menu_cache_forget(struct menu_cache *c)
{
	for (struct menu_entry *e = c->newest; e; e = e->older)
		outdate(e, NULL, 0);
}

size_t menu_cache_entries(const struct menu_cache *c)
{
	return c->entries;
}

size_t menu_cache_bytes(const struct menu_cache *c)
{
	return c->bytes;
}

static void on_load_tick(uv_timer_t *timer)
{
	menu_load_tick(timer->data, clock_ms());
}

struct menu_cache *menu_cache_new(uv_loop_t *loop, struct pg *pg)
{
	struct menu_cache *c = calloc(1, sizeof(*c));
	if (!c)
		abort();
	c->loop = loop;
	c->pg = pg;
	uv_timer_init(loop, &c->due_timer);
	uv_timer_init(loop, &c->load_timer);
	c->due_timer.data = c->load_timer.data = c;
	c->handles = 2;
	uv_timer_start(&c->load_timer, on_load_tick, LOAD_TICK_MS, LOAD_TICK_MS);
	uv_unref((uv_handle_t *)&c->load_timer);
	return c;
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct menu_cache *c = handle->data;
	if (!--c->handles)
		free(c);
}

static void drop_waiters(struct menu_wait **head)
{
	while (*head) {
		struct menu_wait *w = *head;
		wait_unlink(w);
		free(w);
	}
}

void menu_cache_free(struct menu_cache **cp)
{
	struct menu_cache *c = *cp;
	*cp = NULL;
	if (!c)
		return;
	drop_waiters(&c->due);
	while (c->newest) {
		struct menu_entry *e = c->newest;
		drop_waiters(&e->waiting);
		if (e->load)
			menu_load_cancel(e->load, ERROR_none);
		entry_free(e);
	}
	uv_close((uv_handle_t *)&c->due_timer, on_handle_closed);
	uv_close((uv_handle_t *)&c->load_timer, on_handle_closed);
}
