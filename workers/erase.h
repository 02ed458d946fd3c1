/* erase.h - a guest wants everything of a session to be removed: what is under way ends, what is remembered is forgotten, what is stored goes, and who asked is told. */
#ifndef WORKERS_ERASE_H
#define WORKERS_ERASE_H

#include "workers/consumer.h"

void erase_on_erased(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);

#endif
