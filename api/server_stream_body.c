/* A streamed answer: chunks through h2o, one at a time. The connection ends with it, so what the client sends meanwhile is read and dropped: only its going matters. */
#include "api/server_stream.h"

#include <stdlib.h>

#include "common/clock.h"

static void on_proceed(h2o_generator_t *generator, h2o_req_t *req)
{
	(void)req;
	struct stream *st = H2O_STRUCT_FROM_MEMBER(struct stream, generator, generator);
	st->in_flight = 0;
	bytes_free(&st->sending);
	server_stream_dirty(st);
}

/* h2o closes the connection: on_closed follows when the handle is closed. */
static void on_stop(h2o_generator_t *generator, h2o_req_t *req)
{
	(void)req;
	struct stream *st = H2O_STRUCT_FROM_MEMBER(struct stream, generator, generator);
	st->req = NULL;
	st->failed = true;
}

static void send_end(struct stream *st)
{
	h2o_req_t *req = st->req;
	struct server_connection *c = st->connection;
	struct request *r = c->request;
	h2o_socket_t *sock = req->conn->callbacks->get_socket(req->conn);
	st->req = NULL;
	if (r) { /* from here on the sweep bounds it like any other answer */
		r->streaming = false;
		r->answered_ms = (int64_t)uv_now(st->connection->server->config.loop);
	}
	h2o_send(req, NULL, 0, H2O_SEND_STATE_FINAL);
	server_settle_write(c, sock);
}

void stream_body_flush(struct stream *st)
{
	if (!st->req || st->in_flight)
		return;
	if (st->failed || (st->closing && !st->out.len)) {
		send_end(st);
		return;
	}
	if (!st->out.len)
		return;
	st->sending = st->out;
	st->out = (struct bytes){ 0 };
	st->in_flight = st->sending.len;
	h2o_iovec_t chunk = h2o_iovec_init(st->sending.at, st->sending.len);
	h2o_send(st->req, &chunk, 1, H2O_SEND_STATE_IN_PROGRESS);
}

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)suggested;
	*buf = uv_buf_init(connection_of(handle)->server->read_buffer, SERVER_READ_BYTES);
}

static void on_read(uv_stream_t *tcp, ssize_t n, const uv_buf_t *buf)
{
	(void)buf;
	struct server_connection *c = connection_of((uv_handle_t *)tcp);
	if (n >= 0)
		return;
	uv_read_stop(tcp);
	if (c->stream)
		stream_fail(c->stream);
}

struct stream *request_begin_stream(struct request *r, int status, const char *content_type)
{
	h2o_req_t *req = r->native;
	struct server_connection *c = r->connection;
	struct stream *st = stream_new(c, true);
	server_unwatch(c);
	r->answered = true;
	r->streaming = true;
	r->gone = NULL;
	req->http1_is_persistent = 0;
	server_set_head(r, status, content_type);
	st->req = req;
	st->generator.proceed = on_proceed;
	st->generator.stop = on_stop;
	h2o_start_response(req, &st->generator);
	uv_read_start((uv_stream_t *)&c->tcp, give_buffer, on_read);
	return st;
}
