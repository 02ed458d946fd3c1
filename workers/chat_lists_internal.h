/* chat_lists_internal.h - what chat_lists.c and chat_picks.c share. */
#ifndef WORKERS_CHAT_LISTS_INTERNAL_H
#define WORKERS_CHAT_LISTS_INTERNAL_H

#include "workers/chat_say.h"

#define CATEGORY_LIST 6

typedef bool dish_test(const struct draft *d, const struct chat_question *q, uint32_t dish);

struct dish_list list_choose(struct draft *d, const struct chat_question *q, dish_test *test);
bool list_within_limit(const struct draft *d, const struct chat_question *q, uint32_t dish);
bool list_fits(const struct draft *d, const struct chat_question *q, uint32_t dish); /* the guest, and the categories of the question */
/* The sentence with the dishes that fit, or that there are none to name. */
void list_say(struct draft *d, const struct chat_question *q, enum phrase phrase, struct dish_list dishes, size_t max);
/* A category's name is the restaurant's text too: NULL when it promises something ("Nut-free"), which is not for us to repeat. */
const char *list_category_name(struct draft *d, size_t category);
void list_each_category(struct draft *d, const struct chat_question *q);

#endif
