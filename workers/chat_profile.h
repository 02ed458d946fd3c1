/* chat_profile.h - what a guest told about allergies and diets, kept for the session. Pure; storing it is chat_db.c's. */
#ifndef WORKERS_CHAT_PROFILE_H
#define WORKERS_CHAT_PROFILE_H

#include "common/arena.h"
#include "workers/chat_question.h"

#define PROFILE_ENTRIES 40 /* of each list; what comes after them is not kept */

/* What this message adds, or NULL. Allergens by their names on the wire; one that is in no table by the guest's own word. */
const struct profile *chat_profile_told(struct arena *a, const struct chat_question *q);
/* Both together, each entry once. Either may be NULL; never NULL. */
const struct profile *chat_profile_merge(struct arena *a, const struct profile *known, const struct profile *told);
const char *chat_profile_json(struct arena *a, const struct profile *profile); /* NULL for NULL */

#endif
