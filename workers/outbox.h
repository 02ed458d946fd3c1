/* outbox.h - frames gather here until the loop turn ends; those for one partition of `replies` then leave together, as one record (common/frames.h).
 *
 * A record costs the worker, the broker and the api far more than a frame does. When it is quiet nothing waits for company: a lone
 * frame leaves at the end of the turn in which it was put. Under load records leave at most once a millisecond, and carry what several turns brought. Order within a partition is kept. A record is full at OUTBOX_BYTES or OUTBOX_FRAMES and then leaves at once; a larger frame
 * has one of its own. What the bus refuses (its queue is full, no broker) is lost, as a single frame would be, and said to those who wait for it.
 */
#ifndef WORKERS_OUTBOX_H
#define WORKERS_OUTBOX_H

#include "common/bus.h"
#include "common/frames.h"
#include "workers/worker.h"

#define OUTBOX_FRAME_MAX ((size_t)512 << 10)
#define OUTBOX_BYTES ((size_t)64 << 10)
#define OUTBOX_FRAMES 512
#define OUTBOX_PARTITIONS 16 /* gathered at a time; for one more, all leave */

struct outbox;

MUST_CHECK enum error outbox_new(struct worker *w, struct outbox **outbox_r);
/* After the flows and the bus: who still waits is told bus_unknown, and must put nothing any more. The loop must run once more. */
void outbox_free(struct outbox **outbox);

/* Copies everything. On success `done` (may be NULL) comes exactly once, later, with what became of the record; on an error, never. ERROR_invalid: see frames_add();
 * ERROR_too_big_to_store: above OUTBOX_FRAME_MAX. */
MUST_CHECK enum error outbox_put(struct outbox *outbox, int32_t partition, const struct frames_head *head, const char *json, size_t len, bus_delivered_fn *done, void *ctx);
void outbox_send(struct outbox *outbox); /* what has gathered leaves now: before a flush of the bus */

#endif
