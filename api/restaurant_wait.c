#include "api/restaurant_wait.h"

#include "api/api.h"

struct waiting {
	struct request *request;
	restaurant_found_fn *next;
	struct menu_wait *wait;
};

static void on_gone(void *ctx)
{
	menu_cache_cancel(&((struct waiting *)ctx)->wait);
}

static void on_restaurant(void *ctx, enum error error, const struct menu_restaurant *restaurant)
{
	struct waiting *w = ctx;
	struct request *r = w->request;
	w->wait = NULL;
	request_on_gone(r, NULL, NULL);
	if (error)
		request_reply_error(r, error, NULL, NULL, 0);
	else
		w->next(r, restaurant);
}

void restaurant_wait(struct request *r, restaurant_found_fn *next)
{
	enum error error;
	const char *slug = request_param(r, "slug");
	const struct menu_restaurant *found = menu_cache_peek_restaurant(the_api.menus, slug, &error);
	if (found) {
		next(r, found);
		return;
	}
	if (error) {
		request_reply_error(r, error, NULL, NULL, 0);
		return;
	}
	struct waiting *w = arena_new_of(request_arena(r), struct waiting);
	w->request = r;
	w->next = next;
	w->wait = menu_cache_ask_restaurant(the_api.menus, slug, on_restaurant, w);
	request_on_gone(r, on_gone, w);
}
