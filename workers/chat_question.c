/* chat_question.c - see chat_question.h. */
#include "workers/chat_question.h"

#include <stdlib.h>
#include <string.h>

#include "schemas.h"
#include "workers/chat_dishes.h"
#include "workers/chat_gate_words.h"
#include "workers/chat_language.h"
#include "workers/chat_ordinal.h"

#define GUESSES_MAX 12  /* words of one message that are compared with everything */
#define SHORT_MESSAGE 7 /* words: a longer one without a dish does not go back to an earlier one */
#define TURNS_BACK 12
#define PICKED_MAX 3   /* dishes of an answer that "it" may mean together */
#define TOLD_STRANGE 2 /* words of which one may be an allergy that we do not know */

/* A meaning with which an allergen in the message is one that the guest must not eat. */
#define AVOIDING (MEANS(sufferer) | MEANS(without) | MEANS(eat))
/* A meaning that needs a dish to be about. */
#define ABOUT_DISH (MEANS(price) | MEANS(available) | MEANS(contents) | MEANS(contain) | MEANS(nutrition) | MEANS(promise) | MEANS(spicy) | MEANS(undeclared))

/* The closest word of the menu within the tolerance, or NULL. */
static const struct menu_word *near_word(const struct menu_snapshot *s, const struct word *word)
{
	const struct menu_word *found = NULL;
	unsigned most = words_tolerance(word->length);
	uint64_t letters = words_letters(word->stem);
	for (size_t i = 0; most && i < s->word_count; i++) {
		const struct menu_word *x = &s->words[i];
		/* Of a short word the first letter is typed right: "thai" is no "chai". */
		if (word->length < 6 && x->text[0] != word->stem[0])
			continue;
		if (x->length < 4 || (unsigned)__builtin_popcountll(x->letters ^ letters) > 2 * most)
			continue;
		unsigned edits = words_edits(word->stem, word->length, x->text, x->length, most);
		if (edits > most || (found && edits == most && x->text[0] != word->stem[0]))
			continue;
		found = x;
		most = edits;
	}
	return found;
}

static void guess(const struct menu_snapshot *s, struct mention *m)
{
	m->menu = near_word(s, m->word);
	struct lexicon_hits hits = lexicon_near(m->word);
	/* A word of the menu that is typed wrong means itself, unless an allergen is as close: then both. */
	if (!m->menu || allergen_any(&hits.allergens))
		m->hits = hits;
}

/* What stands inside a longer phrase for an allergen is no allergen of its own: the milk of "coconut milk". */
static void drop_inner_allergens(struct mention *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 1; j < v[i].hits.allergen_words && i + j < n; j++)
			v[i + j].hits.allergens = (struct allergen_set){ { 0 } };
}

static struct mentions read_words(struct arena *a, const struct menu_snapshot *s, const char *text, bool guessing)
{
	struct words words = words_of(a, text, WORDS_MAX);
	struct mention *v = arena_array(a, words.n + 1, sizeof(*v));
	size_t guesses = guessing ? GUESSES_MAX : 0;
	for (size_t i = 0; i < words.n; i++) {
		v[i].word = &words.v[i];
		v[i].hits = lexicon_at(words.v + i, words.n - i);
		v[i].menu = menu_snapshot_word(s, words.v[i].stem);
		if (v[i].hits.stop && v[i].menu && !v[i].menu->named_count)
			v[i].menu = NULL;
		/* A word of any language that we know is no typing error: "dass" is not the bass. */
		v[i].common = !v[i].menu && !v[i].hits.known && gate_words_at(&words.v[i], 1).words;
		if (v[i].menu || v[i].hits.known || v[i].common || !guesses || words.v[i].length < 4)
			continue;
		guesses--;
		guess(s, &v[i]);
	}
	drop_inner_allergens(v, words.n);
	return (struct mentions){ v, words.n };
}

/* False when they do not all fit. */
static bool add_allergens(enum allergen *v, size_t *n, const struct allergen_set *set)
{
	bool fit = true;
	for (int x = 1; x < ALLERGEN_COUNT; x++) {
		size_t i = 0;
		if (!allergen_in(set, (enum allergen)x))
			continue;
		while (i < *n && v[i] != (enum allergen)x)
			i++;
		if (i == *n && *n < QUESTION_ALLERGENS)
			v[(*n)++] = (enum allergen)x;
		else
			fit &= i < *n;
	}
	return fit;
}

static void avoid(struct chat_question *q, const struct allergen_set *set)
{
	if (!add_allergens(q->avoided, &q->avoided_count, set))
		q->avoids_unknown = true; /* then no dish is known to fit */
}

/* Who asks for wine wants to drink it; who avoids it says so. */
static void forget_drinks(struct mentions m)
{
	for (size_t i = 0; i < m.n; i++)
		if (m.v[i].hits.food == FOOD_wine || m.v[i].hits.food == FOOD_beer)
			m.v[i].hits.allergens = (struct allergen_set){ { 0 } };
}

static uint64_t all_meanings(struct mentions m)
{
	uint64_t meanings = 0;
	for (size_t i = 0; i < m.n; i++)
		meanings |= m.v[i].hits.meanings;
	return meanings;
}

/* Neither a diet nor what the guest cannot eat is the name of a dish or of a category, nor what follows "contains": "does the chicken contain milk?" */
static void set_aside(struct mentions m)
{
	bool avoiding = all_meanings(m) & (AVOIDING | MEANS(dislike));
	for (size_t i = 0; i < m.n; i++) {
		bool diet = m.v[i].hits.meanings & (MEANS(vegan) | MEANS(vegetarian) | MEANS(without));
		avoiding |= (m.v[i].hits.meanings & MEANS(contain)) != 0;
		m.v[i].aside = diet || (avoiding && allergen_any(&m.v[i].hits.allergens));
	}
}

/* "No me gusta" and "non mi piace" begin with a word that also means "without". */
static uint64_t intentions(const struct lexicon_hits *hits)
{
	return hits->meanings & MEANS(dislike) ? hits->meanings & ~MEANS(without) : hits->meanings;
}

/* "I hate mushrooms" is no allergy; "I hate that I am allergic to them" is one. */
static bool is_dislike(uint64_t meanings)
{
	return (meanings & MEANS(dislike)) && !(meanings & AVOIDING);
}

static void sum_up(struct mentions m, struct chat_question *q)
{
	q->word_count = m.n;
	for (size_t i = 0; i < m.n; i++) {
		const struct mention *x = &m.v[i];
		bool number = strspn(x->word->text, "0123456789") == strlen(x->word->text);
		if (!x->menu && !x->hits.known && !x->common && !number)
			q->strange_count++;
		if (x->names)
			continue;
		q->meanings |= intentions(&x->hits);
		q->too_many |= !add_allergens(q->asked, &q->asked_count, &x->hits.allergens);
		if (!q->food && !x->menu)
			q->food = x->hits.food;
	}
	if (q->meanings & AVOIDING)
		for (size_t i = 0; i < q->asked_count; i++) {
			struct allergen_set one = { { 0 } };
			allergen_add(&one, q->asked[i]);
			avoid(q, &one);
		}
	if (is_dislike(q->meanings)) {
		memcpy(q->disliked, q->asked, sizeof(q->disliked));
		q->disliked_count = q->asked_count;
	}
	if (question_means(q, MEANS(sufferer)) && !q->asked_count && q->strange_count)
		q->avoids_unknown = true;
}

/* The first number behind "under". */
static void read_limit(struct arena *a, const char *text, struct mentions m, struct chat_question *q)
{
	bool under = false;
	for (size_t i = 0; i < m.n && !(q->limit > 0); i++) {
		under |= (m.v[i].hits.meanings & MEANS(under)) != 0;
		if (!under || !strchr("0123456789", *m.v[i].word->text))
			continue;
		char *number = arena_strndup(a, text + m.v[i].word->from, strcspn(text + m.v[i].word->from, " "));
		for (char *c = number; *c; c++)
			*c = *c == ',' ? '.' : *c;
		q->limit = strtod(number, NULL);
	}
}

/* A weekday of the question's language, for its opening hours. */
static void read_day(struct arena *a, struct mentions m, struct chat_question *q)
{
	for (int day = 0; question_means(q, MEANS(hours)) && day < 7; day++) {
		struct words name = words_of(a, chat_phrase(q->language, (enum phrase)(PHRASE_monday + day)), 2);
		for (size_t i = 0; i < m.n && !q->day; i++)
			if (name.n && !strcmp(m.v[i].word->stem, name.v[0].stem))
				q->day = day + 1;
	}
}

static void prepare(struct chat_question *q)
{
	for (size_t i = 0; i < q->avoided_count; i++)
		q->avoiding[i] = allergen_question(q->avoided[i]);
	for (size_t i = 0; i < q->disliked_count; i++)
		q->disliking[i] = allergen_question(q->disliked[i]);
}

static size_t oldest_turn(const struct writer_input *in)
{
	return in->history_count > TURNS_BACK ? in->history_count - TURNS_BACK : 0;
}

/* "Not allergic" within the three words before. */
static bool is_denied(struct mentions m, size_t i)
{
	for (size_t back = 1; back <= 3 && back <= i; back++)
		if (gate_words_at(m.v[i - back].word, 1).kinds & GATE_IS(negation))
			return true;
	return false;
}

/* A diet is stated, not only asked for, when it stands right behind "I am". */
static bool is_own(struct mentions m, size_t i)
{
	for (size_t back = 1; back <= 3 && back <= i; back++)
		if (m.v[i - back].hits.meanings & MEANS(self))
			return true;
	return false;
}

/* What this message adds to the profile. */
static void read_told(struct mentions m, struct chat_question *q)
{
	bool suffers = false;
	const char *word = NULL;
	for (size_t i = 0; i < m.n; i++) {
		const struct mention *x = &m.v[i];
		suffers |= (x->hits.meanings & MEANS(sufferer)) && !is_denied(m, i);
		q->told_vegan |= (x->hits.meanings & MEANS(vegan)) && is_own(m, i) && !is_denied(m, i);
		q->told_vegetarian |= (x->hits.meanings & MEANS(vegetarian)) && is_own(m, i) && !is_denied(m, i);
		if (suffers && !x->menu && !x->hits.known && !x->common)
			word = x->word->text;
	}
	if (!suffers)
		return;
	memcpy(q->told, q->asked, sizeof(q->told));
	q->told_count = q->asked_count;
	if (!q->asked_count && q->strange_count <= TOLD_STRANGE)
		q->told_word = word;
}

/* The names of dishes say nothing about the language in which somebody asks for them. */
static struct words without_dishes(struct arena *a, const struct menu_snapshot *s, const char *text)
{
	uint32_t dishes[QUESTION_DISHES];
	size_t n = chat_named_dishes(a, s, text, dishes, QUESTION_DISHES), kept = 0;
	char *line = arena_strdup(a, words_line(a, words_of(a, text, WORDS_MAX)));
	for (size_t i = 0; i < n; i++)
		for (char *at; (at = strstr(line, s->dishes[dishes[i]].folded));)
			memset(at + 1, '.', strlen(s->dishes[dishes[i]].folded) - 2);
	struct words words = words_of(a, line, WORDS_MAX);
	struct word *v = arena_array(a, words.n + 1, sizeof(*v));
	for (size_t i = 0; i < words.n; i++)
		if (*words.v[i].text != '.')
			v[kept++] = words.v[i];
	return (struct words){ v, kept };
}

enum language chat_question_language(struct arena *a, const struct menu_snapshot *s, const char *text, enum language otherwise)
{
	return chat_language(without_dishes(a, s, text), otherwise);
}

static enum language earlier_language(struct arena *a, const struct writer_input *in, enum language home)
{
	for (size_t i = in->history_count; i > oldest_turn(in); i--)
		if (!strcmp(in->history[i - 1].role, "user"))
			return chat_question_language(a, in->snapshot, in->history[i - 1].content, home);
	return home;
}

enum language chat_home_language(const struct menu_snapshot *s)
{
	const struct avatar_config *avatar = s->restaurant->avatar_config;
	return language_of_tag(avatar && avatar->voice ? avatar->voice->lang : NULL, LANGUAGE_en);
}

/* A message that does not tell ("sesame?") is in the language of the one before it, and the first one in the restaurant's. */
static void read_language(struct arena *a, const struct writer_input *in, struct chat_question *q)
{
	q->home_language = chat_home_language(in->snapshot);
	q->language = chat_question_language(a, in->snapshot, in->message, earlier_language(a, in, q->home_language));
}

void chat_question_profile(struct arena *a, const struct profile *profile, struct chat_question *q)
{
	for (size_t i = 0; profile && i < profile->allergies.n; i++) {
		enum allergen x = allergen_of_wire(profile->allergies.v[i]);
		struct allergen_set set = { { 0 } };
		if (x != ALLERGEN_none)
			allergen_add(&set, x);
		else
			set = lexicon_allergens(a, profile->allergies.v[i]);
		if (!allergen_any(&set))
			q->avoids_unknown = true;
		avoid(q, &set);
	}
	for (size_t i = 0; profile && i < profile->diets.n; i++) {
		q->wants_vegan |= !strcmp(profile->diets.v[i], "vegan");
		q->wants_vegetarian |= !strcmp(profile->diets.v[i], "vegetarian");
	}
	prepare(q);
}

/* An allergy that was stated in an earlier turn holds until the session ends, whether a profile keeps it or not; a dislike as long as it is remembered. */
static void read_turn(struct arena *a, const char *text, struct chat_question *q)
{
	struct words words = words_of(a, text, WORDS_MAX);
	struct allergen_set said = { { 0 } };
	uint64_t meanings = 0;
	for (size_t i = 0; i < words.n;) {
		struct lexicon_hits hits = lexicon_at(words.v + i, words.n - i);
		meanings |= intentions(&hits);
		said = allergen_either(said, hits.allergens);
		i += hits.allergen_words ? hits.allergen_words : 1;
	}
	if (meanings & MEANS(sufferer))
		avoid(q, &said);
	else if (is_dislike(meanings))
		add_allergens(q->disliked, &q->disliked_count, &said);
}

static void read_history(struct arena *a, const struct writer_input *in, struct chat_question *q)
{
	for (size_t i = oldest_turn(in); i < in->history_count; i++)
		if (!strcmp(in->history[i].role, "user"))
			read_turn(a, in->history[i].content, q);
}

/* "Hello Chip!" is no question about the Chocolate Chip. */
static void set_name_aside(struct arena *a, const struct menu_snapshot *s, struct mentions m)
{
	const struct avatar_config *avatar = s->restaurant->avatar_config;
	if (!avatar || !avatar->name || !(all_meanings(m) & (MEANS(greet) | MEANS(thanks) | MEANS(bye))))
		return;
	struct words name = words_of(a, avatar->name, 4);
	for (size_t i = 0; i < m.n; i++)
		for (size_t j = 0; j < name.n; j++)
			if (!strcmp(m.v[i].word->text, name.v[j].text)) {
				m.v[i].menu = NULL;
				m.v[i].hits = (struct lexicon_hits){ .known = true };
			}
}

static void find_dishes(struct arena *a, const struct menu_snapshot *s, struct mentions m, struct chat_question *q)
{
	set_name_aside(a, s, m);
	set_aside(m);
	chat_find_dishes(a, s, m, q);
}

/* "Soy alérgico" is no soy. */
static void forget_soy(struct mentions m)
{
	for (size_t i = 0; i < m.n; i++)
		if (!strcmp(m.v[i].word->text, "soy"))
			m.v[i].hits.allergens = (struct allergen_set){ { 0 } };
}

static bool refers_back(const struct chat_question *q)
{
	bool about_nothing = !q->dish_count && !q->category_count && !q->theme && !q->food;
	bool whole_menu = question_means(q, MEANS(menu) | MEANS(recommend) | MEANS(eat) | MEANS(sufferer) | MEANS(rules) | MEANS(cheap) | MEANS(order));
	bool needs_dish = question_means(q, ABOUT_DISH) || q->asked_count;
	bool another = question_means(q, MEANS(some)) && question_means(q, MEANS(spicy)); /* "something spicy?" */
	return about_nothing && !whole_menu && !another && needs_dish && q->word_count <= SHORT_MESSAGE + 3 &&
	       (question_means(q, MEANS(pronoun)) || q->word_count <= SHORT_MESSAGE / 2);
}

static void take_dishes(const struct chat_question *from, struct chat_question *q)
{
	memcpy(q->dishes, from->dishes, sizeof(q->dishes));
	q->dish_count = from->dish_count;
	q->from_history = from->dish_count > 0;
}

/* The newest dishes that were talked about. An answer that names one means it; one that names a few ("my picks: …") means them all
 * when the question before it named none. */
static void look_back(struct arena *a, const struct writer_input *in, struct chat_question *q)
{
	struct chat_question answer = { 0 };
	for (size_t i = in->history_count; i > oldest_turn(in) && !q->dish_count; i--) {
		const struct chat_turn *turn = &in->history[i - 1];
		struct chat_question earlier = { 0 };
		if (!strcmp(turn->role, "user")) {
			find_dishes(a, in->snapshot, read_words(a, in->snapshot, turn->content, true), &earlier);
			take_dishes(earlier.dish_count ? &earlier : &answer, q);
			continue;
		}
		earlier.dish_count = chat_named_dishes(a, in->snapshot, turn->content, earlier.dishes, PICKED_MAX + 1);
		answer = earlier.dish_count <= PICKED_MAX ? earlier : (struct chat_question){ 0 };
		if (answer.dish_count == 1)
			take_dishes(&answer, q);
	}
}

void chat_question_read(struct arena *a, const struct writer_input *in, struct chat_question *q_r)
{
	*q_r = (struct chat_question){ .now_ms = in->now_ms };
	struct mentions m = read_words(a, in->snapshot, in->message, true);
	read_language(a, in, q_r);
	if (q_r->language == LANGUAGE_es)
		forget_soy(m);
	if (!(all_meanings(m) & (AVOIDING | MEANS(contain) | MEANS(contents))))
		forget_drinks(m);
	find_dishes(a, in->snapshot, m, q_r);
	sum_up(m, q_r);
	read_limit(a, in->message, m, q_r);
	read_day(a, m, q_r);
	read_told(m, q_r);
	chat_question_profile(a, in->profile, q_r);
	read_history(a, in, q_r);
	prepare(q_r);
	q_r->worst = arena_array(a, in->snapshot->dish_count + 1, sizeof(*q_r->worst));
	q_r->wants_vegan |= question_means(q_r, MEANS(vegan));
	q_r->wants_vegetarian |= question_means(q_r, MEANS(vegetarian));
	if (!chat_ordinal(a, in, q_r) && refers_back(q_r))
		look_back(a, in, q_r);
}

void chat_question_topic(struct arena *a, const struct menu_snapshot *s, const char *text, struct chat_question *q_r)
{
	*q_r = (struct chat_question){ 0 };
	find_dishes(a, s, read_words(a, s, text, true), q_r);
}

/* Only dishes that share a word with the text are looked at. */
size_t chat_named_dishes(struct arena *a, const struct menu_snapshot *s, const char *text, uint32_t *dishes_r, size_t max)
{
	struct words words = words_of(a, text, WORDS_MAX * 2);
	const char *line = words_line(a, words);
	bool *candidate = arena_array(a, s->dish_count + 1, sizeof(*candidate));
	size_t n = 0;
	for (size_t i = 0; i < words.n; i++) {
		const struct menu_word *word = menu_snapshot_word(s, words.v[i].stem);
		for (uint32_t j = 0; word && j < word->named_count; j++)
			candidate[word->named[j]] = true;
	}
	for (size_t i = 0; i < s->dish_count && n < max; i++)
		if (candidate[i] && strstr(line, s->dishes[i].folded))
			dishes_r[n++] = (uint32_t)i;
	return n;
}
