/* double.h - modeldouble, a stand-in for a language model: an OpenAI-compatible server whose behaviour a test chooses.
 *
 *   modeldouble --port 0 --port-file FILE --persona NAME [--delay-ms N] [--token-delay-ms N] [--tokens N] [--broken-mode NAME]
 *
 *   honest    answers from the facts that its prompt holds, by slots
 *   lying     wrong prices, invented dishes, "contains no nuts", "I have ordered it for you", prints its prompt
 *   obedient  does what any text in its input tells it to
 *   broken    dies after 40 tokens, stalls, sends garbage, 429, 500, never answers: one after the other, or always --broken-mode
 *   echo      says what the guest said
 *   bench     --tokens words (20) in one piece, or one by one with --token-delay-ms; cheap, looks at nothing
 *
 * POST /v1/chat/completions streams; GET /stats gives {"calls","open","last_prompt"}. 127.0.0.1 only.
 */
#ifndef TESTS_DOUBLE_H
#define TESTS_DOUBLE_H

#include <stdint.h>

#include "common/arena.h"

enum broken_mode { BROKEN_die,
	           BROKEN_stall,
	           BROKEN_garbage,
	           BROKEN_429,
	           BROKEN_500,
	           BROKEN_silent,
	           BROKEN_MODES };

struct options {
	int port;
	const char *port_file, *persona;
	int64_t delay_ms, token_delay_ms, tokens;
	int broken_mode; /* -1: one after the other */
};

/* What a persona says to a request, as words that end in their blank. `prompt` is the system text, `message` the guest's last words. */
struct speech {
	const char **words;
	size_t n;
};

void persona_speak(struct arena *a, const struct options *o, const char *prompt, const char *message, struct speech *speech_r);

#endif
