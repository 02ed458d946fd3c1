/* correction_text.c - see correction_text.h. */
#include "workers/correction_text.h"

#include <stdlib.h>
#include <string.h>

#include "schemas.h"
#include "workers/chat_language.h"
#include "workers/chat_say.h"

#define CORRECTED_DISHES 24 /* of one answer */

struct dish_index {
	const struct menu_snapshot *s;
	uint32_t *by_id;
};

/* --- dishes by id --- */

static int by_item_id(const void *x, const void *y, void *s)
{
	const struct menu_snapshot *menu = s;
	return strcasecmp(menu->dishes[*(const uint32_t *)x].item->id, menu->dishes[*(const uint32_t *)y].item->id);
}

struct dish_index *dish_index_new(struct arena *a, const struct menu_snapshot *s)
{
	struct dish_index *index = arena_new_of(a, struct dish_index);
	index->s = s;
	index->by_id = arena_array(a, s->dish_count + 1, sizeof(*index->by_id));
	for (uint32_t i = 0; i < s->dish_count; i++)
		index->by_id[i] = i;
	qsort_r(index->by_id, s->dish_count, sizeof(*index->by_id), by_item_id, (void *)s);
	return index;
}

#define NO_DISH UINT32_MAX

static uint32_t dish_of(const struct dish_index *index, const char *id)
{
	size_t low = 0, high = index->s->dish_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcasecmp(index->s->dishes[index->by_id[middle]].item->id, id);
		if (!order)
			return index->by_id[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NO_DISH;
}

/* --- what became worse --- */

/* Of one dish. */
struct change {
	const char *id, *name; /* as they were */
	uint32_t dish;         /* NO_DISH: it is gone */
	bool sold_out, price;
	enum allergen worse[QUESTION_ALLERGENS];
	size_t worse_count;
};

struct changes {
	const struct dish_index *index;
	const struct told_answer *told;
	struct change v[CORRECTED_DISHES];
	size_t n;
};

static struct change *change_of(struct changes *all, const char *id, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(all->v[i].id, id))
			return &all->v[i];
	if (all->n == CORRECTED_DISHES)
		return NULL;
	all->v[all->n] = (struct change){ .id = id, .name = name, .dish = dish_of(all->index, id) };
	return &all->v[all->n++];
}

static bool same(const char *x, const char *y)
{
	return x == y || (x && y && !strcmp(x, y));
}

static bool was_corrected(const struct told_answer *told, const char *id, const char *field, const char *allergen, const char *value)
{
	for (size_t i = 0; i < told->corrected_count; i++) {
		const struct claim *c = told->corrected[i];
		if (!strcmp(c->item_id, id) && !strcmp(c->field, field) && same(c->allergen, allergen) && !strcmp(c->value, value))
			return true;
	}
	return false;
}

static void add_worse(struct change *change, enum allergen x)
{
	for (size_t i = 0; i < change->worse_count; i++)
		if (change->worse[i] == x)
			return;
	if (change->worse_count < QUESTION_ALLERGENS)
		change->worse[change->worse_count++] = x;
}

static int rank_of(const char *json)
{
	int rank = VERDICT_contains;
	while (rank > VERDICT_free_of && strncmp(json + 1, verdict_names[rank], strlen(verdict_names[rank])))
		rank--;
	return rank;
}

/* Is the dish worse in this than `rank`, and has nobody said so yet? */
static void check_allergen(struct changes *all, const char *id, const char *name, enum allergen x, int rank)
{
	uint32_t dish = dish_of(all->index, id);
	if (dish == NO_DISH || x == ALLERGEN_none)
		return;
	struct allergen_question q = allergen_question(x);
	struct allergen_finding found = allergen_find(&q, &all->index->s->dishes[dish].allergens);
	char value[20];
	snprintf(value, sizeof(value), "\"%s\"", verdict_names[found.verdict]);
	if ((int)found.verdict <= rank || was_corrected(all->told, id, "allergen", allergen_rows[found.stated].wire, value))
		return;
	struct change *change = change_of(all, id, name);
	if (change)
		add_worse(change, x);
}

static void check_availability(struct changes *all, const struct claim *c)
{
	uint32_t dish = dish_of(all->index, c->item_id);
	bool there = dish != NO_DISH && all->index->s->dishes[dish].item->is_available;
	if (there || strcmp(c->value, "true") || was_corrected(all->told, c->item_id, "availability", NULL, "false") || was_corrected(all->told, c->item_id, "existence", NULL, "false"))
		return;
	struct change *change = change_of(all, c->item_id, c->item);
	if (change)
		change->sold_out = true;
}

static void check_price(struct changes *all, const struct claim *c)
{
	uint32_t dish = dish_of(all->index, c->item_id);
	if (dish == NO_DISH || !strcmp(c->value, "null"))
		return;
	const struct menu_item *item = all->index->s->dishes[dish].item;
	double said = strtod(c->value, NULL);
	for (size_t i = 0; i < all->told->corrected_count; i++) {
		const struct claim *k = all->told->corrected[i];
		if (!strcmp(k->item_id, c->item_id) && !strcmp(k->field, "price"))
			said = strcmp(k->value, "null") ? strtod(k->value, NULL) : 1e12;
	}
	bool worse = item->has_price ? item->price > said + 1e-6 : said < 1e12;
	struct change *change = worse ? change_of(all, c->item_id, c->item) : NULL;
	if (change)
		change->price = true;
}

static int claimed_rank(const struct told_answer *told, const char *id, enum allergen x)
{
	int rank = VERDICT_free_of;
	for (size_t i = 0; i < told->claim_count; i++) {
		const struct claim *c = told->claims[i];
		if (!strcmp(c->item_id, id) && !strcmp(c->field, "allergen") && allergen_of_wire(c->allergen) == x && rank_of(c->value) > rank)
			rank = rank_of(c->value);
	}
	return rank;
}

/* Who was told all allergens of a dish is told of one that came to it. */
static void check_listed(struct changes *all, const char *id)
{
	uint32_t dish = dish_of(all->index, id);
	if (dish == NO_DISH)
		return;
	const struct menu_dish *d = &all->index->s->dishes[dish];
	struct allergen_set holds = allergen_either(d->allergens.contains, d->allergens.may_contain);
	for (int x = 1; x < ALLERGEN_COUNT; x++) {
		int rank = claimed_rank(all->told, id, (enum allergen)x);
		if (allergen_in(&holds, (enum allergen)x))
			check_allergen(all, id, d->item->name, (enum allergen)x, rank > VERDICT_unknown ? rank : VERDICT_unknown);
	}
}

static void find_changes(struct changes *all)
{
	for (size_t i = 0; i < all->told->claim_count; i++) {
		const struct claim *c = all->told->claims[i];
		if (!strcmp(c->field, "allergen") && c->allergen)
			check_allergen(all, c->item_id, c->item, allergen_of_wire(c->allergen), rank_of(c->value));
		else if (!strcmp(c->field, "availability"))
			check_availability(all, c);
		else if (!strcmp(c->field, "price"))
			check_price(all, c);
	}
	for (size_t i = 0; i < all->told->listed_count; i++)
		check_listed(all, all->told->listed[i]);
}

/* --- what is said --- */

static void say_change(struct draft *d, const struct change *change)
{
	if (change->dish == NO_DISH) {
		TELL(d, off_menu, .other = change->name);
		draft_claim_gone(d, change->id, change->name);
		return;
	}
	if (change->worse_count)
		say_verdicts(d, change->dish, change->worse, change->worse_count);
	if (change->sold_out)
		say_sold_out(d, change->dish);
	if (change->price)
		say_price(d, change->dish);
}

bool correction_write(struct arena *a, const struct dish_index *index, const struct told_answer *told, struct answer *answer_r)
{
	struct changes all = { .index = index, .told = told };
	find_changes(&all);
	if (!all.n)
		return false;
	struct draft d;
	bool allergens = false;
	draft_init(&d, a, index->s, told->message_id);
	d.language = chat_question_language(a, index->s, told->question, chat_home_language(index->s));
	TELL(&d, correction, .dish = 0);
	for (size_t i = 0; i < all.n && draft_room(&d, 2 + QUESTION_ALLERGENS); i++) {
		say_change(&d, &all.v[i]);
		allergens |= all.v[i].worse_count > 0;
	}
	if (allergens)
		say_tell_staff(&d);
	draft_finish(&d, answer_r);
	return true;
}
