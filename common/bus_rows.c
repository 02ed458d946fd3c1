/* bus_rows.c - the table of topics; alone here, so that a test can take it without the bus. */
#include "common/bus.h"

const struct topic_row topic_rows[TOPIC_COUNT] = {
#define DELETE TOPIC_DELETE
#define COMPACT TOPIC_COMPACT
#define TOPIC(id, name, cleanup, retention_ms, doc) { name, cleanup, retention_ms, doc },
#include "common/topics.def"
#undef TOPIC
#undef DELETE
#undef COMPACT
};
