/* import_kit.c - see import_kit.h. */
#include "tests/support/import_kit.h"

#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEADLINE_MS 60000
#define CHUNK ((size_t)512 << 10)

struct import_kit {
	rd_kafka_t *producer;
	char imports[100], edits[100], restaurant_id[ID_TEXT];
};

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "import_kit: %s\n", what);
	abort();
}

struct import_kit *import_kit_new(const char *brokers, const char *prefix, const char *restaurant_id)
{
	char why[512] = "";
	struct import_kit *kit = calloc(1, sizeof(*kit));
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	check(kit != NULL, "memory");
	check(rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof(why)) == RD_KAFKA_CONF_OK, why);
	check(rd_kafka_conf_set(conf, "enable.idempotence", "true", why, sizeof(why)) == RD_KAFKA_CONF_OK, why);
	kit->producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	check(kit->producer != NULL, why);
	snprintf(kit->imports, sizeof(kit->imports), "%smenu.imports", prefix);
	snprintf(kit->edits, sizeof(kit->edits), "%smenu.edits", prefix);
	snprintf(kit->restaurant_id, sizeof(kit->restaurant_id), "%s", restaurant_id);
	return kit;
}

void import_kit_free(struct import_kit **kit)
{
	if (!*kit)
		return;
	rd_kafka_destroy((*kit)->producer);
	free(*kit);
	*kit = NULL;
}

static void add(rd_kafka_headers_t *headers, const char *name, const char *value)
{
	rd_kafka_header_add(headers, name, -1, value, -1);
}

static rd_kafka_headers_t *headers_of(const char *type)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
	char id[ID_TEXT];
	id_uuid(id);
	add(headers, "ce_id", id);
	add(headers, "ce_source", "api");
	add(headers, "ce_specversion", "1.0");
	add(headers, "ce_type", type);
	return headers;
}

static void publish(struct import_kit *kit, const char *topic, const char *key, rd_kafka_headers_t *headers, const void *value, size_t len)
{
	for (;;) {
		rd_kafka_resp_err_t e = rd_kafka_producev(kit->producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, strlen(key)), RD_KAFKA_V_VALUE((void *)value, len),
		                                          RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
		if (!e)
			return;
		check(e == RD_KAFKA_RESP_ERR__QUEUE_FULL, rd_kafka_err2str(e));
		rd_kafka_poll(kit->producer, 10);
	}
}

static void flush(struct import_kit *kit)
{
	check(rd_kafka_flush(kit->producer, DEADLINE_MS) == RD_KAFKA_RESP_ERR_NO_ERROR, "the broker did not take the events");
}

static void publish_json(struct import_kit *kit, const char *topic, const char *key, const char *type, json_t *payload)
{
	char *text = json_dumps(payload, JSON_COMPACT);
	publish(kit, topic, key, headers_of(type), text, strlen(text));
	free(text);
	json_decref(payload);
	flush(kit);
}

static void send_chunk(struct import_kit *kit, const char *id, size_t seq, const char *bytes, size_t len)
{
	char number[24];
	rd_kafka_headers_t *headers = headers_of("import.chunk");
	snprintf(number, sizeof(number), "%zu", seq);
	add(headers, "ce_import", id);
	add(headers, "ce_restaurant", kit->restaurant_id);
	add(headers, "ce_seq", number);
	publish(kit, kit->imports, id, headers, bytes, len);
}

static const char * or (const char *s, const char *otherwise)
{
	return s ? s : otherwise;
}

void import_kit_send(struct import_kit *kit, const struct import_file_sent *file, char id_r[ID_TEXT])
{
	size_t chunk = file->chunk ? file->chunk : CHUNK, chunks = (file->len + chunk - 1) / chunk;
	if (!*id_r)
		id_uuid(id_r);
	for (size_t i = 0; i + file->withheld < chunks; i++) {
		size_t at = i * chunk, left = file->len - at;
		send_chunk(kit, id_r, i, (const char *)file->bytes + at, left < chunk ? left : chunk);
	}
	flush(kit);
	if (file->silent)
		return;
	publish_json(kit, kit->imports, id_r, "import.uploaded",
	             json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I}", "import_id", id_r, "restaurant_id", kit->restaurant_id, "user_email", "manager@example.com", "format",
	                       or (file->format, "csv"), "mode", or (file->mode, "upsert"), "on_error", or (file->on_error, "reject_all"), "chunks", (json_int_t)chunks, "bytes",
	                       (json_int_t)file->len));
}

void import_kit_edit(struct import_kit *kit, const char *action, const char *target_id, const char *body, char operation_id[ID_TEXT])
{
	if (!*operation_id)
		id_uuid(operation_id);
	json_t *payload = json_pack("{s:s,s:s,s:s,s:s,s:s}", "operation_id", operation_id, "restaurant_id", kit->restaurant_id, "user_email", "manager@example.com", "action", action,
	                            "target_id", target_id);
	if (body)
		json_object_set_new(payload, "body", json_string(body));
	publish_json(kit, kit->edits, kit->restaurant_id, "menu.edit", payload);
}

void import_kit_watch(struct import_kit *kit, const char *import_id, int partition)
{
	publish_json(kit, kit->imports, import_id, "import.watched",
	             json_pack("{s:s,s:s,s:{s:i,s:s}}", "import_id", import_id, "restaurant_id", kit->restaurant_id, "reply_to", "partition", partition, "socket", "test"));
}
