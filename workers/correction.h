/* correction.h - when the menu changes for the worse, whoever was told otherwise in the last six hours is told again.
 *
 * menu.changes is read in a group, so each change is looked into by one worker, and again if that one dies. A look compares the claims of answers with the menu as
 * it is (correction_text.h), sends a `correction` frame to whoever has the session open, and stores it for those who join later (join.c). The newest answers
 * come first, page by page. Changes that come while a look is under way wait for the next one together. An answer that was stored when its menu was old already asks for a look itself.
 *
 * A crash between sending and storing sends a correction twice; its words are the same, and clients show it once.
 */
#ifndef WORKERS_CORRECTION_H
#define WORKERS_CORRECTION_H

#include "workers/consumer.h"

#define CORRECTION_SECONDS (6 * 3600) /* claims older than that are left alone (also in common/queries.def) */

struct corrections;

MUST_CHECK enum error corrections_new(struct worker *w, struct corrections **corrections_r);
void corrections_free(struct corrections **corrections); /* after flows_free() */

/* Event handler of menu.changes. */
void correction_on_changed(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);
/* Answers of this restaurant that were made from a menu before `version` may be wrong. */
void correction_look(struct worker *w, const char *restaurant_id, int64_t version);

#endif
