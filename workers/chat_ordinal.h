/* chat_ordinal.h - dishes that a message points at by their place among those that were named before: "the first one", "and the other?", "which of them is cheaper?".
 * Pure; used by chat_question.c. */
#ifndef WORKERS_CHAT_ORDINAL_H
#define WORKERS_CHAT_ORDINAL_H

#include "workers/chat_question.h"

/* Fills q's dishes, and takes back categories and the like that the same words could have meant. False: it points at nothing that is known; q is as it was. */
bool chat_ordinal(struct arena *a, const struct writer_input *in, struct chat_question *q);

#endif
