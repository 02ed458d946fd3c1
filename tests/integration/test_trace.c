/* test_trace.c - one trace from the guest through Kafka and the worker to the model and back: received by OTLP/HTTP as OpenTelemetry's own classes read it, its chain of parents
 * complete. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/edit_kit.h"
#include "tests/support/guest.h"
#include "tests/support/otlp_sink.h"

static struct kit k;
static int sink_port;

static void start(void)
{
	static char endpoint[80];
	sink_port = otlp_sink_start();
	snprintf(endpoint, sizeof(endpoint), "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:%d", sink_port);
	edit_kit_open(&k, &(struct stack_options){ .model = "--persona honest", .env = { endpoint, "TRACE_PERCENT=100", NULL } });
}

static void stop(void)
{
	edit_kit_close(&k);
}

TestSuite(trace, .init = start, .fini = stop, .timeout = 180);

static const struct otlp_span *find(const struct otlp_span *spans, int n, const char *name, const char *trace)
{
	for (int i = 0; i < n; i++)
		if (strcmp(spans[i].name, name) == 0 && (!trace || strcmp(spans[i].trace, trace) == 0))
			return &spans[i];
	return NULL;
}

Test(trace, goes_from_the_socket_to_the_model_and_back)
{
	static struct otlp_span spans[OTLP_SPANS_MAX];
	struct guest g;
	guest_init(&g, k.port);
	guest_ask(&g, "Tell me about your cookies");
	cr_assert(guest_wait(&g, KIT_MS));
	otlp_sink_spans(spans, "api.chat", KIT_MS);
	int n = otlp_sink_spans(spans, "chat", KIT_MS);
	const struct otlp_span *api = find(spans, n, "api.chat", NULL);
	cr_assert_not_null(api);
	const struct otlp_span *flow = find(spans, n, "chat", api->trace), *call = find(spans, n, "ai.call", api->trace), *save = find(spans, n, "chat.save", api->trace);
	cr_assert(flow && call && save, "the worker's spans are of the same trace");
	cr_expect_str_eq(api->service, "api");
	cr_expect_str_eq(flow->service, "worker");
	cr_expect_str_eq(api->parent, "", "it begins at the socket");
	cr_expect_str_eq(flow->parent, api->span);
	cr_expect_str_eq(call->parent, flow->span);
	cr_expect_str_eq(save->parent, flow->span);
	cr_expect_leq(api->began_ns, flow->began_ns);
	cr_expect_leq(flow->began_ns, call->began_ns);
	cr_expect_geq(flow->ended_ns, call->ended_ns);
	guest_close(&g);
}

Test(trace, continues_the_clients_own)
{
	static struct otlp_span spans[OTLP_SPANS_MAX];
	json_decref(kit_must(&k, NULL, "POST", kit_path("/api/v1/chat/%s/message?wait=true", KIT_SLUG), "traceparent: 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01\r\n",
	                     "{\"session_id\":\"s-trace\",\"message\":\"Tell me about your cookies\"}", 200));
	int n = otlp_sink_spans(spans, "api.chat", KIT_MS);
	const struct otlp_span *api = find(spans, n, "api.chat", "0123456789abcdef0123456789abcdef");
	cr_assert_not_null(api);
	cr_expect_str_eq(api->parent, "0123456789abcdef");
}

#define SPANS(span) "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"x\"}}]},\"scopeSpans\":[{\"spans\":[{" span "}]}]}]}"
#define IDS "\"traceId\":\"0123456789abcdef0123456789abcdef\",\"spanId\":\"0123456789abcdef\""
#define TIMES "\"startTimeUnixNano\":\"1700000000000000000\",\"endTimeUnixNano\":\"1700000000000000001\""

/* Else the tests above would prove little. */
Test(trace, the_receiver_refuses_what_is_no_otlp)
{
	static const char *const bad[] = {
		"{",
		"{\"resource_spans\":[]}",
		"{\"resourceSpans\":{}}",
		SPANS(IDS "," TIMES),
		SPANS(IDS "," TIMES ",\"name\":\"a\",\"strange\":1"),
		SPANS(IDS "," TIMES ",\"name\":1"),
		SPANS(IDS "," TIMES ",\"name\":\"a\",\"kind\":\"SPAN_KIND_SERVER\""),
		SPANS(IDS "," TIMES ",\"name\":\"a\",\"parentSpanId\":\"0123\""),
		SPANS(IDS "," TIMES ",\"name\":\"a\",\"parentSpanId\":\"0000000000000000\""),
		SPANS("\"spanId\":\"0123456789abcdef\"," TIMES ",\"name\":\"a\""),
		SPANS(IDS ",\"startTimeUnixNano\":\"later\",\"endTimeUnixNano\":\"1\",\"name\":\"a\""),
		SPANS(IDS ",\"startTimeUnixNano\":\"2\",\"endTimeUnixNano\":\"1\",\"name\":\"a\""),
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(http_ask(sink_port, "POST", "/v1/traces", "Content-Type: application/json\r\n", bad[i]).status, 400, "%s", bad[i]);
	cr_expect_eq(http_ask(sink_port, "POST", "/v1/traces", "Content-Type: text/plain\r\n", "{}").status, 400);
	cr_expect_eq(http_ask(sink_port, "POST", "/v1/traces", "Content-Type: application/json\r\n", SPANS(IDS "," TIMES ",\"name\":\"a\",\"kind\":2")).status, 200);
}
