/* import_progress.h - how far an import is: in its row, and as frames for those who watch.
 *
 * Frames (schemas/progress.json) go by the topic `replies` to each partition that watches the import, session key "<restaurant id>/import:<import id>"; who watches stands in the
 * import's row, so any worker knows. `done` and `total` are bytes while previewing and rows while applying. A frame that is lost is not repeated: the state can be read.
 */
#ifndef WORKERS_IMPORT_PROGRESS_H
#define WORKERS_IMPORT_PROGRESS_H

#include "common/event.h"
#include "workers/consumer.h"

#define IMPORT_PROGRESS_MS 300 /* between two reports of a job, at least */

struct import_progress;
struct import_state_row;
struct reply_to;
struct import_progress *import_progress_new(struct worker *w, const char *restaurant_id, const char *import_id); /* copies */
void import_progress_free(struct import_progress **p);
void import_progress_report(struct import_progress *p, int64_t done, int64_t total); /* when it is time for one; costs little else */

/* The state as it is stored, to everybody who watches (`to` NULL) or to one socket. Waits for nothing. */
void import_tell(struct worker *w, const char *restaurant_id, const char *import_id, const struct import_state_row *state, const struct reply_to *to);
/* To the api that sent the chunk: it may send more. `status` is the import's. */
void import_answer_stored(struct worker *w, const struct event *chunk, const char *status);

/* Event import_watched: from now on frames go to that partition as well, and its socket gets the state at once. Owns the arena, ends the receipt. */
void import_watch(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);

#endif
