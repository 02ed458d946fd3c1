/* bus.h - Kafka on the loop: publish with confirmation, read in a group, read a partition.
 *
 * librdkafka works in threads of its own; everything here is called, and calls back, on the loop's thread
 * (its queues wake the loop by an event callback and uv_async_send). No call blocks.
 *
 * Publishing: acks=all, idempotent, one request at a time to each broker (more can lose what was confirmed, see bus_producer.c); one producer of linger 0
 * (BUS_FAST) and, on first use, one of linger 5 ms (BUS_BULK). The
 * callback says what became of the record: none = durable (as durable as the broker is); bus_unavailable or bus_rejected = surely not stored;
 * bus_unknown = it may be stored. When the idempotent producer dies for good (fatal error) it is made anew, and what it had not confirmed ends as bus_unknown.
 *
 * Groups: eager `range` assignment, earliest for a new group; offsets are committed every BUS_COMMIT_MS up to the lowest record that
 * bus_group_finish() was not called for, so a crash redelivers what was not finished and perhaps a little more. Records of one partition arrive in order; nothing waits for
 * finishing: the owner bounds its own work with bus_group_pause()/resume(). A partition whose newest record is BUS_SPAN_MAX ahead of its lowest unfinished one is paused
 * until that one is finished. After a revocation a late bus_group_finish() is ignored.
 *
 * Limits: BUS_QUEUE_MAX records (and BUS_QUEUE_BYTES) unconfirmed a producer, then ERROR_overloaded; a record is at most BUS_RECORD_MAX bytes.
 */
#ifndef COMMON_BUS_H
#define COMMON_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"

enum topic_id {
#define TOPIC(id, name, cleanup, retention_ms, doc) TOPIC_##id,
#include "common/topics.def"
#undef TOPIC
	TOPIC_COUNT
};
enum topic_cleanup { TOPIC_DELETE,
	             TOPIC_COMPACT };
struct topic_row {
	const char *name;
	enum topic_cleanup cleanup;
	int64_t retention_ms;
	const char *doc;
};
extern const struct topic_row topic_rows[TOPIC_COUNT];

#define BUS_ANY_PARTITION (-1)
#define BUS_QUEUE_MAX 20000
#define BUS_QUEUE_BYTES (32 << 20)
#define BUS_RECORD_MAX 1000000 /* with key and headers; a broker takes a little more by default */
#define BUS_HEADERS_MAX 24
#define BUS_COMMIT_MS 250
#define BUS_MESSAGE_TIMEOUT_MS 5000
#define BUS_SESSION_MS 6000
#define BUS_CLOSE_MS 10000
#define BUS_SPAN_MAX 100000

struct bus;
struct bus_group;
struct bus_reader;

struct bus_config {
	uv_loop_t *loop;
	const char *brokers;
	const char *client_id;
	const char *topic_prefix;   /* "" for none */
	int64_t message_timeout_ms; /* how long a record may wait for its confirmation; 0 = BUS_MESSAGE_TIMEOUT_MS */
	bool embedded;              /* the mock cluster: fetch.wait.max.ms=2 and its other settings (platform notes) */
};

struct bus_header {
	const char *name;
	const void *value;
	size_t len;
};

struct bus_record {
	enum topic_id topic;
	int32_t partition;    /* BUS_ANY_PARTITION: by key */
	int64_t offset;       /* of a record that was read */
	int64_t timestamp_ms; /* 0 = now, when publishing */
	const void *key;
	size_t key_len;
	const void *value;
	size_t value_len;
	const struct bus_header *headers;
	size_t header_count;
	int32_t generation; /* of a record that was read: which assignment it came by */
};

enum bus_lane { BUS_FAST,
	        BUS_BULK };

typedef void bus_delivered_fn(void *ctx, enum error error);
/* The record and all it points to are valid only during the callback. */
typedef void bus_record_fn(void *ctx, const struct bus_record *record);
typedef void bus_partition_fn(void *ctx, enum topic_id topic, int32_t partition);
typedef void bus_event_fn(void *ctx);

MUST_CHECK enum error bus_new(const struct bus_config *config, struct bus **bus_r);
/* Waits for no confirmation: what is unconfirmed ends unknown and without a callback; call bus_flush() first when draining. Groups and readers that are still there
 * are dropped without a commit. Blocks until librdkafka's threads have ended, at most BUS_CLOSE_MS; the loop must run once more afterwards so that handles get closed.
 * Not from inside a callback of the bus. */
void bus_free(struct bus **bus);

/* Copies everything. On success `done` (may be NULL) comes exactly once, later; on error (overloaded, bus_unavailable, bus_rejected, too_large) never. */
MUST_CHECK enum error bus_publish(struct bus *bus, enum bus_lane lane, const struct bus_record *record, bus_delivered_fn *done, void *ctx);
size_t bus_unconfirmed(const struct bus *bus);
/* `done` when nothing is unconfirmed any more, or after deadline_ms. */
void bus_flush(struct bus *bus, int64_t deadline_ms, bus_event_fn *done, void *ctx);
/* Have we heard from a broker lately (and not lost all of them since)? For health and to answer "busy" at once. */
bool bus_up(const struct bus *bus);
/* Asks for the metadata of all topics, so that the first publish does not wait; `done` with none, or bus_unavailable after the deadline. */
void bus_warm_up(struct bus *bus, int64_t deadline_ms, bus_delivered_fn *done, void *ctx);
/* Partitions of a topic as last seen in metadata; 0 when unknown. */
int32_t bus_partitions(const struct bus *bus, enum topic_id topic);

struct bus_group_config {
	const char *group;
	const enum topic_id *topics;
	size_t topic_count;
	bus_record_fn *on_record;
	bus_partition_fn *on_assigned, *on_revoked; /* may be NULL */
	void *ctx;
	int64_t session_ms; /* silent for so long, and the partitions go to another member; 0 = BUS_SESSION_MS */
};
MUST_CHECK enum error bus_group_join(struct bus *bus, const struct bus_group_config *config, struct bus_group **group_r);
void bus_group_finish(struct bus_group *group, enum topic_id topic, int32_t partition, int64_t offset, int32_t generation);
/* All partitions: no record comes until the resume. Calls need not be paired. */
void bus_group_pause(struct bus_group *group);
void bus_group_resume(struct bus_group *group);
size_t bus_group_unfinished(const struct bus_group *group);
int64_t bus_group_lag(const struct bus_group *group, enum topic_id topic); /* records behind the end of assigned partitions; -1 unknown */
/* Commits, leaves the group on the loop, calls `done`, frees the group (at most BUS_CLOSE_MS). No records come any more; on_revoked does. */
void bus_group_leave(struct bus_group **group, bus_event_fn *done, void *ctx);

enum bus_start { BUS_FROM_BEGINNING,
	         BUS_FROM_END };
/* Without a group. `ready` comes once the start position is known: what is published after that is seen; while no broker answers it waits and tries again.
 * bus_rejected: the topic has no such partition; the reader then only waits to be stopped. partition BUS_ANY_PARTITION reads all.
 * One reader for each partition in a process: a second one gives ERROR_conflict. */
MUST_CHECK enum error bus_reader_start(struct bus *bus, enum topic_id topic, int32_t partition, enum bus_start from, bus_record_fn *on_record, bus_delivered_fn *ready, void *ctx, struct bus_reader **reader_r);
void bus_reader_stop(struct bus_reader **reader);

/* Commands without a loop (worker migrate): creates missing topics on a real cluster; blocking, at most 30 s. *why_r on failure; the embedded broker has its topics already. */
MUST_CHECK enum error bus_create_topics(const struct bus_config *config, int partitions, int replication, const char **why_r);

#endif
