/* chat_phrases.h - what the built-in writer says, in eight languages, and which of them a message is in. Pure; all data is static. One thread. */
#ifndef WORKERS_CHAT_PHRASES_H
#define WORKERS_CHAT_PHRASES_H

#include <stddef.h>

#include "common/allergen.h"
#include "common/words.h"

enum language {
#define LANGUAGE(id, words) LANGUAGE_##id,
#include "workers/chat_languages.def"
#undef LANGUAGE
	LANGUAGE_COUNT
};

enum phrase {
#define PHRASE(id, en, de, es, fr, it, pt, tr, nl) PHRASE_##id,
#include "workers/chat_phrases.def"
#undef PHRASE
	PHRASE_COUNT
};

const char *chat_phrase(enum language language, enum phrase phrase); /* with its slots */
const char *chat_allergen_name(enum language language, enum allergen x);

/* The language with the most telling words, or `otherwise` when none or two have most. */
enum language chat_language(struct words words, enum language otherwise);
/* "de-DE" -> de; `otherwise` for NULL and languages that we do not speak. */
enum language chat_language_of_tag(const char *tag, enum language otherwise);

#endif
