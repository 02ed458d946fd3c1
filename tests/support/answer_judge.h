/* answer_judge.h - the judge of delivered answers: by other means than the gate, from the claims and the text alone. */
#ifndef TESTS_SUPPORT_ANSWER_JUDGE_H
#define TESTS_SUPPORT_ANSWER_JUDGE_H

#include "workers/chat_writer.h"

/* What is false or unproven in the answer, in the arena; NULL: nothing. `message` may name allergens, which the answer may then repeat.
 *   claims   each is what the menu says
 *   money    each number next to a currency, and each number with a fraction, is the claimed price of a dish that the text names
 *   dishes   each dish named has a claim of its existence; no word of a list of foods that are on neither menu
 *   words    no promise, no action, no word of the prompt's rules
 *   allergens  each allergen word outside names and ingredients belongs to a claim, the message or the profile */
const char *answer_judge(struct arena *a, const struct menu_snapshot *s, const struct answer *answer, const char *message, const struct profile *profile);

#endif
