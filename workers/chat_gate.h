/* chat_gate.h - what stands between a language model and a guest. Pure: no I/O, no loop; text comes in by pieces and leaves by sentences.
 *
 * A sentence leaves when it is complete and was found true (chat_gate_check.h); nothing is shown first and corrected later, and no text waits longer than its own
 * sentence. One that is not true is dropped, and the fact that it was wrong about is said in the server's words in its place, once. Each fact that leaves has
 * its claim. Where facts are asked for (an allergen, a price, what can be ordered) the writer's own answer goes first and the model may only add to it; when
 * nothing of the model's passes, the writer's answer is the answer.
 *
 * Slots are filled here: {{item:ID}} the dish's name, {{price:ID}} its price; a sentence with {{allergens:ID}} becomes the server's words about that dish's
 * allergens. ID is a number of the prompt's facts or the item's id. Markup (* ` #) and numbers of lists are taken off.
 *
 * Limits: a sentence of more than CHAT_GATE_SENTENCE_MAX bytes is dropped; an answer ends at CHAT_WRITER_MAX. What it does not do: improve a sentence,
 * understand a language whose words are not in chat_gate.def (nothing of it passes).
 */
#ifndef WORKERS_CHAT_GATE_H
#define WORKERS_CHAT_GATE_H

#include "workers/chat_gate_check.h"
#include "workers/chat_writer.h"

#define CHAT_GATE_SENTENCE_MAX 700

struct chat_gate;

/* Text that may be shown, at least one whole sentence; never called before chat_gate_open() returned. */
typedef void chat_gate_out(void *ctx, const char *text, size_t len);

enum chat_gate_end { CHAT_GATE_WHOLE,     /* the model has finished */
	             CHAT_GATE_BROKEN,    /* it failed: what it began is dropped, the facts end the answer */
	             CHAT_GATE_STOPPED }; /* the guest wants no more: nothing is added */

/* In the arena, which must outlive it, as must what `in` points to but the history. */
struct chat_gate *chat_gate_open(struct arena *a, const struct writer_input *in, chat_gate_out *out, void *ctx);
void chat_gate_begin(struct chat_gate *g); /* says the facts that go first; call it before the first feed */
void chat_gate_feed(struct chat_gate *g, const char *text, size_t len);
/* The last of its calls; frees what the arena does not. answer_r->content is all that was given out, claims and the rest belong to it. */
void chat_gate_close(struct chat_gate *g, enum chat_gate_end end, struct answer *answer_r);
void chat_gate_drop(struct chat_gate **g); /* instead of closing; NULL is fine */

size_t chat_gate_passed(const struct chat_gate *g);                        /* sentences of the model that were shown */
size_t chat_gate_faults(const struct chat_gate *g, enum gate_fault fault); /* sentences dropped for it */

#endif
