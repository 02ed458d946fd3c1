/* otlp_sink.h - receives traces by OTLP/HTTP, for tests: tests/otlp/receiver.py, which reads them with OpenTelemetry's own classes and refuses what does not follow the protocol.
 * A process of its own, which ends with this one. No Criterion; what cannot be had ends the program, and so does a refused trace. */
#ifndef TESTS_OTLP_SINK_H
#define TESTS_OTLP_SINK_H

#include <stdint.h>

struct otlp_span {
	char service[20], name[60], trace[33], span[17], parent[17];
	int64_t began_ns, ended_ns;
};

#define OTLP_SPANS_MAX 500

/* Listens on a free port of 127.0.0.1, which is returned; once in a process. */
int otlp_sink_start(void);
/* The spans so far, copied; waits up to `ms` until one of this name is there. */
int otlp_sink_spans(struct otlp_span out[OTLP_SPANS_MAX], const char *name, int64_t ms);

#endif
