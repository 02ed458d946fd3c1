/* chat_dishes.c - see chat_dishes.h. */
#include "workers/chat_dishes.h"

#include <string.h>

#include "schemas.h"

struct finder {
	const struct menu_snapshot *s;
	struct mentions m;
	struct chat_question *q;
	const struct menu_word *words[MENTIONS_MAX]; /* different ones that occur in names, with where each is mentioned first */
	size_t first[MENTIONS_MAX];
	size_t word_count;
	uint8_t *hits;     /* of each dish */
	uint32_t *touched; /* dishes with hits */
	size_t touched_count;
	const char *line; /* the message, as menu_dish.folded */
};

static bool has_dish(const struct chat_question *q, uint32_t dish)
{
	for (size_t i = 0; i < q->dish_count; i++)
		if (q->dishes[i] == dish)
			return true;
	return false;
}

static bool has_word(const struct finder *f, const struct menu_dish *dish, size_t w)
{
	uint32_t index = (uint32_t)(f->words[w] - f->s->words);
	for (uint32_t i = 0; i < dish->word_count; i++)
		if (dish->words[i] == index)
			return true;
	return false;
}

/* Puts the dish into the question; its words have said what they had to say. */
static void mean(struct finder *f, uint32_t index)
{
	const struct menu_dish *dish = &f->s->dishes[index];
	if (has_dish(f->q, index) || f->q->dish_count == QUESTION_DISHES)
		return;
	f->q->dishes[f->q->dish_count++] = index;
	for (size_t w = 0; w < f->word_count; w++)
		if (has_word(f, dish, w))
			f->m.v[f->first[w]].names = true;
}

static void collect(struct finder *f)
{
	for (size_t i = 0; i < f->m.n && f->word_count < MENTIONS_MAX; i++) {
		const struct menu_word *word = f->m.v[i].menu;
		size_t known = 0;
		while (known < f->word_count && f->words[known] != word)
			known++;
		if (!word || known < f->word_count)
			continue;
		f->first[f->word_count] = i;
		f->words[f->word_count++] = word;
		for (uint32_t j = 0; j < word->named_count; j++)
			if (!f->hits[word->named[j]]++)
				f->touched[f->touched_count++] = word->named[j];
	}
}

/* All telling words are there. When that is only one, and one that other dishes or a category share ("Cookie of the Day"), the whole name must be. */
static bool is_full(const struct finder *f, uint32_t index)
{
	const struct menu_dish *dish = &f->s->dishes[index];
	if (f->hits[index] != dish->word_count)
		return false;
	const struct menu_word *word = &f->s->words[dish->words[0]];
	bool common = dish->word_count == 1 && (word->category_count || word->named_count > PARTIAL_DISHES);
	return !common || strstr(f->line, dish->folded);
}

/* Is there another dish named in full whose name says all of this one's and more? */
static bool is_part_of_another(const struct finder *f, uint32_t index)
{
	const struct menu_dish *dish = &f->s->dishes[index];
	for (size_t i = 0; i < f->touched_count; i++) {
		const struct menu_dish *other = &f->s->dishes[f->touched[i]];
		if (other->word_count <= dish->word_count || !is_full(f, f->touched[i]))
			continue;
		size_t shared = 0;
		for (uint32_t x = 0; x < dish->word_count; x++)
			for (uint32_t y = 0; y < other->word_count; y++)
				shared += dish->words[x] == other->words[y];
		if (shared == dish->word_count)
			return true;
	}
	return false;
}

static void mean_full(struct finder *f)
{
	for (size_t i = 0; i < f->touched_count && f->q->dish_count < QUESTION_DISHES; i++)
		if (is_full(f, f->touched[i]) && !is_part_of_another(f, f->touched[i]))
			mean(f, f->touched[i]);
}

/* How many of the dish's words nobody has used yet and may name it. */
static size_t open_hits(const struct finder *f, uint32_t index)
{
	size_t n = 0;
	for (size_t w = 0; w < f->word_count; w++) {
		const struct mention *at = &f->m.v[f->first[w]];
		n += !at->names && !at->aside && has_word(f, &f->s->dishes[index], w);
	}
	return n;
}

/* Dishes that share the most open words with the message, when that is telling. `least` is how many words must be shared. */
static void mean_partial(struct finder *f, size_t least, size_t most_dishes)
{
	size_t best = 0, count = 0;
	uint32_t found[QUESTION_DISHES];
	for (size_t i = 0; i < f->touched_count; i++) {
		size_t n = open_hits(f, f->touched[i]);
		if (n < least || n < best)
			continue;
		if (n > best)
			count = 0;
		best = n;
		if (count < QUESTION_DISHES)
			found[count] = f->touched[i];
		count++;
	}
	for (size_t i = 0; best && count <= most_dishes && i < count; i++)
		mean(f, found[i]);
}

static void add_category(struct chat_question *q, uint32_t category)
{
	for (size_t i = 0; i < q->category_count; i++)
		if (q->categories[i] == category)
			return;
	if (q->category_count < QUESTION_CATEGORIES)
		q->categories[q->category_count++] = category;
}

/* Categories whose whole names are said (`whole`), or any word of them that names no dish. */
static void mean_categories(struct finder *f, bool whole)
{
	for (size_t w = 0; w < f->word_count; w++) {
		const struct menu_word *word = f->words[w];
		const struct mention *at = &f->m.v[f->first[w]];
		for (uint32_t i = 0; i < word->category_count && !at->names && !at->aside; i++) {
			uint32_t category = word->categories[i], said = 0;
			for (size_t x = 0; x < f->word_count; x++)
				for (uint32_t j = 0; j < f->words[x]->category_count; j++)
					said += f->words[x]->categories[j] == category;
			if (!whole || said == f->s->category_words[category])
				add_category(f->q, category);
		}
	}
}

static void close_category_words(struct finder *f)
{
	for (size_t w = 0; w < f->word_count; w++)
		for (uint32_t i = 0; i < f->words[w]->category_count; i++)
			for (size_t c = 0; c < f->q->category_count; c++)
				if (f->words[w]->categories[i] == f->q->categories[c])
					f->m.v[f->first[w]].names = true;
}

/* "drinks" is the category Beverages: by what both words mean. */
static void mean_kindred_categories(struct arena *a, struct finder *f)
{
	static const uint64_t courses = MEANS(drink) | MEANS(dessert) | MEANS(starter) | MEANS(main);
	uint64_t wanted = 0;
	for (size_t i = 0; i < f->m.n; i++)
		if (!f->m.v[i].names)
			wanted |= f->m.v[i].hits.meanings & courses;
	for (size_t c = 0; wanted && c < f->s->menu->categories.n; c++) {
		struct words words = words_of(a, f->s->menu->categories.v[c]->name, MENTIONS_MAX);
		uint64_t meanings = 0;
		for (size_t i = 0; i < words.n; i++)
			meanings |= lexicon_at(words.v + i, words.n - i).meanings;
		if (meanings & wanted)
			add_category(f->q, (uint32_t)c);
	}
}

static void find_theme(struct finder *f)
{
	for (size_t w = 0; w < f->word_count; w++) {
		const struct menu_word *word = f->words[w];
		const struct mention *at = &f->m.v[f->first[w]];
		bool occurs = word->named_count || word->tagged_count || word->made_of_count;
		if (occurs && !at->names && !at->aside && !at->hits.stop) {
			f->q->theme = word;
			return;
		}
	}
}

static const char *line_of(struct arena *a, struct mentions m)
{
	struct word *v = arena_array(a, m.n + 1, sizeof(*v));
	for (size_t i = 0; i < m.n; i++)
		v[i] = *m.v[i].word;
	return words_line(a, (struct words){ v, m.n });
}

void chat_find_dishes(struct arena *a, const struct menu_snapshot *s, struct mentions m, struct chat_question *q)
{
	struct finder f = { .s = s, .m = m, .q = q };
	f.hits = arena_array(a, s->dish_count + 1, sizeof(*f.hits));
	f.touched = arena_array(a, s->dish_count + 1, sizeof(*f.touched));
	f.line = line_of(a, m);
	collect(&f);
	mean_full(&f);
	mean_categories(&f, true);
	if (!q->dish_count && q->category_count)
		close_category_words(&f);
	mean_partial(&f, 2, QUESTION_DISHES);
	mean_categories(&f, false);
	close_category_words(&f);
	mean_partial(&f, 1, PARTIAL_DISHES);
	if (!q->dish_count && !q->category_count) {
		mean_kindred_categories(a, &f);
		q->kindred = q->category_count > 0;
	}
	if (!q->dish_count && !q->category_count)
		find_theme(&f);
}
