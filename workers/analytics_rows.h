/* analytics_rows.h - events as the text of COPY, and what each counts for. Pure.
 *
 * A metric is a word of [A-Za-z0-9_:.-], "name" or "name:key", as docs/EVENTS.md lists them. What a bot did has none.
 */
#ifndef WORKERS_ANALYTICS_ROWS_H
#define WORKERS_ANALYTICS_ROWS_H

#include "common/buf.h"
#include "schemas.h"

#define ANALYTICS_ROWS_COPY \
	"COPY analytics_batch (restaurant_id, id, at, event_type, session, conversation_id, message_id, item_id, metrics, amounts, event_data) FROM STDIN"

#define ANALYTICS_KIND_OUTCOME "chat_outcome"

/* What event_type its row has. Only the api's own route makes thumbs: it has checked whose message it is. */
const char *analytics_rows_kind(const struct interaction *e);
/* One line each; returns how many were bots'. */
size_t analytics_rows_interactions(struct buf *out, const struct interactions *in);
void analytics_rows_outcome(struct buf *out, const struct chat_outcome *in);

#endif
