/* dead_command.h - `worker dead list | show ID | replay ID... | replay all`. */
#ifndef WORKERS_DEAD_COMMAND_H
#define WORKERS_DEAD_COMMAND_H

#include "common/config.h"

int dead_command(const struct config *config, int argc, char **argv); /* exit code */

#endif
