/* fuzz_writer.c - the built-in writer and the prompt, whatever the message says. Run from the root of the repository: it reads a sample menu. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "tests/support/menu_fixture.h"
#include "workers/chat_prompt.h"
#include "workers/chat_writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	static struct menu_snapshot *s;
	if (!s)
		s = menu_fixture(OLIVE);
	struct arena *a = arena_new();
	const char *message = arena_strndup(a, (const char *)bytes, length);
	const char *half = arena_strndup(a, message, strlen(message) / 2);
	const struct chat_turn turn = { "user", half };
	struct writer_input in = { .snapshot = s, .message = message, .message_id = "fuzz", .history = &turn, .history_count = 1 };
	struct answer answer;
	struct llm_prompt prompt;
	size_t ends[64];
	chat_write(a, &in, &answer);
	if (!*answer.content || !utf8_valid(answer.content, strlen(answer.content)) || !chat_write_pieces(answer.content, ends, 64))
		abort();
	chat_prompt_build(a, s, NULL, &turn, 1, message, CHAT_PROMPT_TOKENS, &prompt);
	arena_free(&a);
	return 0;
}
