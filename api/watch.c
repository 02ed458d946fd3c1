#include "api/watch.h"

#include <stdlib.h>

#include "common/event.h"
#include "common/pg.h"

#include "schemas.h"

#include "api/access.h"
#include "api/api.h"
#include "api/socket_priv.h"

#define RETRY_S 2

/* Outlives its socket, perhaps. */
struct watching {
	struct arena *arena;
	struct socket *socket;
	struct hub_ref ref;
	const char *import_id;
};

/* NULL: it is gone. */
static struct socket *socket_of(const struct watching *w)
{
	return hub_find(the_api.hub, w->ref) ? w->socket : NULL;
}

static void end(struct watching *w, enum error e)
{
	struct socket *s = socket_of(w);
	if (s && (e == ERROR_unauthorized || e == ERROR_forbidden || e == ERROR_not_found))
		socket_send_error(s, ERROR_not_found, "There is no such import, or the token does not let you see it.", NULL, 0);
	else if (s && e)
		socket_send_error(s, e, error_row(e)->title, NULL, RETRY_S);
	arena_free(&w->arena);
}

static void on_published(void *ctx, enum error e)
{
	end(ctx, e);
}

/* From now on frames of the import reach the socket: there is nothing to catch up with that could come too late. */
static enum error hear(struct watching *w, const char *restaurant_id)
{
	struct hub_subscriber *subscriber = socket_of(w)->subscriber;
	const char *key = arena_printf(w->arena, "%s/import:%s", restaurant_id, w->import_id);
	enum error e = hub_subscribe(subscriber, key, false);
	if (!e)
		hub_deliver(the_api.hub, key, hub_address(subscriber), "attached", NULL, "", 0);
	return e;
}

static void on_access(void *ctx, enum error e, const struct principal *p)
{
	struct watching *w = ctx;
	if (!socket_of(w) || e) {
		end(w, e);
		return;
	}
	e = hear(w, p->restaurant_id);
	struct reply_to to = { .partition = the_api.reply_partition, .socket = arena_strdup(w->arena, hub_address(socket_of(w)->subscriber)) };
	struct import_watched payload = { .import_id = w->import_id, .restaurant_id = p->restaurant_id, .reply_to = &to };
	struct event event = { .id = EVENT_import_watched, .source = "api", .key = w->import_id, .payload = &payload };
	if (!e)
		e = event_publish(the_api.bus, &event, on_published, w);
	if (e)
		end(w, e);
}

void watch_import(struct socket *s, const char *token, const char *import_id)
{
	struct arena *a = arena_new();
	struct watching *w = arena_new_of(a, struct watching);
	struct pg_call *call;
	*w = (struct watching){ .arena = a, .socket = s, .ref = hub_ref(s->subscriber), .import_id = arena_strdup(a, import_id) };
	struct access_question question = { .token = arena_strdup(a, token), .access = ACCESS_VIEWER, .of = OF_IMPORT, .target = w->import_id };
	enum error e = access_ask(a, &question, on_access, w, &call);
	if (e)
		end(w, e);
}
