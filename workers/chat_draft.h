/* chat_draft.h - an answer while it is written: text, and with each fact its claim. Pure; used by the writer and the gate only.
 *
 * A fact is only ever written through draft_tell, draft_dish, draft_price and draft_verdict, which add the claim; the rest is words. Cards,
 * warnings and suggestions have fixed maxima; what comes after them is dropped. A claim or text that does not fit makes the draft `full`: such an answer must
 * not be given, because it would state facts without claims. draft_room() says beforehand whether there is room.
 */
#ifndef WORKERS_CHAT_DRAFT_H
#define WORKERS_CHAT_DRAFT_H

#include "common/buf.h"
#include "common/allergen.h"
#include "workers/chat_phrases.h"
#include "workers/chat_writer.h"

#define DRAFT_CLAIMS 192
#define DRAFT_ITEMS 12
#define DRAFT_WARNINGS 6
#define DRAFT_LISTED 24
#define DRAFT_SUGGESTIONS 3

struct draft {
	struct arena *a;
	const struct menu_snapshot *s;
	struct buf text;
	uint32_t seed; /* of variety */
	enum language language;
	const struct claim **claims;
	const struct answer_item **items;
	const char **warnings, **suggestions, **listed;
	bool full;
	size_t claim_count, item_count, warning_count, suggestion_count, listed_count;
};

void draft_init(struct draft *d, struct arena *a, const struct menu_snapshot *s, const char *message_id);
/* Ends the draft; the answer is in the arena. */
void draft_finish(struct draft *d, struct answer *answer_r);
/* Is there room for so many more claims, and a sentence for each? */
bool draft_room(const struct draft *d, size_t claims);
void draft_clear(struct draft *d); /* everything that was said */

/* What the slots of a phrase stand for (chat_phrases.def). */
struct said {
	uint32_t dish;              /* {d} and {p} */
	const uint32_t *dishes;     /* {l} */
	size_t dish_count, max;     /* the first `max` are named */
	bool without_prices;        /* names only */
	const enum allergen *names; /* {n} and {o} */
	size_t name_count;
	const char *text, *other; /* {t} and {u} */
	size_t number;            /* {c} */
};
/* One sentence, behind a blank. */
void draft_tell(struct draft *d, enum phrase phrase, const struct said *said);
#define TELL(d, id, ...) draft_tell((d), PHRASE_##id, &(struct said){ __VA_ARGS__ })
/* A phrase's text with {t}, {u} and {c} filled in, in the arena. */
const char *draft_text(struct draft *d, enum phrase phrase, const struct said *said);
enum phrase draft_pick_phrase(struct draft *d, enum phrase first, size_t n); /* one of n neighbours of the table, by the seed */

void draft_say(struct draft *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
void draft_listed(struct draft *d, uint32_t dish);                             /* all of its allergens were told */
void draft_claim_gone(struct draft *d, const char *item_id, const char *name); /* a dish that is on the menu no more */
void draft_space(struct draft *d);                                             /* between two sentences; nothing at the start */

void draft_dish(struct draft *d, uint32_t dish);                                                /* its name; it exists; its card */
void draft_card(struct draft *d, uint32_t dish);                                                /* the claim and the card without the words */
void draft_price(struct draft *d, uint32_t dish);                                               /* "€14.90" or "market price" */
void draft_verdict(struct draft *d, uint32_t dish, const char *allergen, enum verdict verdict); /* the claim only; `allergen` as on the wire */
void draft_price_claim(struct draft *d, uint32_t dish);                                         /* the claim without the words, as the next one */
void draft_available_claim(struct draft *d, uint32_t dish);
/* Is there such a claim? `allergen` NULL: about any. */
bool draft_has(const struct draft *d, uint32_t dish, const char *field, const char *allergen);
/* Puts a finished answer behind what was said, without what is there already; false, and nothing is taken, when it does not fit. */
bool draft_take(struct draft *d, const struct answer *answer);
/* "a", "a and b", "a, b and c": what comes before the i-th of n; `last` is and or or. */
const char *draft_joint(const struct draft *d, size_t i, size_t n, enum phrase last);

void draft_warn(struct draft *d, const char *warning); /* in the arena or static */
void draft_suggest(struct draft *d, const char *suggestion);

#endif
