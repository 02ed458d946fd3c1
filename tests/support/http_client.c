#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BYTES_MAX ((size_t)64 << 20)
#define SEND_MS 5000

struct http_client {
	int fd;
	char *in; /* read and not yet given out; terminated */
	size_t len, cap;
	char *given; /* the last answer: its head, a NUL, its body */
	bool ended;
};

int64_t http_now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void die(const char *what)
{
	fprintf(stderr, "http_client: %s: %s\n", what, strerror(errno));
	abort();
}

struct http_client *http_client_open(int port)
{
	struct http_client *c = calloc(1, sizeof(*c));
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1;
	if (!c || (c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
		die("socket");
	if (connect(c->fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return c;
}

void http_client_close(struct http_client **cp)
{
	struct http_client *c = *cp;
	*cp = NULL;
	if (!c)
		return;
	close(c->fd);
	free(c->in);
	free(c->given);
	free(c);
}

int http_client_fd(const struct http_client *c)
{
	return c->fd;
}

static bool ready(int fd, short events, int64_t until)
{
	int64_t left = until - http_now_ms();
	struct pollfd p = { .fd = fd, .events = events };
	return left >= 0 && poll(&p, 1, (int)left) > 0;
}

bool http_client_send(struct http_client *c, const void *bytes, size_t len)
{
	int64_t until = http_now_ms() + SEND_MS;
	const char *at = bytes;
	while (len) {
		if (!ready(c->fd, POLLOUT, until))
			return false;
		ssize_t n = send(c->fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN)
			return false;
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
	return true;
}

bool http_client_say(struct http_client *c, const char *text)
{
	return http_client_send(c, text, strlen(text));
}

/* More bytes. False at the end, or when none came in time. */
static bool more(struct http_client *c, int64_t until)
{
	if (c->ended || !ready(c->fd, POLLIN, until))
		return false;
	if (c->cap - c->len < 65536) {
		c->cap = (c->cap + 65536) * 2;
		c->in = realloc(c->in, c->cap);
		if (!c->in || c->cap > BYTES_MAX)
			die("memory");
	}
	ssize_t n = recv(c->fd, c->in + c->len, c->cap - c->len - 1, 0);
	if (n <= 0) {
		c->ended = true;
		return false;
	}
	c->len += (size_t)n;
	c->in[c->len] = 0;
	return true;
}

size_t http_client_raw(struct http_client *c, void *out, size_t size, int64_t ms)
{
	if (!c->len && !more(c, http_now_ms() + ms))
		return 0;
	size_t n = c->len < size ? c->len : size;
	memcpy(out, c->in, n);
	memmove(c->in, c->in + n, c->len - n + 1);
	c->len -= n;
	return n;
}

bool http_client_closed(struct http_client *c, int64_t ms)
{
	int64_t until = http_now_ms() + ms;
	while (!c->len && more(c, until))
		;
	return c->ended && !c->len;
}

static const char *header_in(const char *head, const char *name, int *count_r)
{
	static _Thread_local char value[8192];
	size_t n = strlen(name);
	const char *found = NULL;
	*count_r = 0;
	for (const char *line = strstr(head, "\r\n"); line && line[2]; line = strstr(line + 2, "\r\n")) {
		if (strncasecmp(line + 2, name, n) != 0 || line[2 + n] != ':')
			continue;
		if ((*count_r)++)
			continue;
		const char *at = line + 3 + n;
		while (*at == ' ')
			at++;
		size_t len = strcspn(at, "\r");
		snprintf(value, sizeof(value), "%.*s", (int)len, at);
		found = value;
	}
	return found;
}

const char *http_header(const struct http_answer *a, const char *name)
{
	int count;
	return a->head ? header_in(a->head, name, &count) : NULL;
}

int http_header_count(const struct http_answer *a, const char *name)
{
	int count = 0;
	if (a->head)
		header_in(a->head, name, &count);
	return count;
}

/* Chunks from `at` on, put together at `out`. Bytes of input used; 0 when not all is there. */
static size_t dechunk(const char *at, size_t len, char *out, size_t *out_len_r)
{
	size_t used = 0;
	*out_len_r = 0;
	for (;;) {
		const char *line_end = memmem(at + used, len - used, "\r\n", 2);
		if (!line_end)
			return 0;
		size_t size = strtoul(at + used, NULL, 16);
		size_t data = (size_t)(line_end + 2 - at);
		if (len < data + size + 2)
			return 0;
		memcpy(out + *out_len_r, at + data, size);
		*out_len_r += size;
		used = data + size + 2;
		if (!size)
			return used;
	}
}

enum framing { NO_BODY,
	       LENGTH,
	       CHUNKED,
	       UNTIL_CLOSE };

static enum framing framing_of(const char *head, int status, bool is_head, size_t *length_r)
{
	int count;
	const char *value = header_in(head, "content-length", &count);
	if (is_head || status == 204 || status == 304 || status < 200)
		return NO_BODY;
	if (value) {
		*length_r = strtoul(value, NULL, 10);
		return LENGTH;
	}
	value = header_in(head, "transfer-encoding", &count);
	return value && !strcmp(value, "chunked") ? CHUNKED : UNTIL_CLOSE;
}

/* The whole body, if it is there: bytes of input used in *used_r. */
static bool body_there(struct http_client *c, size_t at, enum framing framing, size_t length, char *out, size_t *len_r, size_t *used_r)
{
	size_t left = c->len - at;
	if (framing == CHUNKED)
		return (*used_r = dechunk(c->in + at, left, out, len_r)) != 0;
	size_t wanted = framing == UNTIL_CLOSE ? left : framing == LENGTH ? length
	                                                                  : 0;
	if ((framing == UNTIL_CLOSE && !c->ended) || left < wanted)
		return false;
	memcpy(out, c->in + at, wanted);
	*len_r = *used_r = wanted;
	return true;
}

static struct http_answer give(struct http_client *c, size_t head_len, size_t body_len, size_t used)
{
	struct http_answer a = { .head = c->given, .body = c->given + head_len + 1, .body_len = body_len };
	c->given[head_len] = 0;
	c->given[head_len + 1 + body_len] = 0;
	if (sscanf(c->given, "HTTP/1.%*d %d", &a.status) != 1)
		die("no status line");
	memmove(c->in, c->in + head_len + used, c->len - head_len - used + 1);
	c->len -= head_len + used;
	return a;
}

static struct http_answer read_answer(struct http_client *c, int64_t ms, bool is_head)
{
	int64_t until = http_now_ms() + ms;
	const char *end;
	while (!c->len || !(end = strstr(c->in, "\r\n\r\n")))
		if (!more(c, until))
			return (struct http_answer){ 0 };
	size_t head_len = (size_t)(end + 4 - c->in), length = 0, body_len = 0, used = 0;
	char *head = strndup(c->in, head_len);
	int status = 0;
	if (sscanf(head, "HTTP/1.%*d %d", &status) != 1)
		die("no status line");
	enum framing framing = framing_of(head, status, is_head, &length);
	free(head);
	for (;;) {
		c->given = realloc(c->given, c->len + head_len + 2);
		if (!c->given)
			die("memory");
		memcpy(c->given, c->in, head_len);
		if (body_there(c, head_len, framing, length, c->given + head_len + 1, &body_len, &used))
			return give(c, head_len, body_len, used);
		if (!more(c, until) && !(c->ended && framing == UNTIL_CLOSE))
			return (struct http_answer){ 0 };
	}
}

struct http_answer http_client_read(struct http_client *c, int64_t ms)
{
	return read_answer(c, ms, false);
}

struct http_answer http_client_read_head(struct http_client *c, int64_t ms)
{
	return read_answer(c, ms, true);
}

struct http_answer http_ask(int port, const char *method, const char *path, const char *headers, const char *body)
{
	static struct http_client *last;
	char head[8192];
	http_client_close(&last);
	last = http_client_open(port);
	int n = snprintf(head, sizeof(head), "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path, headers ? headers : "");
	if (body)
		n += snprintf(head + n, sizeof(head) - (size_t)n, "Content-Length: %zu\r\n", strlen(body));
	n += snprintf(head + n, sizeof(head) - (size_t)n, "\r\n");
	http_client_send(last, head, (size_t)n);
	if (body)
		http_client_send(last, body, strlen(body));
	return read_answer(last, 15000, !strcmp(method, "HEAD"));
}
