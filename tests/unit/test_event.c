/* test_event.c - what of a record becomes an event, and what is refused. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/event.h"
#include "schemas.h"

#define STOPPED "{\"restaurant_id\":\"018f0000-0000-7000-8000-000000000001\",\"session_id\":\"s-1\",\"message_id\":\"018f0000-0000-7000-8000-000000000002\"}"
#define TRACE "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

static struct arena *arena;
static struct bus_header headers[BUS_HEADERS_MAX];
static struct bus_record record;

static void set(const char *name, const char *value)
{
	size_t i = 0;
	while (i < record.header_count && strcmp(headers[i].name, name) != 0)
		i++;
	if (i == record.header_count)
		record.header_count++;
	headers[i] = (struct bus_header){ name, value, value ? strlen(value) : 0 };
}

static void init(void)
{
	arena = arena_new();
	record = (struct bus_record){ .topic = TOPIC_chat_requests, .partition = 3, .offset = 42, .timestamp_ms = 1700000000000, .key = "r/s-1", .key_len = 5, .value = STOPPED, .value_len = strlen(STOPPED), .headers = headers };
	set("ce_id", "018f0000-0000-7000-8000-00000000000a");
	set("ce_type", "chat.stopped");
	set("ce_source", "api");
	set("ce_specversion", "1.0");
	set("ce_time", "2026-01-02T03:04:05.678Z");
	set("content-type", "application/json");
	set("traceparent", TRACE);
}

static void fini(void)
{
	arena_free(&arena);
}

TestSuite(event, .init = init, .fini = fini);

static enum error decode(struct event *e)
{
	const char *why = NULL;
	enum error error = event_decode(arena, &record, e, &why);
	cr_assert(why && (*why != '\0') == (error != ERROR_none), "a reason, and only for a failure");
	return error;
}

Test(event, decodes)
{
	struct event e;
	set("ce_session", "r/s-1");
	set("ce_message", "m");
	set("retry_count", "3");
	set("not_before", "1700000000123");
	cr_assert_eq(decode(&e), ERROR_none);
	cr_assert_eq(e.id, EVENT_chat_stopped);
	cr_assert_str_eq(e.uuid, "018f0000-0000-7000-8000-00000000000a");
	cr_assert_str_eq(e.source, "api");
	cr_assert_str_eq(e.trace, TRACE);
	cr_assert_str_eq(e.key, "r/s-1");
	cr_assert_str_eq(e.session, "r/s-1");
	cr_assert_str_eq(e.message_id, "m");
	cr_assert(e.retry == 3 && e.not_before_ms == 1700000000123);
	cr_assert_eq(e.time_ms, 1767323045678);
	cr_assert_str_eq(((const struct chat_stopped *)e.payload)->session_id, "s-1");
	cr_assert(e.raw != record.value && strcmp(e.raw, STOPPED) == 0 && e.raw_len == strlen(STOPPED));
}

Test(event, also_from_the_retry_topic)
{
	struct event e;
	record.topic = TOPIC_chat_requests_retry;
	cr_assert_eq(decode(&e), ERROR_none);
	record.topic = TOPIC_menu_edits;
	cr_assert_eq(decode(&e), ERROR_unknown_event);
	record.topic = TOPIC_chat_requests_dead;
	cr_assert_eq(decode(&e), ERROR_unknown_event);
}

Test(event, replies_are_not_parsed)
{
	struct event e;
	record.topic = TOPIC_replies;
	record.value = "not JSON";
	record.value_len = 8;
	set("ce_type", "frames.sent");
	cr_assert_eq(decode(&e), ERROR_none);
	cr_assert_eq(e.id, EVENT_frames_sent);
	cr_assert(!e.payload && e.raw == record.value && e.raw_len == 8 && e.partition == 3);
}

Test(event, attributes_are_required)
{
	static const char *const required[] = { "ce_id", "ce_source", "ce_specversion" };
	struct event e;
	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		fini();
		init();
		set(required[i], "");
		cr_assert_eq(decode(&e), ERROR_invalid_event, "%s", required[i]);
		set(required[i], NULL);
		cr_assert_eq(decode(&e), ERROR_invalid_event, "%s", required[i]);
	}
	set("ce_specversion", "0.3");
	cr_assert_eq(decode(&e), ERROR_invalid_event);
}

Test(event, unknown_types)
{
	struct event e;
	set("ce_type", "chat.invented");
	cr_assert_eq(decode(&e), ERROR_unknown_event);
	set("ce_type", NULL);
	cr_assert_eq(decode(&e), ERROR_unknown_event);
	headers[1] = (struct bus_header){ "ce_type", "chat.stopped\0x", 14 };
	cr_assert_eq(decode(&e), ERROR_unknown_event);
	record.header_count = 0;
	cr_assert_eq(decode(&e), ERROR_unknown_event);
}

static void refuse(const char *value, size_t len)
{
	struct event e;
	record.value = value;
	record.value_len = len;
	cr_assert_eq(decode(&e), ERROR_invalid_event, "%.*s", (int)len, value);
}

Test(event, payloads_follow_their_schema)
{
	refuse("{}", 2);
	refuse("", 0);
	refuse(NULL, 0);
	refuse("[]", 2);
	refuse(STOPPED, strlen(STOPPED) - 1);
	refuse("{\"session_id\":\"a\0b\"}", 20);
	refuse("{\"restaurant_id\":1}", 19);
}

Test(event, strange_traces_and_times_do_no_harm)
{
	struct event e;
	set("traceparent", "nonsense");
	set("ce_time", "yesterday");
	set("retry_count", "many");
	record.key = NULL;
	cr_assert_eq(decode(&e), ERROR_none);
	cr_assert_null(e.trace);
	cr_assert_null(e.key);
	cr_assert(e.time_ms == record.timestamp_ms && e.retry == 0);
}

static int64_t time_of(const char *text)
{
	struct event e;
	set("ce_time", text);
	record.timestamp_ms = -1;
	cr_assert_eq(decode(&e), ERROR_none);
	return e.time_ms;
}

Test(event, times)
{
	cr_assert_eq(time_of("1970-01-01T00:00:00.001Z"), 1);
	cr_assert_eq(time_of("2000-02-29T12:00:00Z"), 951825600000);
	cr_assert_eq(time_of("2024-12-31T23:59:59.999999+00:00"), 1735689599999);
	cr_assert_eq(time_of("2100-03-01T00:00:00Z"), 4107542400000);
	cr_assert_eq(time_of("2024-13-01T00:00:00Z"), -1);
	cr_assert_eq(time_of("2024-12-31T23:59:59+02:00"), -1);
	cr_assert_eq(time_of("2024-12-31 23:59:59Z"), -1);
	cr_assert_eq(time_of(""), -1);
}

Test(event, rows_are_sane)
{
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		cr_assert(event_rows[i].schema && event_rows[i].topic < TOPIC_COUNT);
		for (size_t j = 0; j < i; j++)
			cr_assert_str_neq(event_rows[i].type, event_rows[j].type);
	}
	cr_assert_str_eq(event_session_key(arena, "r", "s"), "r/s");
}
