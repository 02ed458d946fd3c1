/* otlp_sink.c - see otlp_sink.h. */
#include "tests/support/otlp_sink.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/http_client.h"

#define BODY_MAX (4 << 20)
#define CLIENTS 8
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct otlp_span spans[OTLP_SPANS_MAX];
static int count, listener;

static void must(int fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "otlp sink: %s\n", what);
	abort();
}

static const char *text(const json_t *object, const char *member)
{
	const char *s = json_string_value(json_object_get(object, member));
	return s ? s : "";
}

static void take_span(const char *service, const json_t *s)
{
	if (count == OTLP_SPANS_MAX)
		return;
	struct otlp_span *o = &spans[count++];
	snprintf(o->service, sizeof(o->service), "%s", service);
	snprintf(o->name, sizeof(o->name), "%s", text(s, "name"));
	snprintf(o->trace, sizeof(o->trace), "%s", text(s, "traceId"));
	snprintf(o->span, sizeof(o->span), "%s", text(s, "spanId"));
	snprintf(o->parent, sizeof(o->parent), "%s", text(s, "parentSpanId"));
	o->began_ns = strtoll(text(s, "startTimeUnixNano"), NULL, 10);
	o->ended_ns = strtoll(text(s, "endTimeUnixNano"), NULL, 10);
}

static void take(const char *body, size_t len)
{
	json_t *root = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL), *resource, *scope, *span;
	size_t i, j, n;
	must(root != NULL, "a body is no JSON");
	pthread_mutex_lock(&lock);
	json_array_foreach(json_object_get(root, "resourceSpans"), i, resource)
	{
		const json_t *name = json_array_get(json_object_get(json_object_get(resource, "resource"), "attributes"), 0);
		json_array_foreach(json_object_get(resource, "scopeSpans"), j, scope)
			json_array_foreach(json_object_get(scope, "spans"), n, span)
				take_span(text(json_object_get(name, "value"), "stringValue"), span);
	}
	pthread_mutex_unlock(&lock);
	json_decref(root);
}

/* One request: false when the client is gone. */
static int serve(int fd)
{
	static char in[BODY_MAX];
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
	size_t len = 0, head = 0, body = 0;
	while (!head || len < head + body) {
		ssize_t n = read(fd, in + len, sizeof(in) - 1 - len);
		if (n <= 0)
			return 0;
		len += (size_t)n;
		in[len] = '\0';
		const char *end = strstr(in, "\r\n\r\n"), *length = strcasestr(in, "content-length:");
		if (!end)
			continue;
		head = (size_t)(end - in) + 4;
		body = length ? strtoul(length + 15, NULL, 10) : 0;
	}
	must(strncmp(in, "POST /v1/traces ", 16) == 0, "another address was asked for");
	take(in + head, body);
	return write(fd, answer, sizeof(answer) - 1) > 0;
}

static void *run(void *nothing)
{
	struct pollfd fds[CLIENTS + 1] = { { .fd = listener, .events = POLLIN } };
	nfds_t n = 1;
	while (poll(fds, n, -1) >= 0) {
		if (fds[0].revents && n <= CLIENTS)
			fds[n++] = (struct pollfd){ .fd = accept(listener, NULL, NULL), .events = POLLIN };
		for (nfds_t i = 1; i < n; i++)
			if (fds[i].revents && !serve(fds[i].fd)) {
				close(fds[i].fd);
				fds[i] = fds[--n];
			}
	}
	return nothing;
}

int otlp_sink_start(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	pthread_t thread;
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(listener >= 0 && bind(listener, (struct sockaddr *)&at, len) == 0 && listen(listener, 16) == 0 && getsockname(listener, (struct sockaddr *)&at, &len) == 0, "no port");
	must(pthread_create(&thread, NULL, run, NULL) == 0, "no thread");
	pthread_detach(thread);
	return ntohs(at.sin_port);
}

int otlp_sink_spans(struct otlp_span out[OTLP_SPANS_MAX], const char *name, int64_t ms)
{
	int64_t until = http_now_ms() + ms;
	for (;;) {
		pthread_mutex_lock(&lock);
		int n = count, found = 0;
		memcpy(out, spans, sizeof(spans));
		pthread_mutex_unlock(&lock);
		for (int i = 0; i < n; i++)
			found |= strcmp(out[i].name, name) == 0;
		if (found || http_now_ms() > until)
			return n;
		usleep(50000);
	}
}
