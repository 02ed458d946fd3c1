/* bus.c - the handle: settings of all clients, is a broker there, the end. */
#include "common/bus_internal.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"

struct bus_warm_up {
	int64_t until_ms;
	bus_delivered_fn *done;
	void *ctx;
	struct bus_warm_up *next;
};

struct probe {
	struct bus_work work;
	rd_kafka_t *client;
	rd_kafka_resp_err_t error;
	const struct rd_kafka_metadata *metadata;
};

void *bus_alloc(size_t size)
{
	void *memory = calloc(1, size);
	if (!memory) {
		fputs("{\"level\":\"error\",\"event\":\"memory.exhausted\"}\n", stderr);
		abort();
	}
	return memory;
}

/* --- timers --- */

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

uv_timer_t *bus_timer_new(uv_loop_t *loop, void *data)
{
	uv_timer_t *timer = bus_alloc(sizeof(*timer));
	uv_timer_init(loop, timer);
	timer->data = data;
	return timer;
}

void bus_timer_close(uv_timer_t **timer)
{
	if (*timer)
		uv_close((uv_handle_t *)*timer, free_handle);
	*timer = NULL;
}

/* --- configuration --- */

void bus_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char why[256];
	if (rd_kafka_conf_set(conf, name, value, why, sizeof(why)) != RD_KAFKA_CONF_OK)
		log_event(LOG_error, "bus.setting", LOG_S("name", name), LOG_S("why", why));
}

void bus_conf_set_int(rd_kafka_conf_t *conf, const char *name, int64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%lld", (long long)value);
	bus_conf_set(conf, name, text);
}

/* In any thread. A broker that is away is the broker's trouble: a warning at most. */
static void on_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
	(void)client;
	/* The mock cluster is "too old" for a setting that nothing depends on. */
	bool idle = strcmp(facility, "AUTOCREATE") == 0;
	log_event(level <= 4 && !idle ? LOG_warn : LOG_debug, "bus.client", LOG_S("facility", facility), LOG_S("text", text));
}

rd_kafka_conf_t *bus_conf_new(const struct bus_config *config)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	bus_conf_set(conf, "bootstrap.servers", config->brokers);
	bus_conf_set(conf, "client.id", config->client_id ? config->client_id : "restaurant");
	bus_conf_set(conf, "socket.nagle.disable", "true");
	bus_conf_set(conf, "socket.keepalive.enable", "true");
	bus_conf_set(conf, "socket.connection.setup.timeout.ms", "5000");
	bus_conf_set(conf, "socket.timeout.ms", "10000");
	bus_conf_set(conf, "reconnect.backoff.ms", "50");
	bus_conf_set(conf, "reconnect.backoff.max.ms", "1000");
	bus_conf_set(conf, "topic.metadata.refresh.interval.ms", "60000");
	bus_conf_set(conf, "log.connection.close", "false");
	bus_conf_set(conf, "log_level", "5");
	rd_kafka_conf_set_log_cb(conf, on_log);
	return conf;
}

/* A real broker answers a waiting fetch as soon as there is something; the mock cluster holds it for the whole time. */
void bus_conf_set_consumer(rd_kafka_conf_t *conf, const struct bus_config *config)
{
	bus_conf_set(conf, "enable.auto.commit", "false");
	bus_conf_set(conf, "enable.auto.offset.store", "false");
	bus_conf_set(conf, "auto.offset.reset", "earliest");
	bus_conf_set(conf, "allow.auto.create.topics", "false");
	bus_conf_set(conf, "fetch.wait.max.ms", config->embedded ? "2" : "500");
	bus_conf_set(conf, "fetch.min.bytes", "1");
	bus_conf_set(conf, "fetch.error.backoff.ms", "10");
	/* Above either of these librdkafka 2.0.2 fetches nothing for a whole second: a burst must stay below. */
	bus_conf_set(conf, "queued.min.messages", "100000");
	bus_conf_set(conf, "queued.max.messages.kbytes", "65536");
}

rd_kafka_t *bus_client_new(rd_kafka_type_t type, rd_kafka_conf_t *conf)
{
	char why[512];
	rd_kafka_t *client = rd_kafka_new(type, conf, why, sizeof(why));
	if (!client) {
		log_event(LOG_error, "bus.client_failed", LOG_S("why", why));
		rd_kafka_conf_destroy(conf);
	}
	return client;
}

/* --- is a broker there? --- */

static void on_probe_timer(uv_timer_t *timer);

static void watch(struct bus *bus)
{
	if (!uv_is_active((uv_handle_t *)bus->probe_timer))
		uv_timer_start(bus->probe_timer, on_probe_timer, 0, BUS_PROBE_MS / 10);
}

void bus_heard(struct bus *bus)
{
	if (!bus->heard || bus->lost_said)
		log_event(LOG_info, "bus.up", LOG_S("brokers", bus->brokers));
	bus->heard = true;
	bus->lost = bus->lost_said = false;
}

void bus_lost(struct bus *bus)
{
	if (!bus->lost)
		bus->lost_at_ms = clock_ms();
	bus->lost = true;
	watch(bus);
}

/* librdkafka also says so when a connection is merely made anew, so a probe gets a moment to tell. */
bool bus_up(const struct bus *bus)
{
	return bus->heard && (!bus->lost || clock_ms() - bus->lost_at_ms < BUS_DOUBT_MS);
}

static void say_lost(struct bus *bus)
{
	if (bus->lost && !bus->lost_said && !bus_up(bus)) {
		log_event(LOG_warn, "bus.down", LOG_S("brokers", bus->brokers));
		bus->lost_said = true;
	}
}

static void end_warm_ups(struct bus *bus, int64_t until_ms, enum error error)
{
	struct bus_warm_up *list = bus->warm_ups, *keep = NULL;
	bus->warm_ups = NULL;
	while (list) {
		struct bus_warm_up *w = list;
		list = w->next;
		if (w->until_ms > until_ms) {
			w->next = keep;
			keep = w;
			continue;
		}
		w->done(w->ctx, error);
		free(w);
	}
	while (keep) {
		struct bus_warm_up *w = keep;
		keep = w->next;
		w->next = bus->warm_ups;
		bus->warm_ups = w;
	}
}

static void run_probe(struct bus_work *work)
{
	struct probe *p = (struct probe *)work;
	p->error = rd_kafka_metadata(p->client, 0, NULL, &p->metadata, BUS_CALL_MS);
}

static void learn_partitions(struct bus *bus, const struct rd_kafka_metadata *metadata)
{
	for (int i = 0; i < metadata->topic_cnt; i++) {
		enum topic_id topic = bus_topic_find(bus, metadata->topics[i].topic);
		if (topic != TOPIC_COUNT && !metadata->topics[i].err)
			bus->partitions[topic] = metadata->topics[i].partition_cnt;
	}
}

/* After its start a broker answers before it leads anything. */
static bool has_leader(const struct rd_kafka_metadata *metadata)
{
	for (int i = 0; i < metadata->topic_cnt; i++)
		for (int j = 0; j < metadata->topics[i].partition_cnt; j++)
			if (metadata->topics[i].partitions[j].leader >= 0)
				return true;
	return metadata->topic_cnt == 0;
}

static void on_metadata(struct bus *bus, const struct rd_kafka_metadata *metadata)
{
	learn_partitions(bus, metadata);
	if (!has_leader(metadata))
		return;
	bus_heard(bus);
	end_warm_ups(bus, INT64_MAX, ERROR_none);
}

static void finish_probe(struct bus_work *work)
{
	struct probe *p = (struct probe *)work;
	struct bus *bus = work->bus;
	if (bus) {
		bus->probing = false;
		if (!p->error)
			on_metadata(bus, p->metadata);
	}
	if (p->metadata)
		rd_kafka_metadata_destroy(p->metadata);
}

static void probe(struct bus *bus)
{
	struct bus_producer *producer;
	if (bus->probing || bus_producer_of(bus, BUS_FAST, &producer))
		return;
	struct probe *p = bus_alloc(sizeof(*p));
	p->work.run = run_probe;
	p->work.finish = finish_probe;
	p->client = bus_producer_client(producer);
	if (bus_work_start(bus, &p->work) == ERROR_none)
		bus->probing = true;
}

static void on_probe_timer(uv_timer_t *timer)
{
	struct bus *bus = timer->data;
	end_warm_ups(bus, clock_ms(), ERROR_bus_unavailable);
	say_lost(bus);
	if (!bus->warm_ups && bus->heard && !bus->lost) {
		uv_timer_stop(timer);
		return;
	}
	probe(bus);
}

void bus_warm_up(struct bus *bus, int64_t deadline_ms, bus_delivered_fn *done, void *ctx)
{
	struct bus_warm_up *w = bus_alloc(sizeof(*w));
	*w = (struct bus_warm_up){ .until_ms = clock_ms() + deadline_ms, .done = done, .ctx = ctx, .next = bus->warm_ups };
	bus->warm_ups = w;
	watch(bus);
}

int32_t bus_partitions(const struct bus *bus, enum topic_id topic)
{
	return bus->partitions[topic];
}

/* --- flush --- */

static void on_flush_timer(uv_timer_t *timer)
{
	struct bus *bus = timer->data;
	bus_event_fn *flushed = bus->flushed;
	bus->flushed = NULL;
	if (flushed)
		flushed(bus->flush_ctx);
}

void bus_confirmed_all(struct bus *bus)
{
	if (bus->flushed)
		uv_timer_start(bus->flush_timer, on_flush_timer, 0, 0);
}

void bus_flush(struct bus *bus, int64_t deadline_ms, bus_event_fn *done, void *ctx)
{
	assert(!bus->flushed);
	bus->flushed = done;
	bus->flush_ctx = ctx;
	uv_update_time(bus->config.loop);
	uv_timer_start(bus->flush_timer, on_flush_timer, bus->unconfirmed ? (uint64_t)deadline_ms : 0, 0);
}

size_t bus_unconfirmed(const struct bus *bus)
{
	return bus->unconfirmed;
}

/* --- beginning and end --- */

char *bus_copy(const char *s)
{
	size_t size = strlen(s ? s : "") + 1;
	return memcpy(bus_alloc(size), s ? s : "", size);
}

static void name_topics(struct bus *bus)
{
	for (size_t i = 0; i < TOPIC_COUNT; i++) {
		size_t size = strlen(bus->prefix) + strlen(topic_rows[i].name) + 1;
		bus->topic_names[i] = bus_alloc(size);
		snprintf(bus->topic_names[i], size, "%s%s", bus->prefix, topic_rows[i].name);
	}
}

enum topic_id bus_topic_find(const struct bus *bus, const char *full_name)
{
	for (size_t i = 0; i < TOPIC_COUNT; i++)
		if (strcmp(bus->topic_names[i], full_name) == 0)
			return (enum topic_id)i;
	return TOPIC_COUNT;
}

enum error bus_new(const struct bus_config *config, struct bus **bus_r)
{
	struct bus *bus = bus_alloc(sizeof(*bus));
	*bus_r = bus;
	bus->brokers = bus_copy(config->brokers);
	bus->client_id = bus_copy(config->client_id ? config->client_id : "restaurant");
	bus->prefix = bus_copy(config->topic_prefix);
	bus->config = *config;
	bus->config.brokers = bus->brokers;
	bus->config.client_id = bus->client_id;
	bus->config.topic_prefix = bus->prefix;
	name_topics(bus);
	bus->flush_timer = bus_timer_new(config->loop, bus);
	bus->probe_timer = bus_timer_new(config->loop, bus);
	bus->reap_timer = bus_timer_new(config->loop, bus);
	struct bus_producer *producer;
	enum error error = bus_producer_of(bus, BUS_FAST, &producer);
	if (error)
		bus_free(bus_r);
	return error;
}

static void free_warm_ups(struct bus *bus)
{
	while (bus->warm_ups) {
		struct bus_warm_up *w = bus->warm_ups;
		bus->warm_ups = w->next;
		free(w);
	}
}

void bus_free(struct bus **bus)
{
	struct bus *b = *bus;
	*bus = NULL;
	if (!b)
		return;
	bus_works_end(b);
	bus_groups_free(b);
	bus_readers_free(b);
	bus_producers_free(b);
	bus_reapers_end(b);
	free_warm_ups(b);
	bus_timer_close(&b->flush_timer);
	bus_timer_close(&b->probe_timer);
	bus_timer_close(&b->reap_timer);
	for (size_t i = 0; i < TOPIC_COUNT; i++)
		free(b->topic_names[i]);
	free(b->brokers);
	free(b->client_id);
	free(b->prefix);
	free(b);
}
