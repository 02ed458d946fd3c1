/* correction_text.h - is what an answer said still true, and what to say when it is not. Pure.
 *
 * Only what became worse for the guest is corrected: an allergen that was said to be less than it is, or that came to a dish whose allergens were told in full; a dish
 * that could be had and cannot; a price that went up or became the market's; a dish that is gone. What was said too cautiously stays.
 */
#ifndef WORKERS_CORRECTION_TEXT_H
#define WORKERS_CORRECTION_TEXT_H

#include "workers/chat_writer.h"

/* An answer as it was given. Claims of earlier corrections count as said too. */
struct told_answer {
	const char *message_id, *question;
	const struct claim *const *claims;
	size_t claim_count;
	const char *const *listed; /* ids of dishes whose allergens it told in full */
	size_t listed_count;
	const struct claim *const *corrected;
	size_t corrected_count;
};

/* Dishes of a snapshot by id. */
struct dish_index;
struct dish_index *dish_index_new(struct arena *a, const struct menu_snapshot *s);

/* False: it is still true, or it was not better. The answer's content and claims say what is true now, in the question's language. */
bool correction_write(struct arena *a, const struct dish_index *index, const struct told_answer *told, struct answer *answer_r);

#endif
