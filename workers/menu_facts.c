/* menu_facts.c - see menu_facts.h. */
#include "workers/menu_facts.h"

#include <string.h>

#include "schemas.h"
#include "workers/chat_lexicon.h"

#define LAST_LINE_MAX 120
#define PROSE_MAX 300 /* bytes; longer descriptions are not quoted */

struct currency {
	const char *code, *sign; /* sign NULL: the code stands behind the amount */
	int decimals;
};

static const struct currency currencies[] = {
	{ "EUR", "€", 2 },
	{ "USD", "$", 2 },
	{ "GBP", "£", 2 },
	{ "JPY", "¥", 0 },
	{ "INR", "₹", 2 },
	{ "KRW", "₩", 0 },
	{ "TRY", "₺", 2 },
	{ "BHD", NULL, 3 },
	{ "BIF", NULL, 0 },
	{ "CLP", NULL, 0 },
	{ "DJF", NULL, 0 },
	{ "GNF", NULL, 0 },
	{ "IQD", NULL, 3 },
	{ "ISK", NULL, 0 },
	{ "JOD", NULL, 3 },
	{ "KMF", NULL, 0 },
	{ "KWD", NULL, 3 },
	{ "LYD", NULL, 3 },
	{ "OMR", NULL, 3 },
	{ "PYG", NULL, 0 },
	{ "RWF", NULL, 0 },
	{ "TND", NULL, 3 },
	{ "UGX", NULL, 0 },
	{ "VND", NULL, 0 },
	{ "VUV", NULL, 0 },
	{ "XAF", NULL, 0 },
	{ "XOF", NULL, 0 },
	{ "XPF", NULL, 0 },
};

static struct currency currency_of(const char *code)
{
	for (size_t i = 0; i < sizeof(currencies) / sizeof(*currencies); i++)
		if (!strcmp(currencies[i].code, code))
			return currencies[i];
	return (struct currency){ code, NULL, 2 };
}

int money_decimals(const char *currency)
{
	return currency_of(currency).decimals;
}

const char *money_sign(const char *currency)
{
	return currency_of(currency).sign;
}

const char *money_text(struct arena *a, const char *currency, double amount)
{
	struct currency c = currency_of(currency);
	if (c.sign)
		return arena_printf(a, "%s%.*f", c.sign, c.decimals, amount);
	return arena_printf(a, "%.*f %s", c.decimals, amount, currency);
}

/* --- prose --- */

#define HARMFUL (MEANS(rules) | MEANS(promise) | MEANS(price) | MEANS(without) | MEANS(vegan) | MEANS(vegetarian) | \
	         MEANS(available) | MEANS(contain) | MEANS(sufferer) | MEANS(nutrition) | MEANS(hours))

static bool is_denial(const char *word)
{
	static const char *const words[] = { "not", "none", "never", "zero", "gratis", "nothing", "cannot", "nobody", "assistant", "user", "https", "http", "www" };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (!strcmp(word, words[i]))
			return true;
	return false;
}

static bool all_contained(const struct allergen_set *said, const struct allergen_facts *allergens)
{
	for (int i = 1; i < ALLERGEN_COUNT; i++) {
		if (!allergen_in(said, (enum allergen)i) || !allergen_rows[i].regulated)
			continue;
		struct allergen_question q = allergen_question((enum allergen)i);
		if (!allergens || allergen_find(&q, allergens).verdict != VERDICT_contains)
			return false;
	}
	return true;
}

bool menu_prose_harmless(struct arena *scratch, const char *text, const struct allergen_facts *allergens)
{
	if (!text || !*text || strlen(text) > PROSE_MAX || strpbrk(text, "0123456789{}<>[]:\n\t$\\|@#%"))
		return false;
	struct words words = words_of(scratch, text, WORDS_MAX);
	for (size_t i = 0; i < words.n; i++) {
		struct lexicon_hits hits = lexicon_at(words.v + i, words.n - i);
		if (hits.meanings & HARMFUL || is_denial(words.v[i].text))
			return false;
		if (hits.allergen_words && !all_contained(&hits.allergens, allergens))
			return false;
	}
	return words.n > 1;
}

/* --- the text for prompts --- */

static void name_in_words(struct buf *b, const char *wire)
{
	for (; *wire; wire++)
		buf_char(b, *wire == '_' ? ' ' : *wire);
}

static void words_list(struct buf *b, const char *title, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_str(b, i ? ", " : title);
		name_in_words(b, v[i]);
	}
}

static void ingredients(struct buf *b, const struct menu_item *item)
{
	for (size_t i = 0; i < item->ingredients.n; i++) {
		buf_str(b, i ? ", " : " | ingredients: ");
		buf_str(b, item->ingredients.v[i]->name);
	}
}

static void price(struct buf *b, const struct menu_snapshot *s, const struct menu_item *item)
{
	if (item->has_price)
		buf_printf(b, " | %.*f %s", s->decimals, item->price, s->restaurant->currency);
	else
		buf_str(b, " | market price, ask");
}

void menu_facts_dish(struct buf *b, const struct menu_snapshot *s, const struct menu_dish *dish)
{
	const struct menu_item *item = dish->item;
	const struct allergen_info *info = item->allergen_info;
	buf_printf(b, "- [%zu] %s", (size_t)(dish - s->dishes) + 1, item->name);
	price(b, s, item);
	buf_str(b, item->is_available ? " | available" : " | sold out today");
	if (info) {
		words_list(b, " | contains: ", info->contains.v, info->contains.n);
		words_list(b, " | may contain: ", info->may_contain.v, info->may_contain.n);
		words_list(b, " | free of: ", info->free_of.v, info->free_of.n);
	}
	if (info && info->reviewed_at)
		buf_printf(b, " | allergens reviewed on %.10s, free of the other regulated ones", info->reviewed_at);
	else
		buf_str(b, " | not reviewed: every other allergen is unknown, ask the staff");
	words_list(b, " | tags: ", item->tags.v, item->tags.n);
	ingredients(b, item);
	buf_char(b, '\n');
}

struct facts {
	struct buf text, line;
	const struct menu_category *category; /* of the line before */
	bool *told;                           /* of each dish */
	size_t n, max;
};

/* One dish, behind the name of its category when the one before has another; false when that does not fit. */
static bool tell(struct facts *f, const struct menu_snapshot *s, size_t i)
{
	const struct menu_dish *dish = &s->dishes[i];
	buf_reset(&f->line);
	if (dish->category != f->category)
		buf_printf(&f->line, "%s\n", dish->category->name);
	menu_facts_dish(&f->line, s, dish);
	if (buf_error(&f->line) || f->text.len + f->line.len + LAST_LINE_MAX > f->max)
		return false;
	buf_append(&f->text, f->line.data, f->line.len);
	f->category = dish->category;
	f->told[i] = true;
	f->n++;
	return true;
}

static void tell_all(struct facts *f, const struct menu_snapshot *s, const uint32_t *first, size_t n)
{
	bool room = true;
	for (size_t i = 0; room && i < n; i++)
		room = f->told[first[i]] || tell(f, s, first[i]);
	for (size_t i = 0; room && i < s->dish_count; i++)
		room = f->told[i] || tell(f, s, i);
	if (!s->dish_count)
		buf_str(&f->text, "(The menu has no dishes yet.)\n");
	else if (f->n < s->dish_count)
		buf_printf(&f->text, "(%zu more dishes are on the menu but not in this list.)\n", s->dish_count - f->n);
}

const char *menu_facts_some(struct arena *a, const struct menu_snapshot *s, const uint32_t *first, size_t n, size_t max, size_t *told_r)
{
	struct facts f = { .told = arena_array(a, s->dish_count + 1, sizeof(bool)), .max = max };
	buf_init(&f.text, max + LAST_LINE_MAX);
	buf_init(&f.line, MENU_FACTS_MAX);
	tell_all(&f, s, first, n);
	const char *text = arena_strdup(a, buf_text(&f.text));
	*told_r = f.n;
	buf_free(&f.line);
	buf_free(&f.text);
	return text;
}

void menu_facts_build(struct menu_snapshot *s)
{
	s->facts = menu_facts_some(s->arena, s, NULL, 0, MENU_FACTS_MAX, &s->facts_dishes);
}
