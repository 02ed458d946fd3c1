/* consumer.h - from a record of a topic to the flow that handles it.
 *
 * Each record is decoded by its event row and handed to that event's handler with a *receipt*. Whoever has the receipt must end it exactly
 * once: consumer_finish() (handled), consumer_abandon() (to be read again), consumer_put_back() (another try later) or consumer_bury() (given up, with the reason). Until then the
 * partition's committed offset stays below the record, so a crash brings it back.
 * Bad bytes, unknown types and broken schemas are buried here and reach no handler.
 * When as much is open as the role's setting says (CHAT_CONCURRENCY and its like), reading pauses; it goes on at four fifths of that. A receipt counts as one, or as what
 * consumer_weigh() said: a record may hold hundreds of events.
 */
#ifndef WORKERS_CONSUMER_H
#define WORKERS_CONSUMER_H

#include "common/event.h"
#include "workers/worker.h"

/* The record's own bytes are kept in the event's arena, so that it can be put back or buried unchanged. */
struct receipt {
	struct consumer *consumer;
	struct bus_record record;
	int64_t retry; /* how often it was put back before */
	size_t weight; /* of the consumer's limit */
};

/* `arena` holds the event and the receipt; the handler owns it from now on. */
typedef void event_handler(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);

typedef void raw_handler(struct worker *w, struct arena *arena, struct receipt *receipt);

struct consumer_config {
	const char *group;
	const enum topic_id *topics;
	size_t topic_count;
	raw_handler *on_raw;            /* takes records as they are, undecoded; then there are no handlers */
	event_handler *const *handlers; /* by event id; NULL: not for this group, buried as unknown */
	int64_t session_ms;             /* bus_group_config */
	size_t limit;                   /* open weight before reading pauses */
	bus_partition_fn *on_revoked;   /* ctx is the worker */
	bus_event_fn *on_assigned;      /* ctx is the worker; the first assignment came */
};

MUST_CHECK enum error consumer_new(struct worker *w, const struct consumer_config *config, struct consumer **consumer_r);
/* Stops reading, waits for open receipts at most `drain_ms`, commits, leaves the group, then `done`. Frees the consumer. */
void consumer_drain(struct consumer **consumer, int64_t drain_ms, bus_event_fn *done, void *ctx);
int64_t consumer_lag(const struct consumer *consumer, enum topic_id topic); /* -1: not known */
size_t consumer_open(const struct consumer *consumer);                      /* open weight */

/* The receipt counts as `weight` (at least 1) from now on. Once for each receipt, by its handler, before it returns. */
void consumer_weigh(struct receipt *receipt, size_t weight);

void consumer_finish(struct receipt *receipt);
/* Not handled, on purpose: the record comes again, here or elsewhere (draining, a revoked partition). */
void consumer_abandon(struct receipt *receipt);
/* These keep trying until the broker took the record; the offset stays where it is meanwhile. The receipt and its arena may be freed at once: the record is copied. */
void consumer_put_back(struct receipt *receipt, int64_t delay_ms, enum error reason, const char *detail);
void consumer_bury(struct receipt *receipt, enum error reason, const char *detail);

#endif
