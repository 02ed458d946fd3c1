/* chat_lexicon.c - see chat_lexicon.h. */
#include "workers/chat_lexicon.h"

#include <stdlib.h>
#include <string.h>

#define LEXICON_MAX ((size_t)4 << 20)
#define CLOSE_MAX 12
#define PHRASES_MAX 4000

enum lexeme_kind { LEXEME_allergen,
	           LEXEME_meaning,
	           LEXEME_food };

struct lexeme {
	const char *phrase; /* stems, one space between */
	enum lexeme_kind kind;
	int id;
	size_t words, length;
	uint64_t letters;
};

struct lexicon {
	struct arena *arena;
	struct lexeme *v; /* sorted by phrase */
	size_t n;
	const char *const *close[FOOD_COUNT];
};

static const char *const meaning_phrases[] = {
#define MEANING(id, phrases) phrases,
#include "workers/chat_lexicon.def"
#undef MEANING
};

static const struct {
	const char *phrases, *close;
} food_rows[FOOD_COUNT] = {
	{ "", "" },
#define FOOD(id, phrases, close) { phrases, close },
#include "workers/chat_foods.def"
#undef FOOD
};

static void add_phrase(struct lexicon *l, const char *phrase, size_t length, enum lexeme_kind kind, int id)
{
	struct words words = words_of(l->arena, arena_strndup(l->arena, phrase, length), WORDS_MAX);
	if (!words.n || l->n == PHRASES_MAX)
		return;
	char *text = arena_strdup(l->arena, words.v[0].stem);
	for (size_t i = 1; i < words.n; i++)
		text = arena_printf(l->arena, "%s %s", text, words.v[i].stem);
	l->v[l->n++] = (struct lexeme){ text, kind, id, words.n, strlen(text), words_letters(text) };
}

static void add_phrases(struct lexicon *l, const char *phrases, enum lexeme_kind kind, int id)
{
	while (*phrases) {
		size_t length = strcspn(phrases, "|");
		add_phrase(l, phrases, length, kind, id);
		phrases += length + (phrases[length] == '|');
	}
}

static const char *const *close_words(struct lexicon *l, const char *text)
{
	struct words words = words_of(l->arena, text, CLOSE_MAX);
	const char **v = arena_array(l->arena, words.n + 1, sizeof(*v));
	for (size_t i = 0; i < words.n; i++)
		v[i] = words.v[i].stem;
	return v;
}

static int by_phrase(const void *x, const void *y)
{
	return strcmp(((const struct lexeme *)x)->phrase, ((const struct lexeme *)y)->phrase);
}

static void build(struct lexicon *l)
{
	l->arena = arena_new_max(LEXICON_MAX);
	l->v = arena_array(l->arena, PHRASES_MAX, sizeof(*l->v));
	for (int i = 1; i < ALLERGEN_COUNT; i++)
		add_phrases(l, allergen_rows[i].phrases, LEXEME_allergen, i);
	for (int i = 0; i < MEANING_COUNT; i++)
		add_phrases(l, meaning_phrases[i], LEXEME_meaning, i);
	for (int i = 0; i < FOOD_COUNT; i++) {
		add_phrases(l, food_rows[i].phrases, LEXEME_food, i);
		l->close[i] = close_words(l, food_rows[i].close);
	}
	qsort(l->v, l->n, sizeof(*l->v), by_phrase);
}

static const struct lexicon *lexicon(void)
{
	static struct lexicon once;
	if (!once.arena)
		build(&once);
	return &once;
}

/* The first phrase that is not before `word`. */
static size_t first_at(const struct lexicon *l, const char *word)
{
	size_t low = 0, high = l->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (strcmp(l->v[middle].phrase, word) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Does the phrase say what the words say, the first of which is known to fit? */
static bool fits(const struct lexeme *x, const struct word *v, size_t n)
{
	if (x->words > n)
		return false;
	const char *at = x->phrase;
	for (size_t i = 0; i < x->words; i++) {
		if (strncmp(at, v[i].stem, v[i].length) || at[v[i].length] != (i + 1 < x->words ? ' ' : '\0'))
			return false;
		at += v[i].length + 1;
	}
	return true;
}

static void take(struct lexicon_hits *hits, const struct lexeme *x)
{
	hits->known = true;
	if (x->kind == LEXEME_food)
		hits->food = (enum food)x->id;
	if (x->kind == LEXEME_meaning && x->id == MEANING_stop)
		hits->stop = true;
	else if (x->kind == LEXEME_meaning)
		hits->meanings |= (uint64_t)1 << x->id;
	if (x->kind != LEXEME_allergen || x->words < hits->allergen_words)
		return;
	if (x->words > hits->allergen_words)
		hits->allergens = (struct allergen_set){ { 0 } };
	hits->allergen_words = x->words;
	allergen_add(&hits->allergens, (enum allergen)x->id);
}

struct lexicon_hits lexicon_at(const struct word *v, size_t n)
{
	const struct lexicon *l = lexicon();
	struct lexicon_hits hits = { 0 };
	for (size_t i = first_at(l, v->stem); i < l->n; i++) {
		const char *phrase = l->v[i].phrase;
		if (strncmp(phrase, v->stem, v->length) || (phrase[v->length] != ' ' && phrase[v->length]))
			break;
		if (fits(&l->v[i], v, n))
			take(&hits, &l->v[i]);
	}
	return hits;
}

static bool worth_a_look(const struct lexeme *x, const struct word *word, uint64_t letters, unsigned most)
{
	bool single = x->words == 1 && !(x->kind == LEXEME_meaning && x->id == MEANING_stop);
	/* Short words of other languages are too close to everything. */
	return single && x->length >= 5 && x->phrase[0] == word->stem[0] &&
	       (unsigned)__builtin_popcountll(x->letters ^ letters) <= 2 * most;
}

struct lexicon_hits lexicon_near(const struct word *word)
{
	const struct lexicon *l = lexicon();
	struct lexicon_hits hits = { 0 };
	unsigned best = word->length < 5 ? 0 : words_tolerance(word->length);
	uint64_t letters = words_letters(word->stem);
	for (size_t i = 0; best && i < l->n; i++) {
		const struct lexeme *x = &l->v[i];
		if (!worth_a_look(x, word, letters, best))
			continue;
		unsigned edits = words_edits(word->stem, word->length, x->phrase, x->length, best);
		if (edits > best)
			continue;
		if (edits < best)
			hits = (struct lexicon_hits){ 0 };
		best = edits;
		take(&hits, x);
	}
	return hits;
}

struct allergen_set lexicon_allergens(struct arena *a, const char *text)
{
	struct words words = words_of(a, text, WORDS_MAX);
	struct allergen_set found = { { 0 } };
	for (size_t i = 0; i < words.n;) {
		struct lexicon_hits hits = lexicon_at(words.v + i, words.n - i);
		found = allergen_either(found, hits.allergens);
		i += hits.allergen_words ? hits.allergen_words : 1;
	}
	return found;
}

const char *const *lexicon_close(enum food food)
{
	return lexicon()->close[food];
}
