/* chat_gate_check.h - is one sentence of a model true? Pure; used by the gate only.
 *
 * A sentence passes when every fact in it is one of the menu's, and nothing in it is beyond checking. What a dish does not contain is never left to a model: such a
 * sentence fails whether it is true or not, and so does any agreement (the guest may be wrong), any promise and any action. With `careful` (the guest
 * asks about allergens, or has an allergy) only checked facts and the advice to ask the staff pass.
 */
#ifndef WORKERS_CHAT_GATE_CHECK_H
#define WORKERS_CHAT_GATE_CHECK_H

#include "workers/chat_gate_read.h"

#define GATE_FAULTS(X) \
	X(none)         /* it is true */ \
	X(strange)      /* a word or character that cannot be checked */ \
	X(invented)     /* a dish that is not on the menu */ \
	X(promise)      /* "safe", "guaranteed" */ \
	X(action)       /* "I have ordered" */ \
	X(money)        /* an amount or number that is not the dish's price */ \
	X(allergen)     /* not what the dish declares, or what it does not contain */ \
	X(availability) /* sold out or not, as the menu does not say */ \
	X(trait)        /* vegan, vegetarian, spicy, signature: not so on the menu */ \
	X(denial)       /* says that something is not so */ \
	X(agreement)    /* agrees, or says that something is all right */ \
	X(unfit)        /* speaks of a dish without saying that it is not for this guest */ \
	X(chatter)      /* prose where only facts are wanted */

enum gate_fault {
#define X(id) GATE_FAULT_##id,
	GATE_FAULTS(X)
#undef X
		GATE_FAULT_COUNT
};
extern const char *const gate_fault_names[];

struct gate_manner {
	bool careful; /* only facts */
};

enum gate_fault gate_check(struct arena *a, const struct gate_ground *ground, const struct gate_manner *manner, const struct gate_reading *r);

/* The dishes that a sentence is about, each once: those it names, or its subject. Returns how many (at most GATE_MENTIONS). */
size_t gate_dishes(const struct gate_ground *ground, const struct gate_reading *r, uint32_t *dishes_r);

#endif
