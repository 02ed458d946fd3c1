/* event.c - see event.h. */
#include "common/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/frames.h"
#include "common/id.h"
#include "common/log.h"
#include "schemas.h"

#define SPEC "1.0"
#define JSON_TYPE "application/json"
#define BYTES_TYPE "application/octet-stream"
#define NUMBER_TEXT 24

/* What event.h says of each row, and how large the struct of its payload is. */
static const size_t payload_sizes[EVENT_COUNT] = {
#define EVENT(id, topic, type, schema, key, doc) sizeof(struct schema),
#include "common/events.def"
#undef EVENT
};

const struct event_row event_rows[EVENT_COUNT] = {
#define EVENT(id, topic, type, schema, key, doc) { #id, TOPIC_##topic, type, &schema_##schema, EVENT_KEY_##key, doc },
#include "common/events.def"
#undef EVENT
};

/* --- publishing --- */

struct headers {
	struct bus_header v[BUS_HEADERS_MAX];
	size_t n;
};

static void add_n(struct headers *h, const char *name, const char *value, size_t len)
{
	if (value && h->n < BUS_HEADERS_MAX)
		h->v[h->n++] = (struct bus_header){ name, value, len };
}

static void add(struct headers *h, const char *name, const char *value)
{
	if (value)
		add_n(h, name, value, strlen(value));
}

/* Replies are many and short-lived: a number behind what tells this process from others is id enough. */
static const char *cheap_id(void)
{
	static char id[40];
	static size_t prefix;
	static uint64_t count;
	if (!prefix) {
		id_random_hex(id, 8);
		prefix = strlen(id);
	}
	snprintf(id + prefix, sizeof(id) - prefix, "-%llx", (unsigned long long)++count);
	return id;
}

/* The texts live as long as the headers. */
static void add_chunk(struct headers *h, const struct event *e, char seq[NUMBER_TEXT], char partition[NUMBER_TEXT])
{
	snprintf(seq, NUMBER_TEXT, "%lld", (long long)e->seq);
	snprintf(partition, NUMBER_TEXT, "%d", (int)e->reply_partition);
	add(h, "ce_import", e->import_id);
	add(h, "ce_restaurant", e->restaurant_id);
	add(h, "ce_seq", seq);
	add(h, "ce_socket", e->socket);
	if (e->socket)
		add(h, "ce_partition", partition);
}

static void add_extensions(struct headers *h, const struct event *e)
{
	add(h, "ce_session", e->session);
	add(h, "ce_message", e->message_id);
}

static struct bus_record record_of(const struct event *e, const struct headers *h, const char *value, size_t len)
{
	const struct event_row *row = &event_rows[e->id];
	struct bus_record record = { .topic = row->topic, .partition = row->key == EVENT_KEY_NONE ? e->partition : BUS_ANY_PARTITION, .value = value, .value_len = len, .headers = h->v, .header_count = h->n };
	if (row->key != EVENT_KEY_NONE && e->key) {
		record.key = e->key;
		record.key_len = strlen(e->key);
	}
	return record;
}

static enum bus_lane lane_of(enum topic_id topic)
{
	return topic == TOPIC_analytics_events ? BUS_BULK : BUS_FAST;
}

static enum error publish_value(struct bus *bus, const struct event *e, const char *value, size_t len, bus_delivered_fn *done, void *ctx)
{
	const struct event_row *row = &event_rows[e->id];
	bool reply = row->key == EVENT_KEY_NONE;
	struct headers h = { .n = 0 };
	char uuid[ID_TEXT], trace[TRACEPARENT_TEXT], at[CLOCK_TEXT], seq[NUMBER_TEXT], partition[NUMBER_TEXT];
	const char *id = e->uuid, *traceparent = e->trace;
	if (!id && !reply)
		id_uuid(uuid);
	if (!traceparent && !reply) {
		id_trace(trace, NULL);
		traceparent = trace;
	}
	add(&h, "ce_id", id ? id : reply ? cheap_id()
	                                 : uuid);
	add(&h, "ce_type", row->type);
	add(&h, "ce_source", e->source ? e->source : "unknown");
	add_n(&h, "ce_specversion", SPEC, sizeof(SPEC) - 1);
	if (!reply) {
		clock_text(e->time_ms ? e->time_ms : clock_wall_ms(), at);
		add(&h, "ce_time", at);
	}
	add(&h, "content-type", reply ? FRAMES_TYPE : row->key == EVENT_KEY_BYTES ? BYTES_TYPE
	                                                                          : JSON_TYPE);
	add(&h, "traceparent", traceparent);
	add_extensions(&h, e);
	if (row->key == EVENT_KEY_BYTES)
		add_chunk(&h, e, seq, partition);
	struct bus_record record = record_of(e, &h, value, len);
	return bus_publish(bus, lane_of(row->topic), &record, done, ctx);
}

enum error event_publish(struct bus *bus, const struct event *event, bus_delivered_fn *done, void *ctx)
{
	if (event->raw)
		return publish_value(bus, event, event->raw, event->raw_len, done, ctx);
	struct buf json;
	buf_init(&json, BUS_RECORD_MAX);
	enum error error = schema_encode(&json, event_rows[event->id].schema, event->payload);
	if (!error)
		error = publish_value(bus, event, buf_text(&json), json.len, done, ctx);
	buf_free(&json);
	return error;
}

/* --- decoding --- */

static const struct bus_header *header(const struct bus_record *record, const char *name)
{
	for (size_t i = 0; i < record->header_count; i++)
		if (strcmp(record->headers[i].name, name) == 0)
			return &record->headers[i];
	return NULL;
}

/* As text, when the header is there and holds no NUL. */
static const char *text(struct arena *a, const struct bus_record *record, const char *name)
{
	const struct bus_header *h = header(record, name);
	if (!h || !h->value || memchr(h->value, '\0', h->len))
		return NULL;
	return arena_strndup(a, h->value, h->len);
}

static int64_t number(struct arena *a, const struct bus_record *record, const char *name)
{
	const char *s = text(a, record, name);
	char *end;
	long long n = s ? strtoll(s, &end, 10) : 0;
	return s && *s && !*end && n > 0 ? n : 0;
}

static int64_t days_before(int year, int month, int day)
{
	/* Days since 1970-01-01 of a Gregorian date: years begin in March, so that the leap day comes last. */
	year -= month <= 2;
	int64_t century_part = (int64_t)year / 400 * 146097, rest = year % 400;
	int64_t month_part = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return century_part + rest * 365 + rest / 4 - rest / 100 + month_part - 719468;
}

/* Milliseconds of a fraction of a second; *rest_r is what follows it. */
static int64_t fraction_ms(const char *s, const char **rest_r)
{
	int64_t ms = 0, scale = 100;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++, scale /= 10)
			ms += (*s - '0') * scale;
	*rest_r = s;
	return ms;
}

/* RFC 3339 in UTC, with or without a fraction; 0 when it is none. Others than ourselves may write to the topics. */
static int64_t parse_time(const char *s)
{
	int year, month, day, hour, minute, second, read = 0;
	if (!s || sscanf(s, "%4d-%2d-%2dT%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &read) != 6)
		return 0;
	const char *rest;
	int64_t ms = fraction_ms(s + read, &rest);
	bool utc = strcmp(rest, "Z") == 0 || strcmp(rest, "+00:00") == 0;
	bool date = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
	if (!utc || !date || hour > 23 || minute > 59 || second > 60)
		return 0;
	return ((days_before(year, month, day) * 24 + hour) * 60 + minute) * 60000 + second * 1000 + ms;
}

static bool find_row(const char *type, enum event_id *id_r)
{
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		if (strcmp(event_rows[i].type, type) != 0)
			continue;
		*id_r = (enum event_id)i;
		return true;
	}
	return false;
}

/* Is `topic` where this row's events are found: its own, or the retry topic of its own? */
static bool belongs(const struct event_row *row, enum topic_id topic)
{
	const char *own = topic_rows[row->topic].name, *found = topic_rows[topic].name;
	size_t len = strlen(own);
	return topic == row->topic || (strncmp(found, own, len) == 0 && strcmp(found + len, ".retry") == 0);
}

static const char *describe(struct arena *a, const struct schema_problems *problems)
{
	if (!problems->n)
		return "the payload does not follow its schema";
	const struct schema_problem *p = &problems->v[0];
	return arena_printf(a, "%s: %s", *p->pointer ? p->pointer : "payload", p->message);
}

static enum error read_attributes(struct arena *a, const struct bus_record *record, struct event *e, const char **why_r)
{
	const char *type = text(a, record, "ce_type"), *spec = text(a, record, "ce_specversion");
	if (!type || !find_row(type, &e->id) || !belongs(&event_rows[e->id], record->topic)) {
		*why_r = type ? arena_printf(a, "\"%.100s\" is no event of this topic", type) : "the header ce_type is missing";
		return ERROR_unknown_event;
	}
	e->uuid = text(a, record, "ce_id");
	e->source = text(a, record, "ce_source");
	if (!e->uuid || !*e->uuid || !e->source || !*e->source || !spec || strcmp(spec, SPEC) != 0) {
		*why_r = "one of the headers ce_id, ce_source and ce_specversion (1.0) is missing or wrong";
		return ERROR_invalid_event;
	}
	e->trace = text(a, record, "traceparent");
	if (e->trace && !id_is_trace(e->trace, strlen(e->trace)))
		e->trace = NULL;
	e->time_ms = parse_time(text(a, record, "ce_time"));
	if (!e->time_ms)
		e->time_ms = record->timestamp_ms;
	return ERROR_none;
}

static void read_extensions(struct arena *a, const struct bus_record *record, struct event *e)
{
	e->key = record->key && event_rows[e->id].key != EVENT_KEY_NONE ? arena_strndup(a, record->key, record->key_len) : NULL;
	e->partition = record->partition;
	e->session = text(a, record, "ce_session");
	e->message_id = text(a, record, "ce_message");
	e->retry = number(a, record, "retry_count");
	e->not_before_ms = number(a, record, "not_before");
}

static void read_chunk(struct arena *a, const struct bus_record *record, struct event *e)
{
	const char *seq = text(a, record, "ce_seq");
	e->import_id = text(a, record, "ce_import");
	e->restaurant_id = text(a, record, "ce_restaurant");
	e->socket = text(a, record, "ce_socket");
	e->seq = seq && *seq ? number(a, record, "ce_seq") : -1;
	e->reply_partition = (int32_t)number(a, record, "ce_partition");
}

enum error event_decode(struct arena *a, const struct bus_record *record, struct event *event_r, const char **why_r)
{
	*why_r = "";
	*event_r = (struct event){ .raw = record->value ? record->value : "", .raw_len = record->value_len };
	enum error error = read_attributes(a, record, event_r, why_r);
	if (error)
		return error;
	read_extensions(a, record, event_r);
	const struct event_row *row = &event_rows[event_r->id];
	if (row->key == EVENT_KEY_BYTES)
		read_chunk(a, record, event_r);
	if (row->key == EVENT_KEY_NONE || row->key == EVENT_KEY_BYTES)
		return ERROR_none;
	struct schema_problems problems = { .n = 0 };
	void *payload = arena_alloc(a, payload_sizes[event_r->id]);
	if (schema_decode(a, row->schema, event_r->raw, event_r->raw_len, payload, &problems)) {
		*why_r = describe(a, &problems);
		return ERROR_invalid_event;
	}
	event_r->raw = arena_strndup(a, event_r->raw, event_r->raw_len);
	event_r->payload = payload;
	return ERROR_none;
}

/* --- putting back and burying --- */

/* The topic that has `suffix` behind the name of this one (or of the one that this is the retry topic of). */
static enum topic_id relative(enum topic_id topic, const char *suffix)
{
	const char *name = topic_rows[topic].name, *retry = strstr(name, ".retry");
	size_t len = retry ? (size_t)(retry - name) : strlen(name);
	for (size_t i = 0; i < TOPIC_COUNT; i++)
		if (strncmp(topic_rows[i].name, name, len) == 0 && strcmp(topic_rows[i].name + len, suffix) == 0)
			return (enum topic_id)i;
	return TOPIC_COUNT;
}

struct removal {
	struct headers headers;
	char time[CLOCK_TEXT], retry[24], not_before[24], partition[24], offset[24];
};

static bool is_replaced(const char *name)
{
	static const char *const names[] = { "error_reason", "error_detail", "error_time", "retry_count", "not_before" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void add_number(struct headers *h, const char *name, char text[24], int64_t value)
{
	snprintf(text, 24, "%lld", (long long)value);
	add(h, name, text);
}

static void describe_removal(struct removal *r, const struct bus_record *record, int64_t retry, enum error reason, const char *detail)
{
	struct headers *h = &r->headers;
	add(h, "error_reason", error_row(reason)->name);
	add(h, "error_detail", detail ? detail : "");
	clock_text(clock_wall_ms(), r->time);
	add(h, "error_time", r->time);
	add_number(h, "retry_count", r->retry, retry);
	/* Where it was read first stays, however often it is put back. */
	bool known = header(record, "source_topic");
	if (!known) {
		add(h, "source_topic", topic_rows[record->topic].name);
		add_number(h, "source_partition", r->partition, record->partition);
		add_number(h, "source_offset", r->offset, record->offset);
	}
	/* Ours come first: should a stranger's record have too many headers, it is his last ones that get lost. */
	for (size_t i = 0; i < record->header_count; i++)
		if (!is_replaced(record->headers[i].name))
			add_n(h, record->headers[i].name, record->headers[i].value ? record->headers[i].value : "", record->headers[i].len);
}

static enum error republish(struct bus *bus, const struct bus_record *record, enum topic_id to, const struct removal *r, bus_delivered_fn *done, void *ctx)
{
	if (to == TOPIC_COUNT)
		return ERROR_bus_rejected;
	struct bus_record copy = *record;
	copy.topic = to;
	copy.partition = BUS_ANY_PARTITION;
	copy.timestamp_ms = 0;
	copy.headers = r->headers.v;
	copy.header_count = r->headers.n;
	return bus_publish(bus, lane_of(to), &copy, done, ctx);
}

enum error event_put_back(struct bus *bus, const struct bus_record *record, int64_t retry, int64_t not_before_ms, enum error reason, const char *detail, bus_delivered_fn *done, void *ctx)
{
	struct removal r = { .headers = { .n = 0 } };
	add_number(&r.headers, "not_before", r.not_before, not_before_ms);
	describe_removal(&r, record, retry, reason, detail);
	return republish(bus, record, relative(record->topic, ".retry"), &r, done, ctx);
}

enum error event_bury(struct bus *bus, const struct bus_record *record, enum error reason, const char *detail, bus_delivered_fn *done, void *ctx)
{
	struct removal r = { .headers = { .n = 0 } };
	struct arena *a = arena_new();
	describe_removal(&r, record, number(a, record, "retry_count"), reason, detail);
	arena_free(&a);
	return republish(bus, record, relative(record->topic, ".dead"), &r, done, ctx);
}

const char *event_session_key(struct arena *a, const char *restaurant_id, const char *session_id)
{
	return arena_printf(a, "%s/%s", restaurant_id, session_id);
}
