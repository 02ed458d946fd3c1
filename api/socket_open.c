/* socket_open.c - see socket_priv.h: from GET /ws/{slug} to a socket that was welcomed. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/place.h"
#include "api/router.h"
#include "api/socket_priv.h"
#include "common/guests.h"
#include "common/log.h"
#include "schemas.h"

#define DISCLOSURE "You are talking to an AI assistant. Prices, allergens and availability come from the restaurant's menu; for severe allergies please also ask the staff."
#define ASSISTANT_NAME "Assistant"
#define ASSISTANT_GREETING "Hello! What would you like to know about our menu?"

static bool on_list(const char *origin, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(origin, v[i]) == 0)
			return true;
	return false;
}

/* Our own pages: the origin's host is the one that was asked for. */
static bool is_own(const char *origin, const char *host)
{
	const char *at = strstr(origin, "://");
	return at != NULL && host != NULL && strcasecmp(at + 3, host) == 0;
}

/* None at all is no browser; "null" and strangers are refused, because a browser would send them its user's words. */
static bool origin_allowed(struct request *r, const struct restaurant *restaurant)
{
	const char *origin = request_header(r, "origin");
	const struct config_list *ours = &the_api.config->cors_origins;

	if (origin == NULL || is_own(origin, request_header(r, "host")))
		return true;
	return on_list(origin, ours->v, ours->n) || on_list(origin, restaurant->allowed_origins.v, restaurant->allowed_origins.n);
}

static void send_welcome(struct socket *s, const struct restaurant *restaurant)
{
	const struct avatar_config *avatar = restaurant->avatar_config;
	struct restaurant_card card = {
		.id = restaurant->id,
		.name = restaurant->name,
		.slug = restaurant->slug,
		.currency = restaurant->currency,
		.timezone = restaurant->timezone,
	};
	struct assistant_card assistant = {
		.name = avatar != NULL && avatar->name != NULL ? avatar->name : ASSISTANT_NAME,
		.greeting = avatar != NULL && avatar->greeting != NULL ? avatar->greeting : ASSISTANT_GREETING,
	};
	struct welcome welcome = {
		.type = "welcome",
		.restaurant = &card,
		.assistant = &assistant,
		.disclosure = DISCLOSURE,
		.menu_version = s->room->place.menu_version,
	};
	struct buf b;

	buf_init(&b, SOCKET_FRAME_MAX);
	if (schema_encode(&b, &schema_welcome, &welcome) != ERROR_none)
		log_event(LOG_error, "socket.no_welcome", LOG_S("slug", restaurant->slug));
	socket_send_buf(s, &b);
}

static void upgrade(struct request *r, const struct menu_restaurant *found, void *ctx)
{
	struct chat_place place = {
		.restaurant_id = found->id,
		.slug = found->slug,
		.menu_version = menu_cache_version(the_api.menus, found->id),
	};

	(void)ctx;
	if (!origin_allowed(r, found->restaurant)) {
		request_reply_error(r, ERROR_forbidden, "This origin is not on the list of origins that may connect.", NULL, 0);
		return;
	}
	char *address = strdup(request_address(r)); /* the request is dead once it is upgraded */
	bool bot = guest_is_bot(request_header(r, "user-agent"));
	struct stream *stream = request_upgrade_websocket(r);
	if (stream != NULL) {
		struct socket *s = socket_new(stream, &place, address == NULL ? "" : address);
		s->bot = bot;
		send_welcome(s, found->restaurant);
	}
	free(address);
}

void socket_upgrade_handle(struct request *r, const struct none *in)
{
	(void)in;
	place_find(r, upgrade, NULL);
}
