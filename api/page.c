#include "api/page.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

#include "schemas.h"

#include "api/api.h"
#include "api/compact.h"
#include "api/conditional.h"
#include "api/gzip.h"
#include "api/request.h"

#define GZIP_LEVEL 6
#define SLUG_TEXT 101
#define ETAG_TEXT 120

struct waiter {
	struct waiter *next, **link;
	struct pages *pages;
	struct request *request;
	struct menu_wait *restaurant;
	const char *slug;
	const struct representation *form, *index;
};

struct page {
	char slug[SLUG_TEXT];
	char restaurant_id[ID_TEXT];
	int64_t version; /* of the menu it was made from */
	uint64_t used;   /* when it was last asked for */
	struct blob *body, *gzip;
	char etag[ETAG_TEXT], gzip_etag[ETAG_TEXT];
	struct pages *pages;
	struct arena *arena; /* of the query under way */
	struct pg_call *call;
	struct waiter *waiting; /* not empty while the query is under way */
};

struct pages {
	struct page v[PAGES_MAX];
	uint64_t clock;
};

struct pages *pages_new(void)
{
	struct pages *p = calloc(1, sizeof(*p));
	if (!p)
		abort();
	return p;
}

static void page_clear(struct page *p)
{
	blob_drop(&p->body);
	blob_drop(&p->gzip);
	p->version = 0;
}

void pages_free(struct pages **pp)
{
	struct pages *pages = *pp;
	*pp = NULL;
	for (size_t i = 0; pages && i < PAGES_MAX; i++) {
		pg_cancel(&pages->v[i].call);
		arena_free(&pages->v[i].arena);
		page_clear(&pages->v[i]);
	}
	free(pages);
}

static void unlink_waiter(struct waiter *w)
{
	if (!w->link)
		return;
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
	w->link = NULL;
}

static void on_gone(void *ctx)
{
	struct waiter *w = ctx;
	menu_cache_cancel(&w->restaurant);
	unlink_waiter(w);
}

static void send_index(struct waiter *w)
{
	request_on_gone(w->request, NULL, NULL);
	conditional_reply(w->request, w->index);
}

static void send_page(struct request *r, const struct page *p)
{
	request_on_gone(r, NULL, NULL);
	conditional_reply(r, &(struct representation){
				     .content_type = "text/html; charset=utf-8",
				     .cache_control = "no-cache",
				     .body = p->body,
				     .gzip = p->gzip,
				     .etag = p->etag,
				     .gzip_etag = p->gzip_etag,
			     });
}

/* --- making it --- */

static void keep(struct page *p, const struct menu_page_row *row, const struct buf *html, const char *form_etag)
{
	size_t len, tag_len = strcspn(form_etag + 1, "\"");
	page_clear(p);
	p->version = row->menu_version;
	p->body = blob_new(html->data, html->len);
	char *packed = gzip_bytes(html->data, html->len, GZIP_LEVEL, &len);
	if (packed)
		p->gzip = blob_new(packed, len);
	free(packed);
	snprintf(p->etag, sizeof(p->etag), "\"%s-%lld-%.*s\"", p->restaurant_id, (long long)p->version, (int)tag_len, form_etag + 1);
	snprintf(p->gzip_etag, sizeof(p->gzip_etag), "\"%s-%lld-%.*s-gz\"", p->restaurant_id, (long long)p->version, (int)tag_len, form_etag + 1);
}

static bool make(struct page *p, const struct menu_page_row *row, const struct representation *form)
{
	struct buf data, html;
	buf_init(&data, PAGE_BYTES_MAX);
	buf_init(&html, PAGE_BYTES_MAX);
	compact_json(&data, row->data);
	page_write(&html, form->body->bytes, form->body->len,
	           &(struct page_words){
			   .title = row->name,
			   .description = row->description,
			   .path = arena_printf(p->arena, "/r/%s", p->slug),
			   .data = buf_text(&data),
			   .cuisine = row->cuisine_type,
			   .menu = arena_printf(p->arena, "/api/v1/restaurants/%s/menu", p->slug),
			   .primary = row->primary_color,
			   .secondary = row->secondary_color,
			   .background = row->background_color,
			   .tells_hours = row->tells_hours,
		   });
	bool fine = !buf_error(&data) && !buf_error(&html);
	if (fine)
		keep(p, row, &html, form->etag);
	buf_free(&data);
	buf_free(&html);
	return fine;
}

static void on_row(void *ctx, const struct pg_result *result)
{
	struct page *p = ctx;
	struct waiter *w = p->waiting;
	p->call = NULL;
	if (result->error)
		log_event(LOG_warn, "page.not_made", LOG_S("slug", p->slug), LOG_S("error", error_row(result->error)->name));
	bool made = w && !result->error && result->rows[0].n && make(p, result->rows[0].v, w->form);
	while ((w = p->waiting)) {
		unlink_waiter(w);
		if (made)
			send_page(w->request, p);
		else
			send_index(w);
	}
	arena_free(&p->arena);
}

/* --- finding it --- */

/* The restaurant's own, else the one that was asked for longest ago; NULL: all are being made. */
static struct page *slot_for(struct pages *pages, const char *slug)
{
	struct page *oldest = NULL;
	for (size_t i = 0; i < PAGES_MAX; i++) {
		struct page *p = &pages->v[i];
		if (!strcmp(p->slug, slug))
			return p;
		if (!p->call && (!oldest || p->used < oldest->used))
			oldest = p;
	}
	if (oldest) {
		page_clear(oldest);
		snprintf(oldest->slug, sizeof(oldest->slug), "%s", slug);
		oldest->pages = pages;
	}
	return oldest;
}

static void wait_for(struct page *p, struct waiter *w)
{
	w->next = p->waiting;
	w->link = &p->waiting;
	if (w->next)
		w->next->link = &w->next;
	p->waiting = w;
	request_on_gone(w->request, on_gone, w);
	if (p->call)
		return;
	p->arena = arena_new();
	p->call = pg_query(the_api.pg, p->arena, p->restaurant_id, menu_page, &(struct menu_page_params){}, on_row, p);
}

static void with_restaurant(struct waiter *w, const struct menu_restaurant *found)
{
	struct page *p = slot_for(w->pages, w->slug);
	if (!p) {
		send_index(w);
		return;
	}
	p->used = ++w->pages->clock;
	if (p->body && p->version >= menu_cache_version(the_api.menus, found->id)) {
		send_page(w->request, p);
		return;
	}
	snprintf(p->restaurant_id, sizeof(p->restaurant_id), "%s", found->id);
	wait_for(p, w);
}

static void on_restaurant(void *ctx, enum error e, const struct menu_restaurant *found)
{
	struct waiter *w = ctx;
	w->restaurant = NULL;
	if (e)
		send_index(w);
	else
		with_restaurant(w, found);
}

static bool is_slug(const char *text)
{
	size_t len = strlen(text);
	return len > 0 && len < SLUG_TEXT && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

void page_send(struct pages *pages, struct request *r, const char *slug, const struct representation *form, const struct representation *index)
{
	struct waiter *w = arena_new_of(request_arena(r), struct waiter);
	enum error e;
	*w = (struct waiter){ .pages = pages, .request = r, .slug = slug, .form = form, .index = index };
	if (!is_slug(slug)) {
		send_index(w);
		return;
	}
	const struct menu_restaurant *found = menu_cache_peek_restaurant(the_api.menus, slug, &e);
	if (found) {
		with_restaurant(w, found);
	} else if (e) {
		send_index(w);
	} else {
		request_on_gone(r, on_gone, w);
		w->restaurant = menu_cache_ask_restaurant(the_api.menus, slug, on_restaurant, w);
	}
}
