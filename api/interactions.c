/* interactions.c - see interactions.h. */
#include "api/interactions.h"

#include <stdlib.h>
#include <string.h>

#include "common/event.h"
#include "common/log.h"
#include "common/metric.h"
#include "schemas.h"

#include "api/api.h"
#include "api/request.h"

#define RETRY_S 2

/* One request: lives until its last record was confirmed, whether the client is still there or not. */
struct sending {
	struct request *request; /* NULL: gone or answered */
	size_t open;
	enum error error;
};

static size_t unconfirmed;

bool interactions_admit(struct request *r)
{
	int wait = limit_take(the_api.events_limit, request_address(r));
	if (wait)
		request_reply_error(r, ERROR_rate_limited, NULL, NULL, wait);
	return !wait;
}

static void on_gone(void *ctx)
{
	((struct sending *)ctx)->request = NULL;
}

static void end(struct sending *s)
{
	struct request *r = s->request;
	enum error error = s->error;
	free(s);
	if (!r)
		return;
	request_on_gone(r, NULL, NULL);
	if (error)
		request_reply_error(r, error, NULL, NULL, RETRY_S);
	else
		request_reply_empty(r, 202);
}

static void on_confirmed(void *ctx, enum error error)
{
	struct sending *s = ctx;
	unconfirmed--;
	if (error) {
		s->error = error;
		metric_add(METRIC_events_failed, 1, "interactions", error_row(error)->name);
	} else {
		metric_add(METRIC_events_published, 1, "interactions");
	}
	if (--s->open == 0)
		end(s);
}

static int by_restaurant(const void *a, const void *b)
{
	return strcmp(((const struct interaction_of *)a)->restaurant_id, ((const struct interaction_of *)b)->restaurant_id);
}

static enum error publish(struct sending *s, struct request *r, const struct interaction_of *events, size_t n)
{
	const struct interaction **list = arena_array(request_arena(r), n, sizeof(*list));
	for (size_t i = 0; i < n; i++)
		list[i] = events[i].event;
	struct interactions payload = { .restaurant_id = events[0].restaurant_id, .events = { list, n } };
	struct event event = { .id = EVENT_interactions, .source = "api", .key = events[0].restaurant_id, .trace = request_trace(r), .payload = &payload };
	enum error error = event_publish(the_api.bus, &event, on_confirmed, s);
	if (!error) {
		s->open++;
		unconfirmed++;
	}
	return error;
}

static enum error check_room(void)
{
	if (the_api.ending)
		return ERROR_draining;
	if (unconfirmed >= INTERACTIONS_UNCONFIRMED_MAX)
		return ERROR_overloaded;
	return bus_up(the_api.bus) ? ERROR_none : ERROR_bus_unavailable;
}

void interactions_send(struct request *r, struct interaction_of *events, size_t n)
{
	enum error error = check_room();
	struct sending *s = error ? NULL : calloc(1, sizeof(*s));
	if (!s) {
		request_reply_error(r, error ? error : ERROR_overloaded, NULL, NULL, RETRY_S);
		return;
	}
	s->request = r;
	s->open = 1; /* our own, until all are handed over */
	request_on_gone(r, on_gone, s);
	qsort(events, n, sizeof(*events), by_restaurant);
	for (size_t i = 0, next; i < n && !s->error; i = next) {
		for (next = i + 1; next < n && strcmp(events[next].restaurant_id, events[i].restaurant_id) == 0; next++)
			;
		s->error = publish(s, r, events + i, next - i);
	}
	if (--s->open == 0)
		end(s);
}
