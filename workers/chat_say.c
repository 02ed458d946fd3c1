/* chat_say.c - see chat_say.h. */
#include "workers/chat_say.h"

#include <string.h>

#include "schemas.h"
#include "workers/chat_lists.h"

#define INGREDIENTS_SAID 12

struct name_list {
	const char **v;
	size_t n;
};

/* --- what fits --- */

static bool has_tag(const struct menu_item *item, const char *tag)
{
	for (size_t i = 0; i < item->tags.n; i++)
		if (!strcasecmp(item->tags.v[i], tag))
			return true;
	return false;
}

bool dish_suits_diet(const struct chat_question *q, const struct menu_item *item)
{
	if (q->wants_vegan)
		return has_tag(item, "vegan");
	return !q->wants_vegetarian || has_tag(item, "vegetarian") || has_tag(item, "vegan");
}

enum verdict dish_worst(const struct menu_snapshot *s, const struct chat_question *q, uint32_t dish)
{
	if (q->worst && q->worst[dish])
		return (enum verdict)(q->worst[dish] - 1);
	enum verdict worst = q->avoids_unknown ? VERDICT_unknown : VERDICT_free_of;
	for (size_t i = 0; i < q->avoided_count && worst < VERDICT_contains; i++) {
		enum verdict verdict = allergen_find(&q->avoiding[i], &s->dishes[dish].allergens).verdict;
		if (verdict > worst)
			worst = verdict;
	}
	if (q->worst)
		q->worst[dish] = (uint8_t)(worst + 1);
	return worst;
}

static bool is_disliked(const struct menu_snapshot *s, const struct chat_question *q, uint32_t dish)
{
	for (size_t i = 0; i < q->disliked_count; i++)
		if (allergen_find(&q->disliking[i], &s->dishes[dish].allergens).verdict >= VERDICT_may_contain)
			return true;
	return false;
}

bool dish_fits(const struct menu_snapshot *s, const struct chat_question *q, uint32_t dish)
{
	const struct menu_item *item = s->dishes[dish].item;
	return item->is_available && dish_suits_diet(q, item) && !is_disliked(s, q, dish) && dish_worst(s, q, dish) == VERDICT_free_of;
}

static bool is_meant(const struct chat_question *q, uint32_t dish)
{
	for (size_t i = 0; i < q->dish_count; i++)
		if (q->dishes[i] == dish)
			return true;
	return false;
}

struct dish_list dish_alternatives(struct draft *d, const struct chat_question *q, uint32_t dish, bool anywhere)
{
	struct dish_list found = { arena_array(d->a, SAY_LIST, sizeof(uint32_t)), 0 };
	uint32_t category = d->s->dishes[dish].category_index;
	for (uint32_t i = 0; i < d->s->dish_count && found.n < 3; i++)
		if ((anywhere || d->s->dishes[i].category_index == category) && !is_meant(q, i) && dish_fits(d->s, q, i))
			found.v[found.n++] = i;
	return found;
}

/* --- allergens --- */

void say_tell_staff(struct draft *d)
{
	TELL(d, tell_staff, .dish = 0);
	draft_warn(d, chat_phrase(d->language, PHRASE_warn_staff));
}

void say_lost(struct draft *d)
{
	TELL(d, lost, .dish = 0);
}

/* What a dish lists, as allergens; a name that is none of ours is left to its claim. */
static size_t listed_allergens(struct draft *d, uint32_t dish, const char *const *v, size_t n, enum verdict verdict, enum allergen *names_r)
{
	size_t known = 0;
	for (size_t i = 0; i < n && i < QUESTION_ALLERGENS; i++) {
		enum allergen x = allergen_of_wire(v[i]);
		if (x == ALLERGEN_none) {
			struct allergen_set said = lexicon_allergens(d->a, v[i]);
			x = allergen_first(&said);
		}
		if (x != ALLERGEN_none)
			names_r[known++] = x;
		draft_verdict(d, dish, v[i], verdict);
	}
	return known;
}

void say_allergens(struct draft *d, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	static const struct allergen_info nothing;
	const struct allergen_info *info = item->allergen_info ? item->allergen_info : &nothing;
	enum allergen names[QUESTION_ALLERGENS];
	draft_card(d, dish);
	draft_listed(d, dish);
	size_t n = listed_allergens(d, dish, info->contains.v, info->contains.n, VERDICT_contains, names);
	if (n)
		TELL(d, it_contains, .names = names, .name_count = n);
	n = listed_allergens(d, dish, info->may_contain.v, info->may_contain.n, VERDICT_may_contain, names);
	if (n)
		TELL(d, it_may_contain, .names = names, .name_count = n);
	if (!info->reviewed_at && !info->contains.n && !info->may_contain.n)
		TELL(d, not_reviewed, .dish = dish);
	else if (!info->reviewed_at)
		TELL(d, others_not_reviewed, .dish = dish);
	else if (!info->contains.n)
		TELL(d, reviewed, .text = arena_printf(d->a, "%.10s", info->reviewed_at));
}

void say_declared(struct draft *d, uint32_t dish)
{
	draft_space(d);
	draft_dish(d, dish);
	draft_say(d, ":");
	say_allergens(d, dish);
}

/* What was asked, sorted by what the dish says about it. */
struct verdicts {
	enum allergen stated[QUESTION_ALLERGENS]; /* as the dish lists it */
	enum allergen ingredient;                 /* the last one that speaks against */
	size_t n;
};

static void sort_verdicts(struct draft *d, uint32_t dish, const enum allergen *asked, size_t n, struct verdicts v[4])
{
	for (size_t i = 0; i < n; i++) {
		struct allergen_question q = allergen_question(asked[i]);
		struct allergen_finding found = allergen_find(&q, &d->s->dishes[dish].allergens);
		struct verdicts *to = &v[found.verdict];
		size_t known = 0;
		while (known < to->n && to->stated[known] != found.stated)
			known++;
		if (known == to->n)
			to->stated[to->n++] = found.stated;
		to->ingredient = found.ingredient ? found.ingredient : to->ingredient;
		draft_verdict(d, dish, allergen_rows[found.stated].wire, found.verdict);
	}
}

static void say_unknown(struct draft *d, uint32_t dish, const struct verdicts *v)
{
	const struct allergen_facts *facts = &d->s->dishes[dish].allergens;
	struct said said = { .dish = dish, .names = v->stated, .name_count = v->n, .text = allergen_name(d->language, v->ingredient) };
	if (v->ingredient != ALLERGEN_none)
		draft_tell(d, PHRASE_unknown_ingredient, &said);
	else if (facts->declares_ingredients && !allergen_rows[v->stated[0]].regulated)
		draft_tell(d, PHRASE_unknown_not_named, &said);
	else
		draft_tell(d, facts->reviewed ? PHRASE_unknown_not_declared : PHRASE_unknown_not_reviewed, &said);
}

static void say_absent(struct draft *d, uint32_t dish, const struct verdicts *v)
{
	const struct allergen_info *info = d->s->dishes[dish].item->allergen_info;
	struct said said = { .dish = dish, .names = v->stated, .name_count = v->n };
	bool reviewed = info && info->reviewed_at;
	if (reviewed)
		said.text = arena_printf(d->a, "%.10s", info->reviewed_at);
	draft_tell(d, reviewed ? PHRASE_absent_reviewed : PHRASE_absent_declared, &said);
}

void say_verdicts(struct draft *d, uint32_t dish, const enum allergen *asked, size_t n)
{
	struct verdicts v[4] = { 0 };
	sort_verdicts(d, dish, asked, n, v);
	if (v[VERDICT_contains].n)
		TELL(d, contains, .dish = dish, .names = v[VERDICT_contains].stated, .name_count = v[VERDICT_contains].n);
	if (v[VERDICT_may_contain].n)
		TELL(d, may_contain, .dish = dish, .names = v[VERDICT_may_contain].stated, .name_count = v[VERDICT_may_contain].n);
	if (v[VERDICT_unknown].n)
		say_unknown(d, dish, &v[VERDICT_unknown]);
	if (v[VERDICT_free_of].n)
		say_absent(d, dish, &v[VERDICT_free_of]);
}

/* --- one dish --- */

void say_sold_out(struct draft *d, uint32_t dish)
{
	TELL(d, is_sold_out, .dish = dish);
	draft_available_claim(d, dish);
}

void say_available(struct draft *d, uint32_t dish)
{
	TELL(d, can_order, .dish = dish);
	draft_available_claim(d, dish);
}

void say_price(struct draft *d, uint32_t dish)
{
	draft_tell(d, d->s->dishes[dish].item->has_price ? PHRASE_costs : PHRASE_at_market, &(struct said){ .dish = dish });
}

/* What may be repeated of the ingredients: not "nut-free chocolate". */
static struct name_list plain_ingredients(struct draft *d, const struct menu_item *item)
{
	struct name_list found = { arena_array(d->a, INGREDIENTS_SAID, sizeof(char *)), 0 };
	for (size_t i = 0; i < item->ingredients.n && found.n < INGREDIENTS_SAID; i++) {
		const char *name = item->ingredients.v[i]->name;
		struct words words = words_of(d->a, name, WORDS_MAX);
		uint64_t meanings = 0;
		for (size_t w = 0; w < words.n; w++)
			meanings |= lexicon_at(words.v + w, words.n - w).meanings;
		if (!(meanings & (MEANS(without) | MEANS(promise) | MEANS(rules))))
			found.v[found.n++] = name;
	}
	return found;
}

void say_ingredients(struct draft *d, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	struct name_list names = plain_ingredients(d, item);
	const char *text = "";
	for (size_t i = 0; i < names.n; i++)
		text = arena_printf(d->a, "%s%s%s", text, draft_joint(d, i, item->ingredients.n, PHRASE_and), names.v[i]);
	enum phrase all = names.n < item->ingredients.n ? PHRASE_made_with_more : PHRASE_made_with;
	draft_tell(d, names.n ? all : PHRASE_no_ingredients, &(struct said){ .dish = dish, .text = text });
}

static const char *full_stop(const char *prose)
{
	return strchr(".!?", prose[strlen(prose) - 1]) ? "" : ".";
}

void say_about(struct draft *d, uint32_t dish)
{
	const struct menu_dish *it = &d->s->dishes[dish];
	enum phrase opener = it->item->is_available ? draft_pick_phrase(d, PHRASE_about_1, 3) : PHRASE_about_1;
	if (it->item->is_available)
		draft_available_claim(d, dish);
	if (it->item->has_price)
		draft_tell(d, opener, &(struct said){ .dish = dish });
	else
		say_price(d, dish);
	if (it->prose)
		draft_say(d, " %s%s", it->prose, full_stop(it->prose));
	say_allergens(d, dish);
}

/* --- the dishes that are meant --- */

static void say_alternatives(struct draft *d, const struct chat_question *q, uint32_t dish, bool anywhere)
{
	struct dish_list found = dish_alternatives(d, q, dish, false);
	if (!found.n && anywhere)
		found = dish_alternatives(d, q, dish, true);
	if (!found.n)
		return;
	TELL(d, instead, .dishes = found.v, .dish_count = found.n, .max = 3);
	for (size_t i = 0; i < found.n; i++)
		for (size_t x = 0; x < q->avoided_count; x++)
			draft_verdict(d, found.v[i], allergen_rows[q->avoided[x]].wire, VERDICT_free_of);
}

static bool is_asked(const struct chat_question *q, enum allergen x)
{
	for (size_t i = 0; i < q->asked_count; i++)
		if (q->asked[i] == x)
			return true;
	return false;
}

static void warn_of(struct draft *d, uint32_t dish, const struct allergen_question *avoiding)
{
	struct allergen_finding found = allergen_find(avoiding, &d->s->dishes[dish].allergens);
	struct said said = { .text = allergen_name(d->language, found.stated), .other = d->s->dishes[dish].item->name };
	static const enum phrase warnings[] = { [VERDICT_unknown] = PHRASE_warn_unknown, [VERDICT_may_contain] = PHRASE_warn_may_contain, [VERDICT_contains] = PHRASE_warn_contains };
	if (found.verdict != VERDICT_free_of)
		draft_warn(d, draft_text(d, warnings[found.verdict], &said));
}

void warn_dish(struct draft *d, const struct chat_question *q, uint32_t dish)
{
	for (size_t i = 0; i < q->avoided_count; i++)
		warn_of(d, dish, &q->avoiding[i]);
}

/* What the guest must not eat is said without being asked; true when the dish is not for them. */
static bool say_profile(struct draft *d, const struct chat_question *q, uint32_t dish)
{
	enum allergen rest[QUESTION_ALLERGENS];
	size_t n = 0;
	for (size_t i = 0; i < q->avoided_count; i++)
		if (!is_asked(q, q->avoided[i]))
			rest[n++] = q->avoided[i];
	warn_dish(d, q, dish);
	if (n) {
		TELL(d, told_us, .names = rest, .name_count = n);
		say_verdicts(d, dish, rest, n);
	}
	return dish_worst(d->s, q, dish) >= VERDICT_may_contain;
}

static void say_diet(struct draft *d, const struct chat_question *q, uint32_t dish)
{
	struct chat_question diet = { .wants_vegan = question_means(q, MEANS(vegan)), .wants_vegetarian = true };
	bool suits = dish_suits_diet(&diet, d->s->dishes[dish].item);
	if (diet.wants_vegan)
		draft_tell(d, suits ? PHRASE_dish_vegan : PHRASE_dish_not_vegan, &(struct said){ .dish = dish });
	else
		draft_tell(d, suits ? PHRASE_dish_vegetarian : PHRASE_dish_not_vegetarian, &(struct said){ .dish = dish });
}

/* Both tell about allergens as well, which go together with what is in a dish and with whom it suits. */
static void say_contents(struct draft *d, const struct chat_question *q, uint32_t dish)
{
	say_ingredients(d, dish);
	if (!q->asked_count)
		say_allergens(d, dish);
}

static void say_suits(struct draft *d, const struct chat_question *q, uint32_t dish)
{
	say_diet(d, q, dish);
	if (!q->asked_count && !question_means(q, MEANS(contents)))
		say_allergens(d, dish);
}

static void say_no_nutrition(struct draft *d, const struct chat_question *q, uint32_t dish)
{
	(void)q;
	TELL(d, no_nutrition_dish, .dish = dish);
}

static void say_spice(struct draft *d, const struct chat_question *q, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	(void)q;
	if (item->has_spice_level)
		TELL(d, spice, .dish = dish, .number = (size_t)item->spice_level);
	else
		TELL(d, no_spice, .dish = dish);
}

/* What may be asked of a dish, in the order in which it is told. */
static const struct aspect {
	uint64_t meanings;
	void (*say)(struct draft *d, const struct chat_question *q, uint32_t dish);
} aspects[] = {
	{ MEANS(contents), say_contents },
	{ MEANS(vegan) | MEANS(vegetarian), say_suits },
	{ MEANS(nutrition), say_no_nutrition },
	{ MEANS(spicy) | MEANS(mild), say_spice },
};

/* "How many calories" is no question about money; "which is cheaper" is one. */
static bool asks_price(const struct chat_question *q)
{
	bool compared = q->dish_count > 1 && question_means(q, MEANS(cheap) | MEANS(dear));
	return compared || (question_means(q, MEANS(price)) && !question_means(q, MEANS(nutrition)));
}

static void say_asked(struct draft *d, const struct chat_question *q, uint32_t dish)
{
	bool said = asks_price(q);
	if (said)
		say_price(d, dish);
	for (size_t i = 0; i < sizeof(aspects) / sizeof(*aspects); i++)
		if (question_means(q, aspects[i].meanings))
			said = (aspects[i].say(d, q, dish), true);
	if (question_means(q, MEANS(undeclared)))
		TELL(d, undeclared, .dish = 0);
	if (q->asked_count)
		said = (say_verdicts(d, dish, q->asked, q->asked_count), true);
	if (!said && (d->s->dishes[dish].item->is_available || question_means(q, MEANS(about) | MEANS(contain))))
		say_about(d, dish);
}

static void say_one(struct draft *d, const struct chat_question *q, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	if (!item->is_available)
		say_sold_out(d, dish);
	say_asked(d, q, dish);
	bool conflict = say_profile(d, q, dish);
	if ((!item->is_available || conflict) && draft_room(d, 3 * (3 + q->avoided_count)))
		say_alternatives(d, q, dish, question_means(q, MEANS(recommend)));
}

void say_dishes(struct draft *d, const struct chat_question *q)
{
	if (q->dish_count > PARTIAL_SAID) {
		TELL(d, several, .dishes = q->dishes, .dish_count = q->dish_count, .max = QUESTION_DISHES);
		for (size_t i = 0; i < q->dish_count && q->asked_count; i++)
			say_verdicts(d, q->dishes[i], q->asked, q->asked_count);
	} else {
		for (size_t i = 0; i < q->dish_count; i++)
			say_one(d, q, q->dishes[i]);
	}
	if (question_means(q, MEANS(pair)))
		list_drinks_with(d, q);
	if (question_means(q, MEANS(promise)) && !q->asked_count)
		TELL(d, only_declared, .dish = 0);
	if ((q->asked_count && !q->disliked_count) || q->avoided_count || question_means(q, MEANS(contain) | MEANS(promise)))
		say_tell_staff(d);
	if (question_means(q, MEANS(order)))
		TELL(d, no_orders, .dish = 0);
}
