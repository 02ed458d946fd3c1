/* chat_writer.c - see chat_writer.h. What is asked decides which of the answers below is given: the first row that fits. */
#include "workers/chat_writer.h"

#include <string.h>

#include "schemas.h"
#include "workers/chat_hours.h"
#include "workers/chat_lists.h"
#include "workers/chat_say.h"
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
	static const char *const asks[] = { "What are you in the mood for?", "What may I tell you about?", "What would you like to know?" };
	const struct avatar_config *avatar = avatar_of(d->s);
	const char *name = short_text(avatar->name, 60);
	if (avatar->greeting && menu_prose_harmless(d->a, avatar->greeting, NULL))
		draft_say(d, "%s", avatar->greeting);
	else if (name)
		draft_say(d, "Hello, I am %s from %s.", name, d->s->restaurant->name);
	else
		draft_say(d, "Hello and welcome to %s.", d->s->restaurant->name);
	say_emoji(d);
	list_recommended(d, q);
	draft_space(d);
	draft_say(d, "%s", draft_pick(d, asks, 3));
}

/* --- answers without facts --- */

static void decline(struct draft *d, const struct chat_question *q)
{
	static const char *const texts[] = {
		"That is nothing I can help with, but I know the menu of %s well.",
		"I only talk about the menu of %s, and that I know well.",
		"I am here for the menu of %s, and for nothing else.",
	};
	draft_say(d, draft_pick(d, texts, 3), d->s->restaurant->name);
	list_recommended(d, q);
	draft_space(d);
	draft_say(d, "Ask me about a dish, a price or an allergen.");
}

static void no_promise(struct draft *d, const struct chat_question *q)
{
	(void)q;
	draft_say(d, "I cannot promise that for any dish: I only know what the menu declares. Please ask our staff, and tell me which dish and which allergen you mean, so that I can look up what is declared.");
	draft_warn(d, "Please tell our staff about any allergy before you order.");
}

static void which_allergen(struct draft *d, const struct chat_question *q)
{
	(void)q;
	draft_say(d, "I can look up what is declared for every dish. Which allergen, or which dish, do you mean?");
	say_tell_staff(d);
}

static void which_dish(struct draft *d, const struct chat_question *q)
{
	draft_say(d, "Which dish do you mean?");
	list_recommended(d, q);
}

static void no_nutrition(struct draft *d, const struct chat_question *q)
{
	(void)q;
	draft_say(d, "Nutrition values are not declared on our menu, so please ask our staff.");
}

static void say_hours(struct draft *d, const struct chat_question *q)
{
	(void)q;
	const char *hours = chat_hours(d->a, d->s->restaurant->hours);
	if (hours)
		draft_say(d, "%s is open: %s. On holidays please ask our staff.", d->s->restaurant->name, hours);
	else
		draft_say(d, "I do not know the opening hours of %s, so please ask our staff.", d->s->restaurant->name);
}

static void call_staff(struct draft *d, const struct chat_question *q)
{
	(void)q;
	draft_say(d, "I am an assistant and cannot call anybody, so please speak to our staff directly. Until then I can answer questions about the menu.");
}

static void no_orders(struct draft *d, const struct chat_question *q)
{
	draft_say(d, "I cannot take orders or reservations myself, but our staff gladly will.");
	list_recommended(d, q);
}

static void thank(struct draft *d, const struct chat_question *q)
{
	static const char *const texts[] = { "You are welcome!", "My pleasure!", "Gladly!" };
	(void)q;
	draft_say(d, "%s", draft_pick(d, texts, 3));
	say_emoji(d);
	draft_say(d, " Tell me if there is anything else about the menu.");
}

static void part(struct draft *d, const struct chat_question *q)
{
	(void)q;
	draft_say(d, "Goodbye, and see you soon at %s!", d->s->restaurant->name);
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

static bool names_what_to_avoid(const struct chat_question *q)
{
	uint64_t avoiding = MEANS(sufferer) | MEANS(without) | MEANS(eat) | MEANS(promise);
	return question_means(q, avoiding) && (q->asked_count || q->avoids_unknown || (q->avoided_count && question_means(q, MEANS(eat))));
}

static bool asks_about_allergens(const struct chat_question *q)
{
	return q->asked_count > 0 && !q->theme;
}

static bool asks_for_promise(const struct chat_question *q)
{
	return question_means(q, MEANS(promise)) && !q->category_count;
}

static bool means_categories(const struct chat_question *q)
{
	return q->category_count > 0;
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
	return q->food || (question_means(q, MEANS(have) | MEANS(order)) && q->strange_count && q->word_count <= 12);
}

static bool always(const struct chat_question *q)
{
	(void)q;
	return true;
}

static const struct way ways[] = {
	{ means_dishes, 0, say_dishes },
	{ gives_orders, 0, decline },
	{ names_what_to_avoid, 0, list_without },
	{ asks_about_allergens, 0, list_with },
	{ asks_for_promise, 0, no_promise },
	{ NULL, MEANS(nutrition), no_nutrition },
	{ means_categories, 0, list_categories },
	{ NULL, MEANS(hours), say_hours },
	{ means_theme, 0, list_theme },
	{ wants_diet, 0, list_diet },
	{ wants_food, 0, list_closest },
	{ NULL, MEANS(cheap), list_cheapest },
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
	way->answer(d, q);
	if (!d->full && !q->too_many && !buf_error(&d->text))
		return;
	draft_clear(d);
	draft_say(d, "That is more than I can look up at once, so please ask me about fewer dishes or allergens at a time.");
	say_tell_staff(d);
}

/* --- what comes with the text --- */

static bool may_suggest(const struct draft *d, const struct chat_question *q, uint32_t dish)
{
	return dish_fits(d->s, q, dish) && strlen(d->s->dishes[dish].item->name) <= 60;
}

void chat_write_suggestions(struct draft *d, const struct chat_question *q)
{
	size_t n = d->s->dish_count;
	for (size_t i = 0, tries = n < 40 ? n : 40; i < tries && !d->suggestion_count; i++) {
		uint32_t dish = (uint32_t)((d->seed + i) % n);
		const char *name = d->s->dishes[dish].item->name;
		if (!may_suggest(d, q, dish))
			continue;
		draft_suggest(d, arena_printf(d->a, "Tell me about %s", name));
		draft_suggest(d, arena_printf(d->a, "What allergens are in %s?", name));
	}
	draft_suggest(d, question_means(q, MEANS(recommend)) ? "What do you have?" : "What do you recommend?");
}

void chat_write_answer(struct arena *a, const struct writer_input *in, const struct chat_question *q, struct answer *answer_r)
{
	struct draft d;
	draft_init(&d, a, in->snapshot, in->message_id);
	compose(&d, q);
	chat_write_suggestions(&d, q);
	draft_finish(&d, answer_r);
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
