/* The errors that h2o answers by itself (413, 400 for a broken body, 417) become problem+json like ours, and their connections close softly: what the client is
 * still sending is read for a moment, because closing with unread bytes makes TCP reset the connection, and the client would never see the answer.
 * (h2o's "Bad Request" for a head that it cannot parse goes past all filters: it stays plain text.)
 */
#include "api/server_internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/error.h"
#include "common/metric.h"

struct problem_stream {
	h2o_ostream_t super;
	h2o_iovec_t body;
};

static void send_problem(h2o_ostream_t *super, h2o_req_t *req, h2o_iovec_t *bufs, size_t count, h2o_send_state_t state)
{
	(void)bufs;
	struct problem_stream *p = (struct problem_stream *)super;
	bool head = h2o_memis(req->input.method.base, req->input.method.len, H2O_STRLIT("HEAD"));
	h2o_ostream_send_next(super, req, count && !head ? &p->body : NULL, count && !head ? 1 : 0, state);
}

/* A body that was refused as too large may have been refused for another reason, which is the better answer. */
static enum error error_of(const struct server_connection *c, int status)
{
	if (status != 413)
		return ERROR_malformed_request;
	return c->refused ? c->refused : ERROR_too_large;
}

static h2o_iovec_t problem_text(h2o_req_t *req, enum error e, int status, const char *detail)
{
	char text[512];
	int n = snprintf(text, sizeof(text), "{\"type\":\"urn:problem:%s\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}", error_row(e)->name, error_row(e)->title, status, detail);
	return h2o_strdup(&req->pool, text, (size_t)n);
}

static const char *detail_of(enum error e, int status)
{
	if (e == ERROR_unauthorized)
		return "Only somebody who is signed in may send so much.";
	if (e == ERROR_overloaded)
		return "Several large files are being received at this moment.";
	if (e == ERROR_draining)
		return "It takes no large files any more.";
	if (status == 413)
		return "A body may have 1 MiB, a file to import 100 MB.";
	return status == 417 ? "The expectation is not 100-continue." : "The body's framing is broken.";
}

static void on_setup(h2o_filter_t *filter, h2o_req_t *req, h2o_ostream_t **slot)
{
	(void)filter;
	h2o_socket_t *sock = req->conn->callbacks->get_socket(req->conn);
	struct server_connection *c = sock->on_close.data;
	int status = req->res.status;
	if (c->request || status < 400) { /* ours */
		h2o_setup_next_ostream(req, slot);
		return;
	}
	enum error e = error_of(c, status);
	struct problem_stream *p = (struct problem_stream *)h2o_add_ostream(req, sizeof(*p), slot);
	p->super.do_send = send_problem;
	if (status == 413)
		req->res.status = status = error_row(e)->http;
	p->body = problem_text(req, e, status, detail_of(e, status));
	req->res.reason = server_reason(status);
	req->res.content_length = p->body.len;
	req->res.headers.size = 0;
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/problem+json"));
	h2o_add_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("x-content-type-options"), 0, NULL, H2O_STRLIT("nosniff\r\nreferrer-policy: same-origin\r\ncontent-security-policy: default-src 'none'; frame-ancestors 'none'"));
	if (status == 401)
		h2o_add_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("www-authenticate"), 0, NULL, H2O_STRLIT("Bearer"));
	if (status == 503)
		h2o_add_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("retry-after"), 0, NULL, H2O_STRLIT("10"));
	char text[16];
	snprintf(text, sizeof(text), "%d", status);
	metric_add(METRIC_http_requests, 1, "other", "other", text);
	uv_os_fd_t fd;
	if (c->linger_fd < 0 && !uv_fileno((uv_handle_t *)&c->tcp, &fd))
		c->linger_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	h2o_setup_next_ostream(req, &p->super.next);
}

void server_errors_register(h2o_pathconf_t *path)
{
	h2o_filter_t *filter = h2o_create_filter(path, sizeof(*filter));
	filter->on_setup_ostream = on_setup;
}

/* --- a soft close: the duplicate reads what still comes, until the client has had enough time to read the answer --- */

struct lingering {
	uv_tcp_t tcp;
	uv_timer_t timer;
	struct server *server;
	int open;
};

static void on_half_closed(uv_handle_t *handle)
{
	struct lingering *l = handle->data;
	if (--l->open)
		return;
	struct server *s = l->server;
	s->lingering--;
	free(l);
	server_maybe_closed(s);
}

static void finish(struct lingering *l)
{
	if (uv_is_closing((uv_handle_t *)&l->tcp))
		return;
	uv_close((uv_handle_t *)&l->tcp, on_half_closed);
	uv_close((uv_handle_t *)&l->timer, on_half_closed);
}

static void on_late(uv_timer_t *timer)
{
	finish(timer->data);
}

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)suggested;
	struct lingering *l = handle->data;
	*buf = uv_buf_init(l->server->read_buffer, SERVER_READ_BYTES);
}

static void on_discard(uv_stream_t *tcp, ssize_t n, const uv_buf_t *buf)
{
	(void)buf;
	if (n < 0)
		finish(tcp->data);
}

void server_linger(struct server_connection *c)
{
	int fd = c->linger_fd;
	if (fd < 0)
		return;
	c->linger_fd = -1;
	struct server *s = c->server;
	shutdown(fd, SHUT_WR);
	struct lingering *l = calloc(1, sizeof(*l));
	if (!l)
		abort();
	l->server = s;
	l->open = 2;
	l->tcp.data = l->timer.data = l;
	uv_tcp_init(s->config.loop, &l->tcp);
	uv_timer_init(s->config.loop, &l->timer);
	l->tcp.data = l->timer.data = l;
	s->lingering++;
	if (uv_tcp_open(&l->tcp, fd)) {
		close(fd);
		finish(l);
		return;
	}
	uv_timer_start(&l->timer, on_late, s->closed ? 1 : SERVER_LINGER_MS, 0);
	uv_read_start((uv_stream_t *)&l->tcp, give_buffer, on_discard);
}
