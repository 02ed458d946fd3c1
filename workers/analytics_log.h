/* analytics_log.h - yesterday counted again from the log: what topic analytics.events holds of that day (UTC) against the rows that were stored, id by id.
 *
 * Which set is exact. A day's events are those whose own time lies in it, wherever in the log they stand; an event may be written as early as the day (or a little before: clocks
 * differ) and as late as seven days afterwards. So the log is read from an hour before the day to its end of now, not to the day's end, and:
 *   missing  an event of the day that the group of the analytics worker has finished, and no row. Finished is what lies before the group's committed offset, which was asked for
 *            before the rows are looked at; what is read and not finished may be stored in a moment and is not asked about.
 *   extra    a row of the day that is not in the log, or is there twice. What was stored after the log's end was asked for may stand behind it, and is left out (event_seen knows when).
 * An id counts once however often it is in the log, and its first copy says when it happened (a retry without a time of its own gets a later one). What ingestion puts aside
 * (of the future, older than seven days, of no restaurant) is excused where its row in the quarantine says the same; bots are rows like others. A record that was buried is
 * missing until it is replayed. Restaurants that keep rows for less than three days are not counted: theirs may be gone.
 * Not seen: an event that was of the future by more than an hour when it was written and waited in the log for its time (extra).
 *
 * Bounded: records are read in slices of BUS_SCAN_SLICE_MS in the thread pool, a quarter of the time at most (PAUSE_SHARE), LOG_MAX_MS long at most; of a long log
 * (RECORDS_FULL) one in 2^n of all ids is looked at, exactly. Memory is one slice's rows (ROWS_FULL): ids go by COPY into a temporary table of one session, and PostgreSQL compares.
 * Many workers: one counts at a time, once in ANALYTICS_RECOUNT_MS, or each time while it does not agree; the others show what it found.
 *
 * A difference is a log line of its own (analytics.log_difference: restaurant, kind, both numbers, an id, what to do) and shows in the metrics of analytics_upkeep.h.
 */
#ifndef WORKERS_ANALYTICS_LOG_H
#define WORKERS_ANALYTICS_LOG_H

#include "workers/worker.h"

struct analytics_log;

struct analytics_log *analytics_log_new(struct worker *w);
void analytics_log_start(struct analytics_log *l);   /* when it is due; nothing while it runs */
void analytics_log_free(struct analytics_log **log); /* NULL is fine */

#endif
