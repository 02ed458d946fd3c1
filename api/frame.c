/* frame.c - see frame.h. */
#include "api/frame.h"

#include <string.h>

#include "schemas.h"

#include "api/api.h"
#include "api/request_internal.h"

#define ORIGINS_BYTES_MAX 2000
#define SLUG_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define ORIGIN_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:*-"

struct looking {
	struct request *request;
	frame_next_fn *next;
	struct menu_wait *wait;
};

/* What could not be an origin must not get into a header. */
static bool is_origin(const char *text)
{
	size_t scheme = !strncmp(text, "https://", 8) ? 8 : !strncmp(text, "http://", 7) ? 7
	                                                                                 : 0;
	return scheme && text[scheme] && text[scheme + strspn(text + scheme, ORIGIN_CHARACTERS)] == '\0';
}

static void allow(struct request *r, const struct restaurant *restaurant)
{
	struct buf b;
	buf_init(&b, ORIGINS_BYTES_MAX);
	for (size_t i = 0; i < restaurant->allowed_origins.n; i++)
		if (is_origin(restaurant->allowed_origins.v[i]))
			buf_printf(&b, " %s", restaurant->allowed_origins.v[i]);
	if (b.len && !buf_error(&b))
		r->frame_origins = arena_strdup(request_arena(r), buf_text(&b));
	buf_free(&b);
}

static void on_restaurant(void *ctx, enum error e, const struct menu_restaurant *found)
{
	struct looking *l = ctx;
	request_on_gone(l->request, NULL, NULL);
	if (!e)
		allow(l->request, found->restaurant);
	l->next(l->request);
}

static void on_gone(void *ctx)
{
	struct looking *l = ctx;
	menu_cache_cancel(&l->wait);
}

/* The slug of /r/{slug}..., in the arena; NULL for other paths. */
static const char *slug_of(struct request *r)
{
	const struct target *t = &r->target;
	if (t->segment_count < 2 || t->segments[0].len != 1 || *t->segments[0].at != 'r' || !t->segments[1].len || t->segments[1].len > 100)
		return NULL;
	const char *slug = arena_strndup(request_arena(r), t->segments[1].at, t->segments[1].len);
	return strspn(slug, SLUG_CHARACTERS) == t->segments[1].len ? slug : NULL;
}

void frame_look(struct request *r, frame_next_fn *next)
{
	enum error e = ERROR_none;
	const char *slug = slug_of(r);
	const struct menu_restaurant *found = slug ? menu_cache_peek_restaurant(the_api.menus, slug, &e) : NULL;
	if (found)
		allow(r, found->restaurant);
	if (!slug || found || e) {
		next(r);
		return;
	}
	struct looking *l = arena_new_of(request_arena(r), struct looking);
	*l = (struct looking){ .request = r, .next = next };
	request_on_gone(r, on_gone, l);
	l->wait = menu_cache_ask_restaurant(the_api.menus, slug, on_restaurant, l);
}
