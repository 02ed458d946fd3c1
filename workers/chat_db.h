/* chat_db.h - the two statements of every chat, batched when there is company.
 *
 * Calls of one restaurant that are made in the same loop turn, or while earlier ones are under way, travel as one statement
 * of up to CHAT_DB_BATCH rows: alone when it is quiet, together when it is busy. A batch that fails because of one row is taken apart and run row by row, so no row fails for another's sake.
 */
#ifndef WORKERS_CHAT_DB_H
#define WORKERS_CHAT_DB_H

#include "common/flow.h"
#include "workers/chat.h"

#define CHAT_DB_BATCH 64
#define CHAT_DB_IN_FLIGHT 2 /* batches of one restaurant and kind under way at once */

struct chat_db;

MUST_CHECK enum error chat_db_new(struct worker *w, struct chat_db **db_r);
void chat_db_free(struct chat_db **db);

/* Numbers the attempt (c->begun; 0: the message id belongs to another session or text) and loads the session when it is new here. */
const struct step *chat_db_begin(struct chat *c, const struct step *next);
/* Stores the answer; c->stored says whether this attempt was still the newest and no answer was there. */
const struct step *chat_db_store(struct chat *c, const struct step *next);

#endif
