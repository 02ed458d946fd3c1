/* llm.c - see llm.h. A call makes tries: one after the other, at one provider after the other, until text comes. */
#include "common/llm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/clock.h"
#include "common/id.h"
#include "common/llm_chunk.h"
#include "common/llm_providers.h"
#include "common/log.h"
#include "common/metric.h"
#include "common/sse.h"
#include "common/trace.h"

#define BODY_MAX ((size_t)1 << 20)
#define ANSWER_MAX ((size_t)1 << 20) /* of a whole response, with its JSON */
#define EVENT_MAX ((size_t)64 << 10)
#define RETRIES_MAX 2
#define RETRY_FIRST_MS 100
#define RETRY_AFTER_MAX_MS 2000
#define TAIL_MS 50 /* after [DONE] until the connection is given up */

struct llm {
	uv_loop_t *loop;
	struct http *http;
	const struct config *config;
	struct llm_providers providers;
	size_t open;
	struct llm_call *calls;
};

struct llm_call {
	uv_timer_t timer; /* waits for the next try, or says what is known at once a turn later */
	struct llm *llm;
	llm_delta_fn *on_delta;
	llm_done_fn *on_done;
	void *ctx;
	struct buf messages; /* the body behind the model's name */
	struct span span;    /* its trace goes to the provider; "" before there is one */
	size_t provider;     /* at which one we are */
	int retries;         /* made there */
	int64_t until_ms;
	struct http_call *http;
	struct sse sse;
	struct llm_chunk_memo memo;
	struct buf error_body;
	bool sse_open, finished, ended; /* [DONE] or finish_reason came; [DONE] came */
	bool admitted;                  /* this try owes its breaker an outcome */
	bool gone;                      /* freed; the memory stays until the loop has closed the timer */
	struct llm_result result;
	char detail[200];
	struct llm_call *next, **link;
};

static void try_next(struct llm_call *call);

/* --- the end of a call --- */

static void free_memory(uv_handle_t *handle)
{
	free(handle->data);
}

static void end_try(struct llm_call *call)
{
	http_cancel(&call->http);
	if (call->sse_open) {
		sse_free(&call->sse);
		llm_chunk_memo_free(&call->memo);
	}
	call->sse_open = false;
	buf_free(&call->error_body);
}

static struct llm_provider *provider_of(struct llm_call *call)
{
	return &call->llm->providers.v[call->provider];
}

static void free_call(struct llm_call *call)
{
	call->gone = true;
	end_try(call);
	if (call->admitted)
		breaker_give_up(&provider_of(call)->breaker);
	*call->link = call->next;
	if (call->next)
		call->next->link = call->link;
	call->llm->open--;
	buf_free(&call->messages);
	uv_close((uv_handle_t *)&call->timer, free_memory);
}

static void finish(struct llm_call *call, enum error error, const char *detail)
{
	llm_done_fn *on_done = call->on_done;
	void *ctx = call->ctx;
	struct llm_result result = call->result;
	char text[sizeof(call->detail)];
	snprintf(text, sizeof(text), "%s", detail);
	result.error = error;
	result.detail = text;
	span_end(&call->span, result.error, result.provider);
	free_call(call);
	on_done(ctx, &result);
}

static void on_finish_timer(uv_timer_t *timer)
{
	struct llm_call *call = timer->data;
	finish(call, call->result.error, call->detail);
}

static void finish_later(struct llm_call *call, enum error error, const char *detail)
{
	call->result.error = error;
	if (detail != call->detail)
		snprintf(call->detail, sizeof(call->detail), "%s", detail);
	uv_timer_start(&call->timer, on_finish_timer, 0, 0);
}

/* --- what became of a try --- */

static void show_breaker(const struct llm_provider *p)
{
	metric_set(METRIC_breaker_open, p->breaker.open, p->name);
}

/* A provider that refuses one prompt is in good health. */
static bool is_ill(enum error error, int status)
{
	return error && status != 400 && status != 413 && status != 422;
}

static void report(struct llm_call *call, enum error error, int status)
{
	struct llm_provider *p = provider_of(call);
	bool was_open = p->breaker.open;
	call->admitted = false;
	if (is_ill(error, status))
		breaker_failure(&p->breaker);
	else
		breaker_success(&p->breaker);
	if (p->breaker.open && !was_open)
		log_event(LOG_warn, "ai.breaker_opened", LOG_S("provider", p->name));
	show_breaker(p);
	metric_add(METRIC_provider_calls, 1, p->name, error_row(error)->name);
}

static void on_retry_timer(uv_timer_t *timer)
{
	try_next(timer->data);
}

static int64_t with_jitter(int64_t ms)
{
	char hex[3];
	id_random_hex(hex, 1);
	return ms / 2 + ms * strtol(hex, NULL, 16) / 255;
}

/* How long to wait before the same provider is asked again; -1: it is not. */
static int64_t retry_delay(const struct llm_call *call, int status, int64_t retry_after_ms)
{
	bool passing = status == 429 || status >= 500;
	if (!passing || call->retries >= RETRIES_MAX || retry_after_ms > RETRY_AFTER_MAX_MS)
		return -1;
	if (retry_after_ms > 0)
		return retry_after_ms;
	return with_jitter((int64_t)RETRY_FIRST_MS << call->retries);
}

static void try_failed(struct llm_call *call, enum error error, const char *detail, int status, int64_t retry_after_ms)
{
	char why[sizeof(call->detail)];
	snprintf(why, sizeof(why), "%s", detail); /* it may lie in what ends now */
	report(call, error, status);
	end_try(call);
	log_event(LOG_warn, "ai.try_failed", LOG_S("provider", call->result.provider), LOG_S("error", error_row(error)->name), LOG_I("status", status), LOG_S("detail", why));
	if (call->result.started) {
		finish(call, error, why);
		return;
	}
	int64_t delay = retry_delay(call, status, retry_after_ms);
	call->result.error = error;
	snprintf(call->detail, sizeof(call->detail), "%s", why);
	if (delay >= 0) {
		call->retries++;
	} else {
		call->provider++;
		call->retries = 0;
		delay = 0;
	}
	uv_update_time(call->llm->loop);
	uv_timer_start(&call->timer, on_retry_timer, (uint64_t)delay, 0);
}

static void try_succeeded(struct llm_call *call)
{
	report(call, ERROR_none, 200);
	finish(call, ERROR_none, "");
}

/* --- the stream --- */

static bool on_event(void *ctx, const char *event, const char *data, size_t len)
{
	struct llm_call *call = ctx;
	struct llm_chunk chunk;
	(void)event;
	if (strcmp(data, "[DONE]") == 0) {
		call->ended = call->finished = true;
		return false;
	}
	if (!llm_chunk_parse(&call->memo, data, len, &chunk) || chunk.failure) {
		snprintf(call->detail, sizeof(call->detail), "%.150s", chunk.failure ? chunk.failure : "a piece is no JSON");
		call->result.error = ERROR_model_broken;
		llm_chunk_free(&chunk);
		return false;
	}
	call->result.tokens_in = chunk.tokens_in >= 0 ? chunk.tokens_in : call->result.tokens_in;
	call->result.tokens_out = chunk.tokens_out >= 0 ? chunk.tokens_out : call->result.tokens_out;
	call->finished = call->finished || chunk.finish;
	call->result.cut = call->result.cut || (chunk.finish && strcmp(chunk.finish, "length") == 0);
	if (chunk.text_len) {
		call->result.started = true;
		call->on_delta(call->ctx, chunk.text, chunk.text_len);
	}
	llm_chunk_free(&chunk);
	return !call->gone; /* its owner may have cancelled it */
}

static void on_tail_timer(uv_timer_t *timer)
{
	try_succeeded(timer->data);
}

static bool on_data(void *ctx, int status, const char *bytes, size_t len)
{
	struct llm_call *call = ctx;
	if (status != 200) {
		buf_append(&call->error_body, bytes, len);
		return true;
	}
	bool ended = call->ended;
	enum error error = sse_feed(&call->sse, bytes, len);
	if (call->gone)
		return false;
	if (error && !call->result.error) {
		call->result.error = ERROR_model_broken;
		snprintf(call->detail, sizeof(call->detail), "a piece is too long");
	}
	/* What follows [DONE] is the end of the body, which keeps the connection for the next call; but not every server sends it. */
	if (call->ended && !ended)
		uv_timer_start(&call->timer, on_tail_timer, TAIL_MS, 0);
	return !call->result.error;
}

static enum error error_of_status(int status)
{
	if (status == 429 || status == 503 || status == 529)
		return ERROR_model_busy;
	return status >= 500 ? ERROR_model_broken : ERROR_model_refused;
}

static void answer_ended(struct llm_call *call)
{
	if (call->finished && call->result.started)
		try_succeeded(call);
	else
		try_failed(call, ERROR_model_broken, call->finished ? "an empty answer" : "the stream ended early", 200, -1);
}

static void on_done(void *ctx, const struct http_result *result)
{
	struct llm_call *call = ctx;
	call->http = NULL;
	uv_timer_stop(&call->timer);
	if (call->result.error) {
		try_failed(call, call->result.error, call->detail, result->status, -1);
	} else if (call->finished && call->result.started) {
		try_succeeded(call);
	} else if (result->error) {
		try_failed(call, result->error == ERROR_http_too_large ? ERROR_model_broken : result->error, result->detail, result->status, -1);
	} else if (result->status == 200) {
		answer_ended(call);
	} else {
		char why[sizeof(call->detail)];
		llm_error_text(buf_text(&call->error_body), call->error_body.len, why, sizeof(why));
		try_failed(call, error_of_status(result->status), why, result->status, result->retry_after_ms);
	}
}

/* --- a try --- */

static enum error start_http(struct llm_call *call, const struct llm_provider *p)
{
	const struct config *config = call->llm->config;
	const char *headers[5] = { "Content-Type: application/json", "Accept: text/event-stream" };
	char trace[sizeof("traceparent: ") + TRACEPARENT_TEXT];
	size_t n = 2;
	struct buf body;
	if (p->authorization)
		headers[n++] = p->authorization;
	snprintf(trace, sizeof(trace), "traceparent: %s", call->span.trace);
	if (*call->span.trace)
		headers[n++] = trace;
	buf_init(&body, BODY_MAX);
	buf_str(&body, "{\"model\":");
	buf_json_string(&body, p->model);
	buf_append(&body, call->messages.data, call->messages.len);
	enum error error = buf_error(&body);
	struct http_spec spec = { .method = "POST", .url = p->url, .headers = headers, .body = buf_text(&body), .body_len = body.len, .connect_ms = config->ai_connect_ms, .first_ms = config->ai_first_ms, .gap_ms = config->ai_gap_ms, .total_ms = call->until_ms - clock_ms(), .max_bytes = ANSWER_MAX };
	if (!error)
		error = http_start(call->llm->http, &spec, on_data, on_done, call, &call->http);
	buf_free(&body);
	return error;
}

static struct llm_provider *admit(struct llm_call *call)
{
	for (; call->provider < call->llm->providers.n; call->provider++, call->retries = 0) {
		if (breaker_pass(&provider_of(call)->breaker)) {
			call->admitted = true;
			return provider_of(call);
		}
	}
	return NULL;
}

/* Calls nobody back: llm_ask() begins here. */
static void try_next(struct llm_call *call)
{
	if (clock_ms() >= call->until_ms) {
		finish_later(call, ERROR_deadline, "no time is left for another try");
		return;
	}
	const struct llm_provider *p = admit(call);
	if (!p) {
		bool said = call->result.error != ERROR_none;
		finish_later(call, said ? call->result.error : ERROR_model_busy, said ? call->detail : "no provider may be asked now");
		return;
	}
	call->result = (struct llm_result){ .provider = p->name, .tokens_in = -1, .tokens_out = -1 };
	call->finished = call->ended = false;
	sse_init(&call->sse, EVENT_MAX, on_event, call);
	llm_chunk_memo_init(&call->memo);
	call->sse_open = true;
	buf_init(&call->error_body, 4096);
	enum error error = start_http(call, p);
	if (error)
		finish_later(call, error, "the call could not be started");
}

/* --- public --- */

static void write_messages(struct llm_call *call, const struct llm_prompt *prompt)
{
	struct buf *b = &call->messages;
	buf_str(b, ",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":");
	buf_int(b, call->llm->config->ai_max_tokens);
	buf_str(b, ",\"messages\":[");
	for (size_t i = 0; i < prompt->n; i++) {
		buf_str(b, i ? ",{\"role\":" : "{\"role\":");
		buf_json_string(b, prompt->v[i].role);
		buf_str(b, ",\"content\":");
		buf_json_string(b, prompt->v[i].content);
		buf_char(b, '}');
	}
	buf_str(b, "]}");
}

static struct llm_call *call_new(struct llm *llm)
{
	struct llm_call *call = calloc(1, sizeof(*call));
	if (!call || uv_timer_init(llm->loop, &call->timer)) {
		log_event(LOG_error, "memory.exhausted");
		abort();
	}
	call->timer.data = call;
	call->llm = llm;
	call->next = llm->calls;
	call->link = &llm->calls;
	if (call->next)
		call->next->link = &call->next;
	llm->calls = call;
	llm->open++;
	return call;
}

struct llm_call *llm_ask(struct llm *llm, const struct llm_prompt *prompt, llm_delta_fn *on_delta, llm_done_fn *on_done_fn, void *ctx)
{
	struct llm_call *call = call_new(llm);
	call->on_delta = on_delta;
	call->on_done = on_done_fn;
	call->ctx = ctx;
	call->until_ms = clock_ms() + llm->config->ai_total_ms;
	call->result = (struct llm_result){ .provider = "builtin", .tokens_in = -1, .tokens_out = -1 };
	if (prompt->trace && id_is_trace(prompt->trace, strlen(prompt->trace)))
		span_begin(&call->span, "ai.call", prompt->trace);
	buf_init(&call->messages, BODY_MAX);
	write_messages(call, prompt);
	if (buf_error(&call->messages))
		finish_later(call, ERROR_too_big_to_store, "the prompt is too long");
	else if (llm->open > (size_t)llm->config->ai_concurrency)
		finish_later(call, ERROR_overloaded, "too many calls at once");
	else
		try_next(call);
	return call;
}

void llm_cancel(struct llm_call **call)
{
	struct llm_call *c = *call;
	*call = NULL;
	if (c)
		free_call(c);
}

enum error llm_new(uv_loop_t *loop, struct http *http, const struct config *config, struct llm **llm_r)
{
	struct llm *llm = calloc(1, sizeof(*llm));
	if (!llm)
		return ERROR_internal;
	*llm = (struct llm){ .loop = loop, .http = http, .config = config };
	const char *why;
	enum error error = llm_providers_read(config, &llm->providers, &why);
	if (error) {
		log_event(LOG_error, "ai.settings", LOG_S("why", why));
		free(llm);
		return error;
	}
	for (size_t i = 0; i < llm->providers.n; i++)
		show_breaker(&llm->providers.v[i]);
	*llm_r = llm;
	return ERROR_none;
}

void llm_free(struct llm **llm)
{
	struct llm *l = *llm;
	*llm = NULL;
	if (!l)
		return;
	while (l->calls)
		free_call(l->calls);
	llm_providers_free(&l->providers);
	free(l);
}

bool llm_configured(const struct llm *llm)
{
	return llm->providers.n > 0;
}

bool llm_available(const struct llm *llm)
{
	for (size_t i = 0; i < llm->providers.n; i++)
		if (breaker_would_pass(&llm->providers.v[i].breaker))
			return true;
	return false;
}
