/* import_apply.h - apply and undo of an import: edits of the menu (edit.h) that may take minutes.
 *
 * They run the same statement as every edit (query edit_apply: one transaction under the restaurant's lock), but on a session of their own, so that the pool stays free
 * for the others, and with IMPORT_STATEMENT_MS. Who watches the import hears that it is being applied, and what became of it.
 */
#ifndef WORKERS_IMPORT_APPLY_H
#define WORKERS_IMPORT_APPLY_H

#include "common/flow.h"
#include "workers/worker.h"

/* Takes the place of flow_query(f, ..., edit_apply): the row is in f->result.rows[0] when `next` runs. What `params` points to must live as long as the flow. */
const struct step *import_edit_query(struct flow *f, struct worker *w, const char *restaurant_id, const struct edit_apply_params *params, const struct step *next);

#endif
