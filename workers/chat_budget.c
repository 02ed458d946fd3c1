/* chat_budget.c - see chat_budget.h. */
#include "workers/chat_budget.h"

#include <string.h>

#include "common/log.h"
#include "common/metric.h"

bool chat_budget_limited(const struct chat *c)
{
	return c->worker->config->ai_monthly_tokens > 0;
}

static int64_t prompt_tokens(const struct llm_prompt *prompt)
{
	size_t bytes = 0;
	for (size_t i = 0; i < prompt->n; i++)
		bytes += strlen(prompt->v[i].content) + LLM_MESSAGE_BYTES;
	return (int64_t)bytes / LLM_TOKEN_BYTES + 1;
}

const struct step *chat_budget_reserve(struct chat *c, const struct llm_prompt *prompt, const struct step *next)
{
	const struct config *config = c->worker->config;
	c->prompt_tokens = prompt_tokens(prompt);
	struct budget_reserve_params params = { .tokens = c->prompt_tokens + config->ai_max_tokens, .ceiling = config->ai_monthly_tokens };
	c->reserved = params.tokens;
	return flow_query(c->flow, c->worker->pg, c->asked->restaurant_id, &(struct pg_statement){ QUERY_budget_reserve, &params }, 1, next);
}

void chat_budget_reserved(struct chat *c)
{
	const struct flow_result *result = &c->flow->result;
	if (!result->error && result->rows[0].n) {
		c->budget_month = arena_strdup(c->arena, ((const struct budget_reserve_row *)result->rows[0].v)->month);
		return;
	}
	c->reserved = 0;
	if (result->error)
		log_event(LOG_warn, "chat.budget_unknown", LOG_S("error", error_row(result->error)->name), LOG_S("detail", result->detail));
	else
		metric_add(METRIC_ai_ceiling, 1);
}

bool chat_budget_open(const struct chat *c)
{
	return c->reserved > 0;
}

static int64_t used(const struct chat *c)
{
	if (!c->called)
		return 0;
	int64_t in = c->tokens_in >= 0 ? c->tokens_in : c->prompt_tokens;
	int64_t out = c->tokens_out >= 0 ? c->tokens_out : (int64_t)c->heard / LLM_TOKEN_BYTES + 1;
	return in + out;
}

const struct step *chat_budget_settle(struct chat *c, const struct step *next)
{
	struct budget_settle_params params = { .month = c->budget_month, .tokens = used(c) - c->reserved };
	c->reserved = 0;
	return flow_query(c->flow, c->worker->pg, c->asked->restaurant_id, &(struct pg_statement){ QUERY_budget_settle, &params }, 1, next);
}

int64_t chat_cost_micros(const struct config *config, int64_t tokens_in, int64_t tokens_out)
{
	const int64_t million = 1000000;
	int64_t sum = (tokens_in > 0 ? tokens_in * config->ai_price_in : 0) + (tokens_out > 0 ? tokens_out * config->ai_price_out : 0);
	return (sum + million / 2) / million;
}
