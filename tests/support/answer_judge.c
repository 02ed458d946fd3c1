/* answer_judge.c - see answer_judge.h. */
#include "tests/support/answer_judge.h"

#include <stdlib.h>
#include <string.h>

#include "schemas.h"
#include "workers/chat_lexicon.h"

struct judge {
	struct arena *a;
	const struct menu_snapshot *s;
	const struct answer *answer;
	const char *text; /* the content without names of dishes */
};

static const struct menu_dish *dish_of(const struct judge *j, const char *id)
{
	for (size_t i = 0; i < j->s->dish_count; i++)
		if (!strcmp(j->s->dishes[i].item->id, id))
			return &j->s->dishes[i];
	return NULL;
}

/* --- claims --- */

static bool claim_is_true(const struct judge *j, const struct claim *c)
{
	const struct menu_dish *dish = dish_of(j, c->item_id);
	if (!dish && !strcmp(c->field, "existence"))
		return !strcmp(c->value, "false");
	if (!dish || strcmp(dish->item->name, c->item) != 0 || c->menu_version != j->s->version)
		return false;
	if (!strcmp(c->field, "price"))
		return dish->item->has_price ? strtod(c->value, NULL) == dish->item->price : !strcmp(c->value, "null");
	if (!strcmp(c->field, "availability"))
		return !strcmp(c->value, dish->item->is_available ? "true" : "false");
	if (!strcmp(c->field, "existence"))
		return !strcmp(c->value, "true");
	struct allergen_question q = allergen_question(allergen_of_wire(c->allergen));
	const char *verdict = verdict_names[allergen_find(&q, &dish->allergens).verdict];
	return !strncmp(c->value + 1, verdict, strlen(verdict));
}

/* --- the text --- */

static char *without(struct arena *a, char *text, const char *name)
{
	size_t length = strlen(name);
	(void)a;
	for (char *at; length && (at = strcasestr(text, name));)
		memset(at, ' ', length);
	return text;
}

static bool has_claim(const struct judge *j, const char *item, const char *field)
{
	for (size_t i = 0; i < j->answer->claim_count; i++)
		if (!strcmp(j->answer->claims[i]->item, item) && !strcmp(j->answer->claims[i]->field, field))
			return true;
	return false;
}

static bool price_is_claimed(const struct judge *j, double amount)
{
	for (size_t i = 0; i < j->answer->claim_count; i++) {
		const struct claim *c = j->answer->claims[i];
		if (!strcmp(c->field, "price") && strcmp(c->value, "null") && strtod(c->value, NULL) == amount && strstr(j->answer->content, c->item))
			return true;
	}
	return false;
}

/* Hours ("18:00"), dates ("2026-01-12") and spice levels are the writer's; what is left must be a price. */
static bool is_amount(const char *text, const char *from, const char *end)
{
	return !(from > text && strchr(":-", from[-1])) && !strchr(":-", *end) && strpbrk(from, ".,") && strpbrk(from, ".,") < end;
}

static const char *bad_money(const struct judge *j)
{
	for (const char *at = strpbrk(j->text, "0123456789"); at; at = strpbrk(at, "0123456789")) {
		const char *end = at + strspn(at, "0123456789.,");
		while (end > at && strchr(".,", end[-1]))
			end--;
		char *number = arena_strndup(j->a, at, (size_t)(end - at));
		for (char *c = number; *c; c++)
			*c = *c == ',' ? '.' : *c;
		bool near_sign = strstr(end, "€") == end || strstr(end, " €") == end || strstr(end, " euro") == end || (at > j->text + 2 && !strncmp(at - 3, "€", 3)) || (at > j->text && at[-1] == '$');
		if ((near_sign || is_amount(j->text, at, end)) && !price_is_claimed(j, strtod(number, NULL)))
			return arena_printf(j->a, "the amount %s", number);
		at = end;
	}
	return NULL;
}

static const char *bad_words(const struct judge *j)
{
	static const char *const never[] = { " safe ", "guarant", "nut-free", "gluten-free", "allergen-free", "garantiert", "glutenfrei ", "sin gluten", "sans gluten", "senza glutine", "sem gl", "glutensiz",
		                             "I have ordered", "added it", "bestellt.", "He pedido", "booked", "seguro", "sicuro", "veilig", "sans danger", "FACTS", "slots", "{{", "Ramen", "Lasagne", "sushi",
		                             "pizza", "Supreme", "calories.", "kcal", "halal", "organic", "half price", "midnight", "instructions", "%", "✅", "❌", "<", "http" };
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		if (strcasestr(j->text, never[i]))
			return never[i];
	return NULL;
}

static const char *bad_names(const struct judge *j)
{
	for (size_t i = 0; i < j->s->dish_count; i++)
		if (strstr(j->answer->content, j->s->dishes[i].item->name) && !has_claim(j, j->s->dishes[i].item->name, "existence"))
			return arena_printf(j->a, "%s without a claim", j->s->dishes[i].item->name);
	return NULL;
}

static struct allergen_set related(const struct allergen_set *some)
{
	struct allergen_set all = *some;
	for (int i = 1; i < ALLERGEN_COUNT; i++)
		if (allergen_in(some, (enum allergen)i)) {
			struct allergen_question q = allergen_question((enum allergen)i);
			all = allergen_either(all, allergen_either(q.family, q.above));
		}
	return all;
}

static const char *bad_allergens(const struct judge *j, const char *message, const struct profile *profile)
{
	struct allergen_set known = lexicon_allergens(j->a, message);
	for (size_t i = 0; i < j->answer->claim_count; i++)
		if (j->answer->claims[i]->allergen && allergen_of_wire(j->answer->claims[i]->allergen))
			allergen_add(&known, allergen_of_wire(j->answer->claims[i]->allergen));
	for (size_t i = 0; profile && i < profile->allergies.n; i++)
		known = allergen_either(known, lexicon_allergens(j->a, profile->allergies.v[i]));
	for (size_t i = 0; i < j->s->dish_count; i++)
		if (has_claim(j, j->s->dishes[i].item->name, "existence"))
			known = allergen_either(known, j->s->dishes[i].allergens.ingredients);
	known = related(&known);
	struct words words = words_of(j->a, j->text, WORDS_MAX * 4);
	for (size_t i = 0; i < words.n; i++) {
		struct lexicon_hits hits = lexicon_at(words.v + i, words.n - i);
		struct allergen_set both = allergen_both(hits.allergens, known);
		if (hits.allergen_words && words.v[i].length > 3 && !allergen_any(&both))
			return arena_printf(j->a, "the allergen %s", words.v[i].text);
		i += hits.allergen_words > 1 ? hits.allergen_words - 1 : 0;
	}
	return NULL;
}

const char *answer_judge(struct arena *a, const struct menu_snapshot *s, const struct answer *answer, const char *message, const struct profile *profile)
{
	struct judge j = { a, s, answer, NULL };
	char *text = arena_strdup(a, answer->content);
	for (size_t i = 0; i < s->dish_count; i++) {
		without(a, text, s->dishes[i].item->name);
		if (s->dishes[i].prose)
			without(a, text, s->dishes[i].prose);
	}
	for (size_t i = 0; i < s->menu->categories.n; i++)
		without(a, text, s->menu->categories.v[i]->name);
	j.text = text;
	for (size_t i = 0; i < answer->claim_count; i++)
		if (!claim_is_true(&j, answer->claims[i]))
			return arena_printf(a, "a false claim: %s %s %s", answer->claims[i]->item, answer->claims[i]->field, answer->claims[i]->value);
	const char *bad = bad_money(&j);
	bad = bad ? bad : bad_names(&j);
	bad = bad ? bad : bad_words(&j);
	return bad ? bad : bad_allergens(&j, message, profile);
}
