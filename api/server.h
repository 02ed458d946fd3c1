/* server.h - HTTP/1.1 on the loop: listeners, connections, and their end. libh2o does the parsing; only server*.c know it.
 *
 * Limits: `max_connections` open connections (further ones wait in the kernel's queue); 16 KiB of head (431; h2o cuts at 417 KB by itself);
 * SERVER_BODY_MAX of body (413, said as soon as the head is there); SERVER_READ_MS for head and body together and for idle keep-alive connections. Where `on_large_body` allows
 * it, SERVER_LARGE_MAX of body, SERVER_LARGE_COUNT of these at once, which may take long as long as something comes (server_guard.c). TCP_USER_TIMEOUT for what a peer does not take, and
 * SERVER_SEND_MS for a whole answer, so that a reader of one byte a second does not hold it for ever.
 * HTTP/2 is off (rapid reset is not patched in libh2o 2.2.5): its preface is answered with 400. TLS is the gateway's.
 */
#ifndef API_SERVER_H
#define API_SERVER_H

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/config.h"
#include "common/error.h"

#define SERVER_BODY_MAX (1 << 20)
#define SERVER_READ_MS 10000
#define SERVER_LARGE_MAX ((size_t)100 * 1000 * 1000)
#define SERVER_LARGE_COUNT 8
#define SERVER_LARGE_RATE 300 /* bytes a second, over all of the time */
#define SERVER_LARGE_MS (60 * 60 * 1000)
#define SERVER_SPILL_BYTES ((size_t)2 << 20) /* larger buffers are temporary files, in TMPDIR, /var/tmp or /tmp */
#define SERVER_PORTS_MAX 16
#define SERVER_SEND_MS 60000
#define SERVER_USER_TIMEOUT_MS 5000
#define SERVER_LINGER_MS 2000

struct request;
struct server;

typedef void server_request_fn(struct request *r);
/* A head announces more than SERVER_BODY_MAX (or does not say how much): may it come? ERROR_none, or why not: that is the answer, at once. */
typedef enum error server_large_fn(const char *head, size_t len);
typedef void server_event_fn(void *ctx);

struct server_config {
	uv_loop_t *loop;
	const char *listen;       /* address */
	struct config_list ports; /* "0" takes a free one */
	int64_t max_connections;
	server_request_fn *on_request;  /* a request is complete; it must be answered, now or later */
	server_large_fn *on_large_body; /* NULL: never */
};

/* Binds all ports, listens on none yet: a busy port is known at once. *why_r is one line. */
MUST_CHECK enum error server_new(const struct server_config *config, struct server **server_r, const char **why_r);
MUST_CHECK enum error server_listen(struct server *s, const char **why_r);
int server_port(const struct server *s, size_t i); /* of the i-th of the ports */

/* No new connections; answers say "Connection: close". */
void server_drain(struct server *s);
/* Requests that are not answered to their last byte yet, streams that are not WebSockets among them. */
size_t server_busy(const struct server *s);
size_t server_connections(const struct server *s);
/* Cuts every connection; `done` when they are gone. The server's own memory stays until the process ends: h2o's timers in the loop point into it. */
void server_close(struct server *s, server_event_fn *done, void *ctx);

#endif
