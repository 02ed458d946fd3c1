/* event.h - what is on a topic: CloudEvents 1.0 in Kafka's binary mode, by the table events.def.
 *
 * Attributes are headers: ce_id, ce_type, ce_source, ce_time, ce_specversion, content-type, traceparent; of our own (CloudEvents extensions)
 * ce_session ("<restaurant id>/<session id>") and ce_message (the message_id); of bytes ce_import, ce_restaurant, ce_seq, ce_partition and ce_socket. The value is
 * the payload as JSON, or bytes (EVENT_KEY_BYTES: `raw` and `raw_len`, and no payload); on `replies` it is frames (frames.h), which are many and short-lived: their
 * records do without ce_time and traceparent.
 */
#ifndef COMMON_EVENT_H
#define COMMON_EVENT_H

#include "common/arena.h"
#include "common/bus.h"
#include "common/schema.h"

enum event_id {
#define EVENT(id, topic, type, schema, key, doc) EVENT_##id,
#include "common/events.def"
#undef EVENT
	EVENT_COUNT
};
enum event_key { EVENT_KEY_SESSION,
	         EVENT_KEY_RESTAURANT,
	         EVENT_KEY_IMPORT,
	         EVENT_KEY_BYTES,
	         EVENT_KEY_NONE };

struct event_row {
	const char *name; /* "chat_asked": label of metrics and of flows */
	enum topic_id topic;
	const char *type; /* ce_type */
	const struct schema *schema;
	enum event_key key;
	const char *doc;
};
extern const struct event_row event_rows[EVENT_COUNT];

struct event {
	enum event_id id;
	const char *uuid;                      /* ce_id; NULL when publishing: made */
	const char *trace;                     /* traceparent; NULL when publishing: a new trace */
	const char *source;                    /* ce_source: "api" or "worker" */
	int64_t time_ms;                       /* ce_time; 0 when publishing: now */
	const char *key;                       /* record key; NULL for EVENT_KEY_NONE */
	int32_t partition;                     /* for EVENT_KEY_NONE */
	const char *session, *message_id;      /* extensions; NULL when absent */
	const char *import_id, *restaurant_id; /* of an import_chunk; NULL when absent */
	int64_t seq;                           /* of an import_chunk; -1 when absent */
	const char *socket;                    /* of an import_chunk: who waits for import_stored; NULL: nobody */
	int32_t reply_partition;               /* and where */
	int64_t retry;                         /* how often this event was put back (header retry_count) */
	int64_t not_before_ms;                 /* wall clock; of a retried event */
	const void *payload;                   /* struct of the row's schema */
	const char *raw;                       /* when not NULL: the payload as JSON text, written as it is; set to the record's text when decoded */
	size_t raw_len;
};

/* Encodes and publishes on BUS_FAST (analytics: BUS_BULK). Errors as bus_publish(), or too_big_to_store. */
MUST_CHECK enum error event_publish(struct bus *bus, const struct event *event, bus_delivered_fn *done, void *ctx);

/* ERROR_unknown_event or ERROR_invalid_event with *why_r in plain words (arena). All of *event_r lives in the arena, except that a `replies` record
 * (EVENT_KEY_NONE) or one of bytes is not parsed: payload NULL, raw points into the record. */
MUST_CHECK enum error event_decode(struct arena *a, const struct bus_record *record, struct event *event_r, const char **why_r);

/* Puts the record, bytes and headers unchanged plus error_reason, error_detail, error_time, retry_count, source_topic, source_partition, source_offset, on the retry topic of its
 * topic (with not_before) or on its dead topic. For a record of the retry topic the same pair is used. */
MUST_CHECK enum error event_put_back(struct bus *bus, const struct bus_record *record, int64_t retry, int64_t not_before_ms, enum error reason, const char *detail, bus_delivered_fn *done, void *ctx);
MUST_CHECK enum error event_bury(struct bus *bus, const struct bus_record *record, enum error reason, const char *detail, bus_delivered_fn *done, void *ctx);

/* "<restaurant id>/<session id>" in the arena. */
const char *event_session_key(struct arena *a, const char *restaurant_id, const char *session_id);

#endif
