/* bus_internal.h - what the files bus*.c share; nobody else includes it.
 *
 *   bus.c           the handle: settings, topics, is a broker there, the end
 *   bus_pump.c      a librdkafka queue that wakes the loop;   bus_threads.c  what blocks
 *   bus_producer.c  records out
 *   bus_group.c     records in, as a member of a group;   bus_record.c  from message to record
 *   bus_reader.c    records in, without a group
 *   bus_scan.c      a part of the log, read aside in slices
 *   bus_span.c      which records of a partition are finished
 *   bus_topics.c    creation of topics;   bus_rows.c  their table
 */
#ifndef COMMON_BUS_INTERNAL_H
#define COMMON_BUS_INTERNAL_H

#include <librdkafka/rdkafka.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "common/bus.h"
#include "common/bus_span.h"

#define BUS_TURN_EVENTS 256 /* of one queue in one turn of the loop */
#define BUS_PROBE_MS 500    /* between two looks for a lost broker */
#define BUS_DOUBT_MS 200    /* from librdkafka's word that all brokers are gone until we believe it */
#define BUS_BREATH_MS 1000  /* a group's pause up to this length does not trouble librdkafka */
#define BUS_CALL_MS 1000    /* a blocking question in the thread pool */

/* --- pump: events of one queue, handled on the loop --- */

struct bus_pump;
/* Owns the event only during the call. May close the pump. */
typedef void bus_pump_fn(void *ctx, rd_kafka_event_t *event);

/* Takes over the queue. */
struct bus_pump *bus_pump_new(uv_loop_t *loop, rd_kafka_queue_t *queue, bus_pump_fn *handle, void *ctx);
void bus_pump_close(struct bus_pump **pump);
/* Leaves what comes in the queue, and goes on with it. */
void bus_pump_stop(struct bus_pump *pump);
void bus_pump_go(struct bus_pump *pump);

/* --- producer --- */

struct bus_producer;
struct bus_confirmation;

/* --- threads that do what blocks --- */

struct bus_reaper;
/* Destroys the client in a thread of its own, which starts in the next turn of the loop: an event of the client may be at hand. Takes it over. */
void bus_reap(struct bus *bus, rd_kafka_t *client, int destroy_flags);

/* A blocking call in libuv's thread pool. `run` is in a thread and sees only the work; `finish` is on the loop; when the bus was freed meanwhile (bus is NULL) it only tidies up.
 * Embedded at the beginning of something that malloc() gave; freed with it after `finish`. */
struct bus_work {
	uv_work_t request;
	struct bus *bus; /* NULL: freed meanwhile */
	struct bus_work *next, **link;
	void (*run)(struct bus_work *work);
	void (*finish)(struct bus_work *work);
	atomic_bool cancelled; /* `run` should end soon */
	sem_t ended;
};
/* Takes over the work; frees it on error. */
MUST_CHECK enum error bus_work_start(struct bus *bus, struct bus_work *work);
/* Cancels it and waits until `run` has ended; `finish` finds no bus then. */
void bus_work_end(struct bus_work *work);
void bus_works_end(struct bus *bus);
void bus_reapers_end(struct bus *bus);

/* --- the handle --- */

struct bus {
	struct bus_config config;
	char *brokers, *client_id, *prefix;
	char *topic_names[TOPIC_COUNT];  /* with prefix */
	int32_t partitions[TOPIC_COUNT]; /* 0: unknown */

	struct bus_producer *lanes[BUS_BULK + 1];
	struct bus_producer *dying;      /* list: they had a fatal error and drain */
	struct bus_confirmation *spare;  /* free list */
	struct bus_confirmation *blocks; /* what the free list was cut from */
	size_t unconfirmed;
	uv_timer_t *flush_timer;
	bus_event_fn *flushed;
	void *flush_ctx;

	bool heard, lost, lost_said; /* a broker answered once; all of them seem to be gone; that was logged */
	int64_t lost_at_ms;
	bool probing;
	uv_timer_t *probe_timer;
	struct bus_warm_up *warm_ups;

	rd_kafka_t *reader_client; /* one for all readers, made by the first */
	struct bus_reader *readers;
	struct bus_group *groups;

	struct bus_work *works;
	struct bus_reaper *reapers;
	uv_timer_t *reap_timer;
};

/* A configuration with what every client has: brokers, log, events. */
rd_kafka_conf_t *bus_conf_new(const struct bus_config *config);
void bus_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value);
void bus_conf_set_int(rd_kafka_conf_t *conf, const char *name, int64_t value);
void bus_conf_set_consumer(rd_kafka_conf_t *conf, const struct bus_config *config);
/* Takes over `conf`. NULL after logging why. */
rd_kafka_t *bus_client_new(rd_kafka_type_t type, rd_kafka_conf_t *conf);

uv_timer_t *bus_timer_new(uv_loop_t *loop, void *data);
void bus_timer_close(uv_timer_t **timer);
void *bus_alloc(size_t size);  /* zeroed; aborts when there is none */
char *bus_copy(const char *s); /* NULL gives "" */

void bus_heard(struct bus *bus);         /* a broker did something for us */
void bus_lost(struct bus *bus);          /* librdkafka has lost them all */
void bus_confirmed_all(struct bus *bus); /* after unconfirmed became 0 */

/* With the prefix of this installation. */
void bus_group_name(const struct bus *bus, const char *group, char *out, size_t size);
/* Blocks up to BUS_CALL_MS. bus_rejected: there is no such topic, or it is not ours. */
MUST_CHECK enum error bus_ask_partitions(rd_kafka_t *client, const char *name, int32_t *count_r);
/* The topic's id by its full name; TOPIC_COUNT when it is none of ours. */
enum topic_id bus_topic_find(const struct bus *bus, const char *full_name);
/* Fills the record and its headers (BUS_HEADERS_MAX) from a message; further headers are left out. */
void bus_record_fill(struct bus_record *record, struct bus_header *headers, const rd_kafka_message_t *message);

void bus_producers_free(struct bus *bus);
void bus_groups_free(struct bus *bus);
void bus_readers_free(struct bus *bus);
enum error bus_producer_of(struct bus *bus, enum bus_lane lane, struct bus_producer **producer_r);
rd_kafka_t *bus_producer_client(struct bus_producer *producer);

#endif
