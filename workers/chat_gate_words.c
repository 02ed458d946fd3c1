/* chat_gate_words.c - see chat_gate_words.h. A hash table with open addresses: it is filled once and at most half full. */
#include "workers/chat_gate_words.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS 16384 /* a power of two */
#define PHRASE_WORDS 4
#define PHRASE_BYTES (PHRASE_WORDS * (WORD_BYTES_MAX + 1))
#define ARENA_MAX ((size_t)8 << 20)

struct slot {
	const char *phrase; /* stems, one space between; NULL: free */
	uint32_t kinds;
};

struct vocabulary {
	struct arena *arena;
	struct slot slots[SLOTS];
	size_t n;
};

static const struct {
	enum gate_kind kind;
	const char *phrases;
} rows[] = {
#define GATE(kind, phrases) { GATE_##kind, phrases },
#include "workers/chat_gate.def"
#undef GATE
};

static struct slot *find(struct vocabulary *v, const char *phrase)
{
	uint32_t hash = 2166136261u;
	for (const char *c = phrase; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	struct slot *slot = &v->slots[hash % SLOTS];
	while (slot->phrase && strcmp(slot->phrase, phrase) != 0)
		slot = slot + 1 < v->slots + SLOTS ? slot + 1 : v->slots;
	return slot;
}

/* The stems of the first n words with a space between; false when they are too long. */
static bool join(char *out, const struct word *v, size_t n)
{
	size_t length = 0;
	for (size_t i = 0; i < n; i++) {
		if (length + v[i].length + 2 > PHRASE_BYTES)
			return false;
		if (i)
			out[length++] = ' ';
		memcpy(out + length, v[i].stem, v[i].length);
		length += v[i].length;
	}
	out[length] = '\0';
	return true;
}

static void add(struct vocabulary *v, const char *phrase, size_t length, enum gate_kind kind)
{
	char text[PHRASE_BYTES + 1];
	struct words words = words_of(v->arena, arena_strndup(v->arena, phrase, length), PHRASE_WORDS + 1);
	if (!words.n || words.n > PHRASE_WORDS || v->n >= SLOTS / 2 || !join(text, words.v, words.n))
		abort(); /* a row that could never be found */
	struct slot *slot = find(v, text);
	v->n += !slot->phrase;
	slot->phrase = slot->phrase ? slot->phrase : arena_strdup(v->arena, text);
	slot->kinds |= UINT32_C(1) << kind;
}

static void build(struct vocabulary *v)
{
	v->arena = arena_new_max(ARENA_MAX);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (const char *at = rows[i].phrases; *at;) {
			size_t length = strcspn(at, "|");
			add(v, at, length, rows[i].kind);
			at += length + (at[length] == '|');
		}
}

static struct vocabulary *vocabulary(void)
{
	static struct vocabulary once;
	if (!once.arena)
		build(&once);
	return &once;
}

struct gate_hit gate_words_at(const struct word *v, size_t n)
{
	struct vocabulary *all = vocabulary();
	char text[PHRASE_BYTES + 1];
	for (size_t words = n < PHRASE_WORDS ? n : PHRASE_WORDS; words; words--) {
		if (!join(text, v, words))
			continue;
		const struct slot *slot = find(all, text);
		if (slot->phrase)
			return (struct gate_hit){ slot->kinds, words };
	}
	return (struct gate_hit){ 0, 0 };
}
