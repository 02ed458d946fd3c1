/* analytics_upkeep.h - what the analytics role does now and then: drops days that nobody keeps, and counts yesterday again.
 *
 * A difference between the rows and the roll-ups, or an answer that was never counted, is a log line of its own (analytics.difference). Then yesterday is counted from the log of
 * events (analytics_log.h). What was found shows in the metrics analytics_recount_differences, by kind (rollup, answer, row_missing, row_extra), and analytics_recounts_total.
 * Every ANALYTICS_UPKEEP_MS, the first time after a tenth of that.
 */
#ifndef WORKERS_ANALYTICS_UPKEEP_H
#define WORKERS_ANALYTICS_UPKEEP_H

#include "workers/worker.h"

struct analytics_upkeep;

struct analytics_upkeep *analytics_upkeep_new(struct worker *w);
void analytics_upkeep_free(struct analytics_upkeep **upkeep); /* NULL is fine */

#endif
