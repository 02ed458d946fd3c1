/* floor_kafka.c - two raw hops through Kafka; see floor.h. */
#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "tests/bench/floor.h"
#include "tests/bench/table.h"

#define HOP_TIMEOUT_MS 10000

static char topics[2][80];
static volatile bool stopping;

static void set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char error[200];
	if (rd_kafka_conf_set(conf, name, value, error, sizeof(error)) != RD_KAFKA_CONF_OK) {
		fprintf(stderr, "%s: %s\n", name, error);
		exit(1);
	}
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *brokers)
{
	char error[200];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	set(conf, "bootstrap.servers", brokers);
	set(conf, "socket.nagle.disable", "true");
	if (type == RD_KAFKA_PRODUCER) {
		set(conf, "linger.ms", "0");
		set(conf, "enable.idempotence", "true");
	} else {
		set(conf, "group.id", "floor");
		set(conf, "fetch.wait.max.ms", "500");
		set(conf, "fetch.error.backoff.ms", "10");
		set(conf, "auto.offset.reset", "earliest");
		set(conf, "enable.auto.commit", "false");
	}
	rd_kafka_t *rk = rd_kafka_new(type, conf, error, sizeof(error));
	if (!rk)
		fprintf(stderr, "%s\n", error), exit(1);
	if (type == RD_KAFKA_CONSUMER)
		rd_kafka_poll_set_consumer(rk);
	return rk;
}

static void read_topic(rd_kafka_t *rk, const char *topic)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, topic, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
	rd_kafka_assign(rk, list);
	rd_kafka_topic_partition_list_destroy(list);
}

static void make_topics(rd_kafka_t *rk)
{
	char error[200];
	rd_kafka_NewTopic_t *list[2];
	for (int i = 0; i < 2; i++)
		list[i] = rd_kafka_NewTopic_new(topics[i], 1, 1, error, sizeof(error));
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	rd_kafka_CreateTopics(rk, list, 2, NULL, queue);
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, HOP_TIMEOUT_MS);
	rd_kafka_event_destroy(event);
	rd_kafka_queue_destroy(queue);
	rd_kafka_NewTopic_destroy_array(list, 2);
}

static void produce(rd_kafka_t *rk, const char *topic, const void *bytes, size_t len)
{
	rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_VALUE((void *)bytes, len),
	                  RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
	rd_kafka_poll(rk, 0);
}

static void *echo(void *brokers)
{
	rd_kafka_t *in = client(RD_KAFKA_CONSUMER, brokers), *out = client(RD_KAFKA_PRODUCER, brokers);
	read_topic(in, topics[0]);
	while (!stopping) {
		rd_kafka_message_t *m = rd_kafka_consumer_poll(in, 100);
		if (m && !m->err)
			produce(out, topics[1], m->payload, m->len);
		if (m)
			rd_kafka_message_destroy(m);
	}
	rd_kafka_flush(out, 1000);
	rd_kafka_destroy(out);
	rd_kafka_destroy(in);
	return NULL;
}

static double round_trip_ms(rd_kafka_t *out, rd_kafka_t *in)
{
	static const char payload[300];
	int64_t began = clock_us();
	produce(out, topics[0], payload, sizeof(payload));
	for (;;) {
		rd_kafka_message_t *m = rd_kafka_consumer_poll(in, HOP_TIMEOUT_MS);
		bool arrived = m && !m->err;
		if (m)
			rd_kafka_message_destroy(m);
		if (arrived)
			return (double)(clock_us() - began) / 1e3;
		if (clock_us() - began > HOP_TIMEOUT_MS * 1000LL)
			fprintf(stderr, "floor: no echo from Kafka\n"), exit(1);
	}
}

void floor_kafka(const char *brokers, const char *prefix, double rate, int rounds, double *p50_ms_r, double *p99_ms_r)
{
	snprintf(topics[0], sizeof(topics[0]), "%sfloor.%d.there", prefix, (int)rate);
	snprintf(topics[1], sizeof(topics[1]), "%sfloor.%d.back", prefix, (int)rate);
	rd_kafka_t *out = client(RD_KAFKA_PRODUCER, brokers), *in = client(RD_KAFKA_CONSUMER, brokers);
	make_topics(out);
	read_topic(in, topics[1]);
	stopping = false;
	pthread_t thread;
	pthread_create(&thread, NULL, echo, (void *)brokers);
	double *times = calloc((size_t)rounds, sizeof(*times));
	for (int i = -10; i < rounds; i++) {
		double ms = round_trip_ms(out, in);
		if (i >= 0)
			times[i] = ms;
		double rest_ms = 1000 / rate - ms;
		if (rest_ms > 0)
			nanosleep(&(struct timespec){ .tv_nsec = (long)(rest_ms * 1e6) }, NULL);
	}
	stopping = true;
	pthread_join(thread, NULL);
	table_sort(times, (size_t)rounds);
	*p50_ms_r = times[rounds / 2];
	*p99_ms_r = times[rounds * 99 / 100];
	free(times);
	rd_kafka_destroy(out);
	rd_kafka_destroy(in);
}
