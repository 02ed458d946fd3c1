/* join.h - a socket wants to see a session: what it missed, then what is live.
 *
 * It acts as soon as it is read and does not wait for answers under way. The catch-up and the subscription happen in one loop turn, so between them no frame is
 * missed and none is doubled. When an answer ended while the rows were read, they are read again.
 */
#ifndef WORKERS_JOIN_H
#define WORKERS_JOIN_H

#include "workers/consumer.h"

void join_on_joined(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);

#endif
