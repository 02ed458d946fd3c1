/* edit.h - one change that somebody with rights asked for, from the moment its event was read until it is committed, announced and replied to.
 *
 * Edits of one restaurant are done strictly one after another, in the order of the topic; those of different restaurants at once (pipelined to PostgreSQL).
 *
 * The flow (edit.c):  apply → [apply again] → announce
 *   apply     the body is checked (edit_check.h), then one statement, one transaction (query edit_apply): idempotency, lock, If-Match, change, version, audit,
 *             outcome. A refusal is an outcome too and is stored. When it is committed the restaurant's next edit begins.
 *   announce  the record on menu.changes and the reply to the waiting request; the event is finished when the broker has both
 * A redelivered edit finds its outcome and only announces and replies again. A dependency that is away makes the step try again, without end. An edit that PostgreSQL
 * refuses EDIT_TRIES times for a reason that is not known here gets the outcome 500, and its event goes to the dead letters; replayed from there it is tried anew.
 * Nothing is put on the retry topic: that would break the restaurant's order.
 */
#ifndef WORKERS_EDIT_H
#define WORKERS_EDIT_H

#include "workers/consumer.h"

#define EDIT_TRIES 5

struct edits; /* the restaurants that have something under way */

MUST_CHECK enum error edits_new(struct worker *w, struct edits **edits_r);
void edits_free(struct edits **edits); /* what is under way or waits is dropped: the events come again */

event_handler edit_on_event;

/* The worker ends, or the partition went to another: what waits and was not begun is left to whoever reads it next. BUS_ANY_PARTITION: all. */
void edits_drop_waiting(struct edits *edits, int32_t partition);
size_t edits_waiting(const struct edits *edits);

#endif
