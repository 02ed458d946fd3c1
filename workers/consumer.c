/* consumer.c - records in, flows out, offsets committed; see consumer.h. */
#include "workers/consumer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/metric.h"

#define REMOVAL_RETRY_MS 1000
#define TICK_MS 20

struct consumer {
	struct worker *worker;
	struct bus_group *group;
	event_handler *const *handlers;
	raw_handler *on_raw;
	size_t limit, open;
	bool paused, assigned;
	bus_partition_fn *on_revoked;
	bus_event_fn *on_assigned;
	uv_timer_t *timer;       /* runs only while it drains or removals wait */
	struct removal *waiting; /* removals whose publish failed */
	struct consumer *next_left;
	int64_t retry_at_ms;    /* when they are tried again */
	int64_t drain_until_ms; /* 0: not draining */
	bus_event_fn *drained;
	void *drained_ctx;
};

/* Left while receipts were open (the drain's time was over): whoever holds one may still end it. They last as long as the process. */
static struct consumer *left_open;

/* A record on its way to the retry or the dead topic. */
struct removal {
	struct receipt receipt;
	struct arena *arena; /* holds this and the record */
	bool bury;
	int64_t not_before_ms;
	enum error reason;
	const char *detail;
	struct removal *next;
};

static void *copy_bytes(struct arena *a, const void *bytes, size_t len)
{
	void *copy = arena_alloc(a, len + 1);
	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

static struct bus_record copy_record(struct arena *a, const struct bus_record *record)
{
	struct bus_record copy = *record;
	copy.key = record->key ? copy_bytes(a, record->key, record->key_len) : NULL;
	copy.value = copy_bytes(a, record->value, record->value_len);
	struct bus_header *headers = arena_array(a, record->header_count + 1, sizeof(*headers));
	for (size_t i = 0; i < record->header_count; i++) {
		headers[i].name = arena_strdup(a, record->headers[i].name);
		headers[i].value = copy_bytes(a, record->headers[i].value, record->headers[i].len);
		headers[i].len = record->headers[i].len;
	}
	copy.headers = headers;
	return copy;
}

static void take(struct consumer *c, size_t weight)
{
	c->open += weight;
	if (!c->paused && c->open >= c->limit) {
		c->paused = true;
		bus_group_pause(c->group);
	}
}

void consumer_weigh(struct receipt *receipt, size_t weight)
{
	assert(weight >= 1 && receipt->weight == 1);
	receipt->weight = weight;
	take(receipt->consumer, weight - 1);
}

static void release(const struct receipt *receipt)
{
	struct consumer *c = receipt->consumer;
	assert(c->open >= receipt->weight);
	c->open -= receipt->weight;
	if (c->paused && !c->drain_until_ms && c->open <= c->limit / 5 * 4) {
		c->paused = false;
		bus_group_resume(c->group);
	}
}

static void end_receipt(const struct receipt *receipt)
{
	const struct consumer *c = receipt->consumer;
	const struct bus_record *record = &receipt->record;
	if (c->group) /* else it was left: the record comes again */
		bus_group_finish(c->group, record->topic, record->partition, record->offset, record->generation);
	release(receipt);
}

static void on_removed(void *ctx, enum error error);
static void on_timer(uv_timer_t *timer);

static enum error publish_removal(struct removal *r)
{
	struct bus *bus = r->receipt.consumer->worker->bus;
	if (r->bury)
		return event_bury(bus, &r->receipt.record, r->reason, r->detail, on_removed, r);
	return event_put_back(bus, &r->receipt.record, r->receipt.retry + 1, r->not_before_ms, r->reason, r->detail,
	                      on_removed, r);
}

static void wait_again(struct removal *r)
{
	struct consumer *c = r->receipt.consumer;
	if (!c->waiting)
		c->retry_at_ms = clock_ms() + REMOVAL_RETRY_MS;
	r->next = c->waiting;
	c->waiting = r;
	if (c->timer)
		uv_timer_start(c->timer, on_timer, TICK_MS, TICK_MS);
}

static void on_removed(void *ctx, enum error error)
{
	struct removal *r = ctx;
	if (error) {
		log_event(LOG_warn, "consumer.removal_failed", LOG_S("error", error_row(error)->name));
		wait_again(r);
		return;
	}
	end_receipt(&r->receipt);
	struct arena *arena = r->arena;
	arena_free(&arena);
}

static void retry_removals(struct consumer *c)
{
	struct removal *list = c->waiting;
	c->waiting = NULL;
	while (list) {
		struct removal *r = list;
		list = r->next;
		if (publish_removal(r))
			wait_again(r);
	}
}

static void remove_record(const struct receipt *receipt, bool bury, int64_t delay_ms, enum error reason,
                          const char *detail)
{
	struct arena *arena = arena_new();
	struct removal *r = arena_new_of(arena, struct removal);
	r->arena = arena;
	r->receipt = *receipt;
	r->receipt.record = copy_record(arena, &receipt->record);
	r->bury = bury;
	r->not_before_ms = clock_wall_ms() + delay_ms;
	r->reason = reason;
	r->detail = arena_strdup(arena, detail ? detail : "");
	log_event(bury ? LOG_error : LOG_warn, bury ? "event.dead" : "event.put_back",
	          LOG_S("topic", topic_rows[receipt->record.topic].name), LOG_I("partition", receipt->record.partition),
	          LOG_I("offset", receipt->record.offset), LOG_S("reason", error_row(reason)->name),
	          LOG_S("detail", r->detail));
	if (bury)
		metric_add(METRIC_dead_letters, 1, topic_rows[receipt->record.topic].name, error_row(reason)->name);
	else
		metric_add(METRIC_retries, 1, topic_rows[receipt->record.topic].name);
	if (publish_removal(r))
		wait_again(r);
}

void consumer_finish(struct receipt *receipt)
{
	end_receipt(receipt);
}

void consumer_abandon(struct receipt *receipt)
{
	release(receipt);
}

void consumer_put_back(struct receipt *receipt, int64_t delay_ms, enum error reason, const char *detail)
{
	remove_record(receipt, false, delay_ms, reason, detail);
}

void consumer_bury(struct receipt *receipt, enum error reason, const char *detail)
{
	remove_record(receipt, true, 0, reason, detail);
}

static void on_record(void *ctx, const struct bus_record *record)
{
	struct consumer *c = ctx;
	struct arena *arena = arena_new();
	struct receipt *receipt = arena_new_of(arena, struct receipt);
	receipt->consumer = c;
	receipt->record = copy_record(arena, record);
	receipt->weight = 1;
	take(c, 1);
	if (c->on_raw) {
		c->on_raw(c->worker, arena, receipt);
		return;
	}
	struct event *event = arena_new_of(arena, struct event);
	const char *why = "";
	enum error error = event_decode(arena, &receipt->record, event, &why);
	if (!error && !c->handlers[event->id]) {
		error = ERROR_unknown_event;
		why = "no flow of this worker handles it";
	}
	if (error) {
		consumer_bury(receipt, error, why);
		arena_free(&arena);
		return;
	}
	receipt->retry = event->retry;
	metric_add(METRIC_events_consumed, 1, event_rows[event->id].name);
	c->handlers[event->id](c->worker, arena, event, receipt);
}

static void on_assigned(void *ctx, enum topic_id topic, int32_t partition)
{
	struct consumer *c = ctx;
	(void)topic;
	(void)partition;
	if (c->paused)
		bus_group_pause(c->group);
	if (c->assigned)
		return;
	c->assigned = true;
	if (c->on_assigned)
		c->on_assigned(c->worker);
}

static void on_revoked(void *ctx, enum topic_id topic, int32_t partition)
{
	struct consumer *c = ctx;
	if (c->on_revoked)
		c->on_revoked(c->worker, topic, partition);
}

static void free_timer(uv_handle_t *handle)
{
	free(handle);
}

static void on_left(void *ctx)
{
	struct consumer *c = ctx;
	bus_event_fn *drained = c->drained;
	void *drained_ctx = c->drained_ctx;
	if (c->open) {
		c->next_left = left_open;
		left_open = c;
	} else {
		free(c);
	}
	drained(drained_ctx);
}

static void leave(struct consumer *c)
{
	if (c->open)
		log_event(LOG_warn, "consumer.left_open", LOG_I("events", c->open));
	uv_close((uv_handle_t *)c->timer, free_timer);
	c->timer = NULL;
	bus_group_leave(&c->group, on_left, c);
}

static void on_timer(uv_timer_t *timer)
{
	struct consumer *c = timer->data;
	if (c->waiting && clock_ms() >= c->retry_at_ms)
		retry_removals(c);
	if (c->drain_until_ms && (!c->open || clock_ms() >= c->drain_until_ms))
		leave(c);
	else if (!c->drain_until_ms && !c->waiting)
		uv_timer_stop(timer);
}

enum error consumer_new(struct worker *w, const struct consumer_config *config, struct consumer **consumer_r)
{
	struct consumer *c = calloc(1, sizeof(*c));
	uv_timer_t *timer = calloc(1, sizeof(*timer));
	if (!c || !timer || uv_timer_init(w->loop, timer)) {
		free(c);
		free(timer);
		return ERROR_internal;
	}
	*c = (struct consumer){ .worker = w, .handlers = config->handlers, .on_raw = config->on_raw, .limit = config->limit, .on_revoked = config->on_revoked, .on_assigned = config->on_assigned, .timer = timer };
	timer->data = c;
	*consumer_r = c;
	return bus_group_join(w->bus,
	                      &(struct bus_group_config){ .group = config->group, .topics = config->topics, .topic_count = config->topic_count, .session_ms = config->session_ms, .on_record = on_record, .on_assigned = on_assigned, .on_revoked = on_revoked, .ctx = c },
	                      &c->group);
}

void consumer_drain(struct consumer **consumer, int64_t drain_ms, bus_event_fn *done, void *ctx)
{
	struct consumer *c = *consumer;
	*consumer = NULL;
	c->drained = done;
	c->drained_ctx = ctx;
	c->drain_until_ms = clock_ms() + drain_ms + 1;
	if (!c->paused)
		bus_group_pause(c->group);
	c->paused = true;
	uv_timer_start(c->timer, on_timer, 0, TICK_MS);
}

size_t consumer_open(const struct consumer *consumer)
{
	return consumer->open;
}

int64_t consumer_lag(const struct consumer *consumer, enum topic_id topic)
{
	return consumer->group ? bus_group_lag(consumer->group, topic) : -1;
}
