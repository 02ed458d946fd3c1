/* edit_reply.h - what an edit came to, told: refusals as JSON for the operation's row, the record on menu.changes, the reply to the request. */
#ifndef WORKERS_EDIT_REPLY_H
#define WORKERS_EDIT_REPLY_H

#include "common/bus.h"
#include "common/pg.h"
#include "common/schema.h"
#include "workers/worker.h"

struct menu_edit; /* schemas/menu_edit.json */

/* {"status", "detail", "problems"} in the arena; detail and problems may be NULL. */
const char *edit_refusal(struct arena *a, int status, const char *detail, const struct schema_problems *problems);

MUST_CHECK enum error edit_announce_change(struct worker *w, const struct menu_edit *ask, const struct edit_apply_row *outcome, bus_delivered_fn *done, void *ctx);
/* To the request's socket alone. ERROR_not_found: nobody waits. */
MUST_CHECK enum error edit_send_reply(struct worker *w, const struct menu_edit *ask, const struct edit_apply_row *outcome, bus_delivered_fn *done, void *ctx);

#endif
