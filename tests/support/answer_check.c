/* answer_check.c - see answer_check.h. */
#include "tests/support/answer_check.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "schemas.h"
#include "common/allergen.h"

static const struct menu_item *item_by_id(const struct menu_snapshot *s, const char *id)
{
	for (size_t i = 0; i < s->dish_count; i++)
		if (!strcmp(s->dishes[i].item->id, id))
			return s->dishes[i].item;
	return NULL;
}

static bool in_strings(const char *const *v, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(v[i], text))
			return true;
	return false;
}

/* The rule of the contract, once more and by other means: the lists as they are written. */
static void check_allergen_claim(const struct menu_item *item, const struct claim *c, const char *message)
{
	const struct allergen_info *info = item->allergen_info;
	bool contains = in_strings(info->contains.v, info->contains.n, c->allergen), may = in_strings(info->may_contain.v, info->may_contain.n, c->allergen);
	if (!strcmp(c->value, "\"contains\"")) {
		bool ingredient = false;
		for (size_t i = 0; i < item->ingredients.n; i++)
			ingredient |= strncmp(item->ingredients.v[i]->name, c->allergen, 4) == 0 || strstr(item->ingredients.v[i]->name, allergen_name(LANGUAGE_en, allergen_of_wire(c->allergen)));
		cr_assert(contains || ingredient, "%s: %s contains %s?", message, item->name, c->allergen);
	} else if (!strcmp(c->value, "\"may_contain\"")) {
		cr_assert(may && !contains, "%s: %s may contain %s?", message, item->name, c->allergen);
	} else if (!strcmp(c->value, "\"free_of\"")) {
		cr_assert(!contains && !may, "%s: %s free of %s?", message, item->name, c->allergen);
		cr_assert(info->reviewed_at || in_strings(info->free_of.v, info->free_of.n, c->allergen), "%s: nobody reviewed %s", message, item->name);
	} else {
		cr_assert_str_eq(c->value, "\"unknown\"", "%s", message);
		cr_assert(!contains && !may, "%s: %s in %s is known", message, c->allergen, item->name);
	}
}

static void check_claim(const struct menu_snapshot *s, const struct claim *c, const char *message)
{
	const struct menu_item *item = item_by_id(s, c->item_id);
	cr_assert(item, "%s: a claim about no dish", message);
	cr_assert_str_eq(c->item, item->name);
	cr_assert_eq(c->menu_version, s->version);
	if (!strcmp(c->field, "price") && item->has_price)
		cr_assert_float_eq(strtod(c->value, NULL), item->price, 0.0001, "%s: %s", message, item->name);
	else if (!strcmp(c->field, "price"))
		cr_assert_str_eq(c->value, "null", "%s: %s", message, item->name);
	else if (!strcmp(c->field, "availability"))
		cr_assert_str_eq(c->value, item->is_available ? "true" : "false", "%s: %s", message, item->name);
	else if (!strcmp(c->field, "existence"))
		cr_assert_str_eq(c->value, "true");
	else
		check_allergen_claim(item, c, message);
}

bool answer_has_claim(const struct answer *answer, const char *item, const char *field, const char *value)
{
	for (size_t i = 0; i < answer->claim_count; i++)
		if (!strcmp(answer->claims[i]->item, item) && !strcmp(answer->claims[i]->field, field) && (!value || !strcmp(answer->claims[i]->value, value)))
			return true;
	return false;
}

/* The amount behind the sign, or the one before it ("6,50 €"). */
static double amount_at(const char *text, const char *at, const char *sign)
{
	char number[16] = "", *end;
	double amount = strtod(at + strlen(sign), &end);
	if (end != at + strlen(sign) && at[strlen(sign)] != ' ')
		return amount;
	while (at > text && at[-1] == ' ')
		at--;
	const char *from = at;
	while (from > text && strchr("0123456789.,", from[-1]))
		from--;
	for (size_t i = 0; from + i < at && i + 1 < sizeof(number); i++)
		number[i] = from[i] == ',' ? '.' : from[i];
	return strtod(number, NULL);
}

/* Every amount of money in the text is the claimed price of a dish that the text names. */
static void check_money(const struct menu_snapshot *s, const struct answer *answer, const char *message)
{
	const char *sign = strcmp(s->restaurant->currency, "EUR") ? "$" : "€";
	for (const char *at = strstr(answer->content, sign); at; at = strstr(at + 1, sign)) {
		double amount = amount_at(answer->content, at, sign);
		bool known = false;
		for (size_t i = 0; i < answer->claim_count && !known; i++)
			known = !strcmp(answer->claims[i]->field, "price") && strcmp(answer->claims[i]->value, "null") &&
			        strtod(answer->claims[i]->value, NULL) == amount && strstr(answer->content, answer->claims[i]->item);
		cr_assert(known, "%s: where does %.10s come from? %s", message, at, answer->content);
	}
}

bool answer_says(const char *content, const char *words)
{
	return strcasestr(content, words) != NULL;
}

static void check_words(const struct menu_snapshot *s, const struct answer *answer, const char *message)
{
	static const char *const never[] = { "safe", "guarantee", "allergen-free", "allergen free", "nut-free", "gluten-free", "SYSTEM", "instruction", "{{", "  " };
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
		cr_assert(!answer_says(answer->content, never[i]), "%s: %s in %s", message, never[i], answer->content);
	for (size_t i = 0; i < s->dish_count; i++)
		if (strstr(answer->content, s->dishes[i].item->name))
			cr_assert(answer_has_claim(answer, s->dishes[i].item->name, "existence", "true"), "%s: no claim for %s", message, s->dishes[i].item->name);
	cr_assert(!strstr(answer->content, "sold out") || strstr(answer->content, "sold out today"), "%s", message);
}

static bool has_verdict(const struct answer *answer, const char *item, const char *value)
{
	for (size_t i = 0; i < answer->claim_count; i++)
		if (!strcmp(answer->claims[i]->item, item) && !strcmp(answer->claims[i]->field, "allergen") && !strcmp(answer->claims[i]->value, value))
			return true;
	return false;
}

/* A sentence that says something about allergens of a dish has a claim of that kind for it. */
static void check_verdicts(const struct menu_snapshot *s, const struct answer *answer, const char *sentence, const char *message)
{
	static const struct {
		const char *words, *value;
	} kinds[] = { { " may contain ", "\"may_contain\"" }, { " contains ", "\"contains\"" }, { " contain ", "\"contains\"" }, { "unknown", "\"unknown\"" }, { "did not list", "\"free_of\"" } };
	size_t kind = 0;
	while (kind < sizeof(kinds) / sizeof(*kinds) && !strstr(sentence, kinds[kind].words))
		kind++;
	for (size_t i = 0; i < s->dish_count && kind < sizeof(kinds) / sizeof(*kinds); i++)
		if (strstr(sentence, s->dishes[i].item->name))
			cr_assert(has_verdict(answer, s->dishes[i].item->name, kinds[kind].value), "%s: no %s of %s for: %s", message, kinds[kind].value, s->dishes[i].item->name, sentence);
}

static void check_sentences(const struct menu_snapshot *s, const struct answer *answer, const char *message)
{
	char sentence[CHAT_WRITER_MAX];
	for (const char *at = answer->content; *at;) {
		const char *end = strstr(at, ". ");
		size_t length = end ? (size_t)(end - at) + 2 : strlen(at);
		memcpy(sentence, at, length);
		sentence[length] = '\0';
		check_verdicts(s, answer, sentence, message);
		at += length;
	}
}

void answer_check(const struct menu_snapshot *s, const struct answer *answer, const char *message)
{
	size_t length = strlen(answer->content);
	cr_assert(length > 0 && length < CHAT_WRITER_MAX, "%s", message);
	cr_assert(utf8_valid(answer->content, length), "%s", message);
	cr_assert_neq(answer->content[length - 1], ' ', "%s", message);
	cr_assert(answer->suggestion_count > 0 && answer->suggestion_count <= 3, "%s", message);
	for (size_t i = 0; i < answer->claim_count; i++)
		check_claim(s, answer->claims[i], message);
	for (size_t i = 0; i < answer->item_count; i++)
		cr_assert(item_by_id(s, answer->items[i]->id), "%s", message);
	check_money(s, answer, message);
	check_words(s, answer, message);
	check_sentences(s, answer, message);
}
