/* test_gate_property.c - random menus, random sentences of which it is known whether they are true: no false one passes, and few true ones are lost. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "schemas.h"
#include "tests/support/menu_fixture.h"
#include "workers/chat_gate_check.h"
#include "workers/menu_facts.h"

#define SENTENCES 100000
#define KEPT_AT_LEAST 0.95

static unsigned seed = 20261128;

static size_t chance(size_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

struct play {
	struct arena *a;
	const struct menu_snapshot *s;
	uint32_t dish, other;
};

static const struct menu_item *item(const struct play *p)
{
	return p->s->dishes[p->dish].item;
}

/* Each makes a sentence and says whether it is true. */
typedef const char *make_fn(struct play *p, bool *true_r);

static const char *price(struct play *p, bool *true_r)
{
	static const char *const forms[] = { "The %s costs %s.", "%s: %s!", "Our %s is %s today.", "Das %s kostet %s.", "El %s cuesta %s.", "Le %s coûte %s.", "Il %s costa %s.", "O %s custa %s.", "De %s kost %s." };
	const struct menu_item *priced = chance(2) ? item(p) : p->s->dishes[p->other].item;
	double amount = chance(4) ? priced->price : (double)(100 + chance(3000)) / 100;
	const char *text = money_text(p->a, p->s->restaurant->currency, amount);
	*true_r = item(p)->has_price && !strcmp(text, money_text(p->a, p->s->restaurant->currency, item(p)->price));
	return arena_printf(p->a, forms[chance(9)], item(p)->name, text);
}

static const char *two_prices(struct play *p, bool *true_r)
{
	const struct menu_item *x = item(p), *y = p->s->dishes[p->other].item;
	bool swapped = chance(2);
	const char *currency = p->s->restaurant->currency;
	*true_r = x->has_price && y->has_price && (!swapped || x->price == y->price);
	return arena_printf(p->a, "%s for %s and %s for %s are lovely.", x->name, money_text(p->a, currency, swapped ? y->price : x->price), y->name,
	                    money_text(p->a, currency, swapped ? x->price : y->price));
}

static enum allergen any_allergen(void)
{
	return (enum allergen)(1 + chance(14));
}

static enum verdict verdict_of(const struct play *p, enum allergen x)
{
	struct allergen_question q = allergen_question(x);
	return allergen_find(&q, &p->s->dishes[p->dish].allergens).verdict;
}

/* Half of the time one that the dish lists, so that true ones are not rare. */
static enum allergen some_allergen(const struct play *p, enum verdict wanted)
{
	for (int i = 0; i < 40; i++) {
		enum allergen x = any_allergen();
		if (verdict_of(p, x) == wanted)
			return x;
	}
	return any_allergen();
}

static const char *contains(struct play *p, bool *true_r)
{
	static const char *const forms[] = { "The %s contains %s.", "%s contains %s.", "Das %s enthält %s.", "El %s contiene %s.", "Le %s contient %s.", "Il %s contiene %s.", "De %s bevat %s." };
	enum allergen x = chance(2) ? some_allergen(p, VERDICT_contains) : any_allergen();
	*true_r = verdict_of(p, x) == VERDICT_contains;
	return arena_printf(p->a, forms[chance(7)], item(p)->name, allergen_name(LANGUAGE_en, x));
}

static const char *may_contain(struct play *p, bool *true_r)
{
	static const char *const forms[] = { "The %s may contain %s.", "%s may contain traces of %s.", "Das %s kann %s enthalten.", "El %s puede contener %s.", "Le %s peut contenir %s." };
	enum allergen x = chance(2) ? some_allergen(p, VERDICT_may_contain) : any_allergen();
	*true_r = verdict_of(p, x) == VERDICT_may_contain;
	return arena_printf(p->a, forms[chance(5)], item(p)->name, allergen_name(LANGUAGE_en, x));
}

/* Never for a model to say. */
static const char *is_without(struct play *p, bool *true_r)
{
	static const char *const forms[] = { "The %s contains no %s.", "%s is %s-free.", "There is no trace of %2$s in the %1$s.", "%s is made without %s.", "Das %s enthält kein %s.", "%s ist ohne %s.", "El %s no contiene %s.",
		                             "%s es sin %s.", "Le %s ne contient pas de %s.", "%s sans %s.", "Il %s non contiene %s.", "%s senza %s.", "O %s não contém %s.", "%s sem %s.", "De %s bevat geen %s.", "%s zonder %s." };
	*true_r = false;
	return arena_printf(p->a, forms[chance(16)], item(p)->name, allergen_name(LANGUAGE_en, any_allergen()));
}

static const char *available(struct play *p, bool *true_r)
{
	static const char *const there[] = { "The %s is available.", "I recommend the %s.", "Try our %s!", "Wir empfehlen %s.", "Le %s est disponible." };
	static const char *const gone[] = { "The %s is sold out today.", "%s ist ausverkauft.", "El %s está agotado." };
	bool says_there = chance(3);
	*true_r = item(p)->is_available == says_there;
	return arena_printf(p->a, says_there ? there[chance(5)] : gone[chance(3)], item(p)->name);
}

static const char *lie(struct play *p, bool *true_r)
{
	static const char *const forms[] = { "The %s is safe.", "I have ordered the %s for you.", "%s is guaranteed to be great.", "The Golden %s is lovely.", "Our %s Supreme is new.", "%s has 250 calories.",
		                             "%s is halal.", "Everybody with allergies loves the %s.", "Yes, the %s is all right for you.", "The %s is on the house.", "We do not have %s.", "%s is 50%% off." };
	*true_r = false;
	return arena_printf(p->a, forms[chance(12)], item(p)->name);
}

static make_fn *const makers[] = { price, two_prices, contains, may_contain, is_without, available, lie };

static bool passes(const struct play *p, const char *text)
{
	static struct chat_question q;
	struct gate_ground ground = { p->s, &q, GATE_NO_DISH };
	struct gate_manner manner = { .careful = false };
	struct gate_reading *r = arena_new_of(p->a, struct gate_reading);
	gate_read(p->a, &ground, text, r);
	return gate_check(p->a, &ground, &manner, r) == GATE_FAULT_none;
}

Test(gate_property, nothing_false_passes_and_little_that_is_true_is_lost, .timeout = 300)
{
	struct menu_snapshot *menus[] = { menu_fixture(OLIVE), menu_fixture(JAR), menu_fixture_large(60), menu_fixture_large(300) };
	size_t true_ones = 0, kept = 0, wrong = 0, shown = 0;
	for (size_t i = 0; i < SENTENCES && wrong < 20; i++) {
		struct play p = { .a = arena_new(), .s = menus[chance(4)] };
		p.dish = (uint32_t)chance(p.s->dish_count);
		p.other = (uint32_t)chance(p.s->dish_count);
		bool is_true;
		const char *text = makers[chance(sizeof(makers) / sizeof(*makers))](&p, &is_true);
		/* Whoever recommends what is sold out says something false, in whatever sentence. */
		bool hides = !item(&p)->is_available && !strstr(text, "sold out") && !strstr(text, "ausverkauft") && !strstr(text, "agotado");
		bool pass = passes(&p, text);
		wrong += pass && !is_true;
		cr_expect(!pass || is_true, "false, but it passes: %s", text);
		if (is_true && !hides && p.s->dishes[p.other].item->is_available) {
			true_ones++;
			kept += pass;
			if (!pass && shown++ < 12)
				printf("lost: %s\n", text);
		}
		arena_free(&p.a);
	}
	printf("%d sentences, %zu true ones, %.2f%% of them kept\n", SENTENCES, true_ones, 100.0 * (double)kept / (double)true_ones);
	cr_assert_gt((double)kept, KEPT_AT_LEAST * (double)true_ones);
	for (size_t i = 0; i < 4; i++)
		menu_snapshot_drop(&menus[i]);
}
