/* menu_index.c - see menu_index.h. Every place of every word is one row; sorted by word, rows become lists. */
#include "workers/menu_index.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "schemas.h"
#include "workers/chat_lexicon.h"

#define TEXT_WORDS_MAX 40 /* of one name, tag or ingredient */

enum role { ROLE_named,
	    ROLE_tagged,
	    ROLE_made_of,
	    ROLE_category };

struct place {
	const char *stem;
	enum role role;
	uint32_t where; /* dish or category */
};

struct places {
	struct buf rows; /* of struct place */
	struct arena *scratch;
};

static void add_place(struct places *p, const char *stem, enum role role, size_t where)
{
	struct place place = { stem, role, (uint32_t)where };
	buf_append(&p->rows, &place, sizeof(place));
}

static bool says_nothing(const struct word *word)
{
	return lexicon_at(word, 1).stop || strspn(word->text, "0123456789") == strlen(word->text) || word->length < 2;
}

/* The words of a name that say something; all of them when none does ("The One"). */
static struct words add_text(struct places *p, const char *text, enum role role, size_t where)
{
	struct words words = words_of(p->scratch, text, TEXT_WORDS_MAX);
	size_t telling = 0;
	for (size_t i = 0; i < words.n; i++)
		telling += !says_nothing(&words.v[i]);
	for (size_t i = 0; i < words.n; i++)
		if (!telling || !says_nothing(&words.v[i]))
			add_place(p, words.v[i].stem, role, where);
	return words;
}

static void add_dish(struct places *p, const struct menu_snapshot *s, struct menu_dish *dish, size_t where)
{
	const struct menu_item *item = dish->item;
	dish->folded = words_line(s->arena, add_text(p, item->name, ROLE_named, where));
	for (size_t i = 0; i < item->tags.n; i++)
		add_text(p, item->tags.v[i], ROLE_tagged, where);
	for (size_t i = 0; i < item->ingredients.n; i++)
		add_text(p, item->ingredients.v[i]->name, ROLE_made_of, where);
}

static int by_word(const void *x, const void *y)
{
	const struct place *a = x, *b = y;
	int order = strcmp(a->stem, b->stem);
	if (!order)
		order = (a->role > b->role) - (a->role < b->role);
	return order ? order : (a->where > b->where) - (a->where < b->where);
}

static size_t without_doubles(struct place *v, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (!kept || by_word(&v[kept - 1], &v[i]))
			v[kept++] = v[i];
	return kept;
}

/* The list of one role from the front of v. */
static const uint32_t *list_of(struct arena *a, const struct place **v, const struct place *end, enum role role, uint32_t *n_r)
{
	const struct place *first = *v;
	while (*v < end && (*v)->role == role && !strcmp((*v)->stem, first->stem))
		++*v;
	*n_r = (uint32_t)(*v - first);
	uint32_t *list = *n_r ? arena_array(a, *n_r, sizeof(*list)) : NULL;
	for (uint32_t i = 0; i < *n_r; i++)
		list[i] = first[i].where;
	return list;
}

static void make_words(struct menu_snapshot *s, const struct place *v, size_t n)
{
	const struct place *end = v + n;
	size_t distinct = 0;
	for (size_t i = 0; i < n; i++)
		distinct += !i || strcmp(v[i].stem, v[i - 1].stem);
	struct menu_word *words = arena_array(s->arena, distinct ? distinct : 1, sizeof(*words));
	for (size_t i = 0; i < distinct; i++) {
		const struct place *next = v;
		while (next < end && !strcmp(next->stem, v->stem))
			next++;
		words[i].text = arena_strdup(s->arena, v->stem);
		words[i].length = (uint32_t)strlen(v->stem);
		words[i].letters = words_letters(v->stem);
		words[i].named = list_of(s->arena, &v, next, ROLE_named, &words[i].named_count);
		words[i].tagged = list_of(s->arena, &v, next, ROLE_tagged, &words[i].tagged_count);
		words[i].made_of = list_of(s->arena, &v, next, ROLE_made_of, &words[i].made_of_count);
		words[i].categories = list_of(s->arena, &v, next, ROLE_category, &words[i].category_count);
	}
	s->words = words;
	s->word_count = distinct;
}

static void tell_dishes(struct menu_snapshot *s, struct menu_dish *dishes)
{
	for (size_t i = 0; i < s->word_count; i++)
		for (uint32_t j = 0; j < s->words[i].named_count; j++)
			dishes[s->words[i].named[j]].word_count++;
	uint32_t **lists = arena_array(s->arena, s->dish_count ? s->dish_count : 1, sizeof(*lists));
	for (size_t i = 0; i < s->dish_count; i++) {
		lists[i] = arena_array(s->arena, dishes[i].word_count ? dishes[i].word_count : 1, sizeof(**lists));
		dishes[i].words = lists[i];
	}
	for (size_t i = 0; i < s->word_count; i++)
		for (uint32_t j = 0; j < s->words[i].named_count; j++)
			*lists[s->words[i].named[j]]++ = (uint32_t)i;
}

static void tell_categories(struct menu_snapshot *s)
{
	uint32_t *counts = arena_array(s->arena, s->menu->categories.n ? s->menu->categories.n : 1, sizeof(*counts));
	for (size_t i = 0; i < s->word_count; i++)
		for (uint32_t j = 0; j < s->words[i].category_count; j++)
			counts[s->words[i].categories[j]]++;
	s->category_words = counts;
}

void menu_index_build(struct menu_snapshot *s, struct menu_dish *dishes, struct arena *scratch)
{
	struct places p = { .scratch = scratch };
	buf_init(&p.rows, (size_t)1 << 30);
	for (size_t i = 0; i < s->menu->categories.n; i++)
		add_text(&p, s->menu->categories.v[i]->name, ROLE_category, i);
	for (size_t i = 0; i < s->dish_count; i++)
		add_dish(&p, s, &dishes[i], i);
	struct place *v = (struct place *)(void *)p.rows.data;
	size_t n = p.rows.len / sizeof(*v);
	if (n)
		qsort(v, n, sizeof(*v), by_word);
	make_words(s, v, n ? without_doubles(v, n) : 0);
	tell_dishes(s, dishes);
	tell_categories(s);
	buf_free(&p.rows);
}
