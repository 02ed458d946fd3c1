/* bus_producer.c - records out: two lanes, each with an idempotent producer that is made anew when it dies. */
#include "common/bus_internal.h"

#include <stdlib.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/metric.h"

#define BLOCK 256
#define DRAIN_MS 2000 /* of a producer that died: then what it has not reported ends without its word */
#define DRAIN_TICK_MS 20

struct bus_confirmation {
	bus_delivered_fn *done;
	void *ctx;
	struct bus_confirmation *next, **link;
};

/* The first element of a block only chains the blocks. */
struct block {
	struct bus_confirmation v[BLOCK];
};

struct bus_producer {
	struct bus *bus;
	enum bus_lane lane;
	rd_kafka_t *client;
	struct bus_pump *pump;
	rd_kafka_topic_t *topics[TOPIC_COUNT];
	struct bus_confirmation *open;
	bool dead;
	uv_timer_t *drain_timer;
	int64_t drain_until_ms;
	struct bus_producer *next; /* among the dying */
};

/* --- confirmations --- */

static void cut_block(struct bus *bus)
{
	struct block *block = bus_alloc(sizeof(*block));
	block->v[0].next = bus->blocks;
	bus->blocks = &block->v[0];
	for (int i = 1; i < BLOCK; i++) {
		block->v[i].next = bus->spare;
		bus->spare = &block->v[i];
	}
}

static struct bus_confirmation *take_confirmation(struct bus_producer *p, bus_delivered_fn *done, void *ctx)
{
	struct bus *bus = p->bus;
	if (!bus->spare)
		cut_block(bus);
	struct bus_confirmation *c = bus->spare;
	bus->spare = c->next;
	*c = (struct bus_confirmation){ .done = done, .ctx = ctx, .next = p->open, .link = &p->open };
	if (c->next)
		c->next->link = &c->next;
	p->open = c;
	bus->unconfirmed++;
	return c;
}

static void return_confirmation(struct bus *bus, struct bus_confirmation *c)
{
	*c->link = c->next;
	if (c->next)
		c->next->link = c->link;
	c->next = bus->spare;
	bus->spare = c;
	if (--bus->unconfirmed == 0)
		bus_confirmed_all(bus);
}

static void confirm(struct bus *bus, struct bus_confirmation *c, enum error error)
{
	bus_delivered_fn *done = c->done;
	void *ctx = c->ctx;
	return_confirmation(bus, c);
	if (done)
		done(ctx, error);
}

/* --- the life of a producer --- */

static void close_producer(struct bus_producer *p)
{
	bus_pump_close(&p->pump);
	bus_timer_close(&p->drain_timer);
	for (size_t i = 0; i < TOPIC_COUNT; i++)
		if (p->topics[i])
			rd_kafka_topic_destroy(p->topics[i]);
	if (p->client)
		bus_reap(p->bus, p->client, 0);
	free(p);
}

static void bury(struct bus_producer *p)
{
	struct bus *bus = p->bus;
	struct bus_producer **link = &bus->dying;
	while (*link != p)
		link = &(*link)->next;
	*link = p->next;
	/* While these run, `p` is out of reach of whatever they call. */
	while (p->open)
		confirm(bus, p->open, ERROR_bus_unknown);
	close_producer(p);
}

static void on_drain_timer(uv_timer_t *timer)
{
	struct bus_producer *p = timer->data;
	bool drained = !p->open || clock_ms() >= p->drain_until_ms;
	if (drained && !p->bus->probing) /* a probe may be using the client */
		bury(p);
}

/* librdkafka's idempotent producer gives up for good when it can no longer be sure of its sequence numbers. What it held may be stored or not. */
static void producer_died(struct bus_producer *p)
{
	struct bus *bus = p->bus;
	if (p->dead)
		return;
	char why[256] = "";
	rd_kafka_fatal_error(p->client, why, sizeof(why));
	log_event(LOG_error, "bus.producer_died", LOG_S("why", why), LOG_I("lane", p->lane));
	metric_add(METRIC_producer_rebuilds, 1);
	p->dead = true;
	bus->lanes[p->lane] = NULL;
	p->next = bus->dying;
	bus->dying = p;
	rd_kafka_purge(p->client, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING);
	p->drain_until_ms = clock_ms() + DRAIN_MS;
	p->drain_timer = bus_timer_new(bus->config.loop, p);
	uv_timer_start(p->drain_timer, on_drain_timer, DRAIN_TICK_MS, DRAIN_TICK_MS);
	struct bus_producer *fresh;
	if (bus_producer_of(bus, p->lane, &fresh))
		log_event(LOG_error, "bus.no_producer"); /* the next publish tries again */
}

static enum error refusal(rd_kafka_resp_err_t why)
{
	switch (why) {
	case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
	case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
	case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
	case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
	case RD_KAFKA_RESP_ERR_INVALID_MSG:
	case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
	case RD_KAFKA_RESP_ERR_INVALID_RECORD:
	case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
	case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
	case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
		return ERROR_bus_rejected;
	default:
		return ERROR_bus_unavailable;
	}
}

static enum error outcome(const struct bus_producer *p, const rd_kafka_message_t *message)
{
	if (!message->err)
		return ERROR_none;
	switch (p->dead ? RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED : rd_kafka_message_status(message)) {
	case RD_KAFKA_MSG_STATUS_PERSISTED:
		return ERROR_none;
	case RD_KAFKA_MSG_STATUS_NOT_PERSISTED:
		return refusal(message->err);
	default:
		return ERROR_bus_unknown;
	}
}

static void on_reports(struct bus_producer *p, rd_kafka_event_t *event)
{
	const rd_kafka_message_t *message;
	while ((message = rd_kafka_event_message_next(event))) {
		enum error error = outcome(p, message);
		if (!error && (p->bus->lost || !p->bus->heard))
			bus_heard(p->bus);
		if (error)
			log_event(LOG_debug, "bus.not_confirmed", LOG_S("why", rd_kafka_err2name(message->err)), LOG_I("status", rd_kafka_message_status(message)));
		confirm(p->bus, message->_private, error);
	}
}

static void on_error(struct bus_producer *p, rd_kafka_event_t *event)
{
	rd_kafka_resp_err_t error = rd_kafka_event_error(event);
	/* The event of a fatal error bears the error behind it. */
	if (rd_kafka_event_error_is_fatal(event) || error == RD_KAFKA_RESP_ERR__FATAL)
		producer_died(p);
	else if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !p->dead)
		bus_lost(p->bus);
	else
		log_event(LOG_debug, "bus.error", LOG_S("why", rd_kafka_event_error_string(event)));
}

static void on_event(void *ctx, rd_kafka_event_t *event)
{
	if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR)
		on_reports(ctx, event);
	else if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR)
		on_error(ctx, event);
}

static rd_kafka_t *new_client(const struct bus *bus, enum bus_lane lane)
{
	int64_t timeout = bus->config.message_timeout_ms;
	rd_kafka_conf_t *conf = bus_conf_new(&bus->config);
	bus_conf_set(conf, "acks", "all");
	bus_conf_set(conf, "enable.idempotence", "true");
	/* With more requests under way, the first to a new leader may be refused (it does not know yet that it leads) and the second taken: a broker that knows nothing of this
	 * producer takes any sequence number. The first is then out of sequence for good, and librdkafka 2.0 reports it as delivered: seen on one new topic in fifteen. */
	bus_conf_set(conf, "max.in.flight", "1");
	bus_conf_set(conf, "linger.ms", lane == BUS_FAST ? "0" : "5");
	bus_conf_set(conf, "retry.backoff.ms", "50");
	bus_conf_set(conf, "partitioner", "murmur2_random");
	bus_conf_set(conf, "message.max.bytes", "1048576");
	bus_conf_set_int(conf, "message.timeout.ms", timeout ? timeout : BUS_MESSAGE_TIMEOUT_MS);
	bus_conf_set_int(conf, "queue.buffering.max.messages", BUS_QUEUE_MAX);
	bus_conf_set_int(conf, "queue.buffering.max.kbytes", BUS_QUEUE_BYTES / 1024);
	rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
	return bus_client_new(RD_KAFKA_PRODUCER, conf);
}

/* All topics are named at once, so that the metadata of all comes with the first answer of a broker. */
static bool name_topics(struct bus_producer *p)
{
	for (size_t i = 0; i < TOPIC_COUNT; i++) {
		p->topics[i] = rd_kafka_topic_new(p->client, p->bus->topic_names[i], NULL);
		if (!p->topics[i])
			return false;
	}
	return true;
}

enum error bus_producer_of(struct bus *bus, enum bus_lane lane, struct bus_producer **producer_r)
{
	*producer_r = bus->lanes[lane];
	if (*producer_r)
		return ERROR_none;
	struct bus_producer *p = bus_alloc(sizeof(*p));
	p->bus = bus;
	p->lane = lane;
	p->client = new_client(bus, lane);
	if (!p->client || !name_topics(p)) {
		close_producer(p);
		return ERROR_bus_unavailable;
	}
	p->pump = bus_pump_new(bus->config.loop, rd_kafka_queue_get_main(p->client), on_event, p);
	bus->lanes[lane] = *producer_r = p;
	return ERROR_none;
}

rd_kafka_t *bus_producer_client(struct bus_producer *producer)
{
	return producer->client;
}

static void forget_producer(struct bus_producer *p)
{
	while (p->open)
		return_confirmation(p->bus, p->open);
	close_producer(p);
}

void bus_producers_free(struct bus *bus)
{
	bus->flushed = NULL;
	for (size_t lane = 0; lane <= BUS_BULK; lane++)
		if (bus->lanes[lane])
			forget_producer(bus->lanes[lane]);
	while (bus->dying) {
		struct bus_producer *p = bus->dying;
		bus->dying = p->next;
		forget_producer(p);
	}
	while (bus->blocks) {
		struct block *block = (struct block *)bus->blocks;
		bus->blocks = bus->blocks->next;
		free(block);
	}
}

/* --- publishing --- */

static size_t record_size(const struct bus_record *record)
{
	size_t size = record->key_len + record->value_len;
	for (size_t i = 0; i < record->header_count; i++)
		size += record->headers[i].len + 32;
	return size;
}

static rd_kafka_headers_t *headers_of(const struct bus_record *record)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(record->header_count);
	for (size_t i = 0; i < record->header_count; i++)
		rd_kafka_header_add(headers, record->headers[i].name, -1, record->headers[i].value, (ssize_t)record->headers[i].len);
	return headers;
}

static enum error produce(struct bus_producer *p, const struct bus_record *record, struct bus_confirmation *c)
{
	rd_kafka_headers_t *headers = headers_of(record);
	int32_t partition = record->partition == BUS_ANY_PARTITION ? RD_KAFKA_PARTITION_UA : record->partition;
	rd_kafka_resp_err_t why = rd_kafka_producev(p->client, RD_KAFKA_V_RKT(p->topics[record->topic]), RD_KAFKA_V_PARTITION(partition),
	                                            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(record->key, record->key_len),
	                                            RD_KAFKA_V_VALUE((void *)record->value, record->value_len),
	                                            RD_KAFKA_V_TIMESTAMP(record->timestamp_ms), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE(c), RD_KAFKA_V_END);
	if (!why)
		return ERROR_none;
	rd_kafka_headers_destroy(headers);
	if (why == RD_KAFKA_RESP_ERR__FATAL)
		producer_died(p);
	log_event(LOG_debug, "bus.not_published", LOG_S("why", rd_kafka_err2name(why)));
	return why == RD_KAFKA_RESP_ERR__QUEUE_FULL ? ERROR_overloaded : refusal(why);
}

enum error bus_publish(struct bus *bus, enum bus_lane lane, const struct bus_record *record, bus_delivered_fn *done, void *ctx)
{
	struct bus_producer *p;
	if (record->header_count > BUS_HEADERS_MAX || record_size(record) > BUS_RECORD_MAX)
		return ERROR_too_large;
	enum error error = ERROR_bus_unavailable;
	/* A second time when the first one found the producer dead. */
	for (int i = 0; i < 2; i++) {
		error = bus_producer_of(bus, lane, &p);
		if (error)
			return error;
		struct bus_confirmation *c = take_confirmation(p, done, ctx);
		error = produce(p, record, c);
		if (!error)
			return ERROR_none;
		return_confirmation(bus, c);
		if (!p->dead)
			break;
	}
	return error;
}
