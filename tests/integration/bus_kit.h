/* bus_kit.h - a bus, its loop and its broker for the tests of the bus: the real Kafka of TEST_KAFKA_BROKERS with topics of this test's own, or the
 * mock cluster in this process.
 */
#ifndef TESTS_BUS_KIT_H
#define TESTS_BUS_KIT_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/bus.h"

#define KIT_PARTITIONS 4
#define KIT_SEEN_MAX 20000

struct kit {
	uv_loop_t loop;
	uv_timer_t tick; /* so that the loop turns while a test waits for a condition */
	bool embedded;
	char brokers[200], prefix[60];
	int64_t message_timeout_ms;
	rd_kafka_t *mock_host;
	rd_kafka_mock_cluster_t *mock;
	struct bus *bus;
};

/* What a group's member or a reader was given. */
struct kit_seen {
	struct bus_group *group;
	int32_t number[KIT_SEEN_MAX]; /* the number in the value */
	int32_t partition[KIT_SEEN_MAX], generation[KIT_SEEN_MAX];
	int64_t offset[KIT_SEEN_MAX];
	size_t n, assigned, revoked;
	bool keep_unfinished; /* do not finish what comes */
	int32_t keep_number;  /* do not finish this one; -1: none */
	size_t pause_each;    /* pause after so many; the test resumes */
	bool paused;
	bool ready;
	enum error ready_error;
};

void kit_open(struct kit *k, bool embedded);
void kit_close(struct kit *k);
/* Another bus on the same broker, topics and loop. */
struct bus *kit_bus(struct kit *k);
/* Turns the loop until `condition` holds; false after `ms`. */
bool kit_until(struct kit *k, bool (*condition)(void *ctx), void *ctx, int64_t ms);
void kit_turn(struct kit *k, int64_t ms);

/* Publishes numbers [from, to) to chat.requests, number n under the key "key-<n % keys>"; waits for all confirmations. Returns how many were confirmed as stored. */
size_t kit_publish(struct kit *k, int32_t from, int32_t to, int keys);
void kit_join(struct kit *k, struct bus *bus, const char *group, struct kit_seen *seen);
void kit_leave(struct kit *k, struct kit_seen *seen);
/* Waits until `seen` has n records. */
bool kit_seen_until(struct kit *k, const struct kit_seen *seen, size_t n, int64_t ms);
void kit_on_record(void *ctx, const struct bus_record *record);
void kit_on_ready(void *ctx, enum error error);

#endif
