/* chat_phrases.c - see chat_phrases.h. */
#include "workers/chat_phrases.h"

#include <string.h>

static const char *const phrases[PHRASE_COUNT][LANGUAGE_COUNT] = {
#define PHRASE(id, en, de, es, fr, it, pt, tr, nl) { en, de, es, fr, it, pt, tr, nl },
#include "workers/chat_phrases.def"
#undef PHRASE
};

static const char *const names[ALLERGEN_COUNT][LANGUAGE_COUNT] = {
#define NAME(id, de, es, fr, it, pt, tr, nl) [ALLERGEN_##id] = { NULL, de, es, fr, it, pt, tr, nl },
#include "workers/chat_allergen_names.def"
#undef NAME
};

static const char *const telling[LANGUAGE_COUNT] = {
#define LANGUAGE(id, words) words,
#include "workers/chat_languages.def"
#undef LANGUAGE
};

static const char *const tags[LANGUAGE_COUNT] = {
#define LANGUAGE(id, words) #id,
#include "workers/chat_languages.def"
#undef LANGUAGE
};

const char *chat_phrase(enum language language, enum phrase phrase)
{
	return phrases[phrase][language];
}

const char *chat_allergen_name(enum language language, enum allergen x)
{
	return names[x][language] ? names[x][language] : allergen_rows[x].name;
}

/* Is it one of "a|b|c"? */
static bool is_one_of(const char *list, const char *word, size_t length)
{
	for (const char *at = list; *at;) {
		size_t n = strcspn(at, "|");
		if (n == length && !memcmp(at, word, n))
			return true;
		at += n + (at[n] == '|');
	}
	return false;
}

enum language chat_language(struct words words, enum language otherwise)
{
	size_t hits[LANGUAGE_COUNT] = { 0 }, most = 0, having_most = 0;
	enum language best = otherwise;
	for (size_t i = 0; i < words.n; i++)
		for (int l = 0; l < LANGUAGE_COUNT; l++)
			hits[l] += is_one_of(telling[l], words.v[i].text, strlen(words.v[i].text));
	for (int l = 0; l < LANGUAGE_COUNT; l++) {
		if (hits[l] > most) {
			most = hits[l];
			best = (enum language)l;
			having_most = 0;
		}
		having_most += most && hits[l] == most;
	}
	return having_most == 1 || (most && hits[otherwise] < most) ? best : otherwise;
}

enum language chat_language_of_tag(const char *tag, enum language otherwise)
{
	for (int l = 0; tag && l < LANGUAGE_COUNT; l++)
		if (!strncasecmp(tag, tags[l], 2) && (!tag[2] || tag[2] == '-' || tag[2] == '_'))
			return (enum language)l;
	return otherwise;
}
