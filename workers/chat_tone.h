/* chat_tone.h - how the persona speaks, by the words in which the restaurant described its tone. Pure; used by the writer only. */
#ifndef WORKERS_CHAT_TONE_H
#define WORKERS_CHAT_TONE_H

#include "workers/chat_draft.h"

enum tone { TONE_PLAIN,
	    TONE_BRIGHT,
	    TONE_FORMAL };

enum tone chat_tone(struct arena *a, const struct menu_snapshot *s);

/* Sometimes a few words before an answer to a light question; never before one about allergies. */
void chat_tone_open(struct draft *d);

#endif
