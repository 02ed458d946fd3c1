/* test_event_bus.c - events on a broker: published, read, put back, buried. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/event.h"
#include "common/frames.h"
#include "common/id.h"
#include "schemas.h"
#include "tests/integration/bus_kit.h"

#define RESTAURANT "018f0000-0000-7000-8000-000000000001"
#define MESSAGE "018f0000-0000-7000-8000-000000000002"

/* The newest record of a topic, kept with all it holds. */
struct caught {
	struct arena *arena;
	struct bus_reader *reader;
	struct bus_record record;
	size_t n;
	bool ready;
};

static void on_record(void *ctx, const struct bus_record *record)
{
	struct caught *c = ctx;
	struct bus_header *headers = arena_array(c->arena, record->header_count + 1, sizeof(*headers));
	c->n++;
	c->record = *record;
	c->record.key = record->key ? arena_strndup(c->arena, record->key, record->key_len) : NULL;
	c->record.value = arena_strndup(c->arena, record->value ? record->value : "", record->value_len);
	for (size_t i = 0; i < record->header_count; i++)
		headers[i] = (struct bus_header){ arena_strdup(c->arena, record->headers[i].name), arena_strndup(c->arena, record->headers[i].value, record->headers[i].len), record->headers[i].len };
	c->record.headers = headers;
}

static void on_ready(void *ctx, enum error error)
{
	cr_assert_eq(error, ERROR_none);
	((struct caught *)ctx)->ready = true;
}

static bool is_ready(void *ctx)
{
	return ((struct caught *)ctx)->ready;
}

static bool came(void *ctx)
{
	return ((struct caught *)ctx)->n > 0;
}

static bool is_true(void *ctx)
{
	return *(bool *)ctx;
}

static void listen_to(struct kit *k, struct caught *c, enum topic_id topic)
{
	c->arena = arena_new();
	cr_assert_eq(bus_reader_start(k->bus, topic, BUS_ANY_PARTITION, BUS_FROM_END, on_record, on_ready, c, &c->reader), ERROR_none);
	cr_assert(kit_until(k, is_ready, c, 20000));
}

static const char *header(const struct caught *c, const char *name)
{
	const char *value = NULL;
	for (size_t i = 0; i < c->record.header_count; i++) {
		if (strcmp(c->record.headers[i].name, name) != 0)
			continue;
		cr_assert_null(value, "%s is there twice", name);
		value = c->record.headers[i].value;
	}
	return value ? value : "(none)";
}

static void decode(const struct caught *c, struct event *e)
{
	const char *why;
	cr_assert_eq(event_decode(c->arena, &c->record, e, &why), ERROR_none, "%s", why);
}

static void on_delivered(void *ctx, enum error error)
{
	cr_assert_eq(error, ERROR_none);
	*(bool *)ctx = true;
}

static void check_request(struct kit *k)
{
	struct caught c = { .n = 0 };
	struct chat_stopped payload = { .restaurant_id = RESTAURANT, .session_id = "s", .message_id = MESSAGE };
	struct event event = { .id = EVENT_chat_stopped, .source = "api", .key = RESTAURANT "/s", .session = RESTAURANT "/s", .message_id = MESSAGE, .payload = &payload }, read;
	bool delivered = false;
	listen_to(k, &c, TOPIC_chat_requests);
	cr_assert_eq(event_publish(k->bus, &event, on_delivered, &delivered), ERROR_none);
	cr_assert(kit_until(k, came, &c, 10000));
	cr_assert(kit_until(k, is_true, &delivered, 10000));
	decode(&c, &read);
	cr_assert(id_is_uuid(read.uuid, strlen(read.uuid)));
	cr_assert(id_is_trace(read.trace, strlen(read.trace)));
	cr_assert(llabs(read.time_ms - clock_wall_ms()) < 10000);
	cr_assert_str_eq(read.key, RESTAURANT "/s");
	cr_assert_str_eq(read.session, RESTAURANT "/s");
	cr_assert_str_eq(((const struct chat_stopped *)read.payload)->message_id, MESSAGE);
	cr_assert_str_eq(header(&c, "content-type"), "application/json");
	cr_assert_str_eq(header(&c, "ce_specversion"), "1.0");
	bus_reader_stop(&c.reader);
	arena_free(&c.arena);
}

static void check_reply(struct kit *k)
{
	struct caught c = { .n = 0 };
	struct event event = { .id = EVENT_frames_sent, .source = "worker", .partition = 2, .raw = "pong r/s - - 2\n{}\n", .raw_len = 18 }, read;
	char first[60];
	listen_to(k, &c, TOPIC_replies);
	for (int i = 0; i < 2; i++) {
		c.n = 0;
		cr_assert_eq(event_publish(k->bus, &event, NULL, NULL), ERROR_none);
		cr_assert(kit_until(k, came, &c, 10000));
		decode(&c, &read);
		cr_assert(c.record.partition == 2 && !read.payload && !c.record.key);
		cr_assert(read.raw_len == event.raw_len && memcmp(read.raw, event.raw, event.raw_len) == 0);
		cr_assert_str_eq(header(&c, "content-type"), FRAMES_TYPE);
		cr_assert(i == 0 || strcmp(first, read.uuid) != 0, "each has an id of its own");
		snprintf(first, sizeof(first), "%s", read.uuid);
	}
	bus_reader_stop(&c.reader);
	arena_free(&c.arena);
}

/* A record that nobody understands goes to the dead topic as it came, by way of the retry topic, twice. */
static void check_retry_and_death(struct kit *k)
{
	struct caught first = { .n = 0 }, retried = { .n = 0 }, dead = { .n = 0 };
	struct bus_header headers[] = { { "ce_type", "chat.invented", 13 }, { "own", "a\0b", 3 } };
	struct bus_record record = { .topic = TOPIC_chat_requests, .partition = 1, .key = "k", .key_len = 1, .value = "\xff{", .value_len = 2, .headers = headers, .header_count = 2 };
	listen_to(k, &first, TOPIC_chat_requests);
	listen_to(k, &retried, TOPIC_chat_requests_retry);
	listen_to(k, &dead, TOPIC_chat_requests_dead);
	cr_assert_eq(bus_publish(k->bus, BUS_FAST, &record, NULL, NULL), ERROR_none);
	cr_assert(kit_until(k, came, &first, 10000));
	cr_assert_eq(event_put_back(k->bus, &first.record, 1, 1234, ERROR_db_failed, "for a moment", NULL, NULL), ERROR_none);
	cr_assert(kit_until(k, came, &retried, 10000));
	cr_assert_str_eq(header(&retried, "retry_count"), "1");
	cr_assert_str_eq(header(&retried, "not_before"), "1234");
	cr_assert_str_eq(header(&retried, "error_reason"), "db_failed");
	retried.n = 0;
	cr_assert_eq(event_put_back(k->bus, &retried.record, 2, 5678, ERROR_deadline, "again", NULL, NULL), ERROR_none);
	cr_assert(kit_until(k, came, &retried, 10000));
	cr_assert_str_eq(header(&retried, "retry_count"), "2");
	cr_assert_str_eq(header(&retried, "not_before"), "5678");
	cr_assert_eq(event_bury(k->bus, &retried.record, ERROR_unknown_event, "nobody knows it", NULL, NULL), ERROR_none);
	cr_assert(kit_until(k, came, &dead, 10000));
	cr_assert(dead.record.value_len == 2 && memcmp(dead.record.value, "\xff{", 2) == 0 && dead.record.key_len == 1);
	cr_assert_str_eq(header(&dead, "ce_type"), "chat.invented");
	cr_assert_eq(memcmp(header(&dead, "own"), "a\0b", 3), 0);
	cr_assert_str_eq(header(&dead, "retry_count"), "2");
	cr_assert_str_eq(header(&dead, "error_reason"), "unknown_event");
	cr_assert_str_eq(header(&dead, "error_detail"), "nobody knows it");
	cr_assert_str_eq(header(&dead, "source_topic"), "chat.requests");
	cr_assert_str_eq(header(&dead, "source_partition"), "1");
	char offset[24];
	snprintf(offset, sizeof(offset), "%lld", (long long)first.record.offset);
	cr_assert_str_eq(header(&dead, "source_offset"), offset);
	cr_assert_str_eq(header(&dead, "not_before"), "(none)");
	/* Frames are not retried. */
	first.record.topic = TOPIC_replies;
	cr_assert_eq(event_put_back(k->bus, &first.record, 1, 0, ERROR_internal, "", NULL, NULL), ERROR_bus_rejected);
	cr_assert_eq(event_bury(k->bus, &first.record, ERROR_internal, "", NULL, NULL), ERROR_bus_rejected);
	bus_reader_stop(&first.reader);
	bus_reader_stop(&retried.reader);
	bus_reader_stop(&dead.reader);
	arena_free(&first.arena);
	arena_free(&retried.arena);
	arena_free(&dead.arena);
}

static void check_all(bool embedded)
{
	struct kit k;
	kit_open(&k, embedded);
	check_request(&k);
	check_reply(&k);
	check_retry_and_death(&k);
	kit_close(&k);
}

Test(event_bus, on_kafka, .timeout = 90)
{
	check_all(false);
}

Test(event_bus, on_the_embedded_broker, .timeout = 90)
{
	check_all(true);
}
