/* chat.c - see chat.h */
#include "api/chat.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/chat_trace.h"
#include "common/event.h"
#include "common/id.h"
#include "common/log.h"
#include "common/metric.h"
#include "schemas.h"

/* An event on its way to the broker. Its subscriber may go meanwhile, so it is known by a reference. */
struct pending {
	struct hub_ref subscriber;
	bool has_subscriber;
	bool attaches; /* it is what makes the subscription live */
	bool asks;     /* a message: frames are held */
	enum event_id event;
	struct chat_place place; /* strings below */
	chat_done_fn *done;
	void *ctx;
	const char *key, *session_id, *message_id;
	char strings[];
};

static size_t unconfirmed;

size_t chat_unconfirmed(void)
{
	return unconfirmed;
}

const char *chat_message_id(struct arena *a, const char *given)
{
	char *id = arena_alloc(a, ID_TEXT);

	if (given == NULL) {
		id_uuid(id);
		return id;
	}
	for (size_t i = 0; given[i] != '\0' && i < ID_TEXT - 1; i++)
		id[i] = (char)tolower((unsigned char)given[i]);
	return id;
}

/* --- limits --- */

enum error chat_admit_address(const char *address, int *retry_after_s_r)
{
	*retry_after_s_r = limit_take(the_api.address_limit, address);
	return *retry_after_s_r == 0 ? ERROR_none : ERROR_rate_limited;
}

enum error chat_admit(const char *address, const char *restaurant_id, const char *session_id, int *retry_after_s_r)
{
	char key[ID_TEXT + CHAT_SESSION_MAX + 1];
	enum error e = chat_admit_address(address, retry_after_s_r);

	if (e != ERROR_none)
		return e;
	snprintf(key, sizeof(key), "%s/%s", restaurant_id, session_id);
	*retry_after_s_r = limit_take(the_api.session_limit, key);
	if (*retry_after_s_r == 0)
		return ERROR_none;
	limit_give_back(the_api.address_limit, address);
	return ERROR_rate_limited;
}

/* Without a partition of replies no answer would find its way back. */
static enum error check_room(const struct hub_subscriber *s)
{
	if (the_api.ending)
		return ERROR_draining;
	if (unconfirmed >= CHAT_UNCONFIRMED_MAX || (s != NULL && the_api.reply_partition < 0))
		return ERROR_overloaded;
	return bus_up(the_api.bus) ? ERROR_none : ERROR_bus_unavailable;
}

/* --- the event under way --- */

static char *keep(char **at, const char *s)
{
	if (s == NULL)
		return NULL;
	size_t len = strlen(s) + 1;
	char *copy = memcpy(*at, s, len);
	*at += len;
	return copy;
}

static size_t room_for(const char *s)
{
	return s == NULL ? 0 : strlen(s) + 1;
}

static struct pending *pending_new(struct hub_subscriber *s, const struct chat_place *place, const char *session_id, const char *message_id)
{
	size_t key = strlen(place->restaurant_id) + 1 + strlen(session_id) + 1;
	size_t len = key + room_for(message_id) + room_for(place->slug) + room_for(place->restaurant_id);
	struct pending *p = calloc(1, sizeof(*p) + len);

	if (p == NULL) {
		log_event(LOG_error, "memory.exhausted", LOG_S("where", "chat"));
		abort();
	}
	char *at = p->strings + key;
	snprintf(p->strings, key, "%s/%s", place->restaurant_id, session_id);
	p->key = p->strings;
	p->session_id = p->strings + strlen(place->restaurant_id) + 1;
	p->message_id = keep(&at, message_id);
	p->place.slug = keep(&at, place->slug);
	p->place.restaurant_id = keep(&at, place->restaurant_id);
	p->place.menu_version = place->menu_version;
	p->has_subscriber = s != NULL;
	if (s != NULL)
		p->subscriber = hub_ref(s);
	return p;
}

static void reattach(struct hub_subscriber *s, const struct pending *p)
{
	if (chat_join(s, &p->place, p->session_id, NULL, NULL, NULL) != ERROR_none)
		log_event(LOG_warn, "chat.not_attached", LOG_S("session_id", p->session_id));
}

static void settle(struct hub_subscriber *s, struct pending *p, enum error e)
{
	if (p->asks && hub_holds_frames(s, p->message_id))
		e = ERROR_none;
	if (p->attaches && e != ERROR_none)
		hub_unsubscribe_pending(s, p->key);
	if (p->done != NULL)
		p->done(p->ctx, p->session_id, p->message_id, e);
	s = hub_find(the_api.hub, p->subscriber);
	if (s == NULL || !p->asks)
		return;
	/* The event that should have attached us failed, but this one is stored. */
	if (e == ERROR_none && hub_state(s, p->key) == HUB_NONE)
		reattach(s, p);
	hub_release(s, p->message_id);
}

static void on_delivered(void *ctx, enum error e)
{
	struct pending *p = ctx;
	const char *name = event_rows[p->event].name;

	unconfirmed--;
	if (e == ERROR_none) {
		metric_add(METRIC_events_published, 1, name);
	} else {
		metric_add(METRIC_events_failed, 1, name, error_row(e)->name);
		log_event(LOG_warn, "chat.not_confirmed", LOG_S("what", name), LOG_S("message_id", p->message_id), LOG_S("error", error_row(e)->name));
	}
	if (!p->has_subscriber) {
		p->done(p->ctx, p->session_id, p->message_id, e);
	} else {
		struct hub_subscriber *s = hub_find(the_api.hub, p->subscriber);
		if (s != NULL)
			settle(s, p, e);
	}
	free(p);
}

static enum error publish(struct pending *p, const char *trace, const void *payload)
{
	struct event event = {
		.id = p->event,
		.trace = trace,
		.source = "api",
		.key = p->key,
		.session = p->key,
		.message_id = p->message_id,
		.payload = payload,
	};
	enum error e = event_publish(the_api.bus, &event, on_delivered, p);

	if (e == ERROR_none)
		unconfirmed++;
	return e;
}

static struct reply_to reply_to(struct hub_subscriber *s, bool attach)
{
	return (struct reply_to){
		.partition = the_api.reply_partition,
		.socket = s == NULL ? NULL : hub_address(s),
		.attach = attach,
		.has_attach = attach,
	};
}

/* Publishes with `s` subscribed; undoes that when it fails. */
static enum error publish_subscribed(struct hub_subscriber *s, struct pending *p, const char *trace, const void *payload)
{
	if (p->asks)
		hub_hold(s, p->message_id);
	enum error e = publish(p, trace, payload);
	if (e == ERROR_none)
		return e;
	if (p->asks)
		hub_release(s, p->message_id);
	if (p->attaches)
		hub_unsubscribe_pending(s, p->key);
	free(p);
	return e;
}

/* --- what a guest can want --- */

enum error chat_ask(struct hub_subscriber *s, const struct chat_place *place, const struct chat_question *q, chat_done_fn *done, void *ctx)
{
	enum error e = check_room(s);

	if (e != ERROR_none)
		return e;
	const char *trace = chat_trace_begin(q->message_id, q->trace);
	struct pending *p = pending_new(s, place, q->session_id, q->message_id);
	p->event = EVENT_chat_asked;
	p->done = done;
	p->ctx = ctx;
	p->asks = s != NULL;
	p->attaches = s != NULL && hub_state(s, p->key) == HUB_NONE;
	struct reply_to to = reply_to(s, p->attaches);
	struct chat_asked asked = {
		.restaurant_id = place->restaurant_id,
		.slug = place->slug,
		.session_id = q->session_id,
		.message_id = q->message_id,
		.message = q->message,
		.bot = q->bot,
		.has_bot = q->bot,
		.menu_version = place->menu_version,
		.has_menu_version = true,
		.reply_to = s == NULL ? NULL : &to,
	};
	if (s == NULL) {
		e = publish(p, trace, &asked);
		if (e != ERROR_none)
			free(p);
		return e;
	}
	if (p->attaches)
		e = hub_subscribe(s, p->key, false);
	if (e == ERROR_none)
		return publish_subscribed(s, p, trace, &asked);
	free(p);
	return e;
}

enum error chat_join(struct hub_subscriber *s, const struct chat_place *place, const char *session_id, const struct last_seen *last, chat_done_fn *done, void *ctx)
{
	enum error e = check_room(s);

	if (e != ERROR_none)
		return e;
	struct pending *p = pending_new(s, place, session_id, NULL);
	p->event = EVENT_chat_joined;
	p->done = done;
	p->ctx = ctx;
	p->attaches = hub_state(s, p->key) == HUB_NONE;
	struct reply_to to = reply_to(s, false);
	struct chat_joined joined = {
		.restaurant_id = place->restaurant_id,
		.slug = place->slug,
		.session_id = session_id,
		.last = last,
		.reply_to = &to,
	};
	e = hub_subscribe(s, p->key, done != NULL);
	if (e == ERROR_none)
		return publish_subscribed(s, p, NULL, &joined);
	free(p);
	return e;
}

enum error chat_stop(struct hub_subscriber *s, const struct chat_place *place, const char *session_id, const char *message_id, chat_done_fn *done, void *ctx)
{
	enum error e = check_room(s);

	if (e != ERROR_none)
		return e;
	struct pending *p = pending_new(s, place, session_id, message_id);
	p->event = EVENT_chat_stopped;
	p->done = done;
	p->ctx = ctx;
	struct reply_to to = reply_to(s, false);
	struct chat_stopped stopped = {
		.restaurant_id = place->restaurant_id,
		.session_id = session_id,
		.message_id = message_id,
		.reply_to = &to,
	};
	return publish_subscribed(s, p, NULL, &stopped);
}

enum error chat_profile_remove(struct hub_subscriber *s, const struct chat_place *place, const char *session_id, const char *kind, const char *value, chat_done_fn *done, void *ctx)
{
	enum error e = check_room(s);

	if (e != ERROR_none)
		return e;
	struct pending *p = pending_new(s, place, session_id, NULL);
	p->event = EVENT_chat_profile_removed;
	p->done = done;
	p->ctx = ctx;
	struct reply_to to = reply_to(s, false);
	struct chat_profile_removed removed = {
		.restaurant_id = place->restaurant_id,
		.session_id = session_id,
		.kind = kind,
		.value = value,
		.reply_to = &to,
	};
	return publish_subscribed(s, p, NULL, &removed);
}
