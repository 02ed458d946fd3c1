/* bus_scan.h - a part of a topic's log, read aside: for a job that looks at what was while others read what comes.
 *
 * A client of its own. It assigns itself every partition, belongs to no group and commits nothing. All that blocks happens in libuv's thread pool, in slices that the owner asks for one by
 * one; between two of them nothing but BUS_SCAN_AHEAD_KB is fetched ahead, so the owner's pauses are what decides how much of the broker and of a core a scan takes.
 *
 * The part: from the first record at or behind `from_ms` (by the record's timestamp) to the end of the log as it was when bus_scan_open() asked for it. Of each record the
 * scan tells whether `group` had finished it before that end was known: its committed offset is asked for first. What a group has finished in this sense it will not see again.
 * The embedded broker knows no times: there a scan begins where the log does. Records that retention takes away meanwhile are passed over.
 *
 * Loop thread only, but `on_record` is called in a thread of the pool, while the loop goes on: it may touch nothing but its own context. One operation at a time; `done` comes
 * once, later, never after bus_scan_free(), which waits for a slice under way (BUS_SCAN_SLICE_MS) and goes before bus_free().
 */
#ifndef COMMON_BUS_SCAN_H
#define COMMON_BUS_SCAN_H

#include "common/bus.h"

#define BUS_SCAN_SLICE_MS 200
#define BUS_SCAN_AHEAD_KB 8192

struct bus_scan;
struct bus_scan_config {
	enum topic_id topic;
	int64_t from_ms;
	const char *group;
};

/* false: the slice is to end here. The record is valid during the call. */
typedef bool bus_scan_record_fn(void *ctx, const struct bus_record *record, bool finished);
typedef void bus_scan_fn(void *ctx, enum error error);

/* Finds out where the part begins and ends. bus_unavailable: no broker answered in time; bus_rejected: there is no such topic. */
MUST_CHECK enum error bus_scan_open(struct bus *bus, const struct bus_scan_config *config, bus_scan_fn *done, void *ctx, struct bus_scan **scan_r);
/* A slice: until it is full, BUS_SCAN_SLICE_MS are over, or nothing is left. bus_rejected: it ended badly and no record comes any more. */
MUST_CHECK enum error bus_scan_read(struct bus_scan *scan, bus_scan_record_fn *on_record, void *record_ctx, bus_scan_fn *done, void *ctx);
int64_t bus_scan_left(const struct bus_scan *scan); /* records; 0: it was read to its end. Between operations */
void bus_scan_free(struct bus_scan **scan);         /* NULL is fine */

#endif
