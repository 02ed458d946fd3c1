/* bus_group.c - records in, as a member of a group: assignment, commits, pauses, leaving. */
#include "common/bus_internal.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"

#define EMBEDDED_SESSION_MS 6000 /* the mock cluster never lets anybody join with less */
#define LEAVE_TICK_MS 10

struct partition {
	enum topic_id topic;
	int32_t number;
	int32_t generation;
	struct bus_span span;
	int64_t committed; /* asked to be committed; -1 nothing */
	bool held;         /* its span is too long */
	bool paused;       /* as librdkafka knows it: resuming what is not paused makes it read twice */
	struct partition *next;
};

struct bus_group {
	struct bus *bus;
	struct bus_group_config config;
	enum topic_id *topics;
	rd_kafka_t *client;
	struct bus_pump *pump, *closing_pump;
	struct partition *partitions; /* assigned now */
	struct partition *last;       /* whose record came last: mostly the next one's too */
	uv_timer_t *timer;            /* commits; looks whether the client is closed while leaving */
	int32_t generation;
	bool paused, stopped; /* by the owner; so that librdkafka knows it */
	int64_t paused_at_ms;
	size_t unfinished;
	bool leaving, closed_badly;
	int64_t leave_until_ms;
	bus_event_fn *left;
	void *left_ctx;
	struct bus_group *next;
};

/* --- partitions --- */

static struct partition *find(struct bus_group *g, enum topic_id topic, int32_t number)
{
	struct partition *p = g->last;
	if (p && p->topic == topic && p->number == number)
		return p;
	for (p = g->partitions; p; p = p->next)
		if (p->topic == topic && p->number == number)
			break;
	g->last = p;
	return p;
}

static void add_partition(struct bus_group *g, enum topic_id topic, int32_t number)
{
	struct partition *p = bus_alloc(sizeof(*p));
	*p = (struct partition){ .topic = topic, .number = number, .generation = g->generation, .committed = -1, .next = g->partitions };
	bus_span_init(&p->span);
	g->partitions = p;
}

static void drop_partitions(struct bus_group *g)
{
	g->last = NULL;
	g->unfinished = 0;
	while (g->partitions) {
		struct partition *p = g->partitions;
		g->partitions = p->next;
		bus_span_free(&p->span);
		free(p);
	}
}

/* --- pauses --- */

static void apply_pauses(struct bus_group *g, bool pause)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);
	for (struct partition *p = g->partitions; p; p = p->next) {
		if ((g->stopped || p->held) != pause || p->paused == pause)
			continue;
		p->paused = pause;
		rd_kafka_topic_partition_list_add(list, g->bus->topic_names[p->topic], p->number);
	}
	if (list->cnt && pause)
		rd_kafka_pause_partitions(g->client, list);
	else if (list->cnt)
		rd_kafka_resume_partitions(g->client, list);
	rd_kafka_topic_partition_list_destroy(list);
}

/* librdkafka drops what it has fetched ahead when it pauses, and asks for it again afterwards, which takes as long as a fetch may wait. A worker that is full
 * for a moment need not pay that: at first only its queue is left alone. Not for long, for assignments come by the same queue. */
void bus_group_pause(struct bus_group *g)
{
	if (g->paused)
		return;
	g->paused = true;
	g->paused_at_ms = clock_ms();
	bus_pump_stop(g->pump);
}

static void pause_in_earnest(struct bus_group *g)
{
	if (!g->paused || g->stopped || clock_ms() - g->paused_at_ms < BUS_BREATH_MS)
		return;
	g->stopped = true;
	apply_pauses(g, true);
	bus_pump_go(g->pump);
}

void bus_group_resume(struct bus_group *g)
{
	g->paused = false;
	if (g->stopped) {
		g->stopped = false;
		apply_pauses(g, false);
	}
	bus_pump_go(g->pump);
}

/* --- commits --- */

static void commit(struct bus_group *g)
{
	rd_kafka_topic_partition_list_t *list = NULL;
	for (struct partition *p = g->partitions; p; p = p->next) {
		int64_t position = bus_span_position(&p->span);
		if (position < 0 || position == p->committed)
			continue;
		if (!list)
			list = rd_kafka_topic_partition_list_new(8);
		rd_kafka_topic_partition_list_add(list, g->bus->topic_names[p->topic], p->number)->offset = position;
		p->committed = position;
	}
	if (!list)
		return;
	rd_kafka_commit(g->client, list, 1);
	rd_kafka_topic_partition_list_destroy(list);
}

/* What was not committed is tried again with the next commit. */
static void on_committed(struct bus_group *g, rd_kafka_event_t *event)
{
	rd_kafka_resp_err_t error = rd_kafka_event_error(event);
	rd_kafka_topic_partition_list_t *list = rd_kafka_event_topic_partition_list(event);
	for (int i = 0; list && i < list->cnt; i++) {
		if (!error && !list->elems[i].err)
			continue;
		struct partition *p = find(g, bus_topic_find(g->bus, list->elems[i].topic), list->elems[i].partition);
		if (p)
			p->committed = -1;
		log_event(LOG_debug, "bus.not_committed", LOG_S("why", rd_kafka_err2name(error ? error : list->elems[i].err)));
	}
}

void bus_group_finish(struct bus_group *g, enum topic_id topic, int32_t partition, int64_t offset, int32_t generation)
{
	struct partition *p = find(g, topic, partition);
	if (!p || p->generation != generation)
		return;
	size_t before = p->span.unfinished;
	bus_span_finish(&p->span, offset);
	g->unfinished -= before - p->span.unfinished;
	if (p->held && bus_span_length(&p->span) < BUS_SPAN_MAX / 2) {
		p->held = false;
		apply_pauses(g, false);
	}
}

size_t bus_group_unfinished(const struct bus_group *g)
{
	return g->unfinished;
}

int64_t bus_group_lag(const struct bus_group *g, enum topic_id topic)
{
	int64_t lag = -1;
	for (struct partition *p = g->partitions; p; p = p->next) {
		int64_t low, high;
		if (p->topic != topic || rd_kafka_get_watermark_offsets(g->client, g->bus->topic_names[topic], p->number, &low, &high) || high < 0)
			continue;
		lag = lag < 0 ? 0 : lag;
		if (p->span.next >= 0 && high > p->span.next)
			lag += high - p->span.next;
	}
	return lag;
}

/* --- assignment --- */

static void on_assign(struct bus_group *g, rd_kafka_topic_partition_list_t *list)
{
	g->generation++;
	drop_partitions(g);
	rd_kafka_assign(g->client, list);
	for (int i = 0; i < list->cnt; i++) {
		enum topic_id topic = bus_topic_find(g->bus, list->elems[i].topic);
		if (topic != TOPIC_COUNT)
			add_partition(g, topic, list->elems[i].partition);
	}
	log_event(LOG_info, "bus.assigned", LOG_S("group", g->config.group), LOG_I("partitions", list->cnt));
	if (g->stopped)
		apply_pauses(g, true);
	for (int i = 0; i < list->cnt && g->config.on_assigned; i++)
		g->config.on_assigned(g->config.ctx, bus_topic_find(g->bus, list->elems[i].topic), list->elems[i].partition);
}

/* The commit is sent before librdkafka tells the coordinator that we are ready for the next assignment: both go through its one queue and one connection. */
static void on_revoke(struct bus_group *g)
{
	for (struct partition *p = g->partitions; p && g->config.on_revoked; p = p->next)
		g->config.on_revoked(g->config.ctx, p->topic, p->number);
	if (g->partitions)
		log_event(LOG_info, "bus.revoked", LOG_S("group", g->config.group), LOG_I("unfinished", g->unfinished));
	if (!rd_kafka_assignment_lost(g->client))
		commit(g);
	drop_partitions(g);
	rd_kafka_assign(g->client, NULL);
}

static void on_rebalance(struct bus_group *g, rd_kafka_event_t *event)
{
	if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !g->leaving)
		on_assign(g, rd_kafka_event_topic_partition_list(event));
	else
		on_revoke(g);
}

/* --- records --- */

static enum topic_id topic_of(const struct bus_group *g, const rd_kafka_message_t *message)
{
	const char *name = rd_kafka_topic_name(message->rkt);
	for (size_t i = 0; i < g->config.topic_count; i++)
		if (strcmp(g->bus->topic_names[g->topics[i]], name) == 0)
			return g->topics[i];
	return TOPIC_COUNT;
}

/* false: it was handed out before. */
static bool see(struct bus_group *g, struct partition *p, int64_t offset)
{
	size_t before = p->span.unfinished;
	bool restarted = p->span.low >= 0 && offset < p->span.low;
	if (!bus_span_see(&p->span, offset))
		return false;
	g->unfinished += p->span.unfinished - before;
	if (restarted) {
		p->generation = ++g->generation;
		log_event(LOG_warn, "bus.log_restarted", LOG_S("topic", topic_rows[p->topic].name), LOG_I("partition", p->number), LOG_I("offset", offset));
	}
	if (bus_span_length(&p->span) >= BUS_SPAN_MAX && !p->held) {
		p->held = true;
		apply_pauses(g, true);
		log_event(LOG_warn, "bus.partition_held", LOG_S("topic", topic_rows[p->topic].name), LOG_I("partition", p->number));
	}
	return true;
}

static void on_message(struct bus_group *g, const rd_kafka_message_t *message)
{
	struct bus_header headers[BUS_HEADERS_MAX];
	if (message->err || g->leaving)
		return;
	struct partition *p = find(g, topic_of(g, message), message->partition);
	if (!p || !see(g, p, message->offset))
		return;
	struct bus_record record = { .topic = p->topic, .generation = p->generation };
	bus_record_fill(&record, headers, message);
	g->config.on_record(g->config.ctx, &record);
}

static void on_event(void *ctx, rd_kafka_event_t *event)
{
	struct bus_group *g = ctx;
	const rd_kafka_message_t *message;
	switch (rd_kafka_event_type(event)) {
	case RD_KAFKA_EVENT_FETCH:
		while ((message = rd_kafka_event_message_next(event)))
			on_message(g, message);
		return;
	case RD_KAFKA_EVENT_REBALANCE:
		on_rebalance(g, event);
		return;
	case RD_KAFKA_EVENT_OFFSET_COMMIT:
		on_committed(g, event);
		return;
	case RD_KAFKA_EVENT_ERROR:
		log_event(rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__FATAL ? LOG_error : LOG_debug, "bus.group_error",
		          LOG_S("group", g->config.group), LOG_S("why", rd_kafka_event_error_string(event)));
		return;
	default:
		return;
	}
}

/* --- joining and leaving --- */

static void free_group(struct bus_group *g, int destroy_flags)
{
	struct bus_group **link = &g->bus->groups;
	while (*link && *link != g)
		link = &(*link)->next;
	if (*link)
		*link = g->next;
	bus_pump_close(&g->pump);
	bus_pump_close(&g->closing_pump);
	bus_timer_close(&g->timer);
	drop_partitions(g);
	if (g->client)
		bus_reap(g->bus, g->client, destroy_flags);
	free((char *)g->config.group);
	free(g->topics);
	free(g);
}

static void on_timer(uv_timer_t *timer)
{
	struct bus_group *g = timer->data;
	if (!g->leaving) {
		pause_in_earnest(g);
		commit(g);
		return;
	}
	bool closed = rd_kafka_consumer_closed(g->client);
	if (!closed && !g->closed_badly && clock_ms() < g->leave_until_ms)
		return;
	bus_event_fn *left = g->left;
	void *ctx = g->left_ctx;
	if (!closed)
		log_event(LOG_warn, "bus.left_badly", LOG_S("group", g->config.group));
	free_group(g, closed ? 0 : RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
	if (left)
		left(ctx);
}

void bus_group_leave(struct bus_group **group, bus_event_fn *done, void *ctx)
{
	struct bus_group *g = *group;
	*group = NULL;
	g->leaving = true;
	g->left = done;
	g->left_ctx = ctx;
	g->leave_until_ms = clock_ms() + BUS_CLOSE_MS;
	commit(g);
	rd_kafka_queue_t *queue = rd_kafka_queue_new(g->client);
	rd_kafka_error_t *error = rd_kafka_consumer_close_queue(g->client, queue);
	if (error) {
		log_event(LOG_warn, "bus.close_failed", LOG_S("why", rd_kafka_error_string(error)));
		rd_kafka_error_destroy(error);
		g->closed_badly = true;
	}
	bus_pump_go(g->pump);
	g->closing_pump = bus_pump_new(g->bus->config.loop, queue, on_event, g);
	uv_timer_start(g->timer, on_timer, LEAVE_TICK_MS, LEAVE_TICK_MS);
}

void bus_groups_free(struct bus *bus)
{
	while (bus->groups)
		free_group(bus->groups, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

void bus_group_name(const struct bus *bus, const char *group, char *out, size_t size)
{
	snprintf(out, size, "%s%s", bus->config.topic_prefix ? bus->config.topic_prefix : "", group);
}

static rd_kafka_t *new_client(const struct bus *bus, const struct bus_group_config *config)
{
	int64_t session = config->session_ms ? config->session_ms : BUS_SESSION_MS;
	if (bus->config.embedded && session < EMBEDDED_SESSION_MS)
		session = EMBEDDED_SESSION_MS;
	rd_kafka_conf_t *conf = bus_conf_new(&bus->config);
	bus_conf_set_consumer(conf, &bus->config);
	char name[256];
	bus_group_name(bus, config->group, name, sizeof(name));
	bus_conf_set(conf, "group.id", name);
	bus_conf_set(conf, "partition.assignment.strategy", "range");
	bus_conf_set_int(conf, "session.timeout.ms", session);
	bus_conf_set_int(conf, "heartbeat.interval.ms", session / 4 > 3000 ? 3000 : session / 4);
	rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_OFFSET_COMMIT | RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_ERROR);
	rd_kafka_t *client = bus_client_new(RD_KAFKA_CONSUMER, conf);
	if (client)
		rd_kafka_poll_set_consumer(client);
	return client;
}

static enum error subscribe(struct bus_group *g)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)g->config.topic_count);
	for (size_t i = 0; i < g->config.topic_count; i++)
		rd_kafka_topic_partition_list_add(list, g->bus->topic_names[g->topics[i]], RD_KAFKA_PARTITION_UA);
	rd_kafka_resp_err_t error = rd_kafka_subscribe(g->client, list);
	rd_kafka_topic_partition_list_destroy(list);
	if (error)
		log_event(LOG_error, "bus.not_subscribed", LOG_S("why", rd_kafka_err2name(error)));
	return error ? ERROR_bus_rejected : ERROR_none;
}

enum error bus_group_join(struct bus *bus, const struct bus_group_config *config, struct bus_group **group_r)
{
	struct bus_group *g = bus_alloc(sizeof(*g));
	g->bus = bus;
	g->config = *config;
	g->config.group = bus_copy(config->group);
	g->topics = bus_alloc(config->topic_count * sizeof(*g->topics));
	memcpy(g->topics, config->topics, config->topic_count * sizeof(*g->topics));
	g->next = bus->groups;
	bus->groups = g;
	g->client = new_client(bus, config);
	if (!g->client || subscribe(g)) {
		free_group(g, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
		return ERROR_bus_rejected;
	}
	g->pump = bus_pump_new(bus->config.loop, rd_kafka_queue_get_consumer(g->client), on_event, g);
	g->timer = bus_timer_new(bus->config.loop, g);
	uv_timer_start(g->timer, on_timer, BUS_COMMIT_MS, BUS_COMMIT_MS);
	*group_r = g;
	return ERROR_none;
}
