/* starters.c - see starters.h. */
#include "api/starters.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const struct starter rows[] = {
#define STARTER(language, about, contents, pick, menu) { #language, about, contents, pick, menu },
#include "api/starters.def"
#undef STARTER
};

/* "de", "de-AT" and "de;q=0.8" are all German. */
static const struct starter *of_tag(const char *tag)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strncasecmp(tag, rows[i].language, 2) && (!tag[2] || strchr("-_;, ", tag[2])))
			return &rows[i];
	return NULL;
}

static const struct starter *first_of(const char *tags)
{
	const struct starter *found = NULL;
	for (const char *at = tags; at && *at && !found; at += strcspn(at, ",")) {
		at += strspn(at, ", \t");
		found = of_tag(at);
	}
	return found;
}

const struct starter *starter_for(const char *wanted, const char *home)
{
	const struct starter *found = first_of(wanted);
	if (!found)
		found = first_of(home);
	return found ? found : &rows[0];
}
