/* chat_lists.c - see chat_lists.h. */
#include "workers/chat_lists.h"

#include <stdlib.h>
#include <string.h>

#include "schemas.h"
#include "workers/chat_lists_internal.h"

#define WITH_MAX 3 /* allergens that are looked up in the whole menu for one answer */

struct dish_list list_choose(struct draft *d, const struct chat_question *q, dish_test *test)
{
	struct dish_list found = { arena_array(d->a, d->s->dish_count + 1, sizeof(uint32_t)), 0 };
	for (uint32_t i = 0; i < d->s->dish_count; i++)
		if (test(d, q, i))
			found.v[found.n++] = i;
	return found;
}

static bool in_categories(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	for (size_t i = 0; i < q->category_count; i++)
		if (d->s->dishes[dish].category_index == q->categories[i])
			return true;
	return !q->category_count;
}

bool list_fits(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	return in_categories(d, q, dish) && dish_fits(d->s, q, dish);
}

static bool is_there(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	return in_categories(d, q, dish) && d->s->dishes[dish].item->is_available;
}

static bool is_sold_out(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	return in_categories(d, q, dish) && !d->s->dishes[dish].item->is_available;
}

static bool avoids(const struct chat_question *q)
{
	return q->avoided_count || q->avoids_unknown;
}

/* With each thing that the guest avoids a dish needs one more claim: many of them make short lists. */
static size_t list_max(const struct chat_question *q, size_t max)
{
	return q->avoided_count <= 4 || max < 3 ? max : 3;
}

/* Every dish of the list is said to be without what the guest avoids. */
static void claim_absent(struct draft *d, const struct chat_question *q, struct dish_list dishes, size_t max)
{
	for (size_t i = 0; i < dishes.n && i < max; i++)
		for (size_t x = 0; x < q->avoided_count; x++)
			draft_verdict(d, dishes.v[i], allergen_rows[q->avoided[x]].wire, VERDICT_free_of);
}

static void say_reviewed(struct draft *d, const struct chat_question *q, struct dish_list dishes, size_t max)
{
	if (!q->avoided_count || !dishes.n)
		return;
	TELL(d, declared_without, .names = q->avoided, .name_count = q->avoided_count);
	claim_absent(d, q, dishes, max);
	say_tell_staff(d);
}

/* The sentence with the dishes that fit, or that there are none to name. `text` is for phrases that want one. */
static void list_say_of(struct draft *d, const struct chat_question *q, enum phrase phrase, const char *text, struct dish_list dishes, size_t max)
{
	max = list_max(q, max);
	if (dishes.n) {
		draft_tell(d, phrase, &(struct said){ .text = text, .dishes = dishes.v, .dish_count = dishes.n, .max = max });
		say_reviewed(d, q, dishes, max);
		return;
	}
	draft_tell(d, avoids(q) ? PHRASE_nothing_fits : PHRASE_nothing_now, &(struct said){ .dish = 0 });
}

void list_say(struct draft *d, const struct chat_question *q, enum phrase phrase, struct dish_list dishes, size_t max)
{
	list_say_of(d, q, phrase, "", dishes, max);
}

/* --- categories, words --- */

/* A category's name is the restaurant's text too: NULL when it promises something ("Nut-free"), which is not for us to repeat. */
const char *list_category_name(struct draft *d, size_t category)
{
	const char *name = d->s->menu->categories.v[category]->name;
	struct words words = words_of(d->a, name, WORDS_MAX);
	for (size_t i = 0; i < words.n; i++)
		if (lexicon_at(words.v + i, words.n - i).meanings & (MEANS(without) | MEANS(promise) | MEANS(rules)))
			return NULL;
	return name;
}

static void say_category(struct draft *d, const struct chat_question *q, uint32_t category)
{
	struct chat_question one = *q;
	one.categories[0] = category;
	one.category_count = 1;
	struct dish_list there = list_choose(d, &one, avoids(q) || q->wants_vegan || q->wants_vegetarian ? list_fits : is_there);
	struct dish_list gone = list_choose(d, &one, is_sold_out);
	const char *name = list_category_name(d, category);
	list_say_of(d, q, name ? PHRASE_from_category : PHRASE_from_menu, name, there, CATEGORY_LIST);
	if (gone.n && !avoids(q))
		TELL(d, gone, .dishes = gone.v, .dish_count = gone.n, .max = 3, .without_prices = true);
}

void list_each_category(struct draft *d, const struct chat_question *q)
{
	if (avoids(q)) {
		list_say(d, q, PHRASE_of_those, list_choose(d, q, list_fits), CATEGORY_LIST);
		return;
	}
	for (size_t i = 0; i < q->category_count && draft_room(d, CATEGORY_LIST * 3); i++)
		say_category(d, q, q->categories[i]);
}

void list_categories(struct draft *d, const struct chat_question *q)
{
	if (question_means(q, MEANS(recommend)))
		list_recommended(d, q);
	else if (q->limit > 0)
		list_within(d, q);
	else if (question_means(q, MEANS(dear)))
		list_dearest(d, q);
	else if (question_means(q, MEANS(cheap)))
		list_cheapest(d, q);
	else if (question_means(q, MEANS(mild)))
		list_mild(d, q);
	else if (question_means(q, MEANS(spicy)))
		list_spicy(d, q);
	else
		list_each_category(d, q);
}

static bool in_list(const uint32_t *v, uint32_t n, uint32_t dish)
{
	uint32_t low = 0, high = n;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (v[middle] < dish)
			low = middle + 1;
		else
			high = middle;
	}
	return low < n && v[low] == dish;
}

static bool has_theme(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	const struct menu_word *w = q->theme;
	bool about = in_list(w->named, w->named_count, dish) || in_list(w->tagged, w->tagged_count, dish) ||
	             in_list(w->made_of, w->made_of_count, dish);
	return about && (avoids(q) || q->wants_vegan ? dish_fits(d->s, q, dish) : d->s->dishes[dish].item->is_available);
}

void list_theme(struct draft *d, const struct chat_question *q)
{
	list_say(d, q, draft_pick_phrase(d, PHRASE_theme_1, 3), list_choose(d, q, has_theme), CATEGORY_LIST);
}

void list_diet(struct draft *d, const struct chat_question *q)
{
	struct dish_list found = list_choose(d, q, list_fits);
	list_say(d, q, q->wants_vegan ? PHRASE_tagged_vegan : PHRASE_tagged_vegetarian, found, CATEGORY_LIST);
	TELL(d, tag_is_no_answer, .dish = 0);
}

/* --- allergies --- */

static bool is_unknown(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	return is_there(d, q, dish) && dish_worst(d->s, q, dish) == VERDICT_unknown;
}

static bool is_ruled_out(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	return is_there(d, q, dish) && dish_worst(d->s, q, dish) >= VERDICT_may_contain;
}

static bool is_suspect(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	if (!is_unknown(d, q, dish))
		return false;
	for (size_t i = 0; i < q->avoided_count; i++)
		if (allergen_find(&q->avoiding[i], &d->s->dishes[dish].allergens).ingredient)
			return true;
	return false;
}

/* Unknown for want of a review, or because the ingredients name it: the second is said dish by dish. */
static bool is_merely_unknown(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	return is_unknown(d, q, dish) && !is_suspect(d, q, dish);
}

static void claim_unknown(struct draft *d, const struct chat_question *q, struct dish_list dishes, size_t max)
{
	for (size_t i = 0; i < dishes.n && i < max; i++)
		for (size_t x = 0; x < q->avoided_count; x++) {
			struct allergen_finding found = allergen_find(&q->avoiding[x], &d->s->dishes[dishes.v[i]].allergens);
			draft_verdict(d, dishes.v[i], allergen_rows[found.stated].wire, found.verdict);
		}
}

static void say_suspects(struct draft *d, const struct chat_question *q)
{
	struct dish_list suspects = list_choose(d, q, is_suspect);
	for (size_t i = 0; i < suspects.n && i < 3 && draft_room(d, 2 + q->avoided_count); i++)
		say_verdicts(d, suspects.v[i], q->avoided, q->avoided_count);
}

static void say_unknowns(struct draft *d, const struct chat_question *q)
{
	struct dish_list unknown = list_choose(d, q, is_merely_unknown);
	if (!unknown.n)
		return;
	size_t max = list_max(q, SAY_LIST);
	draft_tell(d, unknown.n == 1 ? PHRASE_unknown_for_one : PHRASE_unknown_for,
	           &(struct said){ .dishes = unknown.v, .dish_count = unknown.n, .max = max, .without_prices = true });
	claim_unknown(d, q, unknown, max);
}

void list_without(struct draft *d, const struct chat_question *q)
{
	if (!q->avoided_count || q->avoids_unknown) {
		TELL(d, cannot_look_up, .dish = 0);
		say_tell_staff(d);
		return;
	}
	struct dish_list found = list_choose(d, q, q->limit > 0 ? list_within_limit : list_fits);
	draft_tell(d, q->told_count || q->told_word ? PHRASE_thanks_for_telling : PHRASE_asked_about, &(struct said){ .names = q->avoided, .name_count = q->avoided_count });
	if (found.n) {
		size_t max = list_max(q, CATEGORY_LIST);
		draft_tell(d, q->avoided_count > 1 ? PHRASE_without_any : PHRASE_without_it, &(struct said){ .dishes = found.v, .dish_count = found.n, .max = max });
		claim_absent(d, q, found, max);
	} else {
		TELL(d, none_without, .dish = 0);
	}
	say_suspects(d, q);
	say_unknowns(d, q);
	if (list_choose(d, q, is_ruled_out).n)
		TELL(d, left_out, .dish = 0);
	say_tell_staff(d);
}

struct holders {
	struct dish_list by_verdict[4];
	struct allergen_question question;
};

static void find_holders(struct draft *d, const struct chat_question *q, enum allergen asked, struct holders *h)
{
	h->question = allergen_question(asked);
	for (int i = 0; i < 4; i++)
		h->by_verdict[i] = (struct dish_list){ arena_array(d->a, d->s->dish_count + 1, sizeof(uint32_t)), 0 };
	for (uint32_t i = 0; i < d->s->dish_count; i++) {
		if (!in_categories(d, q, i))
			continue;
		struct dish_list *to = &h->by_verdict[allergen_find(&h->question, &d->s->dishes[i].allergens).verdict];
		to->v[to->n++] = i;
	}
}

static struct allergen_finding finding(const struct draft *d, const struct holders *h, uint32_t dish)
{
	return allergen_find(&h->question, &d->s->dishes[dish].allergens);
}

static void say_holders(struct draft *d, const struct holders *h, enum verdict verdict)
{
	const struct dish_list *dishes = &h->by_verdict[verdict];
	if (!dishes->n)
		return;
	/* Who asks about walnuts and gets dishes that list tree nuts is told about tree nuts. */
	enum allergen said = h->question.asked;
	for (size_t i = 0; i < dishes->n; i++) {
		struct allergen_finding found = finding(d, h, dishes->v[i]);
		if (allergen_in(&h->question.above, found.stated))
			said = found.stated;
		if (i < SAY_LIST)
			draft_verdict(d, dishes->v[i], allergen_rows[found.stated].wire, found.verdict);
	}
	static const enum phrase phrases[] = { [VERDICT_may_contain] = PHRASE_list_may_contain, [VERDICT_contains] = PHRASE_list_contain };
	bool one = verdict == VERDICT_contains && dishes->n == 1;
	draft_tell(d, one ? PHRASE_list_contains : phrases[verdict],
	           &(struct said){ .dishes = dishes->v, .dish_count = dishes->n, .max = SAY_LIST, .without_prices = true, .names = &said, .name_count = 1 });
}

static void say_with(struct draft *d, const struct chat_question *q, enum allergen asked)
{
	struct holders h;
	find_holders(d, q, asked, &h);
	if (!h.by_verdict[VERDICT_contains].n && !h.by_verdict[VERDICT_may_contain].n)
		draft_tell(d, q->category_count ? PHRASE_nothing_there : PHRASE_none_declares, &(struct said){ .names = &asked, .name_count = 1 });
	say_holders(d, &h, VERDICT_contains);
	say_holders(d, &h, VERDICT_may_contain);
}

static bool is_known(const struct allergen_question *asked, const struct menu_dish *dish)
{
	return allergen_find(asked, &dish->allergens).verdict != VERDICT_unknown;
}

/* Once for all that was asked: the dishes of which any of it is unknown. */
static void say_unknown_of(struct draft *d, const struct chat_question *q, size_t asked)
{
	struct dish_list found = { arena_array(d->a, d->s->dish_count + 1, sizeof(uint32_t)), 0 };
	struct allergen_question each[WITH_MAX];
	for (size_t x = 0; x < asked; x++)
		each[x] = allergen_question(q->asked[x]);
	for (uint32_t i = 0; i < d->s->dish_count; i++)
		for (size_t x = 0; x < asked && in_categories(d, q, i); x++) {
			if (is_known(&each[x], &d->s->dishes[i]))
				continue;
			if (!found.n || found.v[found.n - 1] != i)
				found.v[found.n++] = i;
			if (found.n <= SAY_LIST)
				draft_verdict(d, i, allergen_rows[q->asked[x]].wire, VERDICT_unknown);
		}
	if (found.n)
		TELL(d, list_unknown, .dishes = found.v, .dish_count = found.n, .max = SAY_LIST, .without_prices = true);
}

/* No allergy: where it is in, and something else. What is unknown about it is nothing to warn of. */
void list_disliked(struct draft *d, const struct chat_question *q)
{
	for (size_t i = 0; i < q->asked_count && i < WITH_MAX; i++) {
		struct holders h;
		find_holders(d, q, q->asked[i], &h);
		if (!h.by_verdict[VERDICT_contains].n)
			TELL(d, none_declares, .names = &q->asked[i], .name_count = 1);
		say_holders(d, &h, VERDICT_contains);
	}
	list_recommended(d, q);
}

void list_with(struct draft *d, const struct chat_question *q)
{
	size_t asked = q->asked_count < WITH_MAX ? q->asked_count : WITH_MAX;
	for (size_t i = 0; i < asked; i++)
		say_with(d, q, q->asked[i]);
	say_unknown_of(d, q, asked);
	if (q->asked_count > WITH_MAX)
		TELL(d, separately, .names = q->asked + WITH_MAX, .name_count = q->asked_count - WITH_MAX);
	say_tell_staff(d);
}
