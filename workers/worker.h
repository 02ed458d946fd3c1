/* worker.h - what every part of the worker process shares: its handles, made and closed in main.c. */
#ifndef WORKERS_WORKER_H
#define WORKERS_WORKER_H

#include <stdbool.h>
#include <uv.h>

#include "common/bus.h"
#include "common/config.h"
#include "common/flow.h"
#include "common/http.h"
#include "common/llm.h"
#include "common/pg.h"

struct menu_store;
struct sessions;
struct chat_db;
struct chat_stream;
struct outbox;
struct edits;
struct corrections;
struct analytics_role;
struct imports;
struct roles;
struct turnstile;
struct upkeep;

struct worker {
	uv_loop_t *loop;
	struct config *config;
	struct pg *pg;
	struct bus *bus;
	struct http *http;
	struct llm *llm;
	struct flows *flows;
	struct menu_store *menus;
	struct sessions *sessions;
	struct chat_db *chat_db;
	struct chat_stream *stream;
	struct outbox *outbox;       /* replies on their way */
	struct turnstile *turnstile; /* to the model */
	struct edits *edits;
	struct corrections *corrections;
	struct imports *imports;
	struct analytics_role *analytics;
	struct upkeep *upkeep;
	struct roles *roles; /* NULL before the start and while it drains */
	bool draining;       /* SIGTERM came: nothing new is begun */
};

#endif
