#include "api/drain.h"

#include "common/clock.h"
#include "common/log.h"
#include "common/trace.h"

#include "api/account.h"
#include "api/api.h"
#include "api/chat_trace.h"
#include "api/document.h"
#include "api/edit.h"
#include "api/live.h"
#include "api/menu_watch.h"
#include "api/reply_claim.h"
#include "api/server.h"
#include "api/site.h"
#include "api/socket.h"

#define LOOK_MS 10
#define FLUSH_MS 2000
#define GRACE_MS 500      /* at least, while there are connections: a gateway uses those that it keeps once more, and hears that they close */
#define SPREAD_PERCENT 70 /* of DRAIN_MS: until then the last socket is closed; the rest is for its goodbye */

static struct {
	uv_timer_t look;
	int64_t from_ms, by_ms;
	bool ending, late;
} drain;

/* The reverse of main.c's start. Handles close in the turns that follow; then nothing is left for the loop to do. */
static void close_all(void *ctx)
{
	(void)ctx;
	edit_stop();
	live_stop();
	chat_trace_stop();
	trace_stop();
	sockets_stop();
	menu_watch_stop();
	reply_claim_stop();
	account_admin_stop();
	menu_cache_free(&the_api.menus);
	hub_free(&the_api.hub);
	limit_free(&the_api.session_limit);
	limit_free(&the_api.address_limit);
	limit_free(&the_api.events_limit);
	limit_free(&the_api.login_limit);
	limit_free(&the_api.login_address_limit);
	site_free(&the_api.site);
	document_free_all();
	bus_free(&the_api.bus);
	pg_free(&the_api.pg);
	uv_stop(the_api.loop); /* h2o's context keeps handles of its own in the loop: it would never run empty */
	log_event(LOG_info, "api.closed");
}

static void on_server_closed(void *ctx)
{
	if (drain.late)
		close_all(ctx);
	else
		bus_flush(the_api.bus, FLUSH_MS, close_all, NULL);
}

static void on_flushed(void *ctx)
{
	(void)ctx;
	server_close(the_api.server, on_server_closed, NULL);
}

/* Requests that are late still wait for the broker; without them nobody is to be told any more, and no request may come while it is asked. */
static void finish(bool late)
{
	if (drain.ending)
		return;
	drain.ending = the_api.ending = true;
	drain.late = late;
	uv_close((uv_handle_t *)&drain.look, NULL);
	if (late)
		bus_flush(the_api.bus, FLUSH_MS, on_flushed, NULL);
	else
		server_close(the_api.server, on_server_closed, NULL);
}

static void on_look(uv_timer_t *timer)
{
	(void)timer;
	bool idle = !server_busy(the_api.server) && !sockets_open();
	if (idle && server_connections(the_api.server) && clock_ms() < drain.from_ms + GRACE_MS && clock_ms() < drain.by_ms)
		return;
	if (!idle && clock_ms() < drain.by_ms)
		return;
	if (!idle)
		log_event(LOG_warn, "api.drain_deadline", LOG_I("requests", server_busy(the_api.server)), LOG_I("sockets", sockets_open()));
	finish(!idle);
}

void drain_start(void)
{
	if (the_api.draining) {
		drain.by_ms = 0;
		return;
	}
	int64_t ms = the_api.config->drain_ms;
	the_api.draining = true;
	drain.from_ms = clock_ms();
	drain.by_ms = drain.from_ms + ms;
	log_event(LOG_info, "api.draining", LOG_I("requests", server_busy(the_api.server)), LOG_I("sockets", sockets_open()), LOG_I("deadline_ms", ms));
	server_drain(the_api.server);
	sockets_drain(ms * SPREAD_PERCENT / 100);
	uv_timer_init(the_api.loop, &drain.look);
	uv_timer_start(&drain.look, on_look, 0, LOOK_MS);
}
