/* chat_phrases.c - see chat_phrases.h. */
#include "workers/chat_phrases.h"

static const char *const phrases[PHRASE_COUNT][LANGUAGE_COUNT] = {
#define PHRASE(id, en, de, es, fr, it, pt, tr, nl) { en, de, es, fr, it, pt, tr, nl },
#include "workers/chat_phrases.def"
#undef PHRASE
};

const char *chat_phrase(enum language language, enum phrase phrase)
{
	return phrases[phrase][language];
}
