/* role.c - see role.h. */
#include "workers/role.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/metric.h"
#include "workers/analytics.h"
#include "workers/chat.h"
#include "workers/consumer.h"
#include "workers/dead.h"
#include "workers/correction.h"
#include "workers/edit.h"
#include "workers/erase.h"
#include "workers/imports.h"
#include "workers/join.h"
#include "workers/profile.h"
#include "workers/session.h"

static event_handler *const chat_handlers[EVENT_COUNT] = {
	[EVENT_chat_asked] = chat_on_asked,
	[EVENT_chat_joined] = join_on_joined,
	[EVENT_chat_stopped] = chat_on_stopped,
	[EVENT_chat_profile_removed] = profile_on_removed,
	[EVENT_chat_erased] = erase_on_erased,
	[EVENT_menu_changed] = correction_on_changed,
};
static event_handler *const menu_handlers[EVENT_COUNT] = {
	[EVENT_menu_edit] = edit_on_event,
};

static void revoke_chat(void *ctx, enum topic_id topic, int32_t partition)
{
	struct worker *w = ctx;
	(void)topic;
	sessions_revoke(w->sessions, partition, chat_drop);
}

static void revoke_edits(void *ctx, enum topic_id topic, int32_t partition)
{
	struct worker *w = ctx;
	(void)topic;
	edits_drop_waiting(w->edits, partition);
}

static event_handler *const import_handlers[EVENT_COUNT] = {
	[EVENT_import_chunk] = imports_on_chunk,
	[EVENT_import_uploaded] = imports_on_uploaded,
	[EVENT_import_watched] = imports_on_watched,
};

static event_handler *const analytics_handlers[EVENT_COUNT] = {
	[EVENT_interactions] = analytics_on_interactions,
	[EVENT_chat_outcome] = analytics_on_outcome,
};

static void revoke_imports(void *ctx, enum topic_id topic, int32_t partition)
{
	struct worker *w = ctx;
	(void)topic;
	imports_drop_waiting(w->imports, partition);
}

static const struct row {
	const char *role;
	const char *group;
	enum topic_id topics[5];
	size_t topic_count;
	event_handler *const *handlers;
	size_t limit;                 /* offset of the setting that says how many events may be open */
	bus_partition_fn *on_revoked; /* drops what waits; NULL: nothing ever does */
	raw_handler *on_raw;          /* takes records undecoded */
} rows[] = {
	{ "chat", "chat", { TOPIC_chat_requests }, 1, chat_handlers, offsetof(struct config, chat_concurrency), revoke_chat, NULL },
	/* A group of its own: each fetch names all partitions of its consumer, so a busy topic must not carry a mostly empty one along. Changes of menus are few too. */
	{ "chat", "chat.retry", { TOPIC_chat_requests_retry, TOPIC_menu_changes }, 2, chat_handlers, offsetof(struct config, chat_concurrency), NULL, NULL },
	{ "menu", "menu", { TOPIC_menu_edits }, 1, menu_handlers, offsetof(struct config, menu_concurrency), revoke_edits, NULL },
	{ "menu", "menu.imports", { TOPIC_menu_imports }, 1, import_handlers, offsetof(struct config, import_concurrency), revoke_imports, NULL },
	/* What was read of a partition that went elsewhere is stored all the same: it is known by its ids there. */
	{ "analytics", "analytics", { TOPIC_analytics_events }, 1, analytics_handlers, offsetof(struct config, analytics_concurrency), NULL, NULL },
	{ "analytics", "dead", { TOPIC_chat_requests_dead, TOPIC_menu_edits_dead, TOPIC_menu_imports_dead, TOPIC_analytics_events_dead, TOPIC_menu_changes_dead }, 5, NULL, offsetof(struct config, import_concurrency), NULL, dead_on_record },
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

struct roles {
	struct worker *worker;
	struct consumer *consumers[ROWS];
	size_t unready, undrained;
	bus_event_fn *ready, *drained;
};

/* Is `role` among "chat,menu"? */
static bool names_have(const char *names, const char *role)
{
	size_t len = strlen(role);
	for (const char *at = names; *at; at += strcspn(at, ","), at += *at == ',')
		if (strcspn(at, ",") == len && strncmp(at, role, len) == 0)
			return true;
	return false;
}

const char *roles_all(void)
{
	static char text[100];
	size_t len = 0;
	for (size_t i = 0; i < ROWS; i++)
		if (!i || strcmp(rows[i].role, rows[i - 1].role) != 0)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i ? ", " : "", rows[i].role);
	return text;
}

static bool is_role(const char *name, size_t len)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strlen(rows[i].role) == len && strncmp(rows[i].role, name, len) == 0)
			return true;
	return false;
}

bool roles_known(const char *names, const char **why_r)
{
	static char why[200];
	for (const char *at = names;; at++) {
		size_t len = strcspn(at, ",");
		if (!is_role(at, len)) {
			snprintf(why, sizeof(why), "\"%.*s\" is not a role of this version; the roles are: %s", (int)(len < 40 ? len : 40), at, roles_all());
			*why_r = why;
			return false;
		}
		at += len;
		if (!*at)
			return true;
	}
}

static void on_assigned(void *ctx)
{
	struct roles *roles = ((struct worker *)ctx)->roles;
	if (roles && --roles->unready == 0)
		roles->ready(ctx);
}

static enum error start_consumer(struct roles *roles, size_t i)
{
	struct worker *w = roles->worker;
	const struct row *row = &rows[i];
	struct consumer_config config = {
		.group = row->group,
		.topics = row->topics,
		.topic_count = row->topic_count,
		.handlers = row->handlers,
		.on_raw = row->on_raw,
		.session_ms = w->config->kafka_session_ms,
		.limit = (size_t) * (const int64_t *)(const void *)((const char *)w->config + row->limit),
		.on_revoked = row->on_revoked,
		.on_assigned = on_assigned,
	};
	roles->unready++;
	return consumer_new(w, &config, &roles->consumers[i]);
}

enum error roles_start(struct worker *w, const char *names, bus_event_fn *ready, struct roles **roles_r)
{
	struct roles *roles = calloc(1, sizeof(*roles));
	enum error error = ERROR_none;
	if (!roles)
		return ERROR_internal;
	roles->worker = w;
	roles->ready = ready;
	*roles_r = roles;
	for (size_t i = 0; i < ROWS && !error; i++)
		if (names_have(names, rows[i].role))
			error = start_consumer(roles, i);
	if (!error && names_have(names, "analytics"))
		analytics_start_upkeep(w->analytics);
	return error;
}

void roles_measure(const struct roles *roles)
{
	for (size_t i = 0; i < ROWS; i++)
		for (size_t t = 0; roles->consumers[i] && t < rows[i].topic_count; t++) {
			int64_t lag = consumer_lag(roles->consumers[i], rows[i].topics[t]);
			if (lag >= 0)
				metric_set(METRIC_consumer_lag, (double)lag, topic_rows[rows[i].topics[t]].name);
		}
}

size_t roles_open(const struct roles *roles)
{
	size_t open = 0;
	for (size_t i = 0; roles && i < ROWS; i++)
		open += roles->consumers[i] ? consumer_open(roles->consumers[i]) : 0;
	return open;
}

static void on_drained(void *ctx)
{
	struct roles *roles = ctx;
	if (--roles->undrained)
		return;
	struct worker *w = roles->worker;
	bus_event_fn *drained = roles->drained;
	free(roles);
	drained(w);
}

void roles_drain(struct roles **roles_p, bus_event_fn *done)
{
	struct roles *roles = *roles_p;
	*roles_p = NULL;
	roles->drained = done;
	for (size_t i = 0; i < ROWS; i++)
		roles->undrained += roles->consumers[i] != NULL;
	sessions_drop_waiting(roles->worker->sessions, chat_drop);
	edits_drop_waiting(roles->worker->edits, BUS_ANY_PARTITION);
	imports_drop_waiting(roles->worker->imports, BUS_ANY_PARTITION);
	analytics_flush(roles->worker->analytics);
	for (size_t i = 0; i < ROWS; i++)
		if (roles->consumers[i])
			consumer_drain(&roles->consumers[i], roles->worker->config->drain_ms, on_drained, roles);
}
