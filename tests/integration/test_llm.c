/* test_llm.c - questions to a language model, with every way in which one can fail: the model double's broken modes. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/breaker.h"
#include "common/clock.h"
#include "common/metric.h"
#include "common/text.h"
#include "tests/integration/double_kit.h"

static const char *const bench[] = { "--persona", "bench", "--tokens", "20", NULL };
static const char *const slow[] = { "--persona", "bench", "--tokens", "20", "--token-delay-ms", "10", NULL };
static const char *const echo[] = { "--persona", "echo", NULL };

struct answer {
	struct double_kit *k;
	struct llm_call *call;
	char text[5000];
	size_t len, pieces, cancel_after;
	bool done;
	struct llm_result result;
	char provider[20], detail[200];
	int64_t began_ms, took_ms;
};

static void on_delta(void *ctx, const char *text, size_t len)
{
	struct answer *a = ctx;
	cr_assert(!a->done);
	cr_assert(len > 0 && utf8_valid(text, len));
	cr_assert_lt(a->len + len, sizeof(a->text));
	memcpy(a->text + a->len, text, len);
	a->len += len;
	a->pieces++;
	if (a->cancel_after && a->pieces == a->cancel_after)
		llm_cancel(&a->call);
}

static void on_done(void *ctx, const struct llm_result *result)
{
	struct answer *a = ctx;
	cr_assert(!a->done, "done came twice");
	a->done = true;
	a->result = *result;
	snprintf(a->provider, sizeof(a->provider), "%s", result->provider);
	snprintf(a->detail, sizeof(a->detail), "%s", result->detail);
	a->call = NULL;
	a->took_ms = clock_ms() - a->began_ms;
}

static void ask(struct double_kit *k, struct answer *a, const char *message)
{
	struct llm_message messages[] = { { "system", "You are a waiter. \"Quotes\", \n lines and caf\xc3\xa9s." }, { "user", message } };
	struct llm_prompt prompt = { .v = messages, .n = 2, .trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
	a->k = k;
	a->began_ms = clock_ms();
	a->call = llm_ask(k->llm, &prompt, on_delta, on_done, a);
	cr_assert(!a->done && !a->pieces, "a callback before the function returned");
}

static bool is_done(void *ctx)
{
	return ((struct answer *)ctx)->done;
}

static void ask_and_wait(struct double_kit *k, struct answer *a, const char *message)
{
	ask(k, a, message);
	cr_assert(double_kit_until(k, is_done, a, 20000));
}

static void open_broken(struct double_kit *k, const char *mode)
{
	const char *arguments[] = { "--persona", "broken", "--broken-mode", mode, NULL };
	double_kit_open(k, arguments);
	double_kit_llm(k);
}

Test(llm, answers, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 };
	double_kit_open(&k, bench);
	double_kit_llm(&k);
	cr_assert(llm_configured(k.llm) && llm_available(k.llm));
	ask_and_wait(&k, &a, "hello");
	cr_assert_eq(a.result.error, ERROR_none, "%s", a.detail);
	cr_assert(a.result.started && !a.result.cut);
	cr_assert_eq(a.pieces, 20);
	cr_assert_eq(strncmp(a.text, "Please ask our ", 15), 0);
	cr_assert_str_eq(a.provider, "local");
	cr_assert(a.result.tokens_in == 100 && a.result.tokens_out == 20);
	double_kit_close(&k);
}

/* What is written to the model is what was said, whatever the bytes. */
Test(llm, says_exactly_this, .timeout = 30)
{
	static const char message[] = "\"caf\xc3\xa9\" \\ \xf0\x9f\x8d\xaa\ttab \x7f {\"a\":1} </s>";
	struct double_kit k;
	struct answer a = { 0 };
	double_kit_open(&k, echo);
	double_kit_llm(&k);
	ask_and_wait(&k, &a, message);
	cr_assert_eq(a.result.error, ERROR_none);
	cr_assert_str_eq(a.text, message);
	double_kit_close(&k);
}

Test(llm, streams, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 };
	double_kit_open(&k, slow);
	double_kit_llm(&k);
	ask(&k, &a, "hello");
	double_kit_turn(&k, 120);
	cr_assert(a.pieces > 0 && a.pieces < 20, "%zu pieces after 120 ms", a.pieces);
	cr_assert(double_kit_until(&k, is_done, &a, 5000));
	cr_assert_eq(a.pieces, 20);
	double_kit_close(&k);
}

Test(llm, cancels, .timeout = 30)
{
	struct double_kit k;
	struct answer inside = { .cancel_after = 3 }, outside = { 0 }, at_once = { 0 };
	double_kit_open(&k, slow);
	double_kit_llm(&k);
	ask(&k, &inside, "hello");
	ask(&k, &outside, "hello");
	ask(&k, &at_once, "hello");
	llm_cancel(&at_once.call);
	double_kit_turn(&k, 60);
	llm_cancel(&outside.call);
	size_t pieces = outside.pieces;
	double_kit_turn(&k, 400);
	cr_assert(!inside.done && inside.pieces == 3 && !inside.call);
	cr_assert(!outside.done && outside.pieces == pieces);
	cr_assert(!at_once.done && !at_once.pieces);
	cr_assert_eq(double_kit_stat(&k, "open"), 0);
	double_kit_close(&k);
}

Test(llm, dies_in_the_middle, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 };
	open_broken(&k, "die");
	ask_and_wait(&k, &a, "hello");
	cr_assert(a.result.error == ERROR_http_failed || a.result.error == ERROR_model_broken);
	cr_assert(a.result.started);
	cr_assert_eq(a.pieces, 40);
	cr_assert_eq(double_kit_stat(&k, "calls"), 1, "after the first piece no other try");
	double_kit_close(&k);
}

Test(llm, stalls, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 };
	open_broken(&k, "stall");
	ask_and_wait(&k, &a, "hello");
	cr_assert_eq(a.result.error, ERROR_deadline);
	cr_assert(a.result.started && a.pieces == 5);
	cr_assert(a.took_ms >= 490 && a.took_ms < 2000, "%ld ms", (long)a.took_ms);
	double_kit_close(&k);
}

Test(llm, talks_garbage, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 };
	open_broken(&k, "garbage");
	ask_and_wait(&k, &a, "hello");
	cr_assert_eq(a.result.error, ERROR_model_broken);
	cr_assert_eq(a.pieces, 0);
	double_kit_close(&k);
}

Test(llm, never_answers, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 };
	open_broken(&k, "silent");
	ask_and_wait(&k, &a, "hello");
	cr_assert_eq(a.result.error, ERROR_deadline);
	cr_assert(!a.result.started);
	cr_assert(a.took_ms >= 1990 && a.took_ms < 4000);
	double_kit_close(&k);
}

/* 429 with Retry-After: 1 and 500: two more tries, with the pauses that were asked for. */
Test(llm, busy_is_tried_again, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 };
	open_broken(&k, "429");
	ask_and_wait(&k, &a, "hello");
	cr_assert_eq(a.result.error, ERROR_model_busy);
	cr_assert_str_eq(a.detail, "slow down");
	cr_assert_eq(double_kit_stat(&k, "calls"), 3);
	cr_assert(a.took_ms >= 2000 && a.took_ms < 4000, "%ld ms", (long)a.took_ms);
	double_kit_close(&k);
}

Test(llm, broken_is_tried_again, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 };
	open_broken(&k, "500");
	ask_and_wait(&k, &a, "hello");
	cr_assert_eq(a.result.error, ERROR_model_broken);
	cr_assert_eq(double_kit_stat(&k, "calls"), 3);
	cr_assert_lt(a.took_ms, 2000);
	double_kit_close(&k);
}

/* A provider that fails again and again is left alone: then the answer is quick. */
Test(llm, breaker_opens, .timeout = 60)
{
	struct double_kit k;
	open_broken(&k, "500");
	for (int i = 0; i < 2; i++) {
		struct answer a = { 0 };
		ask_and_wait(&k, &a, "hello");
		cr_assert_neq(a.result.error, ERROR_none);
	}
	cr_assert(!llm_available(k.llm), "six failures in a row");
	int64_t calls = double_kit_stat(&k, "calls");
	cr_assert_eq(calls, BREAKER_ROW);
	struct answer refused = { 0 };
	ask_and_wait(&k, &refused, "hello");
	cr_assert_eq(refused.result.error, ERROR_model_busy);
	cr_assert_lt(refused.took_ms, 200, "an open breaker answers at once");
	cr_assert_eq(double_kit_stat(&k, "calls"), calls);
	cr_assert_eq(metric_value(METRIC_breaker_open, (const char *const[]){ "local", NULL }), 1);
	double_kit_close(&k);
}

/* A provider that is not reachable costs one quick failure, then the next one is asked. */
Test(llm, falls_through_to_the_next, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 };
	double_kit_open(&k, bench);
	k.providers[0] = "grok";
	k.providers[1] = "local";
	k.config.grok_api_key = "not-a-key";
	k.config.ai_connect_ms = 500;
	/* No name server is reachable from a test, and none is needed: a proxy that is not there refuses every https call. */
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	double_kit_llm(&k);
	ask_and_wait(&k, &a, "hello");
	cr_assert_eq(a.result.error, ERROR_none, "%s", a.detail);
	cr_assert_str_eq(a.provider, "local");
	cr_assert_eq(metric_value(METRIC_provider_calls, (const char *const[]){ "grok", "http_failed", NULL }), 1);
	double_kit_close(&k);
}

Test(llm, nobody_is_configured, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 };
	double_kit_open(&k, bench);
	k.config.ai_base_url = "";
	double_kit_llm(&k);
	cr_assert(!llm_configured(k.llm) && !llm_available(k.llm));
	ask_and_wait(&k, &a, "hello");
	cr_assert_eq(a.result.error, ERROR_model_busy);
	cr_assert_str_eq(a.provider, "builtin");
	double_kit_close(&k);
}

Test(llm, too_many_at_once, .timeout = 30)
{
	struct double_kit k;
	static struct answer a[4];
	double_kit_open(&k, slow);
	k.config.ai_concurrency = 3;
	double_kit_llm(&k);
	for (int i = 0; i < 4; i++)
		ask(&k, &a[i], "hello");
	for (int i = 0; i < 4; i++) {
		cr_assert(double_kit_until(&k, is_done, &a[i], 5000));
		cr_assert_eq(a[i].result.error, i < 3 ? ERROR_none : ERROR_overloaded);
	}
	double_kit_close(&k);
}

/* The whole time is bounded, retries included; and llm_free() with calls open leaves nothing behind. */
Test(llm, total_deadline_and_free, .timeout = 30)
{
	struct double_kit k;
	struct answer a = { 0 }, left = { 0 };
	open_broken(&k, "429");
	k.config.ai_total_ms = 1500;
	ask_and_wait(&k, &a, "hello");
	cr_assert_neq(a.result.error, ERROR_none);
	cr_assert_lt(a.took_ms, 3000);
	ask(&k, &left, "hello");
	double_kit_turn(&k, 50);
	double_kit_close(&k);
	cr_assert(!left.done);
}
