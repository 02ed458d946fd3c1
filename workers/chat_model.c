/* chat_model.c - see chat_model.h. */
#include "workers/chat_model.h"

#include "common/clock.h"
#include "common/metric.h"
#include "workers/chat_budget.h"
#include "workers/chat_stream.h"

static void on_delta(void *ctx, const char *text, size_t len)
{
	struct chat *c = ctx;
	c->heard += len;
	chat_gate_feed(c->gate, text, len);
}

static void on_checked(void *ctx, const char *text, size_t len)
{
	chat_stream_add(ctx, text, len);
}

static void count(const struct chat *c, const struct llm_result *result)
{
	if (result->tokens_in > 0)
		metric_add(METRIC_ai_tokens, (double)result->tokens_in, result->provider, "in");
	if (result->tokens_out > 0)
		metric_add(METRIC_ai_tokens, (double)result->tokens_out, result->provider, "out");
	if (c->worker->config && (result->tokens_in > 0 || result->tokens_out > 0))
		metric_add(METRIC_ai_cost, (double)chat_cost_micros(c->worker->config, result->tokens_in, result->tokens_out) / 1e6, result->provider);
}

static void on_answer(void *ctx, const struct llm_result *result)
{
	struct chat *c = ctx;
	c->call = NULL;
	c->provider = arena_strdup(c->arena, result->provider);
	c->tokens_in = result->tokens_in;
	c->tokens_out = result->tokens_out;
	count(c, result);
	flow_resume(c->flow, result->error, result->detail);
}

static void cancel_call(void *operation)
{
	llm_cancel(&((struct chat *)operation)->call);
}

static struct writer_input writer_input(const struct chat *c)
{
	return (struct writer_input){
		.snapshot = c->menu,
		.message = c->asked->message,
		.message_id = c->asked->message_id,
		.history = c->session->turns,
		.history_count = c->session->turn_count,
		.profile = c->profile,
		.now_ms = clock_wall_ms(),
	};
}

void chat_model_prompt(const struct chat *c, struct llm_prompt *prompt_r)
{
	chat_prompt_build(c->arena, c->menu, c->profile, c->session->turns, c->session->turn_count, c->asked->message, (size_t)c->worker->config->ai_prompt_tokens, prompt_r);
	prompt_r->trace = c->flow->trace;
}

void chat_compose(struct chat *c, enum chat_status status)
{
	struct writer_input in = writer_input(c);
	chat_write(c->arena, &in, &c->answer);
	c->status = status;
	c->provider = "builtin";
	chat_stream_pieces(c, c->answer.content);
}

const struct step *chat_model_ask(struct chat *c, const struct step *next)
{
	struct llm_prompt prompt;
	struct writer_input in = writer_input(c);
	chat_model_prompt(c, &prompt);
	c->gate = chat_gate_open(c->arena, &in, on_checked, c);
	chat_gate_begin(c->gate);
	c->called = true;
	c->call = llm_ask(c->worker->llm, &prompt, on_delta, on_answer, c);
	return flow_wait(c->flow, cancel_call, c, 0, next);
}

/* Sentences that were dropped are counted by why: a model that lies shows there. */
void chat_close_gate(struct chat *c, enum chat_gate_end end)
{
	struct chat_gate *gate = c->gate;
	c->gate = NULL;
	chat_gate_close(gate, end, &c->answer);
	for (int i = 1; i < GATE_FAULT_COUNT; i++)
		if (chat_gate_faults(gate, (enum gate_fault)i)) {
			c->drops[i] = chat_gate_faults(gate, (enum gate_fault)i);
			metric_add(METRIC_gate_dropped, (double)c->drops[i], gate_fault_names[i]);
		}
	metric_add(METRIC_gate_passed, (double)chat_gate_passed(gate));
	if (!chat_gate_passed(gate))
		c->provider = "builtin";
}
