/* chat_writer.c - see chat_writer.h. What is asked decides which of the answers below is given: the first row that fits. */
#include "workers/chat_writer.h"

#include <string.h>

#include "schemas.h"
#include "workers/chat_hours.h"
#include "workers/chat_lists.h"
#include "workers/chat_profile.h"
#include "workers/chat_say.h"
#include "workers/chat_tone.h"
#include "workers/menu_facts.h"

#define EMOJI_MAX 16

/* --- the persona --- */

static const struct avatar_config *avatar_of(const struct menu_snapshot *s)
{
	static const struct avatar_config nobody;
	return s->restaurant->avatar_config ? s->restaurant->avatar_config : &nobody;
}

/* A name or emoji goes into sentences, so it must be short and no sentence itself. */
static const char *short_text(const char *text, size_t max)
{
	return text && *text && strlen(text) <= max && !strpbrk(text, "\n:.!?{}<>") ? text : NULL;
}

static void say_emoji(struct draft *d)
{
	const char *emoji = short_text(avatar_of(d->s)->emoji, EMOJI_MAX);
	if (emoji)
		draft_say(d, " %s", emoji);
}

static void greet(struct draft *d, const struct chat_question *q)
{
	const struct avatar_config *avatar = avatar_of(d->s);
	const char *name = short_text(avatar->name, 60);
	/* The restaurant wrote its greeting in its own language. */
	bool own = avatar->greeting && d->language == q->home_language && menu_prose_harmless(d->a, avatar->greeting, NULL);
	if (own)
		draft_say(d, "%s", avatar->greeting);
	else
		draft_tell(d, name ? PHRASE_hello_name : PHRASE_hello, &(struct said){ .text = name, .other = d->s->restaurant->name });
	say_emoji(d);
	list_recommended(d, q);
	draft_tell(d, draft_pick_phrase(d, PHRASE_ask_1, 3), &(struct said){ .dish = 0 });
}

/* --- answers without facts --- */

static void decline(struct draft *d, const struct chat_question *q)
{
	(void)q;
	draft_tell(d, draft_pick_phrase(d, PHRASE_decline_1, 3), &(struct said){ .other = d->s->restaurant->name });
	TELL(d, ask_me, .dish = 0);
}

static void no_promise(struct draft *d, const struct chat_question *q)
{
	(void)q;
	TELL(d, no_promise, .dish = 0);
	draft_warn(d, chat_phrase(d->language, PHRASE_warn_staff));
}

static void which_allergen(struct draft *d, const struct chat_question *q)
{
	(void)q;
	TELL(d, which_allergen, .dish = 0);
	say_tell_staff(d);
}

static void which_dish(struct draft *d, const struct chat_question *q)
{
	TELL(d, which_dish, .dish = 0);
	list_recommended(d, q);
}

static void no_nutrition(struct draft *d, const struct chat_question *q)
{
	(void)q;
	TELL(d, no_nutrition, .dish = 0);
}

static void leave_undeclared(struct draft *d, const struct chat_question *q)
{
	(void)q;
	TELL(d, undeclared, .dish = 0);
}

/* Before anything else; a dish that was named is answered about as well. */
static void call_for_help(struct draft *d, const struct chat_question *q)
{
	TELL(d, emergency, .dish = 0);
	draft_warn(d, chat_phrase(d->language, PHRASE_emergency));
	if (q->dish_count)
		say_dishes(d, q);
}

static void say_now(struct draft *d, int64_t now_ms)
{
	static const enum phrase phrases[] = { [HOURS_OPEN] = PHRASE_open_now, [HOURS_LATER] = PHRASE_open_later, [HOURS_CLOSED] = PHRASE_closed_now };
	const char *time;
	enum hours_now now = chat_hours_at(d->a, d->s->restaurant->hours, now_ms / 60000 + d->s->utc_offset_min, &time);
	if (now != HOURS_UNKNOWN)
		draft_tell(d, phrases[now], &(struct said){ .text = time });
}

static void say_hours(struct draft *d, const struct chat_question *q)
{
	const char *hours = chat_hours(d->a, d->s->restaurant->hours, q->day, d->language);
	if (hours && q->now_ms && !q->day)
		say_now(d, q->now_ms);
	draft_tell(d, hours ? PHRASE_open_hours : PHRASE_no_hours, &(struct said){ .text = hours, .other = d->s->restaurant->name });
}

static void introduce(struct draft *d, const struct chat_question *q)
{
	(void)q;
	const char *name = short_text(avatar_of(d->s)->name, 60);
	draft_tell(d, name ? PHRASE_identity_name : PHRASE_identity, &(struct said){ .text = name, .other = d->s->restaurant->name });
	say_emoji(d);
	TELL(d, ask_me, .dish = 0);
}

static void leave_to_staff(struct draft *d, const struct chat_question *q)
{
	(void)q;
	TELL(d, service, .dish = 0);
}

static void call_staff(struct draft *d, const struct chat_question *q)
{
	(void)q;
	TELL(d, call_staff, .dish = 0);
}

static void no_orders(struct draft *d, const struct chat_question *q)
{
	TELL(d, no_reservations, .dish = 0);
	list_recommended(d, q);
}

static void thank(struct draft *d, const struct chat_question *q)
{
	(void)q;
	draft_tell(d, draft_pick_phrase(d, PHRASE_thank_1, 3), &(struct said){ .dish = 0 });
	say_emoji(d);
	TELL(d, anything_else, .dish = 0);
}

static void part(struct draft *d, const struct chat_question *q)
{
	(void)q;
	TELL(d, goodbye, .other = d->s->restaurant->name);
	say_emoji(d);
}

/* --- which answer --- */

struct way {
	bool (*fits)(const struct chat_question *q);
	uint64_t meanings; /* when fits is NULL: any of these */
	void (*answer)(struct draft *d, const struct chat_question *q);
};

static bool means_dishes(const struct chat_question *q)
{
	return q->dish_count > 0;
}

static bool gives_orders(const struct chat_question *q)
{
	bool about_food = q->category_count || q->food || q->asked_count || q->wants_vegan || q->wants_vegetarian;
	return question_means(q, MEANS(rules)) && !about_food;
}

/* Of an allergen the menu knows more. */
static bool asks_undeclared(const struct chat_question *q)
{
	return question_means(q, MEANS(undeclared)) && !q->asked_count && !q->food && !q->theme;
}

static bool dislikes(const struct chat_question *q)
{
	return question_means(q, MEANS(dislike)) && q->disliked_count;
}

static bool wants_mild(const struct chat_question *q)
{
	return question_means(q, MEANS(mild)) || (question_means(q, MEANS(spicy)) && question_means(q, MEANS(dislike) | MEANS(without)));
}

static bool names_what_to_avoid(const struct chat_question *q)
{
	uint64_t avoiding = MEANS(sufferer) | MEANS(without) | MEANS(eat) | MEANS(promise);
	return question_means(q, avoiding) && (q->asked_count || q->avoids_unknown || (q->avoided_count && question_means(q, MEANS(eat))));
}

static bool asks_about_allergens(const struct chat_question *q)
{
	/* "Anything with chocolate?" looks for dishes; "with milk?" is about an allergen, in whatever word of the menu it occurs. */
	for (size_t i = 0; i < q->asked_count; i++)
		if (allergen_rows[q->asked[i]].regulated)
			return true;
	return q->asked_count > 0 && !q->theme;
}

static bool asks_for_promise(const struct chat_question *q)
{
	return question_means(q, MEANS(promise)) && !q->category_count;
}

/* Who asks for water does not mean all the drinks. */
static bool means_categories(const struct chat_question *q)
{
	return q->category_count > 0 && !(q->kindred && q->food);
}

static bool means_theme(const struct chat_question *q)
{
	return q->theme != NULL;
}

static bool wants_diet(const struct chat_question *q)
{
	return question_means(q, MEANS(vegan) | MEANS(vegetarian));
}

static bool wants_food(const struct chat_question *q)
{
	return q->food || (question_means(q, MEANS(have) | MEANS(order) | MEANS(some)) && q->strange_count && q->word_count <= 12);
}

static bool has_limit(const struct chat_question *q)
{
	return q->limit > 0;
}

static bool asks_for_service(const struct chat_question *q)
{
	return question_means(q, MEANS(service)) && !q->food && !q->category_count && !q->theme;
}

static bool always(const struct chat_question *q)
{
	(void)q;
	return true;
}

static const struct way ways[] = {
	{ NULL, MEANS(emergency), call_for_help },
	{ means_dishes, 0, say_dishes },
	{ gives_orders, 0, decline },
	{ asks_undeclared, 0, leave_undeclared },
	{ dislikes, 0, list_disliked },
	{ names_what_to_avoid, 0, list_without },
	{ asks_about_allergens, 0, list_with },
	{ NULL, MEANS(identity), introduce },
	{ asks_for_service, 0, leave_to_staff },
	{ asks_for_promise, 0, no_promise },
	{ NULL, MEANS(nutrition), no_nutrition },
	{ means_categories, 0, list_categories },
	{ NULL, MEANS(hours), say_hours },
	{ means_theme, 0, list_theme },
	{ has_limit, 0, list_within },
	{ NULL, MEANS(dear), list_dearest },
	{ wants_diet, 0, list_diet },
	{ wants_food, 0, list_closest },
	{ NULL, MEANS(cheap), list_cheapest },
	{ wants_mild, 0, list_mild },
	{ NULL, MEANS(spicy), list_spicy },
	{ NULL, MEANS(recommend) | MEANS(eat), list_recommended },
	{ NULL, MEANS(menu), list_menu },
	{ NULL, MEANS(contain), which_allergen },
	{ NULL, MEANS(person), call_staff },
	{ NULL, MEANS(order), no_orders },
	{ NULL, MEANS(greet), greet },
	{ NULL, MEANS(thanks), thank },
	{ NULL, MEANS(bye), part },
	{ NULL, MEANS(price) | MEANS(available) | MEANS(contents), which_dish },
	{ always, 0, decline },
};

/* The whole answer, or one that says that this was too much: never facts without their claims, never half of what was asked about an allergy. */
static void compose(struct draft *d, const struct chat_question *q)
{
	const struct way *way = ways;
	while (way->fits ? !way->fits(q) : !question_means(q, way->meanings))
		way++;
	bool light = way->answer == list_recommended || way->answer == list_menu || way->answer == list_categories || way->answer == list_cheapest || way->answer == list_dearest;
	if (light && !q->avoided_count && !q->avoids_unknown)
		chat_tone_open(d);
	way->answer(d, q);
	if (!d->full && !q->too_many && !buf_error(&d->text))
		return;
	draft_clear(d);
	TELL(d, too_much, .dish = 0);
	say_tell_staff(d);
}

/* --- what comes with the text --- */

static bool may_suggest(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	return dish_fits(d->s, q, dish) && strlen(d->s->dishes[dish].item->name) <= 60;
}

static bool was_meant(const struct chat_question *q, uint32_t dish)
{
	for (size_t i = 0; i < q->dish_count; i++)
		if (q->dishes[i] == dish)
			return true;
	return false;
}

static bool is_card(const struct draft *d, uint32_t dish)
{
	for (size_t i = 0; i < d->item_count; i++)
		if (!strcmp(d->items[i]->id, d->s->dishes[dish].item->id))
			return true;
	return false;
}

/* A dish to ask about next: one that the answer named and did not tell about, else any; UINT32_MAX: none. */
static uint32_t next_dish(const struct draft *d, const struct chat_question *q, bool named)
{
	size_t n = d->s->dish_count;
	for (size_t i = 0, tries = named || n < 40 ? n : 40; i < tries; i++) {
		uint32_t dish = (uint32_t)((d->seed + i) % n);
		if (!was_meant(q, dish) && (!named || is_card(d, dish)) && may_suggest(d, q, dish))
			return dish;
	}
	return UINT32_MAX;
}

void chat_write_suggestions(struct draft *d, const struct chat_question *q)
{
	uint32_t dish = d->item_count ? next_dish(d, q, true) : UINT32_MAX;
	if (dish == UINT32_MAX)
		dish = next_dish(d, q, false);
	if (dish != UINT32_MAX) {
		const char *name = d->s->dishes[dish].item->name;
		draft_suggest(d, draft_text(d, PHRASE_suggest_about, &(struct said){ .other = name }));
		draft_suggest(d, draft_text(d, PHRASE_suggest_allergens, &(struct said){ .other = name }));
	}
	draft_suggest(d, chat_phrase(d->language, question_means(q, MEANS(recommend)) ? PHRASE_suggest_menu : PHRASE_suggest_pick));
}

void chat_write_answer(struct arena *a, const struct writer_input *in, const struct chat_question *q, struct answer *answer_r)
{
	struct draft d;
	draft_init(&d, a, in->snapshot, in->message_id);
	d.language = q->language;
	compose(&d, q);
	chat_write_suggestions(&d, q);
	draft_finish(&d, answer_r);
	answer_r->told = chat_profile_told(a, q);
}

void chat_write(struct arena *a, const struct writer_input *in, struct answer *answer_r)
{
	struct chat_question q;
	chat_question_read(a, in, &q);
	chat_write_answer(a, in, &q, answer_r);
}

/* --- pieces --- */

static size_t word_end(const char *s, size_t at)
{
	while (s[at] && s[at] != ' ' && s[at] != '\n')
		at++;
	while (s[at] == ' ' || s[at] == '\n')
		at++;
	return at;
}

size_t chat_write_pieces(const char *content, size_t *ends, size_t max)
{
	size_t n = 0, length = strlen(content);
	for (size_t at = 0; at < length && n < max; n++) {
		for (size_t words = 2 + n % 3; words && content[at]; words--)
			at = word_end(content, at);
		ends[n] = n + 1 == max ? length : at;
	}
	return n;
}
