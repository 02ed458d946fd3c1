/* otlp_sink.c - see otlp_sink.h. */
#include "tests/support/otlp_sink.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tests/support/http_client.h"

static int port;

static void must(int fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "otlp sink: %s\n", what);
	abort();
}

int otlp_sink_start(void)
{
	int out[2];
	char line[20] = "";
	must(!port && pipe(out) == 0, "no pipe");
	pid_t pid = fork();
	must(pid >= 0, "no process");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		execl("tests/otlp/receiver.sh", "receiver.sh", (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	FILE *first = fdopen(out[0], "r");
	must(first && fgets(line, sizeof(line), first), "tests/otlp/receiver.sh did not start");
	fclose(first);
	port = (int)strtol(line, NULL, 10);
	must(port > 0, line);
	return port;
}

static void copy(char *out, size_t size, const json_t *span, const char *member)
{
	snprintf(out, size, "%s", json_string_value(json_object_get(span, member)));
}

static int copy_spans(struct otlp_span *out, const json_t *spans)
{
	int n = 0;
	for (; n < OTLP_SPANS_MAX && n < (int)json_array_size(spans); n++) {
		const json_t *s = json_array_get(spans, (size_t)n);
		copy(out[n].service, sizeof(out[n].service), s, "service");
		copy(out[n].name, sizeof(out[n].name), s, "name");
		copy(out[n].trace, sizeof(out[n].trace), s, "trace");
		copy(out[n].span, sizeof(out[n].span), s, "span");
		copy(out[n].parent, sizeof(out[n].parent), s, "parent");
		out[n].began_ns = json_integer_value(json_object_get(s, "began_ns"));
		out[n].ended_ns = json_integer_value(json_object_get(s, "ended_ns"));
	}
	return n;
}

static int read_spans(struct otlp_span *out)
{
	struct http_answer a = http_ask(port, "GET", "/spans", NULL, NULL);
	json_t *all = json_loads(a.body ? a.body : "", 0, NULL);
	const json_t *refused = json_object_get(all, "refused");
	must(all != NULL, "no answer");
	must(json_array_size(refused) == 0, json_string_value(json_array_get(refused, 0)));
	int n = copy_spans(out, json_object_get(all, "spans"));
	json_decref(all);
	return n;
}

int otlp_sink_spans(struct otlp_span out[OTLP_SPANS_MAX], const char *name, int64_t ms)
{
	for (int64_t until = http_now_ms() + ms;; usleep(50000)) {
		int n = read_spans(out), found = 0;
		for (int i = 0; i < n; i++)
			found |= strcmp(out[i].name, name) == 0;
		if (found || http_now_ms() > until)
			return n;
	}
}
