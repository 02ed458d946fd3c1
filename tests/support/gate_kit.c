/* gate_kit.c - see gate_kit.h. */
#include "tests/support/gate_kit.h"

#include <criterion/criterion.h>
#include <string.h>

#include "common/buf.h"

struct shown {
	struct buf text;
	size_t pieces;
};

static void on_checked(void *ctx, const char *text, size_t len)
{
	struct shown *shown = ctx;
	buf_append(&shown->text, text, len);
	shown->pieces++;
}

struct gated gate_kit_run(struct arena *a, const struct writer_input *in, const char *model_text, enum chat_gate_end end, unsigned seed)
{
	struct gated g = { 0 };
	struct shown shown = { .pieces = 0 };
	buf_init(&shown.text, (size_t)1 << 20);
	struct chat_gate *gate = chat_gate_open(a, in, on_checked, &shown);
	chat_gate_begin(gate);
	size_t length = strlen(model_text);
	for (size_t at = 0; at < length;) {
		seed = seed * 1664525u + 1013904223u;
		size_t n = 1 + (seed >> 16) % 9;
		n = n < length - at ? n : length - at;
		chat_gate_feed(gate, model_text + at, n);
		at += n;
	}
	chat_gate_close(gate, end, &g.answer);
	g.shown = arena_strdup(a, buf_text(&shown.text));
	g.pieces = shown.pieces;
	g.passed = chat_gate_passed(gate);
	for (int i = 0; i < GATE_FAULT_COUNT; i++)
		g.faults[i] = chat_gate_faults(gate, (enum gate_fault)i);
	cr_assert_str_eq(g.shown, g.answer.content);
	buf_free(&shown.text);
	return g;
}

enum gate_fault gate_kit_fault(const struct gated *g)
{
	for (int i = 1; i < GATE_FAULT_COUNT; i++)
		if (g->faults[i])
			return (enum gate_fault)i;
	return GATE_FAULT_none;
}
