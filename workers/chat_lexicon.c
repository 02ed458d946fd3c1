/* chat_lexicon.c - see chat_lexicon.h. */
#include "workers/chat_lexicon.h"

#include <stdlib.h>

#include "common/allergen_words.h"
#include "common/phrases.h"

#define CLOSE_MAX 12
#define PHRASES_MAX 12000

enum lexeme_kind { LEXEME_allergen,
	           LEXEME_meaning,
	           LEXEME_food };

struct lexicon {
	struct phrases phrases;
	const char *const *close[FOOD_COUNT];
	const char *same[FOOD_COUNT];
};

static const struct lexeme {
	enum lexeme_kind kind;
	int id;
	const char *phrases;
} lexemes[] = {
#define MEANING(id)
#define WORDS(id, language, phrases) { LEXEME_meaning, MEANING_##id, phrases },
#include "workers/chat_lexicon.def"
#undef WORDS
#undef MEANING
#define FOOD(id, close)
#define WORDS(id, language, phrases) { LEXEME_food, FOOD_##id, phrases },
#include "workers/chat_foods.def"
#undef WORDS
#undef FOOD
};

static const char *const close_rows[FOOD_COUNT] = {
	"",
#define FOOD(id, close) close,
#define WORDS(id, language, phrases)
#include "workers/chat_foods.def"
#undef WORDS
#undef FOOD
};

static const char *const *close_words(struct lexicon *l, const char *text)
{
	struct words words = words_of(l->phrases.arena, text, CLOSE_MAX);
	const char **v = arena_array(l->phrases.arena, words.n + 1, sizeof(*v));
	for (size_t i = 0; i < words.n; i++)
		v[i] = words.v[i].stem;
	return v;
}

static void build(struct lexicon *l)
{
	phrases_init(&l->phrases, PHRASES_MAX);
	for (int i = 1; i < ALLERGEN_COUNT; i++)
		allergen_phrases(&l->phrases, (enum allergen)i, LEXEME_allergen);
	for (size_t i = 0; i < sizeof(lexemes) / sizeof(*lexemes); i++)
		phrases_add(&l->phrases, lexemes[i].phrases, lexemes[i].kind, lexemes[i].id);
	if (l->phrases.n == PHRASES_MAX)
		abort(); /* phrases that could never be found */
	for (int i = 0; i < FOOD_COUNT; i++)
		l->close[i] = close_words(l, close_rows[i]);
	phrases_sort(&l->phrases);
}

static void find_same(struct lexicon *l)
{
	for (int i = 1; i < FOOD_COUNT; i++) {
		struct words first = words_of(l->phrases.arena, close_rows[i], 1);
		if (first.n && lexicon_at(first.v, 1).food == (enum food)i)
			l->same[i] = first.v[0].stem;
	}
}

static const struct lexicon *lexicon(void)
{
	static struct lexicon once;
	if (once.phrases.v)
		return &once;
	build(&once);
	find_same(&once);
	return &once;
}

static void take(struct lexicon_hits *hits, const struct phrase *x)
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
	const struct phrases *p = &lexicon()->phrases;
	struct lexicon_hits hits = { 0 };
	const struct phrase *x;
	for (size_t at = phrases_first(p, v); (x = phrases_next(p, v, n, &at));)
		take(&hits, x);
	return hits;
}

static bool worth_a_look(const struct phrase *x, const struct word *word, uint64_t letters, unsigned most)
{
	bool single = x->words == 1 && !(x->kind == LEXEME_meaning && x->id == MEANING_stop);
	/* Short words of other languages are too close to everything. */
	return single && x->length >= 5 && x->text[0] == word->stem[0] &&
	       (unsigned)__builtin_popcountll(x->letters ^ letters) <= 2 * most;
}

struct lexicon_hits lexicon_near(const struct word *word)
{
	const struct phrases *p = &lexicon()->phrases;
	struct lexicon_hits hits = { 0 };
	unsigned best = word->length < 5 ? 0 : words_tolerance(word->length);
	uint64_t letters = words_letters(word->stem);
	for (size_t i = 0; best && i < p->n; i++) {
		const struct phrase *x = &p->v[i];
		if (!worth_a_look(x, word, letters, best))
			continue;
		unsigned edits = words_edits(word->stem, word->length, x->text, x->length, best);
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

const char *lexicon_food_name(enum food food)
{
	static const char *const names[] = {
		"none",
#define FOOD(id, close) #id,
#define WORDS(id, language, phrases)
#include "workers/chat_foods.def"
#undef WORDS
#undef FOOD
	};
	return names[food];
}

const char *const *lexicon_close(enum food food)
{
	return lexicon()->close[food];
}

const char *lexicon_same(enum food food)
{
	return lexicon()->same[food];
}
