/* edit_wait.c - see edit_wait.h. */
#include "api/edit_wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/metric.h"
#include "schemas.h"

#include "api/api.h"
#include "api/compact.h"
#include "api/edit.h"
#include "api/edit_answer.h"
#include "api/request.h"

#define TICK_MS 10
#define RETRY_S 2

/* All wait equally long, so the list is in the order of their deadlines. */
static struct {
	struct edit_wait *first, **last;
	size_t count;
	uv_timer_t timer;
	bool started, ticking;
} waiting;

static void on_tick(uv_timer_t *timer);

static void start_ticks(void)
{
	if (!waiting.started)
		uv_timer_init(the_api.loop, &waiting.timer);
	if (!waiting.ticking)
		uv_timer_start(&waiting.timer, on_tick, TICK_MS, TICK_MS);
	waiting.started = waiting.ticking = true;
}

static void unlink_wait(struct edit_wait *w)
{
	if (!w->link)
		return;
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
	else
		waiting.last = w->link;
	w->link = NULL;
	waiting.count--;
}

static void link_wait(struct edit_wait *w)
{
	if (!waiting.first)
		waiting.last = &waiting.first;
	w->link = waiting.last;
	*waiting.last = w;
	waiting.last = &w->next;
	waiting.count++;
	start_ticks();
}

static void free_if_over(struct edit_wait *w)
{
	if (w->request || w->publishing)
		return;
	free(w);
}

/* The request is ours no longer; whoever calls answers it, or it is gone. */
static struct request *take_request(struct edit_wait *w)
{
	struct request *r = w->request;
	w->request = NULL;
	unlink_wait(w);
	hub_remove(&w->subscriber);
	request_on_gone(r, NULL, NULL);
	return r;
}

static void say_pending(struct edit_wait *w)
{
	if (w->edit == EDIT_NONE)
		request_reply_empty(take_request(w), 202);
	else
		edit_answer_pending(take_request(w), w->operation_id);
}

static void on_tick(uv_timer_t *timer)
{
	int64_t now = clock_ms();
	for (struct edit_wait *w = waiting.first, *next; w && w->due_ms <= now; w = next) {
		next = w->next;
		if (w->publishing)
			continue; /* not before it is durable: the broker says so, or that it is not, soon */
		say_pending(w);
		free_if_over(w);
	}
	if (!waiting.first) {
		uv_timer_stop(timer);
		waiting.ticking = false;
	}
}

static void on_gone(void *ctx)
{
	struct edit_wait *w = ctx;
	w->request = NULL;
	unlink_wait(w);
	hub_remove(&w->subscriber);
	free_if_over(w);
}

static void on_frame(void *ctx, const char *type, const char *message_id, const char *bytes, size_t len)
{
	struct edit_wait *w = ctx;
	if (!type || strcmp(type, "operation_done") != 0 || !message_id || strcmp(message_id, w->operation_id) != 0)
		return;
	struct arena *a = arena_new();
	struct operation_done done;
	enum error error = schema_decode(a, &schema_operation_done, bytes, len, &done, NULL);
	if (error) {
		log_event(LOG_error, "edit.reply_unreadable", LOG_S("operation_id", w->operation_id));
	} else {
		edit_answer(take_request(w), w, &done);
		free_if_over(w);
	}
	arena_free(&a);
}

struct edit_wait *edit_wait_new(struct request *r, enum edit_id edit)
{
	struct edit_wait *w = calloc(1, sizeof(*w));
	if (!w)
		abort();
	w->request = r;
	w->edit = edit;
	w->due_ms = clock_ms() + the_api.config->edit_wait_ms;
	w->subscriber = hub_add(the_api.hub, on_frame, w);
	w->publishing = true;
	link_wait(w);
	request_on_gone(r, on_gone, w);
	return w;
}

static const char *failure_detail(enum error error)
{
	return error == ERROR_bus_unknown || error == ERROR_deadline ? "Whether the change is under way is not known. Send it again, with the same Idempotency-Key if it had one." : NULL;
}

void edit_wait_failed(struct edit_wait *w, enum error error)
{
	w->publishing = false;
	if (w->request)
		request_reply_error(take_request(w), error, failure_detail(error), NULL, RETRY_S);
	free_if_over(w);
}

static const char *event_of(const struct edit_wait *w)
{
	return w->edit == EDIT_NONE ? "chat_erased" : "menu_edit";
}

void edit_wait_delivered(void *ctx, enum error error)
{
	struct edit_wait *w = ctx;
	if (error) {
		metric_add(METRIC_events_failed, 1, event_of(w), error_row(error)->name);
		log_event(LOG_warn, "edit.not_confirmed", LOG_S("operation_id", w->operation_id), LOG_S("error", error_row(error)->name));
		edit_wait_failed(w, error);
		return;
	}
	metric_add(METRIC_events_published, 1, event_of(w));
	w->publishing = false;
	if (w->request && w->due_ms <= clock_ms())
		say_pending(w);
	free_if_over(w);
}

size_t edit_wait_count(void)
{
	return waiting.count;
}

void edit_wait_stop(void)
{
	if (waiting.started)
		uv_close((uv_handle_t *)&waiting.timer, NULL);
	waiting.started = waiting.ticking = false;
}
