/* import_kit.h - imports and edits put on their topics as the api does it, for tests of the worker: real Kafka, no api.
 *
 * Blocking, with deadlines; what cannot be had ends the program. No Criterion.
 */
#ifndef TESTS_IMPORT_KIT_H
#define TESTS_IMPORT_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/id.h"

struct import_kit;

struct import_file_sent {
	const char *format, *mode, *on_error; /* NULL: csv, upsert, reject_all */
	const void *bytes;
	size_t len;
	size_t chunk;    /* bytes of each; 0: 512 KiB */
	size_t withheld; /* chunks that are not sent, the last ones */
	bool silent;     /* no import_uploaded comes behind them */
};

struct import_kit *import_kit_new(const char *brokers, const char *prefix, const char *restaurant_id);
void import_kit_free(struct import_kit **kit);

/* A new import, or the same events again when *id_r is not "". Waits until the broker has all of them. */
void import_kit_send(struct import_kit *kit, const struct import_file_sent *file, char id_r[ID_TEXT]);
/* An edit by "manager@example.com". operation_id "" is made. `body` NULL: none. */
void import_kit_edit(struct import_kit *kit, const char *action, const char *target_id, const char *body, char operation_id[ID_TEXT]);
void import_kit_watch(struct import_kit *kit, const char *import_id, int partition);

#endif
