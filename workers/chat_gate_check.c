/* chat_gate_check.c - see chat_gate_check.h. */
#include "workers/chat_gate_check.h"

#include <string.h>

#include "schemas.h"
#include "workers/chat_say.h"

const char *const gate_fault_names[] = {
#define X(id) #id,
	GATE_FAULTS(X)
#undef X
};

struct sentence {
	struct arena *a;
	const struct gate_ground *ground;
	const struct gate_manner *manner;
	const struct gate_reading *r;
	uint32_t dishes[GATE_MENTIONS];
	size_t dish_count;
	bool vague; /* names a category, or one of several dishes: no fact can be pinned to it */
};

static bool has(const struct sentence *x, uint32_t kinds)
{
	return x->r->kinds & kinds;
}

static const struct menu_item *item_of(const struct sentence *x, uint32_t dish)
{
	return x->ground->s->dishes[dish].item;
}

size_t gate_dishes(const struct gate_ground *ground, const struct gate_reading *r, uint32_t *dishes_r)
{
	size_t n = 0;
	for (size_t m = 0; m < r->mention_count; m++) {
		size_t known = 0;
		while (known < n && dishes_r[known] != r->mentions[m].dish)
			known++;
		if (known == n && r->mentions[m].dish != GATE_NO_DISH)
			dishes_r[n++] = r->mentions[m].dish;
	}
	if (!r->mention_count && ground->subject != GATE_NO_DISH)
		dishes_r[n++] = ground->subject;
	return n;
}

/* --- money --- */

static bool is_price(const struct sentence *x, const char *amount, uint32_t dish)
{
	const struct menu_item *item = item_of(x, dish);
	if (!item->has_price)
		return false;
	const char *exact = arena_printf(x->a, "%.*f", x->ground->s->decimals, item->price);
	const char *whole = arena_printf(x->a, "%.0f", item->price);
	bool is_whole = item->price == (double)(int64_t)item->price;
	return !strcmp(amount, exact) || (is_whole && !strcmp(amount, whole));
}

/* "Dish amount, dish amount" or "amount dish, amount dish": each amount is its neighbour's. */
static bool alternate(const struct sentence *x)
{
	const struct gate_reading *r = x->r;
	if (r->mention_count != r->amount_count)
		return false;
	bool dish_first = r->mentions[0].first < r->amounts[0].at;
	for (size_t i = 0; i < r->amount_count; i++) {
		bool ordered = (r->mentions[i].first < r->amounts[i].at) == dish_first;
		bool apart = i + 1 == r->amount_count || (dish_first ? r->amounts[i].at < r->mentions[i + 1].first : r->mentions[i].first < r->amounts[i + 1].at);
		if (!ordered || !apart)
			return false;
	}
	return true;
}

static bool amounts_are_right(const struct sentence *x)
{
	const struct gate_reading *r = x->r;
	if (r->amount_count && (x->vague || !x->dish_count))
		return false;
	bool pairs = r->amount_count && alternate(x);
	for (size_t i = 0; i < r->amount_count; i++) {
		for (size_t d = 0; d < x->dish_count && !pairs; d++)
			if (!is_price(x, r->amounts[i].text, x->dishes[d]))
				return false;
		if (pairs && !is_price(x, r->amounts[i].text, r->mentions[i].dish))
			return false;
	}
	return true;
}

static bool is_market_priced(const struct sentence *x)
{
	for (size_t d = 0; d < x->dish_count; d++)
		if (item_of(x, x->dishes[d])->has_price)
			return false;
	return x->dish_count && !x->vague && !x->r->amount_count;
}

/* Mentions of a market price come with "price" as well. */
static bool money_is_right(const struct sentence *x)
{
	if (has(x, GATE_IS(market)))
		return is_market_priced(x) && !has(x, GATE_IS(negation) | GATE_IS(quantity));
	if (!amounts_are_right(x))
		return false;
	bool about_money = x->r->amount_count || has(x, GATE_IS(price));
	return !about_money || (x->r->amount_count && !has(x, GATE_IS(quantity) | GATE_IS(negation)));
}

/* --- allergens --- */

static enum verdict stated_verdict(const struct sentence *x, const struct gate_allergen *said)
{
	bool before_all = x->r->first_may < said->at;
	bool after_all = x->r->first_may != GATE_WORDS_MAX && x->r->first_may > x->r->allergens[x->r->allergen_count - 1].at;
	return before_all || after_all ? VERDICT_may_contain : VERDICT_contains;
}

/* A word that stands for several ("nuts") is right when one of them is. */
static bool allergen_is_right(const struct sentence *x, const struct gate_allergen *said, uint32_t dish)
{
	enum verdict stated = stated_verdict(x, said);
	if (said->declared && stated == VERDICT_contains)
		return true;
	for (int i = 1; i < ALLERGEN_COUNT; i++) {
		if (!allergen_in(&said->said, (enum allergen)i))
			continue;
		struct allergen_question q = allergen_question((enum allergen)i);
		struct allergen_finding found = allergen_find(&q, &x->ground->s->dishes[dish].allergens);
		/* A group above the one that was said proves nothing about it: "tree nuts" does not make it almonds. */
		if (found.verdict == stated && !allergen_in(&q.above, found.stated))
			return true;
	}
	return false;
}

static bool each_allergen_is_right(const struct sentence *x)
{
	for (size_t i = 0; i < x->r->allergen_count; i++)
		for (size_t d = 0; d < x->dish_count; d++)
			if (!allergen_is_right(x, &x->r->allergens[i], x->dishes[d]))
				return false;
	return true;
}

static bool allergens_are_right(const struct sentence *x)
{
	const struct gate_reading *r = x->r;
	uint32_t never = GATE_IS(negation) | GATE_IS(affirm) | GATE_IS(suit);
	bool holds = r->allergen_count || r->grounded;
	if (has(x, GATE_IS(topic)))
		return !r->allergen_count && has(x, GATE_IS(staff)) && !has(x, never) && !r->mention_count;
	if (!holds)
		return !has(x, GATE_IS(contain));
	bool hedged = !r->allergen_count && has(x, GATE_IS(contain)) && has(x, GATE_IS(may)); /* it is declared, so it is there */
	if (hedged || x->vague || !x->dish_count || has(x, never | GATE_IS(quantity)) || (r->allergen_count && r->loose))
		return false;
	return each_allergen_is_right(x);
}

/* --- the other facts --- */

static bool availability_is_right(const struct sentence *x)
{
	bool sold_out = has(x, GATE_IS(sold_out)), available = has(x, GATE_IS(available));
	if ((sold_out || available) && (x->vague || !x->dish_count || (sold_out && available)))
		return false;
	if ((sold_out || available) && has(x, GATE_IS(negation) | GATE_IS(quantity) | GATE_IS(may)))
		return false;
	for (size_t d = 0; d < x->dish_count; d++) {
		bool there = item_of(x, x->dishes[d])->is_available;
		if (sold_out ? there : !there && (x->r->mention_count || available))
			return false;
	}
	return true;
}

static bool has_tag(const struct menu_item *item, const char *tag)
{
	for (size_t i = 0; i < item->tags.n; i++)
		if (!strcasecmp(item->tags.v[i], tag))
			return true;
	return false;
}

static bool dish_has_traits(const struct sentence *x, const struct menu_item *item)
{
	bool vegan = has_tag(item, "vegan");
	return (!has(x, GATE_IS(vegan)) || vegan) && (!has(x, GATE_IS(vegetarian)) || vegan || has_tag(item, "vegetarian")) &&
	       (!has(x, GATE_IS(spicy)) || (item->has_spice_level && item->spice_level > 0)) && (!has(x, GATE_IS(signature)) || item->is_signature);
}

static bool traits_are_right(const struct sentence *x)
{
	if (!has(x, GATE_IS(vegan) | GATE_IS(vegetarian) | GATE_IS(spicy) | GATE_IS(signature)))
		return true;
	if (x->vague || !x->dish_count || has(x, GATE_IS(negation) | GATE_IS(quantity)))
		return false;
	for (size_t d = 0; d < x->dish_count; d++)
		if (!dish_has_traits(x, item_of(x, x->dishes[d])))
			return false;
	return true;
}

static bool is_denial(const struct sentence *x)
{
	return has(x, GATE_IS(negation)) && (x->r->mention_count || !has(x, GATE_IS(staff)));
}

/* --- this guest --- */

static bool states(const struct sentence *x, enum allergen avoided)
{
	struct allergen_question q = allergen_question(avoided);
	for (size_t i = 0; i < x->r->allergen_count; i++) {
		struct allergen_set family = allergen_both(q.family, x->r->allergens[i].said);
		if (allergen_any(&family))
			return true;
	}
	return false;
}

/* Who is vegan and asks about the Tiramisu hears about the Tiramisu. */
static bool is_asked_about(const struct chat_question *q, uint32_t dish)
{
	for (size_t i = 0; i < q->dish_count; i++)
		if (q->dishes[i] == dish)
			return true;
	return false;
}

/* Every dish that the sentence names suits the diet and is known to be without what the guest avoids, or the sentence itself says that it is not. */
static bool fits_guest(const struct sentence *x)
{
	const struct chat_question *q = x->ground->q;
	for (size_t d = 0; d < x->dish_count && x->r->mention_count; d++) {
		if (!dish_suits_diet(q, item_of(x, x->dishes[d])) && !has(x, GATE_IS(contain)) && !x->r->allergen_count && !is_asked_about(q, x->dishes[d]))
			return false;
		for (size_t i = 0; i < q->avoided_count; i++) {
			enum verdict verdict = allergen_find(&q->avoiding[i], &x->ground->s->dishes[x->dishes[d]].allergens).verdict;
			if (verdict != VERDICT_free_of && !states(x, q->avoided[i]))
				return false;
		}
	}
	return !q->avoids_unknown || !x->r->mention_count;
}

static bool is_fact(const struct sentence *x)
{
	const struct gate_reading *r = x->r;
	bool advice = has(x, GATE_IS(staff)) && !r->mention_count;
	return r->allergen_count || r->amount_count || advice || has(x, GATE_IS(sold_out) | GATE_IS(market));
}

static enum gate_fault check_guest(const struct sentence *x)
{
	uint32_t agrees = GATE_IS(affirm) | GATE_IS(suit);
	if (has(x, agrees))
		return GATE_FAULT_agreement;
	if (!fits_guest(x))
		return GATE_FAULT_unfit;
	return x->manner->careful && !is_fact(x) ? GATE_FAULT_chatter : GATE_FAULT_none;
}

enum gate_fault gate_check(struct arena *a, const struct gate_ground *ground, const struct gate_manner *manner, const struct gate_reading *r)
{
	struct sentence x = { .a = a, .ground = ground, .manner = manner, .r = r };
	if (r->invented)
		return GATE_FAULT_invented;
	if (r->strange)
		return GATE_FAULT_strange;
	x.dish_count = gate_dishes(ground, r, x.dishes);
	for (size_t m = 0; m < r->mention_count; m++)
		x.vague |= r->mentions[m].dish == GATE_NO_DISH;
	if (has(&x, GATE_IS(promise)))
		return GATE_FAULT_promise;
	if (has(&x, GATE_IS(action)))
		return GATE_FAULT_action;
	if (!money_is_right(&x))
		return GATE_FAULT_money;
	if (!allergens_are_right(&x))
		return GATE_FAULT_allergen;
	if (!availability_is_right(&x))
		return GATE_FAULT_availability;
	if (!traits_are_right(&x))
		return GATE_FAULT_trait;
	if (is_denial(&x))
		return GATE_FAULT_denial;
	return check_guest(&x);
}
