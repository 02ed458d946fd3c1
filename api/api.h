/* api.h - the handles of the api process, in one place.
 *
 * There is one api in a process, and one loop thread: handlers reach what they need through `the_api`. main.c fills it in at start, in the order of the
 * members, and closes it in the reverse order. What is NULL before or after that is said at each member; while requests come, all are there.
 *
 * What main.c asks of the chat side (socket.h and replies.h declare these; main.c is their only caller):
 *   enum error replies_start(bus_delivered_fn *ready, void *ctx)   read the_api.reply_partition from its end; `ready` once that is under way
 *   void replies_stop(void)
 *   void sockets_start(void), sockets_stop(void)                   the shared timer; stop frees what sockets_drain() left
 *   void sockets_drain(int64_t spread_ms)                          close every socket with 1012, spread over that time; no new ones
 *   size_t sockets_open(void)
 *   void sockets_menu_changed(const struct menu_changed *change)   a record of menu.changes came
 */
#ifndef API_API_H
#define API_API_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/bus.h"
#include "common/config.h"
#include "common/id.h"
#include "common/pg.h"

#include "api/hub.h"
#include "api/limit.h"
#include "api/menu_cache.h"

#define API_VERSION "0.3.0"
#define API_REPLY_LOCK_SPACE 7301 /* first key of the advisory locks that claim partitions of `replies` */

struct server;
struct site;

struct api {
	uv_loop_t *loop;
	const struct config *config;
	char process[ID_TEXT]; /* a new name at each start; part of hub addresses */
	int64_t started_ms;    /* clock_ms() */
	struct pg *pg;
	struct bus *bus;
	struct hub *hub;
	struct menu_cache *menus;
	struct limit *session_limit;       /* CHAT_RATE_LIMIT, key "<restaurant id>/<session id>" */
	struct limit *address_limit;       /* CHAT_ADDRESS_LIMIT, key: the client's address */
	struct limit *login_limit;         /* LOGIN_RATE_LIMIT, key: the e-mail address, folded */
	struct limit *login_address_limit; /* LOGIN_ADDRESS_LIMIT, key: the client's address */
	struct limit *events_limit;        /* EVENTS_ADDRESS_LIMIT, key: the client's address */
	struct site *site;                 /* the web app's files */
	struct server *server;
	int32_t reply_partition; /* of the replies topic; -1 until it is ours */
	bool draining;           /* SIGTERM came: no new connections and sockets; what comes on open ones is served, and they are closed behind it */
	bool ending;             /* time is up: new work is refused with ERROR_draining */
};

extern struct api the_api;

#endif
