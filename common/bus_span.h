/* bus_span.h - which records of one partition are finished, and so up to where the group may commit.
 *
 * Pure. Records are seen in ascending order and finished in any order. Offsets that were never seen (gaps after compaction) count as finished. Memory: one bit
 * for each record between the lowest unfinished and the newest, grown as needed.
 */
#ifndef COMMON_BUS_SPAN_H
#define COMMON_BUS_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bus_span {
	int64_t low;  /* the lowest unfinished offset; `next` when all is finished; -1 before the first record */
	int64_t next; /* one behind the newest record seen */
	size_t unfinished;
	uint64_t *bits;  /* ring: bit o % capacity tells whether offset o in [low, next) is finished */
	size_t capacity; /* in bits, a power of two */
};

void bus_span_init(struct bus_span *s);
void bus_span_free(struct bus_span *s);
/* false: it was seen before, and is not to be handled again. An offset below `low` begins anew: the log was restarted. */
bool bus_span_see(struct bus_span *s, int64_t offset);
/* What is not unfinished is ignored. */
void bus_span_finish(struct bus_span *s, int64_t offset);
/* The offset to commit; -1 when nothing was seen. */
int64_t bus_span_position(const struct bus_span *s);
size_t bus_span_length(const struct bus_span *s);

#endif
