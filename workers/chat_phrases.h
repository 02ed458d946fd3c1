/* chat_phrases.h - what the built-in writer says, in eight languages. Pure; all data is static. One thread. */
#ifndef WORKERS_CHAT_PHRASES_H
#define WORKERS_CHAT_PHRASES_H

#include "common/language.h"

enum phrase {
#define PHRASE(id, en, de, es, fr, it, pt, tr, nl) PHRASE_##id,
#include "workers/chat_phrases.def"
#undef PHRASE
	PHRASE_COUNT
};

const char *chat_phrase(enum language language, enum phrase phrase); /* with its slots */

#endif
