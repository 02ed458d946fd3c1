/* replies.h - reads this process's partition of the replies topic and hands each frame to the hub, by the words of its head alone (common/frames.h): the JSON is
 * not parsed.
 *
 * What cannot be read is dropped, with the rest of its record, and said in the log. What was sent while no process owned the partition is not seen: clients resume from
 * Postgres by joining. Loop thread only.
 */
#ifndef API_REPLIES_H
#define API_REPLIES_H

#include "common/bus.h"

/* Reads the_api.reply_partition from its end; `ready` (once, later) when that is under way: what is published after it is seen. */
MUST_CHECK enum error replies_start(bus_delivered_fn *ready, void *ctx);
void replies_stop(void);

#endif
