/* language.h - the languages that the assistant understands and speaks. Pure; all data is static. */
#ifndef COMMON_LANGUAGE_H
#define COMMON_LANGUAGE_H

enum language {
#define LANGUAGE(id) LANGUAGE_##id,
#include "common/languages.def"
#undef LANGUAGE
	LANGUAGE_COUNT,
	LANGUAGE_any = LANGUAGE_COUNT, /* of words and signs that are the same everywhere, in tables of words only */
	LANGUAGE_ROWS                  /* of such a table */
};

extern const char *const language_tags[LANGUAGE_COUNT];

/* "de-DE" -> de; `otherwise` for NULL and languages that we do not speak. */
enum language language_of_tag(const char *tag, enum language otherwise);

#endif
