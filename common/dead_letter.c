/* dead_letter.c - see dead_letter.h. */
#include "common/dead_letter.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void dead_letter_headers(struct buf *out, const struct bus_record *record)
{
	for (size_t i = 0; i < record->header_count; i++) {
		const struct bus_header *h = &record->headers[i];
		buf_printf(out, "%s\n%zu\n", h->name, h->len);
		buf_append(out, h->value, h->len);
	}
}

const char *dead_letter_header(struct arena *a, const struct bus_record *record, const char *name)
{
	for (size_t i = 0; i < record->header_count; i++)
		if (strcmp(record->headers[i].name, name) == 0 && record->headers[i].value)
			return arena_strndup(a, record->headers[i].value, record->headers[i].len);
	return "";
}

static const unsigned char *unhex(struct arena *a, const char *hex, size_t *len_r)
{
	size_t n = hex ? strlen(hex) : 0;
	unsigned char *bytes = arena_alloc(a, n / 2 + 1);
	*len_r = 0;
	if (n && sodium_hex2bin(bytes, n / 2, hex, n, NULL, len_r, NULL))
		return NULL;
	return bytes;
}

static bool was_added(const char *name)
{
	static const char *const names[] = { "error_reason", "error_detail", "error_time", "retry_count", "not_before", "source_topic", "source_partition", "source_offset" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Returns behind the header, or NULL when it is cut. */
static const char *read_header(struct arena *a, const char *at, const char *end, struct bus_header *h)
{
	const char *name_end = memchr(at, '\n', (size_t)(end - at));
	const char *length_end = name_end ? memchr(name_end + 1, '\n', (size_t)(end - name_end - 1)) : NULL;
	if (!length_end)
		return NULL;
	h->name = arena_strndup(a, at, (size_t)(name_end - at));
	h->len = strtoul(name_end + 1, NULL, 10);
	h->value = length_end + 1;
	return h->len <= (size_t)(end - length_end - 1) ? length_end + 1 + h->len : NULL;
}

static bool read_headers(struct arena *a, const char *bytes, size_t len, struct bus_record *record)
{
	struct bus_header *headers = arena_array(a, BUS_HEADERS_MAX, sizeof(*headers));
	size_t n = 0;
	for (const char *at = bytes, *end = bytes + len; at < end && n < BUS_HEADERS_MAX;) {
		at = read_header(a, at, end, &headers[n]);
		if (!at)
			return false;
		n++;
	}
	record->headers = headers;
	record->header_count = n;
	return true;
}

static void drop_added(struct bus_record *record, struct bus_header *kept)
{
	size_t n = 0;
	for (size_t i = 0; i < record->header_count; i++)
		if (!was_added(record->headers[i].name))
			kept[n++] = record->headers[i];
	record->headers = kept;
	record->header_count = n;
}

static enum topic_id topic_of(const char *name)
{
	for (size_t i = 0; i < TOPIC_COUNT; i++)
		if (strcmp(topic_rows[i].name, name) == 0)
			return (enum topic_id)i;
	return TOPIC_COUNT;
}

bool dead_letter_record(struct arena *a, const struct dead_letter_get_row *row, struct bus_record *record_r)
{
	size_t headers_len, value_len, key_len;
	struct bus_record record = { .topic = topic_of(row->source_topic), .partition = BUS_ANY_PARTITION };
	const unsigned char *headers = unhex(a, row->headers, &headers_len), *value = unhex(a, row->value, &value_len), *key = unhex(a, row->key, &key_len);
	if (!headers || !value || !read_headers(a, (const char *)headers, headers_len, &record))
		return false;
	record.value = value;
	record.value_len = value_len;
	record.key = row->key ? key : NULL;
	record.key_len = key_len;
	*record_r = record;
	return true;
}

enum error dead_letter_replay(struct arena *a, struct bus *bus, const struct dead_letter_get_row *row, bus_delivered_fn *done, void *ctx)
{
	struct bus_record record;
	if (!dead_letter_record(a, row, &record) || record.topic == TOPIC_COUNT)
		return ERROR_invalid_event;
	drop_added(&record, arena_array(a, BUS_HEADERS_MAX, sizeof(struct bus_header)));
	return bus_publish(bus, record.topic == TOPIC_analytics_events ? BUS_BULK : BUS_FAST, &record, done, ctx);
}
