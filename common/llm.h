/* llm.h - one question to a language model: OpenAI-compatible chat completions, streamed.
 *
 * Providers by the table providers.def (name, base URL, default model, key setting), tried in the order of AI_PROVIDER. A provider is skipped while its circuit
 * breaker is open (5 failures in a row, or half of the last 20; open 10 s, then one trial call). Before the first piece of text a failed try
 * goes to the same provider again (429/5xx, at most 2 times, jitter, honouring Retry-After up to 2 s), then to the next provider. After the first
 * piece a failure is final: the result says so and the caller ends the answer from data.
 *
 * Callbacks on the loop, never before llm_ask() returned; on_done exactly once unless cancelled. A call may be cancelled in its own on_delta, not in its on_done.
 * The call is gone when on_done comes. At most AI_CONCURRENCY calls at once, then `overloaded`. llm_free() drops open calls without a callback, and is no callback's business.
 */
#ifndef COMMON_LLM_H
#define COMMON_LLM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/config.h"
#include "common/error.h"
#include "common/http.h"

struct llm;
struct llm_call;

struct llm_message {
	const char *role; /* "system", "user", "assistant" */
	const char *content;
};

struct llm_prompt {
	const struct llm_message *v;
	size_t n;
	const char *trace; /* traceparent to pass on; may be NULL */
};

/* What texts cost, for budgets before a provider says: three bytes a token, more than providers count for any language but for emoji. */
#define LLM_TOKEN_BYTES 3
#define LLM_MESSAGE_BYTES 16 /* around each message of a prompt */

struct llm_result {
	enum error error;              /* none, model_busy, model_refused, model_broken, deadline, http_failed, overloaded, too_big_to_store (the prompt) */
	const char *provider;          /* the one that answered, or was tried last; "builtin" when none is configured */
	bool started;                  /* at least one piece was delivered */
	bool cut;                      /* the model stopped at its length limit */
	int64_t tokens_in, tokens_out; /* -1 when the provider did not say */
	const char *detail;
};

typedef void llm_delta_fn(void *ctx, const char *text, size_t len); /* valid UTF-8, never split inside a code point */
typedef void llm_done_fn(void *ctx, const struct llm_result *result);

/* Are AI_PROVIDER's names known, and has each what it needs? Otherwise *why_r is one line for people (static). */
MUST_CHECK enum error llm_check(const struct config *config, const char **why_r);
MUST_CHECK enum error llm_new(uv_loop_t *loop, struct http *http, const struct config *config, struct llm **llm_r);
void llm_free(struct llm **llm);
bool llm_configured(const struct llm *llm); /* false: no provider, callers use the built-in writer */
bool llm_available(const struct llm *llm);  /* at least one provider whose breaker is not open */
/* Never fails at once: errors come by on_done. Copies the prompt. */
struct llm_call *llm_ask(struct llm *llm, const struct llm_prompt *prompt, llm_delta_fn *on_delta, llm_done_fn *on_done, void *ctx);
void llm_cancel(struct llm_call **call); /* NULL is fine */

#endif
