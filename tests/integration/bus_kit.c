/* bus_kit.c - see bus_kit.h. */
#include "tests/integration/bus_kit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/id.h"
#include "common/log.h"

static void on_tick(uv_timer_t *timer)
{
	(void)timer;
}

static void start_mock(struct kit *k)
{
	char why[200], name[200];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set(conf, "log_level", "3", why, sizeof(why));
	k->mock_host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	k->mock = rd_kafka_mock_cluster_new(k->mock_host, 1);
	cr_assert_not_null(k->mock);
	for (size_t i = 0; i < TOPIC_COUNT; i++) {
		snprintf(name, sizeof(name), "%s%s", k->prefix, topic_rows[i].name);
		cr_assert_eq(rd_kafka_mock_topic_create(k->mock, name, KIT_PARTITIONS, 1), 0);
	}
	snprintf(k->brokers, sizeof(k->brokers), "%s", rd_kafka_mock_cluster_bootstraps(k->mock));
}

static struct bus_config config_of(struct kit *k)
{
	return (struct bus_config){ .loop = &k->loop, .brokers = k->brokers, .client_id = "test", .topic_prefix = k->prefix, .message_timeout_ms = k->message_timeout_ms, .embedded = k->embedded };
}

struct bus *kit_bus(struct kit *k)
{
	struct bus_config config = config_of(k);
	struct bus *bus = NULL;
	cr_assert_eq(bus_new(&config, &bus), ERROR_none);
	return bus;
}

void kit_on_ready(void *ctx, enum error error)
{
	struct kit_seen *seen = ctx;
	cr_assert(!seen->ready, "ready came twice");
	seen->ready = true;
	seen->ready_error = error;
}

static bool is_ready(void *ctx)
{
	return ((struct kit_seen *)ctx)->ready;
}

void kit_open(struct kit *k, bool embedded)
{
	char random[9];
	*k = (struct kit){ .embedded = embedded };
	log_init("test", LOG_error);
	uv_loop_init(&k->loop);
	uv_timer_init(&k->loop, &k->tick);
	id_random_hex(random, 4);
	snprintf(k->prefix, sizeof(k->prefix), "t%d-%s.", (int)getpid(), random);
	if (embedded) {
		start_mock(k);
	} else {
		const char *brokers = getenv("TEST_KAFKA_BROKERS");
		cr_assert_not_null(brokers, "TEST_KAFKA_BROKERS is not set: run this by tests/run.sh");
		snprintf(k->brokers, sizeof(k->brokers), "%s", brokers);
		const char *why = "";
		struct bus_config config = config_of(k);
		cr_assert_eq(bus_create_topics(&config, KIT_PARTITIONS, 1, &why), ERROR_none, "%s", why);
	}
	k->bus = kit_bus(k);
	struct kit_seen *seen = calloc(1, sizeof(*seen));
	bus_warm_up(k->bus, 10000, kit_on_ready, seen);
	cr_assert(!seen->ready, "a callback before the function returned");
	cr_assert(kit_until(k, is_ready, seen, 15000));
	cr_assert_eq(seen->ready_error, ERROR_none);
	cr_assert_eq(bus_partitions(k->bus, TOPIC_chat_requests), KIT_PARTITIONS);
	cr_assert(bus_up(k->bus));
	free(seen);
}

/* So that the broker of all tests does not get slower with each of them. */
static void delete_topics(const struct kit *k)
{
	char why[200], name[200];
	rd_kafka_DeleteTopic_t *topics[TOPIC_COUNT];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set(conf, "bootstrap.servers", k->brokers, why, sizeof(why));
	rd_kafka_t *client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
	for (size_t i = 0; i < TOPIC_COUNT; i++) {
		snprintf(name, sizeof(name), "%s%s", k->prefix, topic_rows[i].name);
		topics[i] = rd_kafka_DeleteTopic_new(name);
	}
	rd_kafka_DeleteTopics(client, topics, TOPIC_COUNT, NULL, queue);
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 10000);
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_DeleteTopic_destroy_array(topics, TOPIC_COUNT);
	rd_kafka_queue_destroy(queue);
	rd_kafka_destroy(client);
}

void kit_close(struct kit *k)
{
	bus_free(&k->bus);
	if (!k->embedded)
		delete_topics(k);
	uv_close((uv_handle_t *)&k->tick, NULL);
	uv_run(&k->loop, UV_RUN_DEFAULT);
	cr_assert_eq(uv_loop_close(&k->loop), 0, "a handle was left open");
	if (k->mock)
		rd_kafka_mock_cluster_destroy(k->mock);
	if (k->mock_host)
		rd_kafka_destroy(k->mock_host);
}

bool kit_until(struct kit *k, bool (*condition)(void *ctx), void *ctx, int64_t ms)
{
	int64_t until = clock_ms() + ms;
	uv_timer_start(&k->tick, on_tick, 5, 5);
	while (!condition(ctx) && clock_ms() < until)
		uv_run(&k->loop, UV_RUN_ONCE);
	uv_timer_stop(&k->tick);
	return condition(ctx);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

void kit_turn(struct kit *k, int64_t ms)
{
	kit_until(k, never, NULL, ms);
}

struct confirmed {
	size_t stored, all;
};

static void on_delivered(void *ctx, enum error error)
{
	struct confirmed *c = ctx;
	c->all++;
	c->stored += error == ERROR_none;
}

static bool nothing_open(void *ctx)
{
	return bus_unconfirmed(ctx) == 0;
}

size_t kit_publish(struct kit *k, int32_t from, int32_t to, int keys)
{
	struct confirmed confirmed = { 0, 0 };
	for (int32_t n = from; n < to; n++) {
		char value[24], key[24];
		snprintf(value, sizeof(value), "%d", n);
		snprintf(key, sizeof(key), "key-%d", n % keys);
		struct bus_header header = { "number", value, strlen(value) };
		struct bus_record record = { .topic = TOPIC_chat_requests, .partition = BUS_ANY_PARTITION, .key = key, .key_len = strlen(key), .value = value, .value_len = strlen(value), .headers = &header, .header_count = 1 };
		cr_assert_eq(bus_publish(k->bus, BUS_FAST, &record, on_delivered, &confirmed), ERROR_none);
	}
	cr_assert_eq(confirmed.all, 0, "a callback before the function returned");
	cr_assert(kit_until(k, nothing_open, k->bus, 30000), "%zu not confirmed", bus_unconfirmed(k->bus));
	cr_assert_eq(confirmed.all, (size_t)(to - from));
	return confirmed.stored;
}

static bool is_kept(const struct kit_seen *seen, int32_t number)
{
	return seen->keep_unfinished || seen->keep_number == number;
}

void kit_on_record(void *ctx, const struct bus_record *record)
{
	struct kit_seen *seen = ctx;
	cr_assert_lt(seen->n, KIT_SEEN_MAX);
	cr_assert_eq(record->header_count, 1);
	cr_assert_str_eq(record->headers[0].name, "number");
	cr_assert(record->headers[0].len == record->value_len && memcmp(record->headers[0].value, record->value, record->value_len) == 0);
	char text[24];
	snprintf(text, sizeof(text), "%.*s", (int)record->value_len, (const char *)record->value);
	int32_t number = (int32_t)strtol(text, NULL, 10);
	seen->number[seen->n] = number;
	seen->partition[seen->n] = record->partition;
	seen->generation[seen->n] = record->generation;
	seen->offset[seen->n++] = record->offset;
	if (!seen->group)
		return;
	if (!is_kept(seen, number))
		bus_group_finish(seen->group, record->topic, record->partition, record->offset, record->generation);
	if (seen->pause_each && seen->n % seen->pause_each == 0) {
		seen->paused = true;
		bus_group_pause(seen->group);
	}
}

static void on_assigned(void *ctx, enum topic_id topic, int32_t partition)
{
	(void)topic;
	(void)partition;
	((struct kit_seen *)ctx)->assigned++;
}

static void on_revoked(void *ctx, enum topic_id topic, int32_t partition)
{
	(void)topic;
	(void)partition;
	((struct kit_seen *)ctx)->revoked++;
}

void kit_join(struct kit *k, struct bus *bus, const char *group, struct kit_seen *seen)
{
	(void)k;
	static const enum topic_id topics[] = { TOPIC_chat_requests };
	cr_assert_eq(bus_group_join(bus, &(struct bus_group_config){ .group = group, .topics = topics, .topic_count = 1, .on_record = kit_on_record, .on_assigned = on_assigned, .on_revoked = on_revoked, .ctx = seen, .session_ms = 2000 }, &seen->group),
	             ERROR_none);
}

static void on_left(void *ctx)
{
	*(bool *)ctx = true;
}

static bool is_true(void *ctx)
{
	return *(bool *)ctx;
}

void kit_leave(struct kit *k, struct kit_seen *seen)
{
	bool left = false;
	bus_group_leave(&seen->group, on_left, &left);
	cr_assert(!left && !seen->group);
	cr_assert(kit_until(k, is_true, &left, BUS_CLOSE_MS + 2000));
}

struct wanted {
	const struct kit_seen *seen;
	size_t n;
};

static bool enough(void *ctx)
{
	const struct wanted *w = ctx;
	return w->seen->n >= w->n;
}

bool kit_seen_until(struct kit *k, const struct kit_seen *seen, size_t n, int64_t ms)
{
	struct wanted w = { seen, n };
	return kit_until(k, enough, &w, ms);
}
