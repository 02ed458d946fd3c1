/* live.c - see live.h. */
#include "api/live.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/pg.h"
#include "schemas.h"

#include "api/access.h"
#include "api/api.h"
#include "api/socket_priv.h"

#define LIVE_MS 2000
#define WATCHERS_MAX 1000 /* of one process */
#define FRAME_MAX ((size_t)8 << 10)

struct watcher {
	struct watcher *next;
	struct socket *socket;
	struct hub_ref ref;
	char restaurant_id[ID_TEXT];
	char slug[104];
	int round; /* of the last query that it is answered by */
};

static struct {
	struct watcher *first;
	struct reading *readings;
	size_t count;
	int round;
	uv_timer_t timer;
	bool started;
} live;

/* Outlives its socket, perhaps. */
struct asking {
	struct arena *arena;
	struct socket *socket;
	struct hub_ref ref;
};

/* Of the queries under way. */
struct reading {
	struct reading *next, **link;
	struct arena *arena;
	struct pg_call *call;
	char restaurant_id[ID_TEXT];
};

static bool there(const struct watcher *w)
{
	return hub_find(the_api.hub, w->ref) != NULL;
}

static void sweep(void)
{
	for (struct watcher **at = &live.first; *at;) {
		struct watcher *w = *at;
		if (there(w)) {
			at = &w->next;
			continue;
		}
		*at = w->next;
		free(w);
		live.count--;
	}
}

static void tell(const struct watcher *w, struct arena *a, const char *figures)
{
	struct live_figures *f = arena_new_of(a, struct live_figures);
	struct live frame = { .type = "live", .slug = w->slug, .figures = f };
	struct buf b;
	if (schema_decode(a, &schema_live_figures, figures, strlen(figures), f, NULL))
		return;
	buf_init(&b, FRAME_MAX);
	if (!schema_encode(&b, &schema_live, &frame))
		socket_send(w->socket, buf_text(&b), b.len);
	buf_free(&b);
}

static void end_reading(struct reading *reading)
{
	struct arena *arena = reading->arena;
	*reading->link = reading->next;
	if (reading->next)
		reading->next->link = reading->link;
	arena_free(&arena);
}

static void on_figures(void *ctx, const struct pg_result *result)
{
	struct reading *reading = ctx;
	const struct analytics_live_row *row = result->rows[0].n ? result->rows[0].v : NULL;
	if (result->error)
		log_event(LOG_warn, "live.not_read", LOG_S("error", error_row(result->error)->name));
	for (struct watcher *w = live.first; w && row && row->body; w = w->next)
		if (there(w) && strcmp(w->restaurant_id, reading->restaurant_id) == 0)
			tell(w, reading->arena, row->body);
	end_reading(reading);
}

static void read_figures(const char *restaurant_id)
{
	struct arena *a = arena_new();
	struct reading *reading = arena_new_of(a, struct reading);
	*reading = (struct reading){ .arena = a, .next = live.readings, .link = &live.readings };
	if (reading->next)
		reading->next->link = &reading->next;
	live.readings = reading;
	memcpy(reading->restaurant_id, restaurant_id, ID_TEXT);
	for (struct watcher *w = live.first; w; w = w->next)
		if (strcmp(w->restaurant_id, restaurant_id) == 0)
			w->round = live.round;
	reading->call = pg_query(the_api.pg, a, reading->restaurant_id, analytics_live, &(struct analytics_live_params){}, on_figures, reading);
}

static void on_timer(uv_timer_t *timer)
{
	sweep();
	live.round++;
	for (struct watcher *w = live.first; w; w = w->next)
		if (w->round != live.round)
			read_figures(w->restaurant_id);
	if (!live.first)
		uv_timer_stop(timer);
}

static enum error add(struct socket *s, const struct principal *p)
{
	struct watcher *w = live.count < WATCHERS_MAX ? calloc(1, sizeof(*w)) : NULL;
	if (!w)
		return ERROR_overloaded;
	w->socket = s;
	w->ref = hub_ref(s->subscriber);
	memcpy(w->restaurant_id, p->restaurant_id, strnlen(p->restaurant_id, ID_TEXT - 1));
	memcpy(w->slug, p->slug, strnlen(p->slug, sizeof(w->slug) - 1));
	w->next = live.first;
	live.first = w;
	live.count++;
	if (!live.started)
		uv_timer_init(the_api.loop, &live.timer);
	live.started = true;
	uv_timer_start(&live.timer, on_timer, LIVE_MS, LIVE_MS);
	read_figures(w->restaurant_id);
	return ERROR_none;
}

static void on_access(void *ctx, enum error e, const struct principal *p)
{
	struct asking *q = ctx;
	struct socket *s = hub_find(the_api.hub, q->ref) ? q->socket : NULL;
	if (s && !e)
		e = add(s, p);
	if (s && (e == ERROR_unauthorized || e == ERROR_forbidden || e == ERROR_not_found))
		socket_send_error(s, ERROR_not_found, "There is no such restaurant, or the token does not let you see it.", NULL, 0);
	else if (s && e)
		socket_send_error(s, e, error_row(e)->title, NULL, 2);
	arena_free(&q->arena);
}

void live_watch(struct socket *s, const char *token, const char *slug)
{
	struct arena *a = arena_new();
	struct asking *q = arena_new_of(a, struct asking);
	struct pg_call *call;
	*q = (struct asking){ .arena = a, .socket = s, .ref = hub_ref(s->subscriber) };
	struct access_question question = { .token = arena_strdup(a, token), .access = ACCESS_VIEWER, .of = OF_SLUG, .target = arena_strdup(a, slug) };
	enum error e = access_ask(a, &question, on_access, q, &call);
	if (e)
		on_access(q, e, NULL);
}

void live_stop(void)
{
	if (live.started)
		uv_close((uv_handle_t *)&live.timer, NULL);
	live.started = false;
	while (live.readings) {
		pg_cancel(&live.readings->call);
		end_reading(live.readings);
	}
	while (live.first) {
		struct watcher *w = live.first;
		live.first = w->next;
		free(w);
	}
	live.count = 0;
}
