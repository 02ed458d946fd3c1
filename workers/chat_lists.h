/* chat_lists.h - answers that are about many dishes: a category, a word, a diet, an allergy, the whole menu. Pure, used by the writer only. */
#ifndef WORKERS_CHAT_LISTS_H
#define WORKERS_CHAT_LISTS_H

#include "workers/chat_say.h"

/* Each adds a few sentences; what the guest avoids is left out or named as unknown. */
void list_categories(struct draft *d, const struct chat_question *q);
void list_theme(struct draft *d, const struct chat_question *q);
void list_diet(struct draft *d, const struct chat_question *q);     /* vegan, vegetarian */
void list_without(struct draft *d, const struct chat_question *q);  /* "I'm allergic to nuts, what can I eat?" */
void list_with(struct draft *d, const struct chat_question *q);     /* "sesame?" */
void list_disliked(struct draft *d, const struct chat_question *q); /* "I hate mushrooms" */
void list_recommended(struct draft *d, const struct chat_question *q);
void list_cheapest(struct draft *d, const struct chat_question *q);
void list_dearest(struct draft *d, const struct chat_question *q);
void list_within(struct draft *d, const struct chat_question *q);      /* "under 10 euros" */
void list_drinks_with(struct draft *d, const struct chat_question *q); /* "what goes with it?"; nothing when there are none */
void list_spicy(struct draft *d, const struct chat_question *q);
void list_mild(struct draft *d, const struct chat_question *q);
void list_menu(struct draft *d, const struct chat_question *q);
/* "X is not on our menu", and the closest dishes that are; `food` may be none. */
void list_closest(struct draft *d, const struct chat_question *q);

#endif
