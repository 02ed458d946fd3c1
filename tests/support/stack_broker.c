/* stack_broker.c - see stack_broker.h. */
#include "tests/support/stack_broker.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bus.h"

#define DELETE_MS 10000

void stack_broker(const char *verb, const char *dir, char *out, size_t size)
{
	char command[600], line[200] = "";
	snprintf(command, sizeof(command), "deploy/dev/kafka.sh %s '%s'", verb, dir);
	FILE *pipe = popen(command, "r");
	bool read = pipe && fgets(line, sizeof(line), pipe);
	if (!pipe || pclose(pipe) || (out && !read)) {
		fprintf(stderr, "%s failed\n", command);
		abort();
	}
	if (out)
		snprintf(out, size, "%.*s", (int)strcspn(line, "\n"), line);
}

void stack_make_topics(const char *brokers, const char *prefix, int partitions)
{
	const struct bus_config bus = { .brokers = brokers, .client_id = "test", .topic_prefix = prefix };
	const char *why = "";
	if (bus_create_topics(&bus, partitions, 1, &why)) {
		fprintf(stderr, "topics %s*: %s\n", prefix, why);
		abort();
	}
}

void stack_forget_topics(const char *brokers, const char *prefix)
{
	char text[200];
	rd_kafka_DeleteTopic_t *list[TOPIC_COUNT];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set(conf, "bootstrap.servers", brokers, text, sizeof(text));
	rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, text, sizeof(text));
	for (int i = 0; i < TOPIC_COUNT; i++) {
		snprintf(text, sizeof(text), "%s%s", prefix, topic_rows[i].name);
		list[i] = rd_kafka_DeleteTopic_new(text);
	}
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	rd_kafka_DeleteTopics(rk, list, TOPIC_COUNT, NULL, queue);
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, DELETE_MS);
	if (event)
		rd_kafka_event_destroy(event);
	rd_kafka_DeleteTopic_destroy_array(list, TOPIC_COUNT);
	rd_kafka_queue_destroy(queue);
	rd_kafka_destroy(rk);
}
