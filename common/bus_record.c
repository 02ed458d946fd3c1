/* bus_record.c - from a message of librdkafka to a record of ours. Nothing is copied. */
#include "common/bus_internal.h"

void bus_record_fill(struct bus_record *record, struct bus_header *headers, const rd_kafka_message_t *message)
{
	rd_kafka_timestamp_type_t kind;
	*record = (struct bus_record){ .topic = record->topic, .generation = record->generation, .partition = message->partition, .offset = message->offset, .timestamp_ms = rd_kafka_message_timestamp(message, &kind), .key = message->key, .key_len = message->key_len, .value = message->payload, .value_len = message->len, .headers = headers };
	rd_kafka_headers_t *all = NULL;
	if (rd_kafka_message_headers(message, &all) || !all)
		return;
	for (size_t i = 0; i < BUS_HEADERS_MAX; i++) {
		struct bus_header *h = &headers[record->header_count];
		if (rd_kafka_header_get_all(all, i, &h->name, &h->value, &h->len))
			return;
		record->header_count++;
	}
}
