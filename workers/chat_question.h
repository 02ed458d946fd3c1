/* chat_question.h - what a guest's message is about, in terms of the menu. Pure, no model.
 *
 * Words are matched against the menu's own words first, then against the lexicon, then both again with typing errors. Nothing here answers
 * anything; when in doubt about an allergen it is taken as asked about.
 */
#ifndef WORKERS_CHAT_QUESTION_H
#define WORKERS_CHAT_QUESTION_H

#include <stdbool.h>

#include "common/allergen.h"
#include "workers/chat_lexicon.h"
#include "workers/chat_phrases.h"
#include "workers/chat_writer.h"

#define QUESTION_DISHES 6
#define QUESTION_CATEGORIES 3
#define QUESTION_ALLERGENS 16

struct chat_question {
	uint32_t dishes[QUESTION_DISHES]; /* indexes into snapshot->dishes: the dishes meant */
	size_t dish_count;
	bool from_history; /* they come from an earlier turn ("how much is it?") */
	uint32_t categories[QUESTION_CATEGORIES];
	size_t category_count;
	bool kindred;                            /* no category was named: they are of the kind ("drinks" is Beverages) */
	const struct menu_word *theme;           /* a word of many dishes ("chocolate"), when no dish or category is meant; else NULL */
	enum allergen asked[QUESTION_ALLERGENS]; /* allergens in this message */
	size_t asked_count;
	enum allergen avoided[QUESTION_ALLERGENS]; /* what the guest must not eat: profile, earlier turns, and this message if it says so */
	size_t avoided_count;
	struct allergen_question avoiding[QUESTION_ALLERGENS]; /* the same, prepared: put to every dish of the menu */
	uint8_t *worst;                                        /* of each dish: dish_worst() plus one once it was asked for; NULL: it is not kept */
	enum allergen disliked[QUESTION_ALLERGENS];            /* what the guest would rather not have: no allergy, nothing to warn of */
	size_t disliked_count;
	struct allergen_question disliking[QUESTION_ALLERGENS]; /* the same, prepared */
	bool avoids_unknown;                                    /* ... and something that is in no table */
	bool too_many;                                          /* allergens: more than fit into `asked` */
	uint64_t meanings;                                      /* MEANS() bits */
	int64_t now_ms;                                         /* wall clock; 0: not known */
	int day;                                                /* whose hours are asked for: 1 Monday … 7 Sunday; 0: none */
	double limit;                                           /* "under 10 euros"; 0: none */
	enum food food;                                         /* a well-known dish that this menu has no word for */
	size_t word_count;                                      /* of the message */
	size_t strange_count;                                   /* words that neither menu nor lexicon know */
	enum language language, home_language;                  /* of the message; of the restaurant */
	enum allergen told[QUESTION_ALLERGENS];                 /* allergies that this message states, for the profile */
	size_t told_count;
	const char *told_word;              /* one that is in no table; NULL: none */
	bool told_vegan, told_vegetarian;   /* diets that it states */
	bool wants_vegan, wants_vegetarian; /* asked now or in the profile */
};

void chat_question_read(struct arena *a, const struct writer_input *in, struct chat_question *q_r);

static inline bool question_means(const struct chat_question *q, uint64_t bits)
{
	return q->meanings & bits;
}

/* The restaurant's own, by its assistant's voice. */
enum language chat_home_language(const struct menu_snapshot *s);

/* That of a text, apart from the dishes that it names. */
enum language chat_question_language(struct arena *a, const struct menu_snapshot *s, const char *text, enum language otherwise);

/* Only what a profile says: avoided and wants_. */
void chat_question_profile(struct arena *a, const struct profile *profile, struct chat_question *q);

/* Only what a text is about: dishes, categories, theme. */
void chat_question_topic(struct arena *a, const struct menu_snapshot *s, const char *text, struct chat_question *q_r);

/* The dishes whose whole names stand in a text (no typing errors, no plurals), in the order of the menu. */
size_t chat_named_dishes(struct arena *a, const struct menu_snapshot *s, const char *text, uint32_t *dishes_r, size_t max);

#endif
