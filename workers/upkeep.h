/* upkeep.h - what every worker does now and then, whatever its roles: rows that nobody will ask for any more go, a thousand at a time.
 *
 * Outcomes of edits are kept OPERATION_KEPT_DAYS: longer than any edit may still be repeated (a dead letter of menu.edits can be replayed for 30 days, topics.def).
 * Several workers may do it at once. Loop thread only.
 */
#ifndef WORKERS_UPKEEP_H
#define WORKERS_UPKEEP_H

#include "workers/worker.h"

#define UPKEEP_MS 60000
#define OPERATION_KEPT_DAYS 40

struct upkeep;

MUST_CHECK enum error upkeep_new(struct worker *w, struct upkeep **upkeep_r);
void upkeep_free(struct upkeep **upkeep); /* after pg_free() */

#endif
