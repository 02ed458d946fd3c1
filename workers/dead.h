/* dead.h - records of the topics *.dead into the table of dead letters, where people find them. */
#ifndef WORKERS_DEAD_H
#define WORKERS_DEAD_H

#include "workers/consumer.h"

void dead_on_record(struct worker *w, struct arena *arena, struct receipt *receipt);

#endif
