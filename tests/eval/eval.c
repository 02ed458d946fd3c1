/* eval.c - the cases of the assistant, asked of a real model: `make eval`. Prints a table; no test, because what a model says differs from day to day.
 *
 * Usage: eval MODEL_NAME, with AI_BASE_URL in the environment. EVAL_EVERY=n takes each n-th case only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/clock.h"
#include "common/llm.h"
#include "common/log.h"
#include "schemas.h"
#include "tests/support/answer_judge.h"
#include "tests/support/menu_fixture.h"
#include "workers/chat_gate.h"
#include "workers/chat_profile.h"

#define TURNS_MAX 30
#define HISTORY 12
#define CALLS_AT_ONCE 16

static const struct eval_case {
	const char *menu, *turns[TURNS_MAX];
	const char *must[6], *must_not[6];
} cases[] = {
#define MUST(...) \
	{ \
		__VA_ARGS__ \
	}
#define NOT(...) \
	{ \
		__VA_ARGS__ \
	}
#define TURNS(...) \
	{ \
		__VA_ARGS__ \
	}
#define CASE(menu, message, must, not ) { menu, { message }, must, not },
#include "tests/data/assistant_cases.def"
#undef CASE
#define TALK(menu, turns, must, not ) { menu, turns, must, not },
#include "tests/data/assistant_talks.def"
#undef TALK
};
#define CASES (sizeof(cases) / sizeof(*cases))

struct eval {
	uv_loop_t *loop;
	struct llm *llm;
	size_t asked, failed_calls, said, passed, dropped[GATE_FAULT_COUNT];
	size_t false_answers, missing, forbidden; /* answers that were delivered */
	size_t raw_false;                         /* what the model said, had it gone out as it is */
	int64_t tokens_in, tokens_out, began_ms;
};

/* One answer on its way. */
struct asking {
	struct eval *eval;
	struct arena *a;
	struct chat_gate *gate;
	struct buf raw;
	enum error error;
	bool done;
};

static void on_checked(void *ctx, const char *text, size_t len)
{
	(void)ctx;
	(void)text;
	(void)len;
}

static void on_delta(void *ctx, const char *text, size_t len)
{
	struct asking *x = ctx;
	chat_gate_feed(x->gate, text, len);
	buf_append(&x->raw, text, len);
}

static void on_done(void *ctx, const struct llm_result *result)
{
	struct asking *x = ctx;
	x->error = result->error;
	x->done = true;
	x->eval->tokens_in += result->tokens_in > 0 ? result->tokens_in : 0;
	x->eval->tokens_out += result->tokens_out > 0 ? result->tokens_out : 0;
	x->eval->failed_calls += result->error != ERROR_none;
	if (result->error)
		fprintf(stderr, "%s\n", result->detail);
	uv_stop(x->eval->loop);
}

static void count(struct eval *e, const struct chat_gate *gate)
{
	e->passed += chat_gate_passed(gate);
	e->said += chat_gate_passed(gate);
	for (int i = 1; i < GATE_FAULT_COUNT; i++) {
		e->dropped[i] += chat_gate_faults(gate, (enum gate_fault)i);
		e->said += chat_gate_faults(gate, (enum gate_fault)i);
	}
}

static struct answer ask(struct eval *e, struct arena *a, const struct writer_input *in)
{
	struct asking x = { .eval = e, .a = a };
	struct llm_prompt prompt;
	struct answer answer;
	buf_init(&x.raw, (size_t)64 << 10);
	chat_prompt_build(a, in->snapshot, in->profile, in->history, in->history_count, in->message, CHAT_PROMPT_TOKENS, &prompt);
	x.gate = chat_gate_open(a, in, on_checked, &x);
	chat_gate_begin(x.gate);
	struct llm_call *call = llm_ask(e->llm, &prompt, on_delta, on_done, &x);
	while (!x.done)
		uv_run(e->loop, UV_RUN_DEFAULT);
	(void)call;
	chat_gate_close(x.gate, x.error ? CHAT_GATE_BROKEN : CHAT_GATE_WHOLE, &answer);
	count(e, x.gate);
	struct answer raw = { .content = buf_text(&x.raw) };
	e->raw_false += answer_judge(a, in->snapshot, &raw, in->message, in->profile) != NULL;
	e->asked++;
	buf_free(&x.raw);
	return answer;
}

static void judge(struct eval *e, struct arena *a, const struct eval_case *c, const struct writer_input *in, const struct answer *answer, bool last)
{
	const char *bad = answer_judge(a, in->snapshot, answer, in->message, in->profile);
	if (bad)
		printf("FALSE: \"%s\": %s in: %s\n", in->message, bad, answer->content);
	e->false_answers += bad != NULL;
	for (size_t i = 0; last && i < 6; i++) {
		e->missing += c->must[i] && !strcasestr(answer->content, c->must[i]);
		e->forbidden += c->must_not[i] && strcasestr(answer->content, c->must_not[i]);
	}
}

static void run(struct eval *e, const struct eval_case *c, const struct menu_snapshot *s)
{
	struct arena *a = arena_new();
	struct chat_turn turns[2 * TURNS_MAX];
	const struct profile *profile = NULL;
	size_t n = 0;
	for (size_t t = 0; t < TURNS_MAX && c->turns[t]; t++) {
		size_t kept = n < HISTORY ? n : HISTORY;
		struct writer_input in = { .snapshot = s, .message = c->turns[t], .message_id = "eval", .profile = profile, .history = turns + n - kept, .history_count = kept };
		struct answer answer = ask(e, a, &in);
		judge(e, a, c, &in, &answer, t + 1 == TURNS_MAX || !c->turns[t + 1]);
		if (answer.told)
			profile = chat_profile_merge(a, profile, answer.told);
		turns[n++] = (struct chat_turn){ "user", in.message };
		turns[n++] = (struct chat_turn){ "assistant", answer.content };
	}
	arena_free(&a);
}

static void report(const struct eval *e, const char *model)
{
	printf("\n| %s | |\n|---|---|\n", model);
	printf("| answers asked for, failed calls | %zu, %zu |\n", e->asked, e->failed_calls);
	printf("| false or unproven, had the model's words gone out as they are | %zu |\n", e->raw_false);
	printf("| **false or unproven as delivered** | **%zu** |\n", e->false_answers);
	printf("| delivered answers without a word that the case demands, with one that it forbids | %zu, %zu |\n", e->missing, e->forbidden);
	printf("| the model's sentences, of them delivered | %zu, %zu |\n", e->said, e->passed);
	for (int i = 1; i < GATE_FAULT_COUNT; i++)
		if (e->dropped[i])
			printf("| dropped: %s | %zu |\n", gate_fault_names[i], e->dropped[i]);
	printf("| tokens in, out; seconds an answer | %lld, %lld; %.1f |\n", (long long)e->tokens_in, (long long)e->tokens_out, (double)(clock_ms() - e->began_ms) / 1e3 / (double)(e->asked ? e->asked : 1));
}

int main(int argc, char **argv)
{
	struct config *config = NULL;
	struct http *http = NULL;
	const char *why = "", *every = getenv("EVAL_EVERY");
	struct eval e = { .loop = uv_default_loop(), .began_ms = clock_ms() };
	size_t step = every ? strtoul(every, NULL, 10) : 1;
	log_init("eval", LOG_error);
	if (argc < 2 || config_load(CONFIG_WORKER, &config, &why) || llm_check(config, &why)) {
		fprintf(stderr, "usage: AI_BASE_URL=... eval MODEL_NAME %s\n", why);
		return 2;
	}
	if (http_new(e.loop, CALLS_AT_ONCE, &http) || llm_new(e.loop, http, config, &e.llm))
		return 1;
	struct menu_snapshot *olive = menu_fixture(OLIVE), *jar = menu_fixture(JAR);
	/* One restaurant after the other: the server keeps what it read of the same prompt. */
	for (int other = 0; other < 2; other++)
		for (size_t i = 0; i < CASES; i += step ? step : 1)
			if ((strcmp(cases[i].menu, OLIVE) != 0) == other)
				run(&e, &cases[i], other ? jar : olive);
	report(&e, argv[1]);
	menu_snapshot_drop(&olive);
	menu_snapshot_drop(&jar);
	llm_free(&e.llm);
	http_free(&http);
	uv_run(e.loop, UV_RUN_NOWAIT);
	config_free(&config);
	return e.false_answers > 0;
}
