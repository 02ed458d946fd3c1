/* chat_language.h - which language a message is in. Pure; its table is built at the first use and never changed after that. One thread.
 *
 * Every phrase of the vocabulary (chat_lexicon.def, chat_foods.def, allergen.def) and every function word (chat_languages.def) tells for the
 * languages in whose rows it stands, the more the fewer they are.
 */
#ifndef WORKERS_CHAT_LANGUAGE_H
#define WORKERS_CHAT_LANGUAGE_H

#include "common/language.h"
#include "common/words.h"

/* The language that the words tell most for, or `otherwise` when they tell nothing, or as much for another one. */
enum language chat_language(struct words words, enum language otherwise);

#endif
