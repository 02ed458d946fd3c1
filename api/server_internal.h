/* server_internal.h - what server*.c share: the only files that know h2o. */
#ifndef API_SERVER_INTERNAL_H
#define API_SERVER_INTERNAL_H

#include <h2o.h>
#include <h2o/http1.h>
#include <stdbool.h>

#include "api/request_internal.h"
#include "api/server.h"
#include "api/stream.h"

#define SERVER_STASH_MAX (16 << 10) /* of pipelined bytes that come while a request waits */
#define SERVER_READ_BYTES (64 << 10)

struct server_listener {
	uv_tcp_t tcp;
	struct server *server;
	int port;
	bool waiting; /* a connection is there, but too many are open */
};

/* One TCP connection. h2o owns its use of `tcp` until an upgrade; freed when `tcp` is closed. */
struct server_connection {
	uv_tcp_t tcp; /* first member: handles are cast back */
	struct server *server;
	struct server_connection *before, *after;
	struct request *request; /* the one being handled, in `memory`; NULL between requests */
	struct request *memory;  /* made with the first request, freed when the connection is upgraded */
	struct stream *stream;   /* WebSocket or streamed answer; freed with the connection */
	char *stash;             /* read while a request waits */
	size_t stash_len;
	bool watched;  /* read by server_watch.c */
	int linger_fd; /* -1, or a duplicate to close softly by */
	/* server_guard.c: */
	h2o_socket_t *sock; /* NULL once h2o has disposed of it */
	struct server_connection *fresh_after, **fresh_link;
	int64_t since_ms;   /* when h2o began to wait for the request that is being read */
	bool judged;        /* its head was looked at */
	enum error refused; /* its large body was */
	bool large;         /* was allowed: */
	size_t head_len, seen, dropped;
	int64_t large_ms, progress_ms;
};

struct server {
	struct server_config config;
	h2o_globalconf_t h2o;
	h2o_context_t context;
	h2o_accept_ctx_t accept;
	struct server_listener listeners[SERVER_PORTS_MAX];
	size_t listener_count;
	struct server_connection *connections;
	size_t open;
	struct request *requests; /* live, newest first */
	size_t live;
	uint64_t request_counter;
	char id_prefix[9];
	uv_timer_t sweep;                /* cuts answers and closing streams that take too long */
	uv_prepare_t prepare;            /* the end of a loop turn: streams write what they queued */
	uv_idle_t idle;                  /* runs while the turn left streams to write */
	struct stream *dirty;            /* streams with something to do at the end of the turn */
	struct stream *closing;          /* streams that close, with deadlines */
	struct server_connection *fresh; /* whose reader h2o sets anew in this turn */
	h2o_socket_cb h2o_read;          /* h2o's own reader */
	size_t large;                    /* connections with a large body */
	size_t handles;                  /* of this struct, not closed yet */
	size_t lingering;
	bool draining, closed, handles_closing;
	server_event_fn *on_closed;
	void *on_closed_ctx;
	char read_buffer[SERVER_READ_BYTES];
};

/* server.c */
static inline struct server_connection *connection_of(uv_handle_t *handle)
{
	return (struct server_connection *)handle;
}
/* Both directions are shut down: h2o, or the stream, finds out and closes. */
void server_cut(struct server_connection *c);
/* After a reset libuv takes nothing more for the handle, and h2o 2.2.5 does not look at what uv_write() returns: it would wait for its write's end for ever. Tells it. */
void server_settle_write(struct server_connection *c, h2o_socket_t *sock);
void server_maybe_closed(struct server *s);

/* server_accept.c */
void server_peer(const struct server_connection *c, char *out, size_t size); /* the address without the port; "" when unknown */
void server_on_connection(uv_stream_t *listener, int status);
void server_accept_waiting(struct server *s);

/* server_http.c */
int server_on_request(h2o_handler_t *handler, h2o_req_t *req);
void server_on_request_end(h2o_logger_t *logger, h2o_req_t *req);
void server_sweep_requests(struct server *s, int64_t now_ms);
/* An answer's head without its body: status, reason, headers. */
void server_set_head(struct request *r, int status, const char *content_type);
const char *server_reason(int status);

/* server_guard.c */
void server_guard_configure(struct server *s);
void server_guard_accepted(struct server_connection *c, h2o_socket_t *sock);
void server_guard_next(struct server_connection *c); /* a request ended, h2o goes on to the next */
void server_guard_closed(struct server_connection *c);
void server_guard_turn(struct server *s); /* the end of a loop turn */
void server_guard_sweep(struct server *s, int64_t now_ms);

/* server_watch.c */
/* server_watch_request() is in request_internal.h */
void server_unwatch(struct server_connection *c);
void server_unstash(struct server_connection *c, h2o_socket_t *sock);

/* server_errors.c: h2o's own error answers become problem+json, and close softly */
void server_errors_register(h2o_pathconf_t *path);
void server_linger(struct server_connection *c);

/* server_stream.c */
void server_streams_flush(struct server *s); /* from the prepare handle */
void server_sweep_streams(struct server *s, int64_t now_ms);
void server_stream_ended(struct stream *st); /* the connection is closed: on_closed, freed */
void server_stream_dirty(struct stream *st);
void server_on_idle(uv_idle_t *idle);

#endif
