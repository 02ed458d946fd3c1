/* bus_topics.c - the creation of topics on a real cluster, and how many partitions one has. */
#include "common/bus_internal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"

#define CREATE_MS 30000

static rd_kafka_NewTopic_t *describe(const struct bus_config *config, const struct topic_row *row, int partitions, int replication)
{
	char name[256], text[24];
	char why[256];
	snprintf(name, sizeof(name), "%s%s", config->topic_prefix ? config->topic_prefix : "", row->name);
	rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(name, partitions, replication, why, sizeof(why));
	if (!topic)
		return NULL;
	snprintf(text, sizeof(text), "%lld", (long long)row->retention_ms);
	rd_kafka_NewTopic_set_config(topic, "cleanup.policy", row->cleanup == TOPIC_COMPACT ? "compact" : "delete");
	rd_kafka_NewTopic_set_config(topic, row->cleanup == TOPIC_COMPACT ? "delete.retention.ms" : "retention.ms", text);
	/* With several replicas one may be away without a confirmed record getting lost, or none being taken. */
	if (replication > 2)
		rd_kafka_NewTopic_set_config(topic, "min.insync.replicas", "2");
	return topic;
}

/* One topic a name: librdkafka has the results in the order of the request. */
static enum error judge(const rd_kafka_CreateTopics_result_t *result, const char **why_r)
{
	static char why[400];
	size_t count = 0;
	const rd_kafka_topic_result_t **results = rd_kafka_CreateTopics_result_topics(result, &count);
	for (size_t i = 0; i < count; i++) {
		rd_kafka_resp_err_t error = rd_kafka_topic_result_error(results[i]);
		if (!error || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
			continue;
		const char *text = rd_kafka_topic_result_error_string(results[i]);
		snprintf(why, sizeof(why), "topic %s: %s", rd_kafka_topic_result_name(results[i]), text ? text : rd_kafka_err2str(error));
		*why_r = why;
		return ERROR_bus_rejected;
	}
	return ERROR_none;
}

static enum error wait_for_result(rd_kafka_queue_t *queue, const char **why_r)
{
	static char why[400];
	rd_kafka_event_t *event = rd_kafka_queue_poll(queue, CREATE_MS);
	enum error error = ERROR_bus_unavailable;
	if (!event) {
		*why_r = "the broker does not answer";
	} else if (rd_kafka_event_error(event)) {
		snprintf(why, sizeof(why), "%s", rd_kafka_event_error_string(event));
		*why_r = why;
	} else {
		error = judge(rd_kafka_event_CreateTopics_result(event), why_r);
	}
	if (event)
		rd_kafka_event_destroy(event);
	return error;
}

static enum error create_all(rd_kafka_t *client, const struct bus_config *config, int partitions, int replication, const char **why_r)
{
	rd_kafka_NewTopic_t *topics[TOPIC_COUNT];
	for (size_t i = 0; i < TOPIC_COUNT; i++) {
		topics[i] = describe(config, &topic_rows[i], partitions, replication);
		if (!topics[i]) {
			rd_kafka_NewTopic_destroy_array(topics, i);
			*why_r = "a topic's name, its partitions or its replicas are not possible";
			return ERROR_bus_rejected;
		}
	}
	rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
	char why[200];
	rd_kafka_AdminOptions_set_request_timeout(options, CREATE_MS - 1000, why, sizeof(why));
	rd_kafka_CreateTopics(client, topics, TOPIC_COUNT, options, queue);
	enum error error = wait_for_result(queue, why_r);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_queue_destroy(queue);
	rd_kafka_NewTopic_destroy_array(topics, TOPIC_COUNT);
	return error;
}

static bool is_known(const struct rd_kafka_metadata *metadata, const struct bus_config *config, const struct topic_row *row)
{
	char name[256];
	snprintf(name, sizeof(name), "%s%s", config->topic_prefix ? config->topic_prefix : "", row->name);
	for (int i = 0; i < metadata->topic_cnt; i++)
		if (strcmp(metadata->topics[i].topic, name) == 0)
			return !metadata->topics[i].err && metadata->topics[i].partition_cnt > 0;
	return false;
}

static bool all_known(rd_kafka_t *client, const struct bus_config *config)
{
	const struct rd_kafka_metadata *metadata;
	bool known = true;
	if (rd_kafka_metadata(client, 1, NULL, &metadata, 5000))
		return false;
	for (size_t i = 0; i < TOPIC_COUNT && known; i++)
		known = is_known(metadata, config, &topic_rows[i]);
	rd_kafka_metadata_destroy(metadata);
	return known;
}

/* A topic is made before all brokers know of it: who starts right after this shall find it. */
static enum error wait_until_known(rd_kafka_t *client, const struct bus_config *config, const char **why_r)
{
	int64_t until = clock_ms() + CREATE_MS;
	while (!all_known(client, config)) {
		if (clock_ms() > until) {
			*why_r = "the topics were made but do not appear";
			return ERROR_bus_unavailable;
		}
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
	return ERROR_none;
}

enum error bus_create_topics(const struct bus_config *config, int partitions, int replication, const char **why_r)
{
	*why_r = "";
	if (config->embedded)
		return ERROR_none;
	rd_kafka_t *client = bus_client_new(RD_KAFKA_PRODUCER, bus_conf_new(config));
	if (!client) {
		*why_r = "the broker's address is not valid";
		return ERROR_bus_rejected;
	}
	enum error error = create_all(client, config, partitions, replication, why_r);
	if (!error)
		error = wait_until_known(client, config, why_r);
	rd_kafka_destroy(client);
	return error;
}

/* --- partitions --- */

static enum error judge_topic(const struct rd_kafka_metadata_topic *topic)
{
	if (topic->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || topic->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
		return ERROR_bus_rejected;
	return topic->err || topic->partition_cnt == 0 ? ERROR_bus_unavailable : ERROR_none;
}

enum error bus_ask_partitions(rd_kafka_t *client, const char *name, int32_t *count_r)
{
	const struct rd_kafka_metadata *metadata;
	rd_kafka_topic_t *handle = rd_kafka_topic_new(client, name, NULL);
	rd_kafka_resp_err_t why = rd_kafka_metadata(client, 0, handle, &metadata, BUS_CALL_MS);
	rd_kafka_topic_destroy(handle);
	if (why)
		return ERROR_bus_unavailable;
	enum error error = metadata->topic_cnt == 1 ? judge_topic(&metadata->topics[0]) : ERROR_bus_unavailable;
	if (!error)
		*count_r = metadata->topics[0].partition_cnt;
	rd_kafka_metadata_destroy(metadata);
	return error;
}
