/* stand_in.c - see stand_in.h. */
#include "tests/support/stand_in.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/frames.h"
#include "common/id.h"

#define DEADLINE_MS 10000
#define VALUE_MAX ((size_t)900 << 10)

struct stand_in {
	rd_kafka_t *consumer, *producer;
	char requests[100], replies[100], changes[100];
	struct wish wish;
};

static void check(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "stand_in: %s\n", what);
	abort();
}

static rd_kafka_t *client_new(rd_kafka_type_t type, const char *const *settings)
{
	char why[512] = "";
	rd_kafka_conf_t *conf = rd_kafka_conf_new();

	for (; settings[0] != NULL; settings += 2)
		check(rd_kafka_conf_set(conf, settings[0], settings[1], why, sizeof(why)) == RD_KAFKA_CONF_OK, why);
	rd_kafka_t *client = rd_kafka_new(type, conf, why, sizeof(why));
	check(client != NULL, why);
	return client;
}

static int partitions_of(rd_kafka_t *client, const char *topic)
{
	const struct rd_kafka_metadata *metadata = NULL;
	rd_kafka_topic_t *t = rd_kafka_topic_new(client, topic, NULL);
	int n = 0;

	check(rd_kafka_metadata(client, 0, t, &metadata, DEADLINE_MS) == RD_KAFKA_RESP_ERR_NO_ERROR, "no metadata");
	if (metadata->topic_cnt == 1)
		n = metadata->topics[0].partition_cnt;
	rd_kafka_metadata_destroy(metadata);
	rd_kafka_topic_destroy(t);
	check(n > 0, topic);
	return n;
}

static void assign_all(struct stand_in *s)
{
	int n = partitions_of(s->consumer, s->requests);
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(n);

	for (int i = 0; i < n; i++)
		rd_kafka_topic_partition_list_add(list, s->requests, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
	check(rd_kafka_assign(s->consumer, list) == RD_KAFKA_RESP_ERR_NO_ERROR, "assign");
	rd_kafka_topic_partition_list_destroy(list);
}

struct stand_in *stand_in_new(const char *brokers, const char *prefix)
{
	struct stand_in *s = calloc(1, sizeof(*s));

	check(s != NULL, "memory");
	snprintf(s->requests, sizeof(s->requests), "%schat.requests", prefix);
	snprintf(s->replies, sizeof(s->replies), "%sreplies", prefix);
	snprintf(s->changes, sizeof(s->changes), "%smenu.changes", prefix);
	s->consumer = client_new(RD_KAFKA_CONSUMER, (const char *const[]){ "bootstrap.servers", brokers, "group.id", "stand-in", "enable.auto.commit", "false",
	                                                                   "fetch.wait.max.ms", "50", NULL });
	s->producer = client_new(RD_KAFKA_PRODUCER, (const char *const[]){ "bootstrap.servers", brokers, "acks", "all", "linger.ms", "0", NULL });
	rd_kafka_poll_set_consumer(s->consumer);
	assign_all(s);
	return s;
}

void stand_in_free(struct stand_in **s)
{
	if (*s == NULL)
		return;
	json_decref((*s)->wish.payload);
	rd_kafka_consumer_close((*s)->consumer);
	rd_kafka_destroy((*s)->consumer);
	rd_kafka_destroy((*s)->producer);
	free(*s);
	*s = NULL;
}

/* --- reading --- */

static void copy(char *out, size_t size, const void *bytes, size_t len)
{
	snprintf(out, size, "%.*s", (int)len, (const char *)bytes);
}

static void read_headers(struct wish *w, const rd_kafka_message_t *m)
{
	rd_kafka_headers_t *headers;
	const char *name;
	const void *value;
	size_t len;

	if (rd_kafka_message_headers(m, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
		return;
	for (size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &len) == RD_KAFKA_RESP_ERR_NO_ERROR; i++) {
		if (strcmp(name, "ce_type") == 0)
			copy(w->type, sizeof(w->type), value, len);
		else if (strcmp(name, "ce_message") == 0)
			copy(w->message_id, sizeof(w->message_id), value, len);
	}
}

static void read_wish(struct wish *w, const rd_kafka_message_t *m)
{
	json_decref(w->payload);
	memset(w, 0, sizeof(*w));
	read_headers(w, m);
	copy(w->key, sizeof(w->key), m->key, m->key_len);
	w->partition = m->partition;
	w->offset = m->offset;
	w->payload = json_loadb(m->payload, m->len, 0, NULL);
	check(w->payload != NULL, "an event that is no JSON");
	const json_t *to = json_object_get(w->payload, "reply_to");
	w->reply_partition = to == NULL ? -1 : (int)json_integer_value(json_object_get(to, "partition"));
	w->attach = json_is_true(json_object_get(to, "attach"));
	if (json_is_string(json_object_get(to, "socket")))
		snprintf(w->socket, sizeof(w->socket), "%s", json_string_value(json_object_get(to, "socket")));
}

const struct wish *stand_in_next(struct stand_in *s, int64_t ms)
{
	int64_t until = clock_ms() + ms;

	do {
		int64_t left = until - clock_ms();
		rd_kafka_message_t *m = rd_kafka_consumer_poll(s->consumer, left < 0 ? 0 : (int)left);
		if (m == NULL)
			continue;
		int good = m->err == RD_KAFKA_RESP_ERR_NO_ERROR;
		if (good)
			read_wish(&s->wish, m);
		rd_kafka_message_destroy(m);
		if (good)
			return &s->wish;
	} while (clock_ms() < until);
	return NULL;
}

/* --- writing --- */

static void add(rd_kafka_headers_t *headers, const char *name, const char *value)
{
	if (value != NULL && value[0] != '\0')
		rd_kafka_header_add(headers, name, -1, value, -1);
}

void stand_in_reply_soon(struct stand_in *s, int partition, const char *session, const char *socket, const char *message_id, const char *frame, const char *json)
{
	struct frames_head head = { .type = frame, .session = session, .message_id = message_id, .socket = socket };
	struct buf value;

	buf_init(&value, VALUE_MAX);
	check(frames_add(&value, &head, json, strlen(json)) == ERROR_none, "a frame that cannot be written");
	stand_in_replies_soon(s, partition, value.data, value.len);
	buf_free(&value);
}

void stand_in_replies_soon(struct stand_in *s, int partition, const char *value, size_t len)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
	char id[ID_TEXT];

	id_uuid(id);
	add(headers, "ce_id", id);
	add(headers, "ce_source", "worker");
	add(headers, "ce_specversion", "1.0");
	add(headers, "ce_type", "frames.sent");
	add(headers, "content-type", FRAMES_TYPE);
	rd_kafka_resp_err_t e = rd_kafka_producev(s->producer, RD_KAFKA_V_TOPIC(s->replies), RD_KAFKA_V_PARTITION(partition),
	                                          RD_KAFKA_V_VALUE((void *)value, len), RD_KAFKA_V_HEADERS(headers),
	                                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
	check(e == RD_KAFKA_RESP_ERR_NO_ERROR, rd_kafka_err2str(e));
}

void stand_in_menu_changed(struct stand_in *s, const char *restaurant_id, const char *json)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
	char id[ID_TEXT];

	id_uuid(id);
	add(headers, "ce_id", id);
	add(headers, "ce_source", "worker");
	add(headers, "ce_specversion", "1.0");
	add(headers, "ce_type", "menu.changed");
	rd_kafka_resp_err_t e = rd_kafka_producev(s->producer, RD_KAFKA_V_TOPIC(s->changes), RD_KAFKA_V_KEY(restaurant_id, strlen(restaurant_id)),
	                                          RD_KAFKA_V_VALUE((void *)json, strlen(json)), RD_KAFKA_V_HEADERS(headers),
	                                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
	check(e == RD_KAFKA_RESP_ERR_NO_ERROR, rd_kafka_err2str(e));
	stand_in_flush(s);
}

void stand_in_flush(struct stand_in *s)
{
	check(rd_kafka_flush(s->producer, DEADLINE_MS) == RD_KAFKA_RESP_ERR_NO_ERROR, "the broker did not take the replies");
}

void stand_in_reply(struct stand_in *s, int partition, const char *session, const char *socket, const char *message_id, const char *frame, const char *json)
{
	stand_in_reply_soon(s, partition, session, socket, message_id, frame, json);
	stand_in_flush(s);
}

void stand_in_answer(struct stand_in *s, const struct wish *wish, int tokens)
{
	const char *session_id = strchr(wish->key, '/') + 1;
	char json[4096], content[2048] = "";

	if (wish->attach)
		stand_in_reply_soon(s, wish->reply_partition, wish->key, wish->socket, NULL, "attached", "{\"type\":\"attached\"}");
	for (int i = 1; i <= tokens; i++) {
		size_t at = strlen(content);
		snprintf(content + at, sizeof(content) - at, "t%d ", i);
		snprintf(json, sizeof(json), "{\"type\":\"token\",\"session_id\":\"%s\",\"message_id\":\"%s\",\"attempt\":1,\"seq\":%d,\"text\":\"t%d \"}", session_id,
		         wish->message_id, i, i);
		stand_in_reply_soon(s, wish->reply_partition, wish->key, NULL, wish->message_id, "token", json);
	}
	snprintf(json, sizeof(json),
	         "{\"type\":\"ai_message\",\"session_id\":\"%s\",\"message_id\":\"%s\",\"attempt\":1,\"seq\":%d,\"content\":\"%s\",\"status\":\"complete\",\"claims\":[],"
	         "\"items\":[],\"warnings\":[],\"suggestions\":[],\"profile\":{\"allergies\":[],\"diets\":[]},\"menu_version\":1,\"provider\":\"stand-in\"}",
	         session_id, wish->message_id, tokens + 1, content);
	stand_in_reply_soon(s, wish->reply_partition, wish->key, NULL, wish->message_id, "ai_message", json);
	stand_in_flush(s);
}
