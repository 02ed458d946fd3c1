/* analytics.h - the analytics role: events of guests and of answers into PostgreSQL, each exactly once.
 *
 * Records wait for company: ANALYTICS_BATCH events or ANALYTICS_BATCH_MS, then the batch goes by COPY into a temporary table, and one transaction makes rows, roll-ups and
 * samples of it (migrations/0020_analytics.sql). Only then are its records finished: a crash brings them again, and what was stored is known by event id. One batch is
 * stored while the next one fills; when ANALYTICS_CONCURRENCY events are in memory, reading pauses. A dependency that is away makes it try again without end; a batch that PostgreSQL refuses is stored record by record, and a record that
 * is refused alone is buried.
 */
#ifndef WORKERS_ANALYTICS_H
#define WORKERS_ANALYTICS_H

#include "workers/consumer.h"
#include "workers/worker.h"

struct analytics_role;

MUST_CHECK enum error analytics_new(struct worker *w, struct analytics_role **analytics_r);
void analytics_free(struct analytics_role **analytics);
void analytics_start_upkeep(struct analytics_role *a); /* old partitions, and yesterday counted again: from now on, by the timer */
void analytics_flush(struct analytics_role *a);        /* what waits goes at once: the worker drains */

void analytics_on_interactions(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);
void analytics_on_outcome(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);

#endif
