/* gate_kit.h - a model's text through the gate, cut into pieces at random places. */
#ifndef TESTS_SUPPORT_GATE_KIT_H
#define TESTS_SUPPORT_GATE_KIT_H

#include "workers/chat_gate.h"

struct gated {
	struct answer answer;
	const char *shown;     /* what went out before the end, in the arena; the end of answer.content may be missing in it only after a stop */
	size_t pieces, passed; /* pieces that went out; sentences of the model */
	size_t faults[GATE_FAULT_COUNT];
};

/* Asserts that what went out is the answer's content. */
struct gated gate_kit_run(struct arena *a, const struct writer_input *in, const char *model_text, enum chat_gate_end end, unsigned seed);
/* The first fault that dropped a sentence, or GATE_FAULT_none. */
enum gate_fault gate_kit_fault(const struct gated *g);

#endif
