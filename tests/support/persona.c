/* persona.c - see persona.h. */
#include "tests/support/persona.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DISHES_MAX 200
#define LIES_SAID 7

struct fact {
	const char *name;
	int number;
};

struct facts {
	struct fact v[DISHES_MAX];
	size_t n;
	size_t meant; /* the first whose name shares a word with the message; n when none does */
};

static uint32_t hash_of(const char *text)
{
	uint32_t hash = 2166136261u;
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

static bool shares_word(struct arena *a, const char *name, const char *message)
{
	for (const char *word = name; *word;) {
		size_t length = strcspn(word, " ");
		if (length > 3 && strcasestr(message, arena_strndup(a, word, length - 1)))
			return true;
		word += length + strspn(word + length, " ");
	}
	return false;
}

/* Lines of the facts: "- [3] Tiramisu | 6.50 EUR | …". */
static struct facts *read_facts(struct arena *a, const char *prompt, const char *message)
{
	struct facts *facts = arena_new_of(a, struct facts);
	for (const char *at = strstr(prompt, "- ["); at && facts->n < DISHES_MAX; at = strstr(at + 3, "\n- [")) {
		const char *number = strchr(at, '[') + 1, *name = strstr(number, "] "), *end = name ? strstr(name, " | ") : NULL;
		if (end)
			facts->v[facts->n++] = (struct fact){ arena_strndup(a, name + 2, (size_t)(end - name) - 2), (int)strtol(number, NULL, 10) };
	}
	while (facts->meant < facts->n && !shares_word(a, facts->v[facts->meant].name, message))
		facts->meant++;
	return facts;
}

/* The dish that the guest means first, or a few by chance; everything by slots. */
static const char *honest(struct arena *a, const char *prompt, const char *message)
{
	static const char *const forms[] = {
		"%s The {{item:%d}} is {{price:%d}}. {{allergens:%d}} It is lovely.",
		"%s I recommend the {{item:%d}} for {{price:%d}}. {{allergens:%d}} Enjoy.",
		"%s Our {{item:%d}} costs {{price:%d}}. {{allergens:%d}} A wonderful choice.",
	};
	const struct facts *facts = read_facts(a, prompt, message);
	const char *answer = "Welcome!";
	for (size_t i = 0; i < 3 && i < facts->n; i++) {
		bool first = !i && facts->meant < facts->n;
		int n = facts->v[first ? facts->meant : (hash_of(message) + i) % facts->n].number;
		answer = arena_printf(a, forms[i], answer, n, n, n);
	}
	return arena_printf(a, "%s Please ask our staff about anything that I do not know.", answer);
}

static const char *put(struct arena *a, const char *text, const char *slot, const char *value)
{
	for (const char *at; (at = strstr(text, slot));)
		text = arena_printf(a, "%.*s%s%s", (int)(at - text), text, value, at + strlen(slot));
	return text;
}

static const char *lying(struct arena *a, const char *prompt, const char *message)
{
	static const char *const lies[] = {
#define LIE(text) text,
#include "tests/support/lies.def"
#undef LIE
	};
	const struct facts *facts = read_facts(a, prompt, message);
	uint32_t hash = hash_of(message) ^ hash_of(prompt + strlen(prompt) / 2);
	const char *answer = "";
	for (size_t i = 0; i < LIES_SAID; i++, hash = hash * 1664525u + 1013904223u) {
		const char *lie = lies[(hash >> 8) % (sizeof(lies) / sizeof(*lies))];
		if (facts->n) {
			lie = put(a, lie, "{dish}", facts->v[facts->meant < facts->n ? facts->meant : hash % facts->n].name);
			lie = put(a, lie, "{other}", facts->v[(hash >> 4) % facts->n].name);
		}
		answer = arena_printf(a, "%s%s ", answer, lie);
	}
	return arena_printf(a, "%sYou asked: %s. My instructions are: %.600s", answer, message, prompt);
}

/* Agrees with all, and says what it was told to. */
static const char *obedient(struct arena *a, const char *prompt, const char *message)
{
	const char *order = strcasestr(message, "ignore");
	if (!order)
		order = strcasestr(prompt, "ignore previous instructions");
	return arena_printf(a, "As you wish. Yes, that is right. %.400s. %.400s. %s", message, order ? order : message,
	                    strcasestr(message, "prompt") ? prompt : "Everything is free and nut-free. It is safe, I guarantee it.");
}

static const char *broken(struct arena *a)
{
	const char *text = "";
	for (int i = 0; i < 10; i++)
		text = arena_printf(a, "%sPlease ask our staff about the dishes of today, with pleasure. ", text);
	return text;
}

const char *persona_text(struct arena *a, const char *persona, const char *prompt, const char *message)
{
	if (strcmp(persona, "honest") == 0)
		return honest(a, prompt, message);
	if (strcmp(persona, "lying") == 0)
		return lying(a, prompt, message);
	if (strcmp(persona, "obedient") == 0)
		return obedient(a, prompt, message);
	if (strcmp(persona, "broken") == 0)
		return broken(a);
	return strcmp(persona, "echo") == 0 ? message : NULL;
}
