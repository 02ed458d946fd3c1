/* bus_reader.c - records in, without a group: one client for all readers of a process, a queue for each. */
#include "common/bus_internal.h"

#include <stdlib.h>

#include "common/log.h"

#define RETRY_MS 200
#define PARTITIONS_MAX 1024

/* Where to begin, found out in a thread. */
struct start {
	struct bus_work work;
	struct bus_reader *reader; /* NULL: stopped meanwhile */
	rd_kafka_t *client;
	const char *name; /* the bus's */
	int32_t partition;
	enum bus_start from;
	enum error error;
	int32_t count;
	int64_t offsets[PARTITIONS_MAX]; /* of partition .. partition + count - 1 */
};

struct bus_reader {
	struct bus *bus;
	enum topic_id topic_id;
	rd_kafka_topic_t *topic;
	int32_t partition; /* BUS_ANY_PARTITION: all */
	enum bus_start from;
	bus_record_fn *on_record;
	bus_delivered_fn *ready;
	void *ctx;
	struct bus_pump *pump;
	rd_kafka_queue_t *queue; /* the pump's */
	int32_t first, started;  /* partitions first .. first + started - 1 are read */
	struct start *start;     /* under way */
	uv_timer_t *retry_timer;
	struct bus_reader *next;
};

/* --- in a thread --- */

static enum error count_partitions(struct start *s)
{
	int32_t count = 0;
	enum error error = bus_ask_partitions(s->client, s->name, &count);
	if (error)
		return error;
	s->count = s->partition == BUS_ANY_PARTITION ? count : 1;
	return s->partition < count && count <= PARTITIONS_MAX ? ERROR_none : ERROR_bus_rejected;
}

static void run_start(struct bus_work *work)
{
	struct start *s = (struct start *)work;
	int32_t first = s->partition == BUS_ANY_PARTITION ? 0 : s->partition;
	s->error = count_partitions(s);
	for (int32_t i = 0; i < s->count && !s->error; i++) {
		int64_t low;
		s->offsets[i] = RD_KAFKA_OFFSET_BEGINNING;
		if (s->from == BUS_FROM_END &&
		    rd_kafka_query_watermark_offsets(s->client, s->name, first + i, &low, &s->offsets[i], BUS_CALL_MS))
			s->error = ERROR_bus_unavailable;
		if (atomic_load(&work->cancelled))
			s->error = ERROR_cancelled;
	}
}

/* --- on the loop --- */

static void on_retry(uv_timer_t *timer);

static void read_from(struct bus_reader *r, const struct start *s)
{
	r->first = s->partition == BUS_ANY_PARTITION ? 0 : s->partition;
	for (r->started = 0; r->started < s->count; r->started++)
		if (rd_kafka_consume_start_queue(r->topic, r->first + r->started, s->offsets[r->started], r->queue))
			log_event(LOG_error, "bus.reader_start", LOG_S("topic", topic_rows[r->topic_id].name), LOG_S("why", rd_kafka_err2name(rd_kafka_last_error())));
}

static void on_started(struct bus_reader *r, struct start *s)
{
	r->start = NULL;
	if (s->error && s->error != ERROR_bus_rejected) {
		uv_timer_start(r->retry_timer, on_retry, RETRY_MS, 0);
		return;
	}
	if (!s->error)
		read_from(r, s);
	if (r->ready)
		r->ready(r->ctx, s->error);
}

static void finish_start(struct bus_work *work)
{
	struct start *s = (struct start *)work;
	if (s->reader && work->bus)
		on_started(s->reader, s);
}

static void find_start(struct bus_reader *r)
{
	struct start *s = bus_alloc(sizeof(*s));
	s->work.run = run_start;
	s->work.finish = finish_start;
	s->reader = r;
	s->client = r->bus->reader_client;
	s->name = r->bus->topic_names[r->topic_id];
	s->partition = r->partition;
	s->from = r->from;
	r->start = bus_work_start(r->bus, &s->work) == ERROR_none ? s : NULL;
	if (!r->start)
		uv_timer_start(r->retry_timer, on_retry, RETRY_MS, 0);
}

static void on_retry(uv_timer_t *timer)
{
	find_start(timer->data);
}

static void on_event(void *ctx, rd_kafka_event_t *event)
{
	struct bus_reader *r = ctx;
	const rd_kafka_message_t *message;
	struct bus_header headers[BUS_HEADERS_MAX];
	if (rd_kafka_event_type(event) != RD_KAFKA_EVENT_FETCH) {
		log_event(LOG_debug, "bus.reader_error", LOG_S("why", rd_kafka_event_error_string(event)));
		return;
	}
	while ((message = rd_kafka_event_message_next(event))) {
		if (message->err)
			continue;
		struct bus_record record = { .topic = r->topic_id };
		bus_record_fill(&record, headers, message);
		r->on_record(r->ctx, &record);
		return; /* an event holds one; the reader may be gone now */
	}
}

static bool make_client(struct bus *bus)
{
	if (bus->reader_client)
		return true;
	rd_kafka_conf_t *conf = bus_conf_new(&bus->config);
	bus_conf_set_consumer(conf, &bus->config);
	rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_FETCH);
	bus->reader_client = bus_client_new(RD_KAFKA_CONSUMER, conf);
	return bus->reader_client;
}

static bool overlaps(const struct bus *bus, enum topic_id topic, int32_t partition)
{
	for (const struct bus_reader *r = bus->readers; r; r = r->next)
		if (r->topic_id == topic && (r->partition == partition || r->partition == BUS_ANY_PARTITION || partition == BUS_ANY_PARTITION))
			return true;
	return false;
}

enum error bus_reader_start(struct bus *bus, enum topic_id topic, int32_t partition, enum bus_start from, bus_record_fn *on_record, bus_delivered_fn *ready, void *ctx, struct bus_reader **reader_r)
{
	if (overlaps(bus, topic, partition))
		return ERROR_conflict;
	if (!make_client(bus))
		return ERROR_bus_unavailable;
	struct bus_reader *r = bus_alloc(sizeof(*r));
	*r = (struct bus_reader){ .bus = bus, .topic_id = topic, .partition = partition, .from = from, .on_record = on_record, .ready = ready, .ctx = ctx, .next = bus->readers };
	bus->readers = r;
	r->topic = rd_kafka_topic_new(bus->reader_client, bus->topic_names[topic], NULL);
	r->queue = rd_kafka_queue_new(bus->reader_client);
	r->pump = bus_pump_new(bus->config.loop, r->queue, on_event, r);
	r->retry_timer = bus_timer_new(bus->config.loop, r);
	find_start(r);
	*reader_r = r;
	return ERROR_none;
}

void bus_reader_stop(struct bus_reader **reader)
{
	struct bus_reader *r = *reader;
	*reader = NULL;
	if (!r)
		return;
	struct bus_reader **link = &r->bus->readers;
	while (*link != r)
		link = &(*link)->next;
	*link = r->next;
	if (r->start)
		r->start->reader = NULL;
	for (int32_t i = 0; i < r->started; i++)
		rd_kafka_consume_stop(r->topic, r->first + i);
	bus_pump_close(&r->pump);
	bus_timer_close(&r->retry_timer);
	rd_kafka_topic_destroy(r->topic);
	free(r);
}

void bus_readers_free(struct bus *bus)
{
	while (bus->readers) {
		struct bus_reader *r = bus->readers;
		bus_reader_stop(&r);
	}
	if (bus->reader_client)
		bus_reap(bus, bus->reader_client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
	bus->reader_client = NULL;
}
