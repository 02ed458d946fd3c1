/* starters.h - questions to start a conversation with, in the languages of starters.def. Pure. */
#ifndef API_STARTERS_H
#define API_STARTERS_H

struct starter {
	const char *language;         /* ISO 639-1 */
	const char *about, *contents; /* with one %s: a dish's name */
	const char *pick, *menu;      /* whole sentences */
};

/* The first language of `wanted` that is spoken here, else that of `home`, else English. Both are language tags, or lists of them as in Accept-Language in the
 * order of preference (weights are not compared: browsers list the dearest first); either may be NULL. Never NULL. */
const struct starter *starter_for(const char *wanted, const char *home);

#endif
