/* chat_dishes.h - which dishes and categories the words of a message mean. Pure; used by chat_question.c.
 *
 * A dish is meant when all telling words of its name occur, or, failing that, when it has the most words in common and few have as many. A dish
 * named in full hides what its words would mean alone: "chicken and waffles" is not the category Waffles.
 */
#ifndef WORKERS_CHAT_DISHES_H
#define WORKERS_CHAT_DISHES_H

#include "workers/chat_question.h"

#define PARTIAL_DISHES 3 /* a single word that more dishes share names none of them */
#define MENTIONS_MAX 48  /* different words of the menu in one message */

struct mention {
	const struct word *word;
	const struct menu_word *menu; /* NULL: no word of the menu */
	struct lexicon_hits hits;
	bool common; /* an everyday word of a language, of no meaning here */
	bool names;  /* is part of the name of a dish that is meant */
	bool aside;  /* must not name a dish by itself: it says what the guest cannot eat */
};

struct mentions {
	struct mention *v;
	size_t n;
};

/* Fills dishes, categories and theme of q, and `names` of the mentions. */
void chat_find_dishes(struct arena *a, const struct menu_snapshot *s, struct mentions m, struct chat_question *q);

#endif
