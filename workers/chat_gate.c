/* chat_gate.c - see chat_gate.h. */
#include "workers/chat_gate.h"

#include <stdlib.h>
#include <string.h>

#include "schemas.h"
#include "workers/chat_profile.h"
#include "workers/chat_say.h"
#include "workers/menu_facts.h"

#define SCRATCH_MAX ((size_t)2 << 20) /* of one sentence */
#define ROOM_LEFT 1500                /* bytes of the answer that are kept for facts */
#define TRUTHS_MAX 4                  /* sentences that facts replace, in one answer */
#define SMALL_TALK_LEAST 20           /* bytes that answer a greeting */
#define TRUTH_DISHES 2                /* dishes of one such sentence */

struct chat_gate {
	struct arena *a;
	struct writer_input in;
	chat_gate_out *out;
	void *ctx;
	struct chat_question q;
	struct draft draft;
	struct buf open;  /* the sentence that is not complete yet */
	bool overlong;    /* it is too long: skipped to its end */
	bool newline;     /* it began a line */
	bool facts_first; /* the writer's answer was said before the model's */
	struct gate_manner manner;
	uint32_t subject;              /* the dish that "it" would be */
	size_t given, passed, telling; /* bytes that went out; sentences of the model; those that say more than "hello" */
	size_t truths, faults[GATE_FAULT_COUNT];
};

/* --- what goes out --- */

static void give_out(struct chat_gate *g)
{
	size_t length = g->draft.text.len;
	while (length > g->given && g->draft.text.data[length - 1] == ' ')
		length--; /* what does not follow must not be missed */
	if (length == g->given)
		return;
	size_t from = g->given;
	g->given = length;
	g->out(g->ctx, g->draft.text.data + from, length - from);
}

static bool say_own(struct chat_gate *g)
{
	struct answer own;
	chat_write_answer(g->a, &g->in, &g->q, &own);
	return draft_take(&g->draft, &own);
}

/* --- the beginning --- */

static bool wants_care(const struct chat_question *q)
{
	return q->asked_count || q->avoided_count || q->avoids_unknown ||
	       question_means(q, MEANS(contain) | MEANS(sufferer) | MEANS(eat) | MEANS(promise) | MEANS(without) | MEANS(rules) | MEANS(emergency) | MEANS(undeclared));
}

/* Questions whose answer is a fact: all but small talk, what is good, and what is no matter of ours. */
static bool wants_facts(const struct chat_question *q)
{
	uint64_t facts = MEANS(price) | MEANS(available) | MEANS(contents) | MEANS(nutrition) | MEANS(hours) | MEANS(order) | MEANS(person) | MEANS(have) |
	                 MEANS(vegan) | MEANS(vegetarian) | MEANS(cheap) | MEANS(dear) | MEANS(spicy) | MEANS(menu) | MEANS(identity) | MEANS(service);
	bool about_menu = q->dish_count || q->category_count || q->theme || q->food || q->too_many || q->limit > 0;
	return about_menu || wants_care(q) || question_means(q, facts);
}

struct chat_gate *chat_gate_open(struct arena *a, const struct writer_input *in, chat_gate_out *out, void *ctx)
{
	struct chat_gate *g = arena_new_of(a, struct chat_gate);
	*g = (struct chat_gate){ .a = a, .in = *in, .out = out, .ctx = ctx, .subject = GATE_NO_DISH };
	chat_question_read(a, in, &g->q);
	g->in.history = NULL;
	g->in.history_count = 0;
	draft_init(&g->draft, a, in->snapshot, in->message_id);
	g->draft.language = g->q.language;
	buf_init(&g->open, CHAT_GATE_SENTENCE_MAX);
	g->manner.careful = wants_care(&g->q);
	return g;
}

void chat_gate_begin(struct chat_gate *g)
{
	if (!wants_facts(&g->q))
		return;
	g->facts_first = say_own(g);
	g->subject = g->q.dish_count == 1 ? g->q.dishes[0] : GATE_NO_DISH;
	give_out(g);
}

/* --- slots --- */

static uint32_t dish_of_id(const struct menu_snapshot *s, const char *id, size_t length)
{
	char text[40];
	if (!length || length >= sizeof(text))
		return GATE_NO_DISH;
	memcpy(text, id, length);
	text[length] = '\0';
	if (strspn(text, "0123456789") == length) {
		unsigned long number = strtoul(text, NULL, 10);
		return number && number <= s->dish_count ? (uint32_t)number - 1 : GATE_NO_DISH;
	}
	for (uint32_t i = 0; i < s->dish_count; i++)
		if (!strcasecmp(s->dishes[i].item->id, text))
			return i;
	return GATE_NO_DISH;
}

struct slot {
	const char *from, *end; /* with its braces */
	char kind;              /* i, p, a; 0: none that is known */
	uint32_t dish;
};

static struct slot slot_of(const struct menu_snapshot *s, const char *text)
{
	static const char *const names[] = { "item:", "price:", "allergens:" };
	const char *from = strstr(text, "{{"), *end = from ? strstr(from, "}}") : NULL;
	struct slot slot = { from, end ? end + 2 : NULL, 0, GATE_NO_DISH };
	for (size_t i = 0; end && i < sizeof(names) / sizeof(*names); i++) {
		size_t length = strlen(names[i]);
		if (strncmp(from + 2, names[i], length))
			continue;
		slot.dish = dish_of_id(s, from + 2 + length, (size_t)(end - from) - 2 - length);
		slot.kind = slot.dish == GATE_NO_DISH ? 0 : *names[i];
	}
	return slot;
}

static const char *slot_text(struct chat_gate *g, const struct slot *slot)
{
	const struct menu_item *item = g->in.snapshot->dishes[slot->dish].item;
	if (slot->kind == 'i')
		return item->name;
	return item->has_price ? money_text(g->a, g->in.snapshot->restaurant->currency, item->price) : chat_phrase(g->q.language, PHRASE_market);
}

/* With names and prices put in. A slot that cannot be filled stays, and its braces stop the sentence. *allergens_r: the dish of an {{allergens:}}. */
static const char *fill(struct chat_gate *g, struct arena *scratch, const char *text, uint32_t *allergens_r)
{
	*allergens_r = GATE_NO_DISH;
	for (int i = 0; i < 12; i++) {
		struct slot slot = slot_of(g->in.snapshot, text);
		if (slot.kind == 'a')
			*allergens_r = slot.dish;
		if (slot.kind != 'i' && slot.kind != 'p')
			return text;
		text = arena_printf(scratch, "%.*s%s%s", (int)(slot.from - text), text, slot_text(g, &slot), slot.end);
	}
	return text;
}

/* --- facts in the place of what was wrong --- */

static size_t allergens_of(const struct gate_reading *r, enum allergen *v)
{
	struct allergen_set all = { { 0 } };
	size_t n = 0;
	for (size_t i = 0; i < r->allergen_count; i++)
		all = allergen_either(all, r->allergens[i].said);
	for (int i = 1; i < ALLERGEN_COUNT && n < QUESTION_ALLERGENS; i++)
		if (allergen_in(&all, (enum allergen)i))
			v[n++] = (enum allergen)i;
	return n;
}

/* Which of these nothing was said about yet. */
static size_t unsaid(const struct draft *d, uint32_t dish, enum allergen *v, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		struct allergen_question q = allergen_question(v[i]);
		struct allergen_finding found = allergen_find(&q, &d->s->dishes[dish].allergens);
		if (!draft_has(d, dish, "allergen", allergen_rows[found.stated].wire))
			v[kept++] = v[i];
	}
	return kept;
}

static void say_allergens_once(struct draft *d, uint32_t dish, enum allergen *v, size_t n)
{
	n = unsaid(d, dish, v, n);
	if (n && draft_room(d, n + 1))
		say_verdicts(d, dish, v, n);
}

static void say_availability_once(struct draft *d, uint32_t dish)
{
	if (draft_has(d, dish, "availability", NULL) || !draft_room(d, 2))
		return;
	if (d->s->dishes[dish].item->is_available)
		say_available(d, dish);
	else
		say_sold_out(d, dish);
}

static void say_truth(struct chat_gate *g, const struct gate_reading *r, enum gate_fault fault, uint32_t dish)
{
	struct draft *d = &g->draft;
	enum allergen v[QUESTION_ALLERGENS];
	size_t n = allergens_of(r, v);
	if (fault == GATE_FAULT_unfit) {
		memcpy(v, g->q.avoided, sizeof(v));
		n = g->q.avoided_count;
	}
	say_allergens_once(d, dish, v, n);
	if (!n && r->kinds & (GATE_IS(contain) | GATE_IS(topic)) && !draft_has(d, dish, "allergen", NULL) && draft_room(d, 20))
		say_declared(d, dish);
	if ((r->amount_count || r->kinds & GATE_IS(price)) && !draft_has(d, dish, "price", NULL) && draft_room(d, 2))
		say_price(d, dish);
	if (fault == GATE_FAULT_availability)
		say_availability_once(d, dish);
}

/* Who asked about one thing wants no facts about others. */
static bool is_relevant(const struct chat_gate *g, uint32_t dish)
{
	return !g->facts_first || draft_has(&g->draft, dish, "existence", NULL);
}

static void replace(struct chat_gate *g, const struct gate_ground *ground, const struct gate_reading *r, enum gate_fault fault)
{
	uint32_t dishes[GATE_MENTIONS];
	size_t n = gate_dishes(ground, r, dishes), before = g->draft.text.len;
	for (size_t i = 0; i < n && i < TRUTH_DISHES && g->truths < TRUTHS_MAX; i++)
		if (is_relevant(g, dishes[i]))
			say_truth(g, r, fault, dishes[i]);
	g->truths += g->draft.text.len > before;
	g->subject = n == 1 ? dishes[0] : GATE_NO_DISH;
}

/* --- sentences that are true --- */

static void claim_dish(struct chat_gate *g, const struct gate_reading *r, uint32_t dish, bool named)
{
	struct draft *d = &g->draft;
	if (named)
		draft_card(d, dish);
	if (r->amount_count || r->kinds & GATE_IS(market))
		draft_price_claim(d, dish);
	if (r->kinds & (GATE_IS(sold_out) | GATE_IS(available)))
		draft_available_claim(d, dish);
	enum allergen v[QUESTION_ALLERGENS];
	size_t n = allergens_of(r, v);
	for (size_t i = 0; i < n; i++) {
		struct allergen_question q = allergen_question(v[i]);
		struct allergen_finding found = allergen_find(&q, &d->s->dishes[dish].allergens);
		if (found.verdict >= VERDICT_may_contain)
			draft_verdict(d, dish, allergen_rows[found.stated].wire, found.verdict);
	}
	if (named && !g->manner.careful) /* it was praised, so it can be had */
		draft_available_claim(d, dish);
	for (size_t i = 0; named && i < g->q.avoided_count; i++) {
		struct allergen_finding found = allergen_find(&g->q.avoiding[i], &d->s->dishes[dish].allergens);
		draft_verdict(d, dish, allergen_rows[found.stated].wire, found.verdict);
	}
	if (named)
		warn_dish(d, &g->q, dish);
}

/* Has all that the sentence states been said already? Then it would only repeat the server. */
static bool repeats(const struct chat_gate *g, const struct gate_reading *r, const uint32_t *dishes, size_t n)
{
	enum allergen v[QUESTION_ALLERGENS];
	size_t asked = allergens_of(r, v);
	if (!asked && !r->amount_count && !(r->kinds & (GATE_IS(sold_out) | GATE_IS(market))))
		return false;
	for (size_t i = 0; i < n; i++) {
		enum allergen open[QUESTION_ALLERGENS];
		memcpy(open, v, sizeof(open));
		bool price = (!r->amount_count && !(r->kinds & GATE_IS(market))) || draft_has(&g->draft, dishes[i], "price", NULL);
		bool there = !(r->kinds & GATE_IS(sold_out)) || draft_has(&g->draft, dishes[i], "availability", NULL);
		if (!price || !there || unsaid(&g->draft, dishes[i], open, asked))
			return false;
	}
	return true;
}

static void pass(struct chat_gate *g, const struct gate_ground *ground, const struct gate_reading *r)
{
	struct draft *d = &g->draft;
	uint32_t dishes[GATE_MENTIONS];
	size_t n = gate_dishes(ground, r, dishes);
	if (repeats(g, r, dishes, n))
		return;
	if (!draft_room(d, n * (3 + QUESTION_ALLERGENS))) {
		d->full = true;
		return;
	}
	if (g->newline && d->text.len)
		buf_char(&d->text, '\n');
	else
		draft_space(d);
	buf_str(&d->text, r->text);
	for (size_t i = 0; i < n; i++)
		claim_dish(g, r, dishes[i], r->mention_count > 0);
	g->passed++;
	g->telling += r->mention_count || r->kinds & (GATE_IS(staff) | GATE_IS(know));
	if (r->mention_count)
		g->subject = n == 1 ? dishes[0] : GATE_NO_DISH;
}

/* --- one sentence --- */

/* "1. " and "- " of lists. */
static const char *without_marker(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	if (digits && digits <= 2 && text[digits] == '.' && text[digits + 1] == ' ')
		text += digits + 2;
	if (!strncmp(text, "- ", 2))
		text += 2;
	return text + strspn(text, " ");
}

static bool all_relevant(const struct chat_gate *g, const struct gate_reading *r)
{
	bool all = true;
	for (size_t m = 0; m < r->mention_count; m++)
		all &= r->mentions[m].dish != GATE_NO_DISH && is_relevant(g, r->mentions[m].dish);
	return all;
}

static void judge(struct chat_gate *g, struct arena *scratch, const char *text)
{
	uint32_t allergens;
	struct gate_ground ground = { g->in.snapshot, &g->q, g->subject };
	struct gate_reading *r = arena_new_of(scratch, struct gate_reading);
	text = fill(g, scratch, text, &allergens);
	if (allergens != GATE_NO_DISH) {
		if (draft_room(&g->draft, 20) && is_relevant(g, allergens))
			say_declared(&g->draft, allergens);
		g->subject = allergens;
		g->telling++;
		return;
	}
	gate_read(scratch, &ground, text, r);
	if (!r->words.n && !r->strange)
		return;
	enum gate_fault fault = gate_check(scratch, &ground, &g->manner, r);
	if (fault == GATE_FAULT_none && g->manner.careful && !all_relevant(g, r))
		fault = GATE_FAULT_chatter;
	if (fault == GATE_FAULT_none) {
		pass(g, &ground, r);
		return;
	}
	g->faults[fault]++;
	replace(g, &ground, r, fault);
}

static void end_sentence(struct chat_gate *g)
{
	bool skip = g->overlong || g->draft.full || g->draft.text.len + g->open.len + ROOM_LEFT > CHAT_WRITER_MAX;
	if (g->overlong)
		g->faults[GATE_FAULT_strange]++;
	g->overlong = false;
	const char *text = without_marker(buf_text(&g->open));
	if (!skip && *text) {
		struct arena *scratch = arena_new_max(SCRATCH_MAX);
		judge(g, scratch, arena_strdup(scratch, text));
		arena_free(&scratch);
		give_out(g);
	}
	buf_reset(&g->open);
	g->newline = false;
}

static bool ends_sentence(const struct buf *b)
{
	size_t n = b->len;
	while (n && strchr("\"')", b->data[n - 1]))
		n--;
	size_t digits = strspn(buf_text(b), "0123456789");
	bool marker = digits && digits + 1 == n && n <= 3; /* "1." of a list */
	if (n >= 3 && (!memcmp(b->data + n - 3, "\u2026", 3) || !memcmp(b->data + n - 3, "\u3002", 3)))
		return true;
	return n && strchr(".!?", b->data[n - 1]) && !marker;
}

static void take_byte(struct chat_gate *g, char c)
{
	if (!c || c == '\r' || c == '*' || c == '`' || c == '#')
		return;
	if (c == '\t')
		c = ' ';
	if (c == '\n' || (c == ' ' && ends_sentence(&g->open))) {
		end_sentence(g);
		g->newline |= c == '\n';
		return;
	}
	if (c == ' ' && (!g->open.len || g->open.data[g->open.len - 1] == ' '))
		return;
	if (!buf_char(&g->open, c))
		return;
	/* Nothing of it is kept but what tells where it ends. */
	g->overlong = true;
	buf_reset(&g->open);
	buf_char(&g->open, c);
}

void chat_gate_feed(struct chat_gate *g, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		take_byte(g, text[i]);
}

/* --- the end --- */

static bool says_too_little(const struct chat_gate *g)
{
	bool small_talk = question_means(&g->q, MEANS(greet) | MEANS(thanks) | MEANS(bye)) && g->passed && g->draft.text.len >= SMALL_TALK_LEAST;
	return !g->facts_first && !g->telling && !small_talk;
}

void chat_gate_close(struct chat_gate *g, enum chat_gate_end end, struct answer *answer_r)
{
	if (end == CHAT_GATE_WHOLE && g->open.len)
		end_sentence(g);
	bool broken = end == CHAT_GATE_BROKEN && !g->facts_first;
	if (broken && g->draft.text.len) {
		draft_space(&g->draft);
		say_lost(&g->draft);
	}
	if (broken || (end == CHAT_GATE_WHOLE && says_too_little(g)))
		say_own(g);
	if (end != CHAT_GATE_STOPPED)
		chat_write_suggestions(&g->draft, &g->q);
	give_out(g);
	draft_finish(&g->draft, answer_r);
	answer_r->told = chat_profile_told(g->a, &g->q);
	buf_free(&g->open);
}

void chat_gate_drop(struct chat_gate **g)
{
	if (!*g)
		return;
	struct answer nothing;
	draft_finish(&(*g)->draft, &nothing);
	buf_free(&(*g)->open);
	*g = NULL;
}

size_t chat_gate_passed(const struct chat_gate *g)
{
	return g->passed;
}

size_t chat_gate_faults(const struct chat_gate *g, enum gate_fault fault)
{
	return g->faults[fault];
}
