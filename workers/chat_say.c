/* chat_say.c - see chat_say.h. */
#include "workers/chat_say.h"

#include <string.h>

#include "schemas.h"

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

static bool diet_fits(const struct chat_question *q, const struct menu_item *item)
{
	if (q->wants_vegan)
		return has_tag(item, "vegan");
	return !q->wants_vegetarian || has_tag(item, "vegetarian") || has_tag(item, "vegan");
}

enum verdict dish_worst(const struct menu_snapshot *s, const struct chat_question *q, uint32_t dish)
{
	enum verdict worst = q->avoids_unknown ? VERDICT_unknown : VERDICT_free_of;
	for (size_t i = 0; i < q->avoided_count && worst < VERDICT_contains; i++) {
		enum verdict verdict = allergen_find(&q->avoiding[i], &s->dishes[dish].allergens).verdict;
		if (verdict > worst)
			worst = verdict;
	}
	return worst;
}

bool dish_fits(const struct menu_snapshot *s, const struct chat_question *q, uint32_t dish)
{
	const struct menu_item *item = s->dishes[dish].item;
	return item->is_available && diet_fits(q, item) && dish_worst(s, q, dish) == VERDICT_free_of;
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

static const char *name_of(struct draft *d, const char *wire)
{
	enum allergen x = allergen_of_wire(wire);
	if (x != ALLERGEN_none)
		return allergen_rows[x].name;
	char *name = arena_strdup(d->a, wire);
	for (char *c = name; *c; c++)
		if (*c == '_')
			*c = ' ';
	return name;
}

void say_names(struct draft *d, const enum allergen *v, size_t n, const char *last_joint)
{
	for (size_t i = 0; i < n; i++)
		draft_say(d, "%s%s", i && i + 1 == n ? last_joint : draft_joint(i, n), allergen_rows[v[i]].name);
}

void say_tell_staff(struct draft *d)
{
	draft_space(d);
	draft_say(d, "Please also tell our staff about the allergy before you order.");
	draft_warn(d, "Please tell our staff about any allergy before you order.");
}

void say_lost(struct draft *d)
{
	draft_space(d);
	draft_say(d, "Sorry, I lost my thread there; what counts is what the menu says.");
}

static void say_list(struct draft *d, uint32_t dish, const char *verb, const char *const *v, size_t n, enum verdict verdict)
{
	if (!n)
		return;
	draft_space(d);
	draft_say(d, "It %s ", verb);
	for (size_t i = 0; i < n && i < 14; i++) {
		draft_say(d, "%s%s", draft_joint(i, n), name_of(d, v[i]));
		draft_verdict(d, dish, v[i], verdict);
	}
	draft_say(d, ".");
}

void say_allergens(struct draft *d, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	static const struct allergen_info nothing;
	const struct allergen_info *info = item->allergen_info ? item->allergen_info : &nothing;
	draft_card(d, dish);
	say_list(d, dish, "contains", info->contains.v, info->contains.n, VERDICT_contains);
	say_list(d, dish, "may contain", info->may_contain.v, info->may_contain.n, VERDICT_may_contain);
	draft_space(d);
	if (!info->reviewed_at && !info->contains.n && !info->may_contain.n)
		draft_say(d, "Its allergens have not been reviewed yet, so please ask our staff.");
	else if (!info->reviewed_at)
		draft_say(d, "Other allergens have not been reviewed yet, so please ask our staff about those.");
	else if (!info->contains.n)
		draft_say(d, "Our kitchen reviewed its allergens on %.10s, so ask me about the one you have in mind.", info->reviewed_at);
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
	draft_space(d);
	if (v->ingredient != ALLERGEN_none) {
		draft_dish(d, dish);
		draft_say(d, " has %s among its ingredients, so please ask our staff about ", allergen_rows[v->ingredient].name);
	} else if (facts->declares_ingredients && !allergen_rows[v->stated[0]].regulated) {
		draft_say(d, "The declared ingredients of ");
		draft_dish(d, dish);
		draft_say(d, " do not name it, but that proves little, so please ask our staff about ");
	} else {
		draft_say(d, "For ");
		draft_dish(d, dish);
		draft_say(d, facts->reviewed ? " this is not declared, so please ask our staff about " : " this is unknown, because nobody has reviewed it yet, so please ask our staff about ");
	}
	say_names(d, v->stated, v->n, " and ");
	draft_say(d, ".");
}

static void say_absent(struct draft *d, uint32_t dish, const struct verdicts *v)
{
	const struct allergen_info *info = d->s->dishes[dish].item->allergen_info;
	draft_space(d);
	if (info && info->reviewed_at)
		draft_say(d, "Our kitchen reviewed the allergens of ");
	else
		draft_say(d, "The menu declares that ");
	draft_dish(d, dish);
	if (info && info->reviewed_at)
		draft_say(d, " on %.10s and did not list ", info->reviewed_at);
	else
		draft_say(d, " is made without ");
	say_names(d, v->stated, v->n, " or ");
	draft_say(d, ".");
}

void say_verdicts(struct draft *d, uint32_t dish, const enum allergen *asked, size_t n)
{
	static const char *const verbs[] = { [VERDICT_may_contain] = " may contain ", [VERDICT_contains] = " contains " };
	struct verdicts v[4] = { 0 };
	sort_verdicts(d, dish, asked, n, v);
	for (int i = VERDICT_contains; i >= VERDICT_may_contain; i--) {
		if (!v[i].n)
			continue;
		draft_space(d);
		draft_dish(d, dish);
		draft_say(d, "%s", verbs[i]);
		say_names(d, v[i].stated, v[i].n, " and ");
		draft_say(d, ".");
	}
	if (v[VERDICT_unknown].n)
		say_unknown(d, dish, &v[VERDICT_unknown]);
	if (v[VERDICT_free_of].n)
		say_absent(d, dish, &v[VERDICT_free_of]);
}

/* --- one dish --- */

void say_sold_out(struct draft *d, uint32_t dish)
{
	draft_space(d);
	draft_dish(d, dish);
	draft_say(d, " is ");
	draft_sold_out(d, dish);
	draft_say(d, ".");
}

void say_available(struct draft *d, uint32_t dish)
{
	draft_space(d);
	draft_dish(d, dish);
	draft_say(d, " can be ordered now.");
	draft_available_claim(d, dish);
}

void say_price(struct draft *d, uint32_t dish)
{
	draft_space(d);
	draft_dish(d, dish);
	if (d->s->dishes[dish].item->has_price) {
		draft_say(d, " costs ");
		draft_price(d, dish);
		draft_say(d, ".");
		return;
	}
	draft_say(d, " is sold at ");
	draft_price(d, dish);
	draft_say(d, ", so please ask our staff for today's.");
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
	draft_space(d);
	if (!names.n) {
		draft_say(d, "The menu does not declare the ingredients of ");
		draft_dish(d, dish);
		draft_say(d, ", so please ask our staff.");
		return;
	}
	draft_dish(d, dish);
	draft_say(d, " is made with ");
	for (size_t i = 0; i < names.n; i++)
		draft_say(d, "%s%s", draft_joint(i, item->ingredients.n), names.v[i]);
	draft_say(d, names.n < item->ingredients.n ? " and more." : ".");
}

static const char *full_stop(const char *prose)
{
	return strchr(".!?", prose[strlen(prose) - 1]) ? "" : ".";
}

void say_about(struct draft *d, uint32_t dish)
{
	static const char *const openers[] = { " is on our menu for ", " is yours for ", " is one of ours, for " };
	const struct menu_dish *it = &d->s->dishes[dish];
	if (it->item->has_price) {
		draft_space(d);
		draft_dish(d, dish);
		draft_say(d, "%s", it->item->is_available ? draft_pick(d, openers, 3) : " is on our menu for ");
		draft_price(d, dish);
		draft_say(d, ".");
	} else {
		say_price(d, dish);
	}
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
	draft_space(d);
	draft_say(d, "Instead you could have ");
	draft_list(d, found.v, found.n, 3);
	draft_say(d, ".");
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
	const char *name = d->s->dishes[dish].item->name, *what = allergen_rows[found.stated].name;
	if (found.verdict == VERDICT_unknown)
		draft_warn(d, arena_printf(d->a, "%s: unknown for %s, ask the staff.", what, name));
	else if (found.verdict != VERDICT_free_of)
		draft_warn(d, arena_printf(d->a, "%s %s %s.", name, found.verdict == VERDICT_contains ? "contains" : "may contain", what));
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
		draft_space(d);
		draft_say(d, "You told us about ");
		say_names(d, rest, n, " and ");
		draft_say(d, ", so mind this:");
		say_verdicts(d, dish, rest, n);
	}
	return dish_worst(d->s, q, dish) >= VERDICT_may_contain;
}

static void say_asked(struct draft *d, const struct chat_question *q, uint32_t dish)
{
	bool said = false;
	if (question_means(q, MEANS(price)))
		said = (say_price(d, dish), true);
	if (question_means(q, MEANS(contents)))
		said = (say_ingredients(d, dish), true);
	if (question_means(q, MEANS(nutrition))) {
		draft_space(d);
		draft_say(d, "Nutrition values are not declared for ");
		draft_dish(d, dish);
		draft_say(d, ", so please ask our staff.");
		said = true;
	}
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
	if (item->has_spice_level && question_means(q, MEANS(spicy))) {
		draft_space(d);
		draft_say(d, "Its spice level is %d.", (int)item->spice_level);
	}
	bool conflict = say_profile(d, q, dish);
	if ((!item->is_available || conflict) && draft_room(d, 3 * (3 + q->avoided_count)))
		say_alternatives(d, q, dish, question_means(q, MEANS(recommend)));
}

void say_dishes(struct draft *d, const struct chat_question *q)
{
	if (q->dish_count > PARTIAL_SAID) {
		draft_say(d, "Several of our dishes could be meant: ");
		draft_list(d, q->dishes, q->dish_count, QUESTION_DISHES);
		draft_say(d, ". Which one would you like to hear about?");
		for (size_t i = 0; i < q->dish_count && q->asked_count; i++)
			say_verdicts(d, q->dishes[i], q->asked, q->asked_count);
	} else {
		for (size_t i = 0; i < q->dish_count; i++)
			say_one(d, q, q->dishes[i]);
	}
	if (question_means(q, MEANS(promise)) && !q->asked_count) {
		draft_space(d);
		draft_say(d, "I can only tell you what the menu declares, and a promise is for our staff to give.");
	}
	if (q->asked_count || q->avoided_count || question_means(q, MEANS(contain) | MEANS(promise)))
		say_tell_staff(d);
	if (question_means(q, MEANS(order))) {
		draft_space(d);
		draft_say(d, "I cannot take orders myself, but our staff gladly will.");
	}
}
