/* chat_picks.c - answers that choose from the whole menu: recommendations, prices, what is there at all, what comes close; see chat_lists.h. */
#include <string.h>

#include "schemas.h"
#include "workers/chat_lists.h"
#include "workers/chat_lists_internal.h"

#define MENU_CATEGORIES 8
#define PICKS 3 /* dishes that are recommended at once */

static void rotate(struct dish_list *list, size_t by)
{
	uint32_t first[SAY_LIST];
	size_t n = list->n < SAY_LIST ? list->n : SAY_LIST;
	for (size_t i = 0; i < n; i++)
		first[i] = list->v[(i + by) % list->n];
	memcpy(list->v, first, n * sizeof(*first));
}

static bool is_signature(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	return d->s->dishes[dish].item->is_signature && list_fits(d, q, dish);
}

static bool is_drink(const struct draft *d, uint32_t dish)
{
	struct words words = words_of(d->a, d->s->dishes[dish].category->name, WORDS_MAX);
	for (size_t i = 0; i < words.n; i++)
		if (lexicon_at(words.v + i, words.n - i).meanings & MEANS(drink))
			return true;
	return false;
}

static bool in_dishes(const struct dish_list *list, uint32_t dish)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == dish)
			return true;
	return false;
}

/* Where few dishes are the restaurant's own favourites, others come along; drinks only when they were asked for. */
static void add_others(struct draft *d, const struct chat_question *q, struct dish_list *found)
{
	struct dish_list all = list_choose(d, q, list_fits);
	for (size_t i = 0, at = all.n ? d->seed / 7 % all.n : 0; i < all.n && found->n < PICKS; i++) {
		uint32_t dish = all.v[(at + i) % all.n];
		if (!in_dishes(found, dish) && (q->category_count || !is_drink(d, dish)))
			found->v[found->n++] = dish;
	}
}

void list_recommended(struct draft *d, const struct chat_question *q)
{
	struct dish_list found = list_choose(d, q, is_signature);
	if (found.n)
		rotate(&found, d->seed % found.n);
	add_others(d, q, &found);
	if (found.n > PICKS)
		found.n = PICKS;
	list_say(d, q, draft_pick_phrase(d, PHRASE_picks_1, 3), found, PICKS);
	const char *prose = found.n ? d->s->dishes[found.v[0]].prose : NULL;
	if (prose)
		TELL(d, about_first, .text = prose);
}

/* --- by price --- */

/* Insertion of the few that count: the list stays short. `sign` 1: the lowest first, -1: the highest. */
static void keep_first(const struct menu_snapshot *s, struct dish_list *list, uint32_t dish, double sign)
{
	size_t at = list->n < SAY_LIST ? list->n++ : SAY_LIST;
	while (at && sign * s->dishes[list->v[at - 1]].item->price > sign * s->dishes[dish].item->price) {
		if (at < SAY_LIST)
			list->v[at] = list->v[at - 1];
		at--;
	}
	if (at < SAY_LIST)
		list->v[at] = dish;
}

static struct dish_list by_price(struct draft *d, const struct chat_question *q, double sign)
{
	struct dish_list all = list_choose(d, q, list_fits), found = { arena_array(d->a, SAY_LIST, sizeof(uint32_t)), 0 };
	for (size_t i = 0; i < all.n; i++)
		if (d->s->dishes[all.v[i]].item->has_price)
			keep_first(d->s, &found, all.v[i], sign);
	if (found.n > PICKS)
		found.n = PICKS;
	return found;
}

void list_cheapest(struct draft *d, const struct chat_question *q)
{
	list_say(d, q, PHRASE_cheapest, by_price(d, q, 1), PICKS);
}

void list_dearest(struct draft *d, const struct chat_question *q)
{
	list_say(d, q, PHRASE_dearest, by_price(d, q, -1), PICKS);
}

bool list_within_limit(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	return item->has_price && item->price <= q->limit && list_fits(d, q, dish);
}

void list_within(struct draft *d, const struct chat_question *q)
{
	list_say(d, q, PHRASE_within, list_choose(d, q, list_within_limit), CATEGORY_LIST);
}

void list_drinks_with(struct draft *d, const struct chat_question *q)
{
	struct dish_list all = list_choose(d, q, list_fits), found = { arena_array(d->a, SAY_LIST, sizeof(uint32_t)), 0 };
	for (size_t i = 0; i < all.n && found.n < PICKS; i++)
		if (is_drink(d, all.v[i]))
			found.v[found.n++] = all.v[i];
	if (found.n)
		list_say(d, q, PHRASE_goes_with, found, PICKS);
}

static bool is_spicy(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	return item->has_spice_level && item->spice_level > 0 && list_fits(d, q, dish);
}

static bool is_mild(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	return (!item->has_spice_level || !item->spice_level) && (q->category_count || !is_drink(d, dish)) && list_fits(d, q, dish);
}

void list_mild(struct draft *d, const struct chat_question *q)
{
	list_say(d, q, PHRASE_mild, list_choose(d, q, is_mild), SAY_LIST);
}

void list_spicy(struct draft *d, const struct chat_question *q)
{
	list_say(d, q, PHRASE_spicy, list_choose(d, q, is_spicy), SAY_LIST);
}

static void say_categories(struct draft *d)
{
	const char *names[MENU_CATEGORIES];
	size_t n = 0, all = d->s->menu->categories.n;
	for (size_t i = 0; i < all && n < MENU_CATEGORIES; i++) {
		const char *name = list_category_name(d, i);
		if (name)
			names[n++] = name;
	}
	if (!n)
		return;
	const char *text = "";
	for (size_t i = 0; i < n; i++)
		text = arena_printf(d->a, "%s%s%s", text, draft_joint(d, i, n < all ? n + 1 : n, PHRASE_and), names[i]);
	draft_tell(d, n < all ? PHRASE_menu_has_more : PHRASE_menu_has, &(struct said){ .text = text });
}

void list_menu(struct draft *d, const struct chat_question *q)
{
	if (!d->s->dish_count) {
		TELL(d, empty_menu, .dish = 0);
		return;
	}
	say_categories(d);
	struct dish_list some = { arena_array(d->a, SAY_LIST, sizeof(uint32_t)), 0 };
	for (uint32_t i = 0; i < d->s->dish_count && some.n < SAY_LIST; i++) {
		bool new_category = !some.n || d->s->dishes[some.v[some.n - 1]].category != d->s->dishes[i].category;
		if (new_category && dish_fits(d->s, q, i))
			some.v[some.n++] = i;
	}
	if (some.n)
		list_say(d, q, PHRASE_for_example, some, SAY_LIST);
	TELL(d, which_of_these, .dish = 0);
}

static size_t add_close(const struct draft *d, const struct chat_question *q, const uint32_t *v, uint32_t n, struct dish_list *to)
{
	for (uint32_t i = 0; i < n && to->n < 3; i++)
		if (dish_fits(d->s, q, v[i]) && (!to->n || to->v[to->n - 1] != v[i]) && (to->n < 2 || to->v[0] != v[i]))
			to->v[to->n++] = v[i];
	return to->n;
}

/* "Galletas" are the Cookies, whatever the menu calls them: by the word that is the food's own name. */
static bool list_same(struct draft *d, const struct chat_question *q)
{
	const char *own = lexicon_same(q->food);
	const struct menu_word *word = own ? menu_snapshot_word(d->s, own) : NULL;
	struct chat_question same = *q;
	if (!word)
		return false;
	same.theme = word;
	for (uint32_t i = 0; i < word->category_count && same.category_count < QUESTION_CATEGORIES; i++)
		same.categories[same.category_count++] = word->categories[i];
	if (same.category_count)
		list_each_category(d, &same);
	else
		list_theme(d, &same);
	return true;
}

void list_closest(struct draft *d, const struct chat_question *q)
{
	if (list_same(d, q))
		return;
	struct dish_list found = { arena_array(d->a, SAY_LIST, sizeof(uint32_t)), 0 };
	for (const char *const *close = lexicon_close(q->food); *close && found.n < 3; close++) {
		const struct menu_word *word = menu_snapshot_word(d->s, *close);
		if (!word)
			continue;
		add_close(d, q, word->named, word->named_count, &found);
		add_close(d, q, word->tagged, word->tagged_count, &found);
		add_close(d, q, word->made_of, word->made_of_count, &found);
	}
	bool close = found.n > 0;
	if (!close) {
		found = list_choose(d, q, is_signature);
		found = found.n ? found : list_choose(d, q, list_fits);
	}
	if (q->food != FOOD_wine || !close) /* what comes close to wine is a wine */
		TELL(d, not_found, .dish = 0);
	if (!close && q->category_count)
		list_each_category(d, q);
	else if (found.n)
		list_say(d, q, close ? PHRASE_closest : PHRASE_can_have, found, 3);
}
