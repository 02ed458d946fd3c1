/* bus_scan.c - a part of a topic's log, read aside; see bus_scan.h. */
#include "common/bus_scan.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/bus_internal.h"
#include "common/clock.h"
#include "common/log.h"

#define ASK_MS 5000 /* a question about all partitions */
#define POLL_MS 50

struct part {
	int64_t next, end; /* not read yet: [next, end) */
	int64_t finished;  /* the group's position */
};

struct slice;
struct bus_scan {
	struct bus *bus;
	rd_kafka_t *client;
	enum topic_id topic;
	const char *name; /* the bus's */
	int64_t from_ms;
	struct part *parts;
	int32_t count;
	struct slice *slice; /* under way: what it uses of this is its own until then */
};

struct slice {
	struct bus_work work;
	struct bus_scan *scan;
	bus_scan_record_fn *on_record;
	void *record_ctx;
	bus_scan_fn *done;
	void *ctx;
	enum error error;
};

/* --- in a thread: where it begins and ends --- */

static enum error ask_partitions(struct bus_scan *s)
{
	enum error error = bus_ask_partitions(s->client, s->name, &s->count);
	s->parts = error ? NULL : bus_alloc((size_t)s->count * sizeof(*s->parts));
	return error;
}

static rd_kafka_topic_partition_list_t *list_of(const struct bus_scan *s, int64_t offset)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(s->count);
	for (int32_t i = 0; i < s->count; i++)
		rd_kafka_topic_partition_list_add(list, s->name, i)->offset = offset;
	return list;
}

static bool all_answered(const rd_kafka_topic_partition_list_t *list)
{
	for (int i = 0; i < list->cnt; i++)
		if (list->elems[i].err)
			return false;
	return true;
}

static bool ask_finished(struct bus_scan *s)
{
	rd_kafka_topic_partition_list_t *list = list_of(s, RD_KAFKA_OFFSET_INVALID);
	bool fine = !rd_kafka_committed(s->client, list, ASK_MS) && all_answered(list);
	for (int i = 0; fine && i < list->cnt; i++)
		s->parts[list->elems[i].partition].finished = list->elems[i].offset;
	rd_kafka_topic_partition_list_destroy(list);
	return fine;
}

/* Negative: there is no record so young. */
static bool ask_begin(struct bus_scan *s)
{
	if (s->bus->config.embedded)
		return true;
	rd_kafka_topic_partition_list_t *list = list_of(s, s->from_ms);
	bool fine = !rd_kafka_offsets_for_times(s->client, list, ASK_MS) && all_answered(list);
	for (int i = 0; fine && i < list->cnt; i++)
		s->parts[list->elems[i].partition].next = list->elems[i].offset < 0 ? INT64_MAX : list->elems[i].offset;
	rd_kafka_topic_partition_list_destroy(list);
	return fine;
}

static bool ask_end(struct bus_scan *s, const atomic_bool *cancelled)
{
	for (int32_t i = 0; i < s->count; i++) {
		struct part *p = &s->parts[i];
		int64_t low;
		if (atomic_load(cancelled) || rd_kafka_query_watermark_offsets(s->client, s->name, i, &low, &p->end, BUS_CALL_MS))
			return false;
		p->next = p->next < low ? low : p->next > p->end ? p->end
		                                                 : p->next;
	}
	return true;
}

static bool assign(struct bus_scan *s)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(s->count);
	for (int32_t i = 0; i < s->count; i++)
		if (s->parts[i].next < s->parts[i].end)
			rd_kafka_topic_partition_list_add(list, s->name, i)->offset = s->parts[i].next;
	bool fine = !list->cnt || !rd_kafka_assign(s->client, list);
	rd_kafka_topic_partition_list_destroy(list);
	return fine;
}

/* The order matters: what was finished must lie before the end. */
static void run_open(struct bus_work *work)
{
	struct slice *slice = (struct slice *)work;
	struct bus_scan *s = slice->scan;
	slice->error = ask_partitions(s);
	if (!slice->error && !(ask_finished(s) && ask_begin(s) && ask_end(s, &work->cancelled) && assign(s)))
		slice->error = ERROR_bus_unavailable;
}

/* --- in a thread: a slice --- */

/* What is behind the end would go on coming. */
static void stop_part(const struct bus_scan *s, int32_t partition)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, s->name, partition);
	rd_kafka_pause_partitions(s->client, list);
	rd_kafka_topic_partition_list_destroy(list);
}

/* false: no more in this slice. */
static bool take(struct slice *slice, const rd_kafka_message_t *message)
{
	struct bus_scan *s = slice->scan;
	struct part *p = message->partition >= 0 && message->partition < s->count ? &s->parts[message->partition] : NULL;
	struct bus_header headers[BUS_HEADERS_MAX];
	if (!p || p->next >= p->end || (message->err && message->err != RD_KAFKA_RESP_ERR__PARTITION_EOF))
		return true;
	bool more = true;
	p->next = message->err ? p->end : message->offset + 1;
	if (!message->err && message->offset < p->end) {
		struct bus_record record = { .topic = s->topic };
		bus_record_fill(&record, headers, message);
		more = slice->on_record(slice->record_ctx, &record, message->offset < p->finished);
	}
	if (p->next >= p->end) {
		p->next = p->end;
		stop_part(s, message->partition);
	}
	return more;
}

static void run_slice(struct bus_work *work)
{
	struct slice *slice = (struct slice *)work;
	int64_t until_ms = clock_ms() + BUS_SCAN_SLICE_MS;
	for (bool more = true; more && bus_scan_left(slice->scan) && !atomic_load(&work->cancelled) && clock_ms() < until_ms;) {
		rd_kafka_message_t *message = rd_kafka_consumer_poll(slice->scan->client, POLL_MS);
		if (!message)
			continue;
		more = take(slice, message);
		rd_kafka_message_destroy(message);
	}
	char why[200];
	if (rd_kafka_fatal_error(slice->scan->client, why, sizeof(why)))
		slice->error = ERROR_bus_rejected;
}

/* --- on the loop --- */

static void finish_slice(struct bus_work *work)
{
	struct slice *slice = (struct slice *)work;
	if (!work->bus)
		return; /* the scan is gone */
	slice->scan->slice = NULL;
	slice->done(slice->ctx, slice->error);
}

static enum error start(struct bus_scan *s, void (*run)(struct bus_work *work), const struct slice *about)
{
	struct slice *slice = bus_alloc(sizeof(*slice));
	*slice = *about;
	slice->scan = s;
	slice->work.run = run;
	slice->work.finish = finish_slice;
	enum error error = bus_work_start(s->bus, &slice->work);
	if (!error)
		s->slice = slice;
	return error;
}

static rd_kafka_t *new_client(const struct bus *bus, const char *group)
{
	rd_kafka_conf_t *conf = bus_conf_new(&bus->config);
	bus_conf_set_consumer(conf, &bus->config);
	char name[256];
	bus_group_name(bus, group, name, sizeof(name));
	bus_conf_set(conf, "group.id", name); /* whose offsets are asked for; it never joins */
	bus_conf_set(conf, "enable.partition.eof", "true");
	bus_conf_set_int(conf, "queued.max.messages.kbytes", BUS_SCAN_AHEAD_KB);
	bus_conf_set_int(conf, "fetch.max.bytes", BUS_SCAN_AHEAD_KB / 4 * 1024);
	bus_conf_set_int(conf, "max.partition.fetch.bytes", 1 << 20);
	return bus_client_new(RD_KAFKA_CONSUMER, conf);
}

enum error bus_scan_open(struct bus *bus, const struct bus_scan_config *config, bus_scan_fn *done, void *ctx, struct bus_scan **scan_r)
{
	rd_kafka_t *client = new_client(bus, config->group);
	if (!client)
		return ERROR_bus_unavailable;
	struct bus_scan *s = bus_alloc(sizeof(*s));
	*s = (struct bus_scan){ .bus = bus, .client = client, .topic = config->topic, .name = bus->topic_names[config->topic], .from_ms = config->from_ms };
	*scan_r = s;
	enum error error = start(s, run_open, &(struct slice){ .done = done, .ctx = ctx });
	if (error)
		bus_scan_free(scan_r);
	return error;
}

enum error bus_scan_read(struct bus_scan *s, bus_scan_record_fn *on_record, void *record_ctx, bus_scan_fn *done, void *ctx)
{
	return start(s, run_slice, &(struct slice){ .on_record = on_record, .record_ctx = record_ctx, .done = done, .ctx = ctx });
}

int64_t bus_scan_left(const struct bus_scan *s)
{
	int64_t left = 0;
	for (int32_t i = 0; i < s->count; i++)
		left += s->parts[i].end - s->parts[i].next;
	return left;
}

void bus_scan_free(struct bus_scan **scan)
{
	struct bus_scan *s = *scan;
	*scan = NULL;
	if (!s)
		return;
	if (s->slice)
		bus_work_end(&s->slice->work);
	bus_reap(s->bus, s->client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
	free(s->parts);
	free(s);
}
