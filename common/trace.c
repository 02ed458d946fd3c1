/* trace.c - see trace.h. */
#include "common/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/clock.h"
#include "common/config.h"
#include "common/http.h"
#include "common/log.h"
#include "common/metric.h"

#define CALLS_MAX 4
#define BODY_MAX ((size_t)4 << 20)
#define CALL_MS 5000
#define URL_MAX 1100
#define MS_TO_NS "000000"

static struct {
	bool on;
	struct http *http;
	uv_timer_t timer;
	struct buf spans; /* their JSON, separated by commas */
	size_t count, calls;
	int64_t percent;
	const char *service;
	char url[URL_MAX];
} trace;

bool trace_on(void)
{
	return trace.on;
}

/* The last digits of a trace id are random: they choose. */
static bool is_kept(const char *traceparent)
{
	char digits[9];
	snprintf(digits, sizeof(digits), "%.8s", traceparent + 3 + 24);
	return (int64_t)(strtoul(digits, NULL, 16) % 100) < trace.percent;
}

void span_begin(struct span *s, const char *name, const char *parent)
{
	bool child = parent && id_is_trace(parent, strlen(parent));
	*s = (struct span){ .name = name };
	id_trace(s->trace, child ? parent : NULL);
	if (!trace.on)
		return;
	if (child)
		snprintf(s->parent, sizeof(s->parent), "%.16s", parent + 36);
	s->kept = is_kept(s->trace);
	s->began_ms = clock_wall_ms();
}

static void put_attribute(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, "{\"key\":\"%s\",\"value\":{\"stringValue\":", key);
	buf_json_string(b, value);
	buf_str(b, "}}");
}

static void put_span(struct buf *b, const struct span *s, int64_t until_ms, enum error error, const char *about)
{
	buf_printf(b, "%s{\"traceId\":\"%.32s\",\"spanId\":\"%.16s\",", trace.count ? "," : "", s->trace + 3, s->trace + 36);
	if (*s->parent)
		buf_printf(b, "\"parentSpanId\":\"%s\",", s->parent);
	buf_printf(b, "\"name\":\"%s\",\"kind\":1,\"startTimeUnixNano\":\"%lld" MS_TO_NS "\",\"endTimeUnixNano\":\"%lld" MS_TO_NS "\",\"attributes\":[", s->name, (long long)s->began_ms,
	           (long long)until_ms);
	if (about)
		put_attribute(b, "about", about);
	if (error) {
		buf_str(b, about ? "," : "");
		put_attribute(b, "error.type", error_row(error)->name);
	}
	buf_printf(b, "],\"status\":{\"code\":%d}}", error ? 2 : 1);
}

void span_end(struct span *s, enum error error, const char *about)
{
	if (!trace.on || !s->kept)
		return;
	s->kept = false;
	if (trace.count >= TRACE_SPANS_MAX) {
		metric_add(METRIC_spans, 1, "dropped");
		return;
	}
	put_span(&trace.spans, s, clock_wall_ms(), error, about);
	trace.count++;
}

void span_was(const char *name, const char *parent, int64_t began_us)
{
	if (!trace.on || !parent)
		return;
	struct span s;
	span_begin(&s, name, parent);
	s.began_ms -= (clock_us() - began_us) / 1000;
	span_end(&s, ERROR_none, NULL);
}

/* --- sending --- */

static bool on_data(void *ctx, int status, const char *bytes, size_t len)
{
	(void)ctx, (void)status, (void)bytes, (void)len;
	return true;
}

static void on_done(void *ctx, const struct http_result *result)
{
	size_t count = (size_t)(uintptr_t)ctx;
	bool taken = !result->error && result->status / 100 == 2;
	trace.calls--;
	metric_add(METRIC_spans, (double)count, taken ? "sent" : "lost");
	if (!taken)
		log_event(LOG_warn, "trace.not_taken", LOG_I("status", result->status), LOG_S("detail", result->detail), LOG_I("spans", count));
}

void trace_flush(void)
{
	if (!trace.on || !trace.count || trace.calls >= CALLS_MAX)
		return;
	static const char *const headers[] = { "Content-Type: application/json", NULL };
	struct buf body;
	struct http_call *call;
	buf_init(&body, BODY_MAX + 1000);
	buf_str(&body, "{\"resourceSpans\":[{\"resource\":{\"attributes\":[");
	put_attribute(&body, "service.name", trace.service);
	buf_str(&body, "]},\"scopeSpans\":[{\"scope\":{\"name\":\"restaurant-ai\"},\"spans\":[");
	buf_append(&body, buf_text(&trace.spans), trace.spans.len);
	buf_str(&body, "]}]}]}");
	struct http_spec spec = { .method = "POST", .url = trace.url, .headers = headers, .body = buf_text(&body), .body_len = body.len, .connect_ms = CALL_MS, .first_ms = CALL_MS, .gap_ms = CALL_MS, .total_ms = CALL_MS, .max_bytes = 1 << 16 };
	if (!buf_error(&body) && !http_start(trace.http, &spec, on_data, on_done, (void *)(uintptr_t)trace.count, &call))
		trace.calls++;
	else
		metric_add(METRIC_spans, (double)trace.count, "lost");
	buf_free(&body);
	buf_reset(&trace.spans);
	trace.count = 0;
}

static void on_timer(uv_timer_t *timer)
{
	(void)timer;
	trace_flush();
}

bool trace_start(uv_loop_t *loop, const char *service, const struct config *config)
{
	const char *endpoint = config->otel_endpoint;
	if (!*endpoint)
		return false;
	if (http_new(loop, CALLS_MAX, &trace.http)) {
		log_event(LOG_error, "trace.no_client");
		return false;
	}
	size_t len = strlen(endpoint);
	snprintf(trace.url, sizeof(trace.url), "%.*s/v1/traces", (int)(len && endpoint[len - 1] == '/' ? len - 1 : len), endpoint);
	trace.service = service;
	trace.percent = config->trace_percent;
	buf_init(&trace.spans, BODY_MAX);
	uv_timer_init(loop, &trace.timer);
	uv_timer_start(&trace.timer, on_timer, TRACE_FLUSH_MS, TRACE_FLUSH_MS);
	uv_unref((uv_handle_t *)&trace.timer);
	return trace.on = true;
}

void trace_stop(void)
{
	if (!trace.on)
		return;
	trace.on = false;
	uv_close((uv_handle_t *)&trace.timer, NULL);
	http_free(&trace.http);
	buf_free(&trace.spans);
}
