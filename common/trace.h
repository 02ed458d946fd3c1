/* trace.h - spans, sent by OTLP/HTTP in JSON to OTEL_EXPORTER_OTLP_ENDPOINT. Off (and free) without one.
 *
 * A span is what one part did for a trace: the api from a question to its answer, the worker's flow and its steps, one call to a model. Its traceparent is handed on,
 * in the headers of events and of calls, so that the next part's span is its child. Which traces are kept is decided by the trace's id, so every process decides
 * alike: TRACE_PERCENT of them. Spans wait at most TRACE_FLUSH_MS and are dropped, counted, when more than TRACE_SPANS_MAX wait or the receiver does not take them: tracing
 * never delays anything. No text of guests is in a span. Loop thread only.
 */
#ifndef COMMON_TRACE_H
#define COMMON_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "common/id.h"

#define TRACE_FLUSH_MS 1000
#define TRACE_SPANS_MAX 2000

struct config;

struct span {
	char trace[TRACEPARENT_TEXT]; /* hand it on; always set */
	char parent[17];              /* the parent's span id; "": none */
	const char *name;             /* static */
	int64_t began_ms;
	bool kept;
};

/* False: no endpoint, or none that can be used (logged). */
bool trace_start(uv_loop_t *loop, const char *service, const struct config *config);
void trace_stop(void); /* what waits is not sent any more: flush before */
void trace_flush(void);
bool trace_on(void);

/* `parent` may be NULL: a new trace begins. */
void span_begin(struct span *s, const char *name, const char *parent);
/* `about` (may be NULL) is a short word: a provider, a step. */
void span_end(struct span *s, enum error error, const char *about);
/* A span that is over: from `began_us` of clock_us() until now, a child of `parent`. */
void span_was(const char *name, const char *parent, int64_t began_us);

#endif
