/* fuzz_gate.c - the gate, whatever a model says and however it is cut: the first byte says where the guest's message ends. Run from the root of the repository. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "tests/support/menu_fixture.h"
#include "workers/chat_gate.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void count(void *ctx, const char *text, size_t len)
{
	(void)text;
	*(size_t *)ctx += len;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct menu_snapshot *s;
	if (!s)
		s = menu_fixture(OLIVE);
	if (!length)
		return 0;
	struct arena *a = arena_new();
	size_t cut = 1 + bytes[0] % length, given = 0;
	const char *message = arena_strndup(a, (const char *)bytes + 1, cut - 1);
	struct writer_input in = { .snapshot = s, .message = message, .message_id = "fuzz" };
	struct answer answer;
	struct chat_gate *g = chat_gate_open(a, &in, count, &given);
	chat_gate_begin(g);
	for (size_t at = cut; at < length; at += 7)
		chat_gate_feed(g, (const char *)bytes + at, length - at < 7 ? length - at : 7);
	chat_gate_close(g, (enum chat_gate_end)(bytes[0] % 3), &answer);
	if (given != strlen(answer.content) || !utf8_valid(answer.content, given) || strstr(answer.content, "guarantee") || strstr(answer.content, "safe"))
		abort();
	arena_free(&a);
	return 0;
}
