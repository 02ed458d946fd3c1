/* answer_check.h - what must hold for every answer of the built-in writer, whatever was asked; fails the Criterion test that calls it. */
#ifndef TESTS_SUPPORT_ANSWER_CHECK_H
#define TESTS_SUPPORT_ANSWER_CHECK_H

#include <stdbool.h>

#include "workers/chat_writer.h"

/* Valid, bounded text; every claim true by the menu's own lists; every amount of money claimed and of a dish that is named; every dish that is named claimed;
 * none of the words that are never said. */
void answer_check(const struct menu_snapshot *s, const struct answer *answer, const char *message);
bool answer_has_claim(const struct answer *answer, const char *item, const char *field, const char *value); /* value NULL: any */
bool answer_says(const char *content, const char *words);                                                   /* without case */

#endif
