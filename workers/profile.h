/* profile.h - a guest drops an entry of the profile: stored, then shown to every socket of the session as a new `joined` frame. */
#ifndef WORKERS_PROFILE_H
#define WORKERS_PROFILE_H

#include "workers/consumer.h"

void profile_on_removed(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);

#endif
