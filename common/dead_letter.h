/* dead_letter.h - given-up events between the topics *.dead, their table, and the topic they came from. */
#ifndef COMMON_DEAD_LETTER_H
#define COMMON_DEAD_LETTER_H

#include "common/arena.h"
#include "common/buf.h"
#include "common/bus.h"
#include "common/query.h"

/* The headers as the table keeps them: for each its name, a newline, its length, a newline, its bytes. */
void dead_letter_headers(struct buf *out, const struct bus_record *record);
/* A header's value as text; "" when it is not there. */
const char *dead_letter_header(struct arena *a, const struct bus_record *record, const char *name);
/* A row as the record that it was, with all its headers; topic TOPIC_COUNT when there is none of its name any more. false: what was kept is cut. */
bool dead_letter_record(struct arena *a, const struct dead_letter_get_row *row, struct bus_record *record_r);
/* Publishes a row on the topic it came from, with its own key, headers and ids, and without what was added when it was given up: what was done already is known by its
 * ids, so nothing is done twice. ERROR_invalid_event: the row is none that can be replayed. */
MUST_CHECK enum error dead_letter_replay(struct arena *a, struct bus *bus, const struct dead_letter_get_row *row, bus_delivered_fn *done, void *ctx);

#endif
