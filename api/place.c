/* place.c - see place.h */
#include "api/place.h"

#include "api/api.h"
#include "api/chat.h"
#include "api/request.h"

struct finding {
	struct request *request;
	struct menu_wait *wait;
	place_fn *next;
	void *ctx;
};

static void refuse(struct request *r, enum error e)
{
	if (e == ERROR_not_found)
		request_reply_error(r, e, "There is no such restaurant.", NULL, 0);
	else
		request_reply_error(r, e, NULL, NULL, CHAT_RETRY_S);
}

static void on_restaurant(void *ctx, enum error e, const struct menu_restaurant *found)
{
	struct finding *f = ctx;

	request_on_gone(f->request, NULL, NULL);
	if (e == ERROR_none)
		f->next(f->request, found, f->ctx);
	else
		refuse(f->request, e);
}

static void on_gone(void *ctx)
{
	struct finding *f = ctx;

	menu_cache_cancel(&f->wait);
}

void place_find(struct request *r, place_fn *next, void *ctx)
{
	const char *slug = request_param(r, "slug");
	enum error e;
	const struct menu_restaurant *found = menu_cache_peek_restaurant(the_api.menus, slug, &e);

	if (found != NULL) {
		next(r, found, ctx);
		return;
	}
	if (e != ERROR_none) {
		refuse(r, e);
		return;
	}
	struct finding *f = arena_new_of(request_arena(r), struct finding);
	*f = (struct finding){ .request = r, .next = next, .ctx = ctx };
	request_on_gone(r, on_gone, f);
	f->wait = menu_cache_ask_restaurant(the_api.menus, slug, on_restaurant, f);
}
