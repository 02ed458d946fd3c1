/* dead_command.h - `worker dead list | show ID | replay ID... | replay all`.
 *
 * list and `replay all` take filters: --topic (the topic that it came from), --reason (a name of errors.def), --older (age: 90s, 30m, 2h, 7d). What a terminal would take for an order
 * (control characters in guests' texts) is printed as "?". Exit codes: 0 done, 1 not (all) done, 2 not understood.
 */
#ifndef WORKERS_DEAD_COMMAND_H
#define WORKERS_DEAD_COMMAND_H

#include "common/config.h"

int dead_command(const struct config *config, int argc, char **argv); /* exit code */

#endif
