/* Noticing that a client goes away while its request waits for an answer.
 *
 * h2o 2.2.5 stops reading while a request is handled, so it would find out only when it writes. The handle is ours, so we read meanwhile: an end of
 * file means gone (a client that only closed its sending side counts as gone, as with most servers); bytes are the next request, sent early: they are kept aside, and
 * given to h2o after the answer. They cannot go to its buffer at once: it may move, and the request's strings point into it.
 */
#include "api/server_internal.h"

#include <stdlib.h>
#include <string.h>

static void give_room(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)suggested;
	struct server_connection *c = connection_of(handle);
	size_t room = SERVER_STASH_MAX - c->stash_len;
	*buf = uv_buf_init(c->server->read_buffer, (unsigned)room);
}

/* Nobody will answer it any more, but h2o needs an end to close the connection at. */
static void end_request(struct request *r)
{
	static h2o_generator_t nothing_more;
	h2o_req_t *req = r->native;
	struct server_connection *c = r->connection;
	h2o_socket_t *sock = req->conn->callbacks->get_socket(req->conn);
	request_gone_fn *gone = r->gone;
	r->answered = true;
	r->gone = NULL;
	r->status = error_row(ERROR_cancelled)->http;
	router_answered(r);
	if (gone)
		gone(r->gone_ctx);
	req->http1_is_persistent = 0;
	req->res.status = 500;
	req->res.reason = "Gone";
	req->res.content_length = 0;
	h2o_start_response(req, &nothing_more);
	h2o_send(req, NULL, 0, H2O_SEND_STATE_FINAL);
	server_settle_write(c, sock);
}

static void keep_aside(struct server_connection *c, const char *bytes, size_t len)
{
	char *grown = realloc(c->stash, c->stash_len + len);
	if (!grown)
		abort();
	c->stash = grown;
	memcpy(c->stash + c->stash_len, bytes, len);
	c->stash_len += len;
}

static void on_read(uv_stream_t *tcp, ssize_t n, const uv_buf_t *buf)
{
	struct server_connection *c = connection_of((uv_handle_t *)tcp);
	if (n > 0)
		keep_aside(c, buf->base, (size_t)n);
	if (n < 0 || c->stash_len == SERVER_STASH_MAX)
		uv_read_stop(tcp); /* full: the rest stays in the kernel, and a going is noticed late */
	if (n < 0 && c->request && c->request->gone)
		end_request(c->request);
}

static void server_watch(struct server_connection *c)
{
	if (c->stash_len < SERVER_STASH_MAX)
		uv_read_start((uv_stream_t *)&c->tcp, give_room, on_read);
}

void server_watch_request(struct request *r)
{
	if (!r->answered && !r->connection->watched) {
		r->connection->watched = true;
		server_watch(r->connection);
	}
}

void server_unwatch(struct server_connection *c)
{
	if (c->watched)
		uv_read_stop((uv_stream_t *)&c->tcp);
	c->watched = false;
}

void server_unstash(struct server_connection *c, h2o_socket_t *sock)
{
	if (!c->stash_len)
		return;
	h2o_iovec_t room = h2o_buffer_reserve(&sock->input, c->stash_len);
	memcpy(room.base, c->stash, c->stash_len);
	sock->input->size += c->stash_len;
	c->stash_len = 0;
	free(c->stash);
	c->stash = NULL;
}
