/* fake_bus.c - bus.h by hand; see fakes.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/frames.h"
#include "tests/flow/fakes.h"

#define RECORDS_MAX 4096

struct bus_group {
	struct bus_group_config config;
	bool paused;
};

struct waiting {
	bus_delivered_fn *done;
	void *ctx;
};

static struct fake_record records[RECORDS_MAX];
static struct waiting waiting[RECORDS_MAX];
static size_t count, waiting_count, finished;
static struct bus_group group;
static enum error refusal;
bool fake_bus_is_down;
size_t fake_bus_sendings;
static int32_t generation = 1;

void fake_bus_reset(void);
void fake_bus_reset(void)
{
	count = waiting_count = finished = fake_bus_sendings = 0;
	refusal = ERROR_none;
	fake_bus_is_down = false;
	group.paused = false;
}

void fakes_reset(void)
{
	void fake_pg_reset(void), fake_llm_reset(void);
	fake_pg_reset();
	fake_llm_reset();
	fake_bus_reset();
}

static void copy_header(const struct bus_record *record, const char *name, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < record->header_count; i++)
		if (strcmp(record->headers[i].name, name) == 0)
			snprintf(out, size, "%.*s", (int)record->headers[i].len, (const char *)record->headers[i].value);
}

static struct fake_record *add_record(const struct bus_record *record)
{
	if (count == RECORDS_MAX)
		abort();
	struct fake_record *r = &records[count++];
	*r = (struct fake_record){ .topic = record->topic, .partition = record->partition };
	return r;
}

/* A record of frames counts as one for each of them. */
static void add_frames(const struct bus_record *record)
{
	struct frames frames;
	struct frames_head head;
	const char *bytes;
	size_t len;
	enum frames_step step;
	fake_bus_sendings++;
	frames_begin(&frames, record->value, record->value_len);
	while ((step = frames_next(&frames, &head, &bytes, &len)) == FRAMES_ONE) {
		struct fake_record *r = add_record(record);
		snprintf(r->frame, sizeof(r->frame), "%s", head.type);
		snprintf(r->socket, sizeof(r->socket), "%s", head.socket ? head.socket : "");
		snprintf(r->message_id, sizeof(r->message_id), "%s", head.message_id ? head.message_id : "");
		snprintf(r->value, sizeof(r->value), "%.*s", (int)len, bytes);
	}
	if (step != FRAMES_END)
		abort();
}

enum error bus_publish(struct bus *bus, enum bus_lane lane, const struct bus_record *record, bus_delivered_fn *done,
                       void *ctx)
{
	(void)bus;
	(void)lane;
	if (refusal)
		return refusal;
	if (record->topic == TOPIC_replies) {
		add_frames(record);
	} else {
		struct fake_record *r = add_record(record);
		copy_header(record, "ce_message", r->message_id, sizeof(r->message_id));
		snprintf(r->value, sizeof(r->value), "%.*s", (int)record->value_len, (const char *)record->value);
	}
	if (done)
		waiting[waiting_count++] = (struct waiting){ done, ctx };
	return ERROR_none;
}

size_t fake_bus_count(void)
{
	return count;
}

const struct fake_record *fake_bus_record(size_t i)
{
	return &records[i];
}

size_t fake_bus_frames(const char *frame)
{
	size_t n = 0;
	for (size_t i = 0; i < count; i++)
		n += strcmp(records[i].frame, frame) == 0;
	return n;
}

const struct fake_record *fake_bus_last(const char *frame)
{
	for (size_t i = count; i-- > 0;)
		if (strcmp(records[i].frame, frame) == 0)
			return &records[i];
	return NULL;
}

void fake_bus_confirm(enum error error)
{
	while (waiting_count) {
		struct waiting w = waiting[--waiting_count];
		w.done(w.ctx, error);
	}
}

void fake_bus_confirm_first(enum error error)
{
	struct waiting w = waiting[0];
	if (!waiting_count)
		abort();
	memmove(waiting, waiting + 1, --waiting_count * sizeof(*waiting));
	w.done(w.ctx, error);
}

bool bus_up(const struct bus *bus)
{
	(void)bus;
	return !fake_bus_is_down;
}

void fake_bus_refuse(enum error error)
{
	refusal = error;
}

size_t fake_bus_finished(void)
{
	return finished;
}

bool fake_bus_paused(void)
{
	return group.paused;
}

void fake_bus_deliver(const char *ce_type, int64_t offset, const char *json)
{
	fake_bus_deliver_on(TOPIC_chat_requests, ce_type, offset, json);
}

void fake_bus_deliver_on(enum topic_id topic, const char *ce_type, int64_t offset, const char *json)
{
	struct bus_header headers[] = {
		{ "ce_id", "018f0000-0000-7000-8000-000000000001", 36 },
		{ "ce_source", "api", 3 },
		{ "ce_specversion", "1.0", 3 },
		{ "ce_type", ce_type, strlen(ce_type) },
		{ "ce_time", "2026-01-02T03:04:05.678Z", 24 },
	};
	struct bus_record record = { .topic = topic, .partition = 0, .offset = offset, .key = "k", .key_len = 1, .value = json, .value_len = strlen(json), .headers = headers, .header_count = 5, .generation = generation };
	group.config.on_record(group.config.ctx, &record);
}

void fake_bus_revoke(int32_t partition)
{
	generation++;
	group.config.on_revoked(group.config.ctx, TOPIC_chat_requests, partition);
}

enum error bus_group_join(struct bus *bus, const struct bus_group_config *config, struct bus_group **group_r)
{
	(void)bus;
	group.config = *config;
	*group_r = &group;
	return ERROR_none;
}

void bus_group_finish(struct bus_group *g, enum topic_id topic, int32_t partition, int64_t offset, int32_t record_generation)
{
	(void)g;
	(void)topic;
	(void)partition;
	(void)offset;
	finished += record_generation == generation;
}

void bus_group_pause(struct bus_group *g)
{
	g->paused = true;
}

void bus_group_resume(struct bus_group *g)
{
	g->paused = false;
}

void bus_group_leave(struct bus_group **g, bus_event_fn *done, void *ctx)
{
	*g = NULL;
	done(ctx);
}

static bus_record_fn *on_change;
static void *on_change_ctx;

enum error bus_reader_start(struct bus *bus, enum topic_id topic, int32_t partition, enum bus_start from,
                            bus_record_fn *on_record, bus_delivered_fn *ready, void *ctx, struct bus_reader **reader_r)
{
	(void)bus;
	(void)partition;
	(void)from;
	(void)ready;
	if (topic == TOPIC_menu_changes) {
		on_change = on_record;
		on_change_ctx = ctx;
	}
	*reader_r = NULL;
	return ERROR_none;
}

void fake_bus_change(const char *ce_type, const char *json)
{
	struct bus_header headers[] = { { "ce_id", "c", 1 }, { "ce_source", "worker", 6 }, { "ce_specversion", "1.0", 3 }, { "ce_type", ce_type, strlen(ce_type) } };
	struct bus_record record = { .topic = TOPIC_menu_changes, .key = "k", .key_len = 1, .value = json, .value_len = strlen(json), .headers = headers, .header_count = 4 };
	on_change(on_change_ctx, &record);
}

void bus_reader_stop(struct bus_reader **reader)
{
	*reader = NULL;
}

int64_t bus_group_lag(const struct bus_group *group, enum topic_id topic)
{
	(void)group, (void)topic;
	return -1;
}
