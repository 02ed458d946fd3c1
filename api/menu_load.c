/* Filling an entry: the restaurant by its slug, then (when it is wanted) the menu, made ready to send and gzipped.
 *
 * A load belongs to one entry and ends in one place, finish(). What it read is compared with the newest version that was announced meanwhile; older: again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/metric.h"

#include "schemas.h"

#include "api/compact.h"
#include "api/gzip.h"
#include "api/menu_entry.h"

#define BODY_BYTES_MAX ((size_t)24 << 20)
#define GZIP_HERE_MAX (64 << 10) /* more is gzipped on libuv's thread pool */
#define GZIP_LEVEL 6

struct menu_load {
	uv_work_t work;
	struct menu_load *next, **link;
	struct menu_entry *entry; /* NULL: cancelled while the thread pool was at work */
	struct arena *arena;      /* of rows */
	struct pg_call *call;
	int64_t by_ms;
	int tries;
	bool refresh, again, gzipping;
	struct blob *body; /* the menu while it is made */
	struct blob *gzip;
	int64_t version;
	int64_t again_count, again_ms; /* of menu_document */
};

static void read_restaurant(struct menu_load *l);
static void read_menu(struct menu_load *l);

static void load_free(struct menu_load *l)
{
	blob_drop(&l->body);
	blob_drop(&l->gzip);
	arena_free(&l->arena);
	free(l);
}

static void detach(struct menu_load *l)
{
	l->entry->load = NULL;
	*l->link = l->next;
	if (l->next)
		l->next->link = l->link;
	pg_cancel(&l->call);
	l->entry = NULL;
	if (!l->gzipping)
		load_free(l);
}

/* The end. Who waits for what is not there gets the error; with none, those who came late for something else get a load of their own. */
static void finish(struct menu_load *l, enum error error)
{
	struct menu_entry *e = l->entry;
	if (error && error != ERROR_not_found)
		log_event(LOG_warn, "menu.load_failed", LOG_S("slug", e->slug), LOG_S("error", error_row(error)->name));
	e->pinned++;
	detach(l);
	if (error || e->has_restaurant)
		menu_entry_deliver(e, false, error);
	if (error || e->has_menu)
		menu_entry_deliver(e, true, error);
	if (e->waiting && !e->load)
		menu_load_start(e, false);
	e->pinned--;
}

void menu_load_cancel(struct menu_load *l, enum error error)
{
	if (error)
		finish(l, error);
	else
		detach(l);
}

void menu_load_again(struct menu_load *l)
{
	l->again = true;
}

void menu_load_tick(struct menu_cache *c, int64_t now_ms)
{
	for (struct menu_load *l = c->loads, *next; l; l = next) {
		next = l->next;
		if (now_ms < l->by_ms)
			continue;
		finish(l, ERROR_deadline);
		next = c->loads; /* callbacks may have ended others */
	}
}

/* Was something announced that this read may be older than? Then it is made again, a few times. */
static bool outdated(struct menu_load *l, const char *restaurant_id, int64_t version)
{
	struct menu_entry *e = l->entry;
	bool other = !restaurant_id || strcasecmp(restaurant_id, e->version_of) != 0;
	if (!l->again && (other || version >= e->version))
		return false;
	l->again = false;
	if (++l->tries < MENU_LOAD_TRIES)
		read_restaurant(l);
	else
		finish(l, ERROR_overloaded);
	return true;
}

/* What PostgreSQL sends fits: a connection's messages are bounded far below. */
static struct blob *compact_blob(const char *json)
{
	struct buf b;
	buf_init(&b, BODY_BYTES_MAX);
	compact_json(&b, json);
	struct blob *blob = blob_new(buf_text(&b), b.len);
	buf_free(&b);
	return blob;
}

static void set_restaurant(struct menu_entry *e, const struct restaurant_by_slug_row *row, const struct restaurant *decoded, struct arena *arena)
{
	size_t before = e->bytes;
	arena_free(&e->arena);
	blob_drop(&e->restaurant.body);
	e->arena = arena;
	e->restaurant = (struct menu_restaurant){
		.id = arena_strdup(arena, row->id),
		.slug = e->slug,
		.restaurant = decoded,
		.body = compact_blob(row->body),
		.etag = e->etag,
	};
	e->menu.restaurant_id = e->restaurant.id;
	snprintf(e->etag, sizeof(e->etag), "\"%s-r%lld\"", row->id, (long long)row->menu_version);
	e->version = row->menu_version;
	snprintf(e->version_of, sizeof(e->version_of), "%s", row->id);
	e->has_restaurant = true;
	e->unknown = false;
	e->read_ms = (int64_t)uv_now(e->cache->loop);
	menu_entry_grown(e, before);
}

static void on_restaurant(void *ctx, const struct pg_result *result)
{
	struct menu_load *l = ctx;
	struct menu_entry *e = l->entry;
	const struct restaurant_by_slug_row *row = result->rows[0].v;
	l->call = NULL;
	if (result->error) {
		finish(l, result->error);
		return;
	}
	if (!result->rows[0].n) {
		if (outdated(l, NULL, 0))
			return;
		menu_entry_clear(e);
		e->unknown = true;
		e->read_ms = (int64_t)uv_now(e->cache->loop);
		finish(l, ERROR_not_found);
		return;
	}
	if (outdated(l, row->id, row->menu_version))
		return;
	struct arena *arena = arena_new();
	struct restaurant *decoded = arena_new_of(arena, struct restaurant);
	if (schema_decode(arena, &schema_restaurant, row->body, strlen(row->body), decoded, NULL)) {
		arena_free(&arena);
		finish(l, ERROR_db_failed);
		return;
	}
	bool had_menu = e->has_menu;
	set_restaurant(e, row, decoded, arena);
	menu_entry_deliver(e, false, ERROR_none);
	if (e->load != l)
		return;
	if (menu_entry_wants_menu(e) || (l->refresh && had_menu))
		read_menu(l);
	else
		finish(l, ERROR_none);
}

static void publish(struct menu_load *l)
{
	struct menu_entry *e = l->entry;
	if (outdated(l, e->restaurant.id, l->version))
		return;
	size_t before = e->bytes;
	blob_drop(&e->menu.body);
	blob_drop(&e->menu.gzip);
	char back[24] = ""; /* of the same version: how many dishes have come back by themselves */
	if (l->again_count)
		snprintf(back, sizeof(back), ".%lld", (long long)l->again_count);
	snprintf(e->menu_etag, sizeof(e->menu_etag), "\"%s-%lld%s\"", e->restaurant.id, (long long)l->version, back);
	snprintf(e->menu_gzip_etag, sizeof(e->menu_gzip_etag), "\"%s-%lld%s-gz\"", e->restaurant.id, (long long)l->version, back);
	e->outdated_wall_ms = l->again_ms;
	e->menu = (struct menu_ready){
		.restaurant_id = e->restaurant.id,
		.menu_version = l->version,
		.body = l->body,
		.gzip = l->gzip,
		.etag = e->menu_etag,
		.gzip_etag = e->menu_gzip_etag,
	};
	l->body = l->gzip = NULL;
	e->version = l->version;
	e->has_menu = true;
	menu_entry_grown(e, before);
	finish(l, ERROR_none);
}

static void gzip_now(struct menu_load *l)
{
	size_t len;
	char *packed = gzip_bytes(l->body->bytes, l->body->len, GZIP_LEVEL, &len);
	if (packed)
		l->gzip = blob_new(packed, len);
	free(packed);
}

static void on_pool(uv_work_t *work)
{
	gzip_now((struct menu_load *)work);
}

static void on_pool_done(uv_work_t *work, int status)
{
	struct menu_load *l = (struct menu_load *)work;
	(void)status;
	l->gzipping = false;
	if (l->entry)
		publish(l);
	else
		load_free(l);
}

static void pack(struct menu_load *l)
{
	if (l->body->len > GZIP_HERE_MAX && !uv_queue_work(l->entry->cache->loop, &l->work, on_pool, on_pool_done)) {
		l->gzipping = true;
		return;
	}
	gzip_now(l);
	publish(l);
}

static void on_menu(void *ctx, const struct pg_result *result)
{
	struct menu_load *l = ctx;
	const struct menu_document_row *row = result->rows[0].v;
	struct buf b;
	l->call = NULL;
	if (result->error || !result->rows[0].n) {
		finish(l, result->error ? result->error : ERROR_not_found);
		return;
	}
	if (outdated(l, l->entry->restaurant.id, row->menu_version))
		return;
	buf_init(&b, BODY_BYTES_MAX);
	buf_str(&b, "{\"restaurant\":");
	compact_json(&b, row->restaurant);
	buf_printf(&b, ",\"menu_version\":%lld,\"categories\":", (long long)row->menu_version);
	compact_json(&b, row->categories);
	buf_char(&b, '}');
	enum error e = buf_error(&b);
	blob_drop(&l->body);
	blob_drop(&l->gzip);
	if (!e)
		l->body = blob_new(buf_text(&b), b.len);
	l->version = row->menu_version;
	l->again_count = row->again_count;
	l->again_ms = row->again_ms;
	buf_free(&b);
	if (e)
		finish(l, e);
	else
		pack(l);
}

static void fresh_arena(struct menu_load *l)
{
	arena_free(&l->arena);
	l->arena = arena_new();
}

static void read_restaurant(struct menu_load *l)
{
	struct menu_entry *e = l->entry;
	fresh_arena(l);
	l->call = pg_query(e->cache->pg, l->arena, NULL, restaurant_by_slug, (&(struct restaurant_by_slug_params){ .slug = e->slug }), on_restaurant, l);
}

static void read_menu(struct menu_load *l)
{
	struct menu_entry *e = l->entry;
	fresh_arena(l);
	l->call = pg_query(e->cache->pg, l->arena, e->restaurant.id, menu_document, (&(struct menu_document_params){}), on_menu, l);
}

void menu_load_start(struct menu_entry *e, bool refresh)
{
	struct menu_cache *c = e->cache;
	if (e->load)
		return;
	struct menu_load *l = calloc(1, sizeof(*l));
	if (!l)
		abort();
	*l = (struct menu_load){ .entry = e, .by_ms = clock_ms() + MENU_LOAD_MS, .refresh = refresh };
	e->load = l;
	l->next = c->loads;
	l->link = &c->loads;
	if (l->next)
		l->next->link = &l->next;
	c->loads = l;
	if (e->has_restaurant && !refresh)
		read_menu(l);
	else
		read_restaurant(l);
}
