/* fake_llm.c - llm.h by hand; see fakes.h. */
#include <stdlib.h>
#include <string.h>

#include "tests/flow/fakes.h"

struct llm_call {
	llm_delta_fn *on_delta;
	llm_done_fn *on_done;
	void *ctx;
	bool open;
};

bool fake_llm_is_configured, fake_llm_is_available;

static struct llm_call call;
static struct llm_prompt prompt;
static size_t calls, cancelled;

void fake_llm_reset(void);
void fake_llm_reset(void)
{
	call.open = false;
	calls = cancelled = 0;
	fake_llm_is_configured = fake_llm_is_available = true;
}

bool fake_llm_asked(void)
{
	return call.open;
}

const struct llm_prompt *fake_llm_prompt(void)
{
	return &prompt;
}

size_t fake_llm_calls(void)
{
	return calls;
}

size_t fake_llm_cancelled(void)
{
	return cancelled;
}

void fake_llm_delta(const char *text)
{
	if (!call.open)
		abort();
	call.on_delta(call.ctx, text, strlen(text));
}

void fake_llm_done(enum error error, bool started)
{
	if (!call.open)
		abort();
	call.open = false;
	struct llm_result result = { .error = error, .provider = "double", .started = started, .tokens_in = 100, .tokens_out = 20, .detail = error ? "made up" : "" };
	call.on_done(call.ctx, &result);
}

bool llm_configured(const struct llm *llm)
{
	(void)llm;
	return fake_llm_is_configured;
}

bool llm_available(const struct llm *llm)
{
	(void)llm;
	return fake_llm_is_available;
}

struct llm_call *llm_ask(struct llm *llm, const struct llm_prompt *asked, llm_delta_fn *on_delta, llm_done_fn *on_done,
                         void *ctx)
{
	(void)llm;
	prompt = *asked;
	calls++;
	call = (struct llm_call){ .on_delta = on_delta, .on_done = on_done, .ctx = ctx, .open = true };
	return &call;
}

void llm_cancel(struct llm_call **c)
{
	if (!*c)
		return;
	cancelled++;
	(*c)->open = false;
	*c = NULL;
}
