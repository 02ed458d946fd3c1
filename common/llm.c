/* llm.c - providers in their order, tries, breakers; see llm.h. */
#include "common/llm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/breaker.h"
#include "common/clock.h"
#include "common/llm_wire.h"
#include "common/log.h"
#include "common/metric.h"
#include "common/sse.h"
#include "common/text.h"

#define TRIES 3                     /* of one provider, before the first piece */
#define RETRY_MS 250                /* doubled each time, with jitter */
#define RETRY_AFTER_MAX_MS 2000
#define EVENT_MAX ((size_t)64 << 10)
#define BODY_MAX ((size_t)4 << 20)
#define PROMPT_MAX ((size_t)1 << 20)
#define PROVIDERS_MAX 8

struct provider {
	const char *name;
	char *url, *model, *authorization;   /* the last NULL without a key */
	struct breaker breaker;
};

struct llm {
	struct http *http;
	const struct config *config;
	uv_timer_t *pauses;             /* for tries that wait */
	struct provider providers[PROVIDERS_MAX];
	size_t provider_count;
	struct llm_call *waiting;       /* calls that pause before their next try, or that end without one */
};

struct llm_call {
	struct llm *llm;
	llm_delta_fn *on_delta;
	llm_done_fn *on_done;
	void *ctx;
	char *trace;
	struct llm_message *messages;   /* one allocation with their texts */
	size_t message_count;
	size_t provider;                /* index of the one that is asked */
	int tries;                      /* of this provider */
	bool taken;                     /* its breaker wants a report */
	struct http_call *http;
	struct sse sse;
	struct buf text;
	bool started, finished, cut;
	int64_t tokens_in, tokens_out, began_us;
	enum error error;               /* of the stream */
	char detail[200];
	struct llm_call *next, **self;  /* in llm->waiting */
	int64_t wake_ms;
	bool waits, over;
};

static void ask_next(struct llm_call *call);

/* --- calls that wait --- */

static void unlink_call(struct llm_call *call)
{
	if (!call->waits)
		return;
	*call->self = call->next;
	if (call->next)
		call->next->self = call->self;
	call->waits = false;
}

static void free_call(struct llm_call *call)
{
	unlink_call(call);
	http_cancel(&call->http);
	sse_free(&call->sse);
	buf_free(&call->text);
	free(call->messages);
	free(call->trace);
	free(call);
}

static void finish(struct llm_call *call)
{
	struct llm *llm = call->llm;
	struct llm_result result = {
		.error = call->error,
		.provider = llm->provider_count ? llm->providers[call->provider].name : "builtin",
		.started = call->started, .cut = call->cut, .tokens_in = call->tokens_in, .tokens_out = call->tokens_out,
		.detail = call->detail,
	};
	call->on_done(call->ctx, &result);
	free_call(call);
}

static void on_pause(uv_timer_t *timer);

static void wait_until(struct llm_call *call, int64_t ms)
{
	struct llm *llm = call->llm;
	call->waits = true;
	call->wake_ms = clock_ms() + ms;
	call->next = llm->waiting;
	call->self = &llm->waiting;
	if (call->next)
		call->next->self = &call->next;
	llm->waiting = call;
	if (!uv_is_active((uv_handle_t *)llm->pauses) || uv_timer_get_due_in(llm->pauses) > (uint64_t)ms)
		uv_timer_start(llm->pauses, on_pause, (uint64_t)ms, 0);
}

static struct llm_call *due(struct llm *llm)
{
	int64_t now = clock_ms();
	struct llm_call *call = llm->waiting;
	while (call && call->wake_ms > now)
		call = call->next;
	return call;
}

static void on_pause(uv_timer_t *timer)
{
	struct llm *llm = timer->data;
	for (struct llm_call *call; (call = due(llm));) {
		unlink_call(call);
		if (call->over)
			finish(call);
		else
			ask_next(call);
	}
	int64_t next = INT64_MAX;
	for (struct llm_call *call = llm->waiting; call; call = call->next)
		next = call->wake_ms < next ? call->wake_ms : next;
	int64_t ms = next - clock_ms();
	if (next != INT64_MAX)
		uv_timer_start(timer, on_pause, ms > 0 ? (uint64_t)ms : 1, 0);
}

/* --- outcome of a try --- */

static void report(struct llm_call *call, enum error error)
{
	struct provider *p = &call->llm->providers[call->provider];
	if (!call->taken)
		return;
	call->taken = false;
	breaker_report(&p->breaker, error != ERROR_none);
	metric_add(METRIC_provider_calls, 1, p->name, error_row(error)->name);
	metric_set(METRIC_breaker_open, breaker_open(&p->breaker), p->name);
}

static enum error judge(const struct llm_call *call, const struct http_result *result)
{
	if (result->error)
		return result->error;
	if (result->status == 429 || result->status == 503)
		return ERROR_model_busy;
	if (result->status < 200 || result->status > 299)
		return ERROR_model_refused;
	if (call->error)
		return call->error;
	return call->finished ? ERROR_none : ERROR_model_broken;
}

static bool worth_another_try(enum error error, int status)
{
	return error == ERROR_model_busy || error == ERROR_http_failed || (error == ERROR_model_refused && status >= 500);
}

static int64_t pause_ms(const struct llm_call *call, const struct http_result *result)
{
	if (result->retry_after_ms >= 0)
		return result->retry_after_ms;
	int64_t ms = RETRY_MS << (call->tries - 1);
	return ms / 2 + random() % (ms / 2 + 1);
}

static void forget_try(struct llm_call *call)
{
	sse_free(&call->sse);
	buf_reset(&call->text);
	call->finished = call->cut = false;
	call->error = ERROR_none;
}

/* The next provider, or the same one after a pause. False: nothing is left to try. */
static bool try_on(struct llm_call *call, enum error error, const struct http_result *result)
{
	if (call->started || error == ERROR_cancelled)
		return false;
	int64_t pause = pause_ms(call, result);
	bool same = worth_another_try(error, result->status) && call->tries < TRIES && pause <= RETRY_AFTER_MAX_MS &&
	            !breaker_open(&call->llm->providers[call->provider].breaker);
	if (!same && call->provider + 1 >= call->llm->provider_count)
		return false;
	forget_try(call);
	if (!same) {
		call->provider++;
		call->tries = 0;
		pause = 0;
	}
	wait_until(call, pause);
	return true;
}

static void on_done(void *ctx, const struct http_result *result)
{
	struct llm_call *call = ctx;
	call->http = NULL;
	enum error error = judge(call, result);
	report(call, error);
	if (!error) {
		call->error = ERROR_none;
		finish(call);
		return;
	}
	snprintf(call->detail, sizeof(call->detail), "status %d, %s", result->status, result->detail);
	log_event(LOG_warn, "llm.failed", LOG_S("provider", call->llm->providers[call->provider].name),
	          LOG_S("error", error_row(error)->name), LOG_S("detail", call->detail), LOG_I("try", call->tries));
	if (try_on(call, error, result))
		return;
	call->error = error;
	finish(call);
}

/* --- the stream --- */

/* What jansson gives is valid UTF-8; a code point that a model splits over two chunks cannot be, so it never comes in halves. */
static bool on_event(void *ctx, const char *event, const char *data, size_t len)
{
	struct llm_call *call = ctx;
	struct llm_chunk chunk = { .tokens_in = -1, .tokens_out = -1, .text = &call->text };
	(void)event;
	call->error = llm_wire_chunk(data, len, &chunk);
	if (call->error)
		return false;
	call->finished |= chunk.finished || chunk.done;
	call->cut |= chunk.cut;
	if (chunk.tokens_in >= 0)
		call->tokens_in = chunk.tokens_in;
	if (chunk.tokens_out >= 0)
		call->tokens_out = chunk.tokens_out;
	return true;
}

/* All events of a piece become one delta. */
static bool on_data(void *ctx, int status, const char *bytes, size_t len)
{
	struct llm_call *call = ctx;
	if (status < 200 || status > 299)
		return true;            /* the body of an error: bounded, and not shown to anybody */
	enum error error = sse_feed(&call->sse, bytes, len);
	if (error)
		call->error = error;
	if (call->text.len) {
		call->started = true;
		call->on_delta(call->ctx, buf_text(&call->text), call->text.len);
		buf_reset(&call->text);
	}
	return !call->error;
}

/* --- asking --- */

static enum error start_http(struct llm_call *call, const struct provider *p, const struct buf *body)
{
	const struct config *c = call->llm->config;
	char trace[100];
	const char *headers[5] = { "Content-Type: application/json", "Accept: text/event-stream" };
	size_t n = 2;
	if (p->authorization)
		headers[n++] = p->authorization;
	if (call->trace) {
		snprintf(trace, sizeof(trace), "traceparent: %s", call->trace);
		headers[n++] = trace;
	}
	struct http_spec spec = { .method = "POST", .url = p->url, .headers = headers, .body = buf_text(body), .body_len = body->len,
		                  .connect_ms = c->ai_connect_ms, .first_ms = c->ai_first_ms, .gap_ms = c->ai_gap_ms,
		                  .total_ms = c->ai_total_ms, .max_bytes = BODY_MAX };
	return http_start(call->llm->http, &spec, on_data, on_done, call, &call->http);
}

static void give_up(struct llm_call *call, enum error error, const char *why)
{
	call->error = error;
	snprintf(call->detail, sizeof(call->detail), "%s", why);
	call->over = true;
	wait_until(call, 0);
}

static void ask_provider(struct llm_call *call, struct provider *p)
{
	static struct buf body;         /* libcurl's copy is made at once: the memory is kept for the next call */
	struct llm_prompt prompt = { .v = call->messages, .n = call->message_count };
	if (!body.max_bytes)
		buf_init(&body, PROMPT_MAX);
	buf_reset(&body);
	enum error error = llm_wire_request(&body, p->model, &prompt, call->llm->config->ai_max_tokens);
	sse_init(&call->sse, EVENT_MAX, on_event, call);
	call->tries++;
	call->taken = true;
	if (!error)
		error = start_http(call, p, &body);
	if (!error)
		return;
	breaker_forget(&p->breaker);
	call->taken = false;
	give_up(call, error, "the call could not be started");
}

/* The provider at hand, or the first one behind it whose breaker lets the call pass. */
static void ask_next(struct llm_call *call)
{
	struct llm *llm = call->llm;
	for (; call->provider < llm->provider_count; call->provider++, call->tries = 0) {
		if (breaker_take(&llm->providers[call->provider].breaker)) {
			ask_provider(call, &llm->providers[call->provider]);
			return;
		}
	}
	call->provider = llm->provider_count ? llm->provider_count - 1 : 0;
	give_up(call, ERROR_model_busy, "no provider can be asked now");
}

static void copy_prompt(struct llm_call *call, const struct llm_prompt *prompt)
{
	size_t bytes = prompt->n * sizeof(*call->messages);
	for (size_t i = 0; i < prompt->n; i++)
		bytes += strlen(prompt->v[i].role) + strlen(prompt->v[i].content) + 2;
	call->messages = malloc(bytes + 1);
	if (!call->messages)
		abort();
	char *text = (char *)(call->messages + prompt->n);
	for (size_t i = 0; i < prompt->n; i++) {
		size_t role = strlen(prompt->v[i].role) + 1, content = strlen(prompt->v[i].content) + 1;
		call->messages[i].role = memcpy(text, prompt->v[i].role, role);
		call->messages[i].content = memcpy(text + role, prompt->v[i].content, content);
		text += role + content;
	}
	call->message_count = prompt->n;
	call->trace = prompt->trace ? strdup(prompt->trace) : NULL;
}

struct llm_call *llm_ask(struct llm *llm, const struct llm_prompt *prompt, llm_delta_fn *on_delta, llm_done_fn *on_done_,
                         void *ctx)
{
	struct llm_call *call = calloc(1, sizeof(*call));
	if (!call)
		abort();
	call->llm = llm;
	call->on_delta = on_delta;
	call->on_done = on_done_;
	call->ctx = ctx;
	call->tokens_in = call->tokens_out = -1;
	buf_init(&call->text, BODY_MAX);
	copy_prompt(call, prompt);
	ask_next(call);
	return call;
}

void llm_cancel(struct llm_call **call)
{
	struct llm_call *c = *call;
	*call = NULL;
	if (!c)
		return;
	if (c->taken)
		breaker_forget(&c->llm->providers[c->provider].breaker);
	free_call(c);
}

/* --- providers --- */

bool llm_configured(const struct llm *llm)
{
	return llm->provider_count > 0;
}

bool llm_available(const struct llm *llm)
{
	for (size_t i = 0; i < llm->provider_count; i++)
		if (!breaker_open(&llm->providers[i].breaker))
			return true;
	return false;
}

static char *join(const char *a, const char *b)
{
	char *text = NULL;
	if (asprintf(&text, "%s%s", a, b) < 0)
		abort();
	return text;
}

static void add_provider(struct llm *llm, const char *name, const char *url, const char *model, const char *key)
{
	const struct config *c = llm->config;
	if (llm->provider_count == PROVIDERS_MAX)
		return;
	struct provider *p = &llm->providers[llm->provider_count++];
	p->name = name;
	p->url = join(*c->ai_base_url ? c->ai_base_url : url, "/chat/completions");
	p->model = join(*c->ai_model ? c->ai_model : model, "");
	p->authorization = *key ? join("Authorization: Bearer ", key) : NULL;
	metric_set(METRIC_breaker_open, 0, name);
}

/* By name; without names the first that has a key, or `local` when there is a base URL. */
static void add_wanted(struct llm *llm, const char *wanted)
{
	const struct config *c = llm->config;
#define PROVIDER(name, url, model, key_field) \
	if (strcmp(wanted, #name) == 0) { \
		add_provider(llm, #name, url, model, c->key_field); \
		return; \
	}
#include "common/providers.def"
#undef PROVIDER
}

static bool usable(const struct config *c, const char *name, bool *known_r)
{
	*known_r = true;
	if (strcmp(name, "builtin") == 0 || *c->ai_base_url)
		return true;
#define PROVIDER(provider, url, model, key_field) \
	if (strcmp(name, #provider) == 0) \
		return *(url) && *c->key_field;
#include "common/providers.def"
#undef PROVIDER
	*known_r = false;
	return false;
}

enum error llm_check(const struct config *config, const char **why_r)
{
	static char why[200];
	for (size_t i = 0; i < config->ai_provider.n; i++) {
		bool known;
		const char *name = config->ai_provider.v[i];
		if (usable(config, name, &known))
			continue;
		if (known)
			snprintf(why, sizeof(why), "AI_PROVIDER names %s, but neither its key nor AI_BASE_URL is set", name);
		else
			snprintf(why, sizeof(why), "AI_PROVIDER is \"%s\": expected openai, groq, grok, local or builtin", name);
		*why_r = why;
		return ERROR_invalid;
	}
	return ERROR_none;
}

static const char *first_with_key(const struct config *c)
{
#define PROVIDER(name, url, model, key_field) \
	if (*c->key_field) \
		return #name;
#include "common/providers.def"
#undef PROVIDER
	return "";
}

static void add_providers(struct llm *llm)
{
	const struct config *c = llm->config;
	if (!c->ai_provider.n)
		add_wanted(llm, *c->ai_base_url ? "local" : first_with_key(c));
	for (size_t i = 0; i < c->ai_provider.n; i++)
		add_wanted(llm, c->ai_provider.v[i]);   /* "builtin" is no provider: what comes after all of them */
}

enum error llm_new(uv_loop_t *loop, struct http *http, const struct config *config, struct llm **llm_r)
{
	struct llm *llm = calloc(1, sizeof(*llm));
	uv_timer_t *pauses = calloc(1, sizeof(*pauses));
	if (!llm || !pauses || uv_timer_init(loop, pauses)) {
		free(llm);
		free(pauses);
		return ERROR_internal;
	}
	llm->http = http;
	llm->config = config;
	llm->pauses = pauses;
	pauses->data = llm;
	add_providers(llm);
	*llm_r = llm;
	return ERROR_none;
}

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

void llm_free(struct llm **llm)
{
	struct llm *l = *llm;
	if (!l)
		return;
	*llm = NULL;
	while (l->waiting)
		free_call(l->waiting);
	for (size_t i = 0; i < l->provider_count; i++) {
		free(l->providers[i].url);
		free(l->providers[i].model);
		free(l->providers[i].authorization);
	}
	uv_close((uv_handle_t *)l->pauses, free_handle);
	free(l);
}
