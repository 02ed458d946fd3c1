#include "api/api.h"
#include "api/conditional.h"
#include "api/router.h"

struct waiting {
	struct request *request;
	struct menu_wait *wait;
};

static void send_menu(struct request *r, const struct menu_ready *menu)
{
	conditional_reply(r, &(struct representation){
				     .content_type = "application/json",
				     .cache_control = "no-cache",
				     .body = menu->body,
				     .gzip = menu->gzip,
				     .etag = menu->etag,
				     .gzip_etag = menu->gzip_etag,
			     });
}

static void on_gone(void *ctx)
{
	menu_cache_cancel(&((struct waiting *)ctx)->wait);
}

static void on_menu(void *ctx, enum error error, const struct menu_ready *menu)
{
	struct waiting *w = ctx;
	w->wait = NULL;
	if (error)
		request_reply_error(w->request, error, NULL, NULL, 0);
	else
		send_menu(w->request, menu);
}

void menu_get_handle(struct request *r, const struct none *body)
{
	(void)body;
	enum error error;
	const char *slug = request_param(r, "slug");
	const struct menu_ready *menu = menu_cache_peek_menu(the_api.menus, slug, &error);
	if (menu) {
		send_menu(r, menu);
		return;
	}
	if (error) {
		request_reply_error(r, error, NULL, NULL, 0);
		return;
	}
	struct waiting *w = arena_new_of(request_arena(r), struct waiting);
	w->request = r;
	w->wait = menu_cache_ask_menu(the_api.menus, slug, on_menu, w);
	request_on_gone(r, on_gone, w);
}
