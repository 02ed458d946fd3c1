/* starters.c - see starters.h. */
#include "api/starters.h"

#include <stdio.h>
#include <string.h>

#include "common/language.h"

#define TAG_BYTES 36 /* the longest tags are cut: two letters decide */

static const struct starter rows[LANGUAGE_COUNT] = {
#define STARTER(language, about, contents, pick, menu) [LANGUAGE_##language] = { #language, about, contents, pick, menu },
#include "api/starters.def"
#undef STARTER
};

/* A language more needs a row more. */
#define STARTER(language, about, contents, pick, menu) +1
_Static_assert(0
#include "api/starters.def"
                       == LANGUAGE_COUNT,
               "each language has its starters");
#undef STARTER

/* "de, en;q=0.8": the first that we speak, else `otherwise`. */
static enum language first_of(const char *tags, enum language otherwise)
{
	enum language found = LANGUAGE_COUNT;
	for (const char *at = tags; at && *at && found == LANGUAGE_COUNT; at += strcspn(at, ",")) {
		char tag[TAG_BYTES];
		at += strspn(at, ", \t");
		snprintf(tag, sizeof(tag), "%.*s", (int)strcspn(at, ";, "), at);
		found = language_of_tag(tag, LANGUAGE_COUNT);
	}
	return found == LANGUAGE_COUNT ? otherwise : found;
}

const struct starter *starter_for(const char *wanted, const char *home)
{
	return &rows[first_of(wanted, first_of(home, LANGUAGE_en))];
}
