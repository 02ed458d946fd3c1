/* role.h - what a worker process may do: its roles, each a consumer or two with the handlers of their events.
 *
 * A role is a row of role.c. `worker chat,menu` starts those that are named. The process is ready when each consumer was assigned partitions once.
 * Loop thread only.
 */
#ifndef WORKERS_ROLE_H
#define WORKERS_ROLE_H

#include <stdbool.h>

#include "workers/worker.h"

struct roles; /* those that run */

/* "chat,menu": are all of them known? Else *why_r in plain words, static until the next call. */
bool roles_known(const char *names, const char **why_r);
const char *roles_all(void); /* "chat, menu"; static */

/* `ready` (ctx is the worker) once all consumers of `names` have partitions. */
MUST_CHECK enum error roles_start(struct worker *w, const char *names, bus_event_fn *ready, struct roles **roles_r);
void roles_measure(const struct roles *roles); /* how far each topic's reading is behind */
size_t roles_open(const struct roles *roles);  /* events that are being handled */
/* What waits is left to others; open ones have DRAIN_MS. `done` (ctx is the worker) when all consumers have left; frees the roles. */
void roles_drain(struct roles **roles, bus_event_fn *done);

#endif
