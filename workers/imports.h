/* imports.h - files on their way to a preview: what the menu worker does with the topic menu.imports.
 *
 * A chunk is stored as a row and its receipt ended at once, so that the log can let go of it; with an address to answer to, the api is told (frame "import_stored"), so that
 * it can send the next ones. import_uploaded, which comes behind the chunks of its import, begins a *job* (import_job.h); its receipt stays open until the preview is
 * stored or the import rejected. IMPORT_JOBS_MAX jobs run at once, the others wait in order; of one import there is one job at most. A worker that dies in
 * between leaves the event to the next one, which begins the preview again from the stored chunks.
 *
 * Every IMPORT_TIDY_MS uploads that stopped for IMPORT_STALE_MIN are rejected, and the rows of imports older than IMPORT_KEPT_DAYS go.
 */
#ifndef WORKERS_IMPORTS_H
#define WORKERS_IMPORTS_H

#include "workers/consumer.h"

#define IMPORT_JOBS_MAX 2
#define IMPORT_OPEN_MAX 3 /* imports of one restaurant that are not ready yet */
#define IMPORT_TIDY_MS 30000
#define IMPORT_STALE_MIN 10
#define IMPORT_KEPT_DAYS 30

struct imports;

MUST_CHECK enum error imports_new(struct worker *w, struct imports **imports_r);
void imports_free(struct imports **imports); /* after pg_free() */

event_handler imports_on_chunk, imports_on_uploaded, imports_on_watched;

/* The worker ends, or the partition went to another: jobs that were not begun are left to whoever reads their events next. BUS_ANY_PARTITION: all. */
void imports_drop_waiting(struct imports *imports, int32_t partition);

/* Chunks of this import whose rows are not stored yet: a job waits for them. */
size_t imports_storing(const struct imports *imports, const char *import_id);
/* For import_job.c: a job is over, the next one may run. */
void imports_job_over(struct worker *w);

#endif
