/* speech.c - a persona's text as words; see double.h. */
#include <stdlib.h>
#include <string.h>

#include "tests/doubles/double.h"
#include "tests/support/persona.h"

#define WORDS_MAX 2000

static void split(struct arena *a, const char *text, struct speech *speech)
{
	speech->words = arena_array(a, WORDS_MAX, sizeof(*speech->words));
	while (*text && speech->n < WORDS_MAX) {
		size_t len = strcspn(text, " \n");
		len += strspn(text + len, " \n");
		speech->words[speech->n++] = arena_strndup(a, text, len);
		text += len;
	}
}

/* Words that pass the gate whatever the menu is. */
static const char *bench(struct arena *a, int64_t tokens)
{
	static const char *const some[] = { "Please ", "ask ", "our ", "staff ", "about ", "the ", "dishes ", "of ", "today, ", "with ", "pleasure. " };
	size_t n = sizeof(some) / sizeof(*some);
	char *text = arena_alloc(a, (size_t)tokens * 12 + 1);
	for (int64_t i = 0; i < tokens; i++)
		strncat(text, some[(size_t)i % n], 12);
	return text;
}

void persona_speak(struct arena *a, const struct options *o, const char *prompt, const char *message,
                   struct speech *speech_r)
{
	const char *text = persona_text(a, o->persona, prompt, message);
	*speech_r = (struct speech){ 0 };
	split(a, text ? text : bench(a, o->tokens), speech_r);
}
