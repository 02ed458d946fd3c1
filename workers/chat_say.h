/* chat_say.h - sentences about single dishes and about allergens; pure, used by the writer and the gate only. */
#ifndef WORKERS_CHAT_SAY_H
#define WORKERS_CHAT_SAY_H

#include "workers/chat_draft.h"
#include "workers/chat_question.h"

#define SAY_LIST 5     /* dishes in one sentence */
#define PARTIAL_SAID 3 /* dishes that are talked about one by one; more are listed */

/* Dishes chosen for a sentence; `v` in the arena. */
struct dish_list {
	uint32_t *v;
	size_t n;
};

/* Can it be ordered now, is it known to be without everything that the guest avoids, does it fit the diet? */
bool dish_fits(const struct menu_snapshot *s, const struct chat_question *q, uint32_t dish);
/* Is it tagged for the diet that the guest has, or asks for? */
struct menu_item;
bool dish_suits_diet(const struct chat_question *q, const struct menu_item *item);
/* The worst verdict of all that the guest avoids; free_of when that is nothing. */
enum verdict dish_worst(const struct menu_snapshot *s, const struct chat_question *q, uint32_t dish);
/* Orderable dishes of the same category that fit, without those in q; from the whole menu when `anywhere`. */
struct dish_list dish_alternatives(struct draft *d, const struct chat_question *q, uint32_t dish, bool anywhere);

/* Each adds one to three sentences about one dish. */
void say_about(struct draft *d, uint32_t dish);
void say_price(struct draft *d, uint32_t dish);
void say_sold_out(struct draft *d, uint32_t dish);
void say_available(struct draft *d, uint32_t dish);
void say_ingredients(struct draft *d, uint32_t dish);
void say_allergens(struct draft *d, uint32_t dish); /* all that it declares */
void say_declared(struct draft *d, uint32_t dish);  /* the same, with the dish's name in front */
void say_verdicts(struct draft *d, uint32_t dish, const enum allergen *asked, size_t n);
void warn_dish(struct draft *d, const struct chat_question *q, uint32_t dish); /* a warning for each thing avoided that it may hold */
void say_tell_staff(struct draft *d);
void say_lost(struct draft *d); /* the model broke off */

/* The answer when dishes are meant. */
void say_dishes(struct draft *d, const struct chat_question *q);

#endif
