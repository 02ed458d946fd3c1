/* http_client.h - HTTP/1.1 for tests, close to the wire: bytes go out as they are given, answers come back taken apart.
 *
 * Speaks to 127.0.0.1; blocking, every call with a deadline; no thread, no loop, no Criterion. It can misbehave: half a head, two requests at once, no reading. An answer that
 * is no HTTP ends the program. Content-Length and chunked bodies are understood; a body without either lasts until the server closes.
 */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_client;

struct http_answer {
	int status;       /* 0: none came: closed, or too late */
	const char *head; /* status line and headers, terminated */
	const char *body; /* terminated; valid until the next call for this client */
	size_t body_len;
};

struct http_client *http_client_open(int port);
void http_client_close(struct http_client **c); /* NULL is fine */

/* What the server does not take within 5 s is given up: false. */
bool http_client_send(struct http_client *c, const void *bytes, size_t len);
bool http_client_say(struct http_client *c, const char *text);
struct http_answer http_client_read(struct http_client *c, int64_t ms);
/* As http_client_read(), for the answer to a HEAD: no body follows. */
struct http_answer http_client_read_head(struct http_client *c, int64_t ms);
/* Waits for the server to close: true when it did, having sent nothing more. */
bool http_client_closed(struct http_client *c, int64_t ms);
/* Whatever comes within `ms`, up to `size` bytes; 0 at the end or when nothing came. */
size_t http_client_raw(struct http_client *c, void *out, size_t size, int64_t ms);
int http_client_fd(const struct http_client *c);

/* A header's value, NULL when it is not there; static, until the next call. Name in any case. */
const char *http_header(const struct http_answer *a, const char *name);
int http_header_count(const struct http_answer *a, const char *name);

/* One request on a connection of its own (memory static until the next call). `headers`: each ending in \r\n; may be NULL. `body` may be NULL. */
struct http_answer http_ask(int port, const char *method, const char *path, const char *headers, const char *body);

/* Milliseconds of the monotonic clock, for deadlines. */
int64_t http_now_ms(void);

#endif
