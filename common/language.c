/* language.c - see language.h. */
#include "common/language.h"

#include <stddef.h>
#include <strings.h>

const char *const language_tags[LANGUAGE_COUNT] = {
#define LANGUAGE(id) #id,
#include "common/languages.def"
#undef LANGUAGE
};

enum language language_of_tag(const char *tag, enum language otherwise)
{
	for (int l = 0; tag && l < LANGUAGE_COUNT; l++)
		if (!strncasecmp(tag, language_tags[l], 2) && (!tag[2] || tag[2] == '-' || tag[2] == '_'))
			return (enum language)l;
	return otherwise;
}
