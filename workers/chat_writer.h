/* chat_writer.h - the assistant that needs no model: answers from the menu snapshot alone. Pure: no I/O, no loop, arena memory.
 *
 * What it says is true or is not said: every price, allergen, availability and dish in `content` comes from the snapshot and has its claim.
 * Allergens have four values; unknown is said, with the advice to ask the staff. It never says "safe", "guaranteed" or "allergen-free".
 * Text of guests and descriptions of the menu are data: a description is quoted only when it is harmless prose (menu_facts.h),
 * the guest's own words never are. The same input gives the same answer; message_id is the seed of variety.
 *
 * It answers in the language of the message (chat_language.h), else in the restaurant's; dishes and the restaurant's own texts stay as they are.
 *
 * What it does not do: store a profile, take orders, look at a clock.
 *
 * Answers point into their arena and into the snapshot: keep a reference as long as the answer is used.
 */
#ifndef WORKERS_CHAT_WRITER_H
#define WORKERS_CHAT_WRITER_H

#include <stddef.h>

#include "common/arena.h"
#include "workers/chat_prompt.h"
#include "workers/menu_snapshot.h"

#define CHAT_WRITER_MAX ((size_t)8 << 10) /* bytes of an answer */

struct answer_item;
struct claim;
struct profile;

struct answer {
	const char *content;
	const struct claim *const *claims;
	size_t claim_count;
	const struct answer_item *const *items;
	size_t item_count;
	const char *const *warnings;
	size_t warning_count;
	const char *const *suggestions;
	size_t suggestion_count;
	const char *const *listed; /* ids of dishes whose allergens it tells in full */
	size_t listed_count;
	const struct profile *told; /* what the message adds to the guest's profile; NULL: nothing */
};

struct writer_input {
	const struct menu_snapshot *snapshot;
	const char *message;
	const char *message_id;          /* any text */
	const struct profile *profile;   /* may be NULL */
	const struct chat_turn *history; /* oldest first */
	size_t history_count;
	int64_t now_ms; /* wall clock; 0: not known, then nothing is said about it */
};

void chat_write(struct arena *a, const struct writer_input *in, struct answer *answer_r);

/* Where an answer is cut for streaming: 2 to 4 words a piece, blanks belong to the piece before them. ends[i] is where piece i ends; ascending, the last
 * is the length of content, never inside a code point. With `max` pieces used up the last one takes the rest. Returns the count (0 for ""). */
size_t chat_write_pieces(const char *content, size_t *ends, size_t max);

/* The same by parts, for the gate: the answer to a question that was read already, and up to three things that the guest could ask next. */
struct chat_question;
struct draft;
void chat_write_answer(struct arena *a, const struct writer_input *in, const struct chat_question *q, struct answer *answer_r);
void chat_write_suggestions(struct draft *d, const struct chat_question *q);

#endif
