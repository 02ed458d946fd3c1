/* chat_draft.c - see chat_draft.h. */
#include "workers/chat_draft.h"

#include <stdarg.h>
#include <string.h>

#include "schemas.h"
#include "workers/menu_facts.h"

void draft_init(struct draft *d, struct arena *a, const struct menu_snapshot *s, const char *message_id)
{
	*d = (struct draft){ .a = a, .s = s, .seed = 2166136261u };
	for (const char *c = message_id; c && *c; c++)
		d->seed = (d->seed ^ (unsigned char)*c) * 16777619u;
	buf_init(&d->text, CHAT_WRITER_MAX);
	d->claims = arena_array(a, DRAFT_CLAIMS, sizeof(*d->claims));
	d->items = arena_array(a, DRAFT_ITEMS, sizeof(*d->items));
	d->warnings = arena_array(a, DRAFT_WARNINGS, sizeof(*d->warnings));
	d->suggestions = arena_array(a, DRAFT_SUGGESTIONS, sizeof(*d->suggestions));
	d->listed = arena_array(a, DRAFT_LISTED, sizeof(*d->listed));
}

void draft_finish(struct draft *d, struct answer *answer_r)
{
	size_t length = d->text.len;
	while (length && d->text.data[length - 1] == ' ')
		length--;
	*answer_r = (struct answer){
		.content = arena_strndup(d->a, buf_text(&d->text), length),
		.claims = d->claims,
		.claim_count = d->claim_count,
		.items = d->items,
		.item_count = d->item_count,
		.warnings = d->warnings,
		.warning_count = d->warning_count,
		.suggestions = d->suggestions,
		.suggestion_count = d->suggestion_count,
		.listed = d->listed,
		.listed_count = d->listed_count,
	};
	buf_free(&d->text);
}

bool draft_room(const struct draft *d, size_t claims)
{
	return d->claim_count + claims <= DRAFT_CLAIMS && d->text.len + claims * 24 + 1000 < CHAT_WRITER_MAX;
}

void draft_clear(struct draft *d)
{
	buf_reset(&d->text);
	d->claim_count = d->item_count = d->warning_count = d->suggestion_count = d->listed_count = 0;
	d->full = false;
}

void draft_say(struct draft *d, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	buf_str(&d->text, arena_vprintf(d->a, format, args));
	va_end(args);
}

void draft_space(struct draft *d)
{
	if (d->text.len && d->text.data[d->text.len - 1] != ' ')
		buf_char(&d->text, ' ');
}

enum phrase draft_pick_phrase(struct draft *d, enum phrase first, size_t n)
{
	d->seed = d->seed * 1664525u + 1013904223u;
	return (enum phrase)((size_t)first + (d->seed >> 16) % n);
}

static bool same(const char *x, const char *y)
{
	return x == y || (x && y && !strcmp(x, y));
}

static void add_claim(struct draft *d, const struct claim *claim)
{
	for (size_t i = 0; i < d->claim_count; i++)
		if (same(d->claims[i]->item_id, claim->item_id) && same(d->claims[i]->field, claim->field) && same(d->claims[i]->allergen, claim->allergen))
			return;
	if (d->claim_count == DRAFT_CLAIMS)
		d->full = true;
	else
		d->claims[d->claim_count++] = claim;
}

static void claim(struct draft *d, uint32_t dish, const char *field, const char *allergen, const char *value)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	struct claim *c = arena_new_of(d->a, struct claim);
	*c = (struct claim){ .item_id = item->id, .item = item->name, .field = field, .value = value, .allergen = allergen, .menu_version = d->s->version };
	add_claim(d, c);
}

bool draft_has(const struct draft *d, uint32_t dish, const char *field, const char *allergen)
{
	for (size_t i = 0; i < d->claim_count; i++)
		if (same(d->claims[i]->item_id, d->s->dishes[dish].item->id) && same(d->claims[i]->field, field) && (!allergen || same(d->claims[i]->allergen, allergen)))
			return true;
	return false;
}

static void add_card(struct draft *d, const struct answer_item *card)
{
	for (size_t i = 0; i < d->item_count; i++)
		if (!strcmp(d->items[i]->id, card->id))
			return;
	if (d->item_count < DRAFT_ITEMS)
		d->items[d->item_count++] = card;
}

void draft_card(struct draft *d, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	claim(d, dish, "existence", NULL, "true");
	struct answer_item *card = arena_new_of(d->a, struct answer_item);
	*card = (struct answer_item){ .id = item->id, .name = item->name, .price = item->price, .has_price = item->has_price, .image_url = item->image_url, .is_available = item->is_available };
	add_card(d, card);
}

void draft_dish(struct draft *d, uint32_t dish)
{
	buf_str(&d->text, d->s->dishes[dish].item->name);
	draft_card(d, dish);
}

void draft_price(struct draft *d, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	buf_str(&d->text, item->has_price ? money_text(d->a, d->s->restaurant->currency, item->price) : chat_phrase(d->language, PHRASE_market));
	draft_price_claim(d, dish);
}

void draft_price_claim(struct draft *d, uint32_t dish)
{
	const struct menu_item *item = d->s->dishes[dish].item;
	claim(d, dish, "price", NULL, item->has_price ? arena_printf(d->a, "%.*f", d->s->decimals, item->price) : "null");
}

void draft_available_claim(struct draft *d, uint32_t dish)
{
	claim(d, dish, "availability", NULL, d->s->dishes[dish].item->is_available ? "true" : "false");
}

const char *draft_joint(const struct draft *d, size_t i, size_t n, enum phrase last)
{
	if (!i)
		return "";
	return i + 1 < n ? ", " : chat_phrase(d->language, last);
}

/* "A (€3.50), B (€4.00) and C (sold out today)", the first `max` of them, then "and 4 more". */
static void list(struct draft *d, const struct said *x)
{
	size_t n = x->dish_count, shown = n > x->max ? x->max : n, parts = shown + (n > shown);
	for (size_t i = 0; i < shown; i++) {
		buf_str(&d->text, draft_joint(d, i, parts, PHRASE_and));
		draft_dish(d, x->dishes[i]);
		bool there = d->s->dishes[x->dishes[i]].item->is_available;
		if (there && x->without_prices)
			continue;
		draft_available_claim(d, x->dishes[i]);
		buf_str(&d->text, " (");
		if (there)
			draft_price(d, x->dishes[i]);
		else
			buf_str(&d->text, chat_phrase(d->language, PHRASE_sold_out));
		buf_char(&d->text, ')');
	}
	if (n > shown)
		buf_str(&d->text, draft_text(d, PHRASE_more, &(struct said){ .number = n - shown }));
}

static void names(struct draft *d, const struct said *x, enum phrase last)
{
	for (size_t i = 0; i < x->name_count; i++) {
		buf_str(&d->text, draft_joint(d, i, x->name_count, last));
		buf_str(&d->text, allergen_name(d->language, x->names[i]));
	}
}

static void slot(struct draft *d, char which, const struct said *x)
{
	switch (which) {
	case 'd':
		draft_dish(d, x->dish);
		break;
	case 'p':
		draft_price(d, x->dish);
		break;
	case 'l':
		list(d, x);
		break;
	case 'n':
		names(d, x, PHRASE_and);
		break;
	case 'o':
		names(d, x, PHRASE_or);
		break;
	default:
		buf_str(&d->text, which == 't' ? x->text : x->other);
	}
}

void draft_tell(struct draft *d, enum phrase phrase, const struct said *said)
{
	draft_space(d);
	for (const char *at = chat_phrase(d->language, phrase); *at;) {
		size_t plain = strcspn(at, "{");
		buf_append(&d->text, at, plain);
		at += plain;
		if (!*at)
			return;
		if (at[1] == 'c')
			buf_int(&d->text, (int64_t)said->number);
		else
			slot(d, at[1], said);
		at += 3;
	}
}

const char *draft_text(struct draft *d, enum phrase phrase, const struct said *said)
{
	const char *text = "";
	for (const char *at = chat_phrase(d->language, phrase); *at;) {
		int plain = (int)strcspn(at, "{");
		const char *value = at[plain] == '{' ? at[plain + 1] == 't' ? said->text : at[plain + 1] == 'u' ? said->other
		                                                                                                : arena_printf(d->a, "%zu", said->number)
		                                     : "";
		text = arena_printf(d->a, "%s%.*s%s", text, plain, at, value);
		at += plain + (at[plain] == '{' ? 3 : 0);
	}
	return text;
}

void draft_verdict(struct draft *d, uint32_t dish, const char *allergen, enum verdict verdict)
{
	static const char *const values[] = { "\"free_of\"", "\"unknown\"", "\"may_contain\"", "\"contains\"" };
	claim(d, dish, "allergen", allergen, values[verdict]);
}

static void add_text(const char **v, size_t *n, size_t max, const char *text)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp(v[i], text))
			return;
	if (*n < max)
		v[(*n)++] = text;
}

void draft_warn(struct draft *d, const char *warning)
{
	add_text(d->warnings, &d->warning_count, DRAFT_WARNINGS, warning);
}

void draft_listed(struct draft *d, uint32_t dish)
{
	add_text(d->listed, &d->listed_count, DRAFT_LISTED, d->s->dishes[dish].item->id);
}

void draft_claim_gone(struct draft *d, const char *item_id, const char *name)
{
	struct claim *c = arena_new_of(d->a, struct claim);
	*c = (struct claim){ .item_id = item_id, .item = name, .field = "existence", .value = "false", .menu_version = d->s->version };
	add_claim(d, c);
}

void draft_suggest(struct draft *d, const char *suggestion)
{
	add_text(d->suggestions, &d->suggestion_count, DRAFT_SUGGESTIONS, suggestion);
}

bool draft_take(struct draft *d, const struct answer *answer)
{
	size_t length = strlen(answer->content);
	if (d->claim_count + answer->claim_count > DRAFT_CLAIMS || d->text.len + length + 2 > CHAT_WRITER_MAX)
		return false;
	if (length)
		draft_space(d);
	buf_str(&d->text, answer->content);
	for (size_t i = 0; i < answer->claim_count; i++)
		add_claim(d, answer->claims[i]);
	for (size_t i = 0; i < answer->item_count; i++)
		add_card(d, answer->items[i]);
	for (size_t i = 0; i < answer->warning_count; i++)
		draft_warn(d, answer->warnings[i]);
	for (size_t i = 0; i < answer->suggestion_count; i++)
		draft_suggest(d, answer->suggestions[i]);
	for (size_t i = 0; i < answer->listed_count; i++)
		add_text(d->listed, &d->listed_count, DRAFT_LISTED, answer->listed[i]);
	return true;
}
