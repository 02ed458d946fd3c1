/* From a listener to h2o, and the end of each connection. */
#include "api/server_internal.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/log.h"
#include "common/metric.h"

/* h2o has freed its part; this is the last callback of the handle. */
static void on_tcp_closed(uv_handle_t *handle)
{
	struct server_connection *c = connection_of(handle);
	struct server *s = c->server;
	server_guard_closed(c);
	if (c->stream)
		server_stream_ended(c->stream);
	if (c->before)
		c->before->after = c->after;
	else
		s->connections = c->after;
	if (c->after)
		c->after->before = c->before;
	s->open--;
	metric_set(METRIC_http_connections, (double)s->open);
	free(c->stash);
	free(c->memory);
	free(c);
	server_accept_waiting(s);
	server_maybe_closed(s);
}

/* h2o calls this when it disposes of its socket: the descriptor is closed, perhaps all but its duplicate. */
static void on_h2o_closed(void *data)
{
	server_guard_closed(data);
	server_linger(data);
}

/* Not accepted by the kernel's queue, but by nobody: it is dropped. */
static void drop(uv_handle_t *handle)
{
	free(handle);
}

void server_peer(const struct server_connection *c, char *out, size_t size)
{
	struct sockaddr_storage address;
	int length = sizeof(address);
	*out = 0;
	if (uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&address, &length))
		return;
	if (address.ss_family == AF_INET6)
		uv_ip6_name((struct sockaddr_in6 *)&address, out, size);
	else
		uv_ip4_name((struct sockaddr_in *)&address, out, size);
}

static void prepare_socket(struct server_connection *c)
{
	uv_os_fd_t fd;
	unsigned timeout_ms = SERVER_USER_TIMEOUT_MS;
	uv_tcp_nodelay(&c->tcp, 1);
	if (!uv_fileno((uv_handle_t *)&c->tcp, &fd))
		setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof(timeout_ms));
}

static void accept_one(struct server_listener *l)
{
	struct server *s = l->server;
	struct server_connection *c = calloc(1, sizeof(*c));
	if (!c)
		abort();
	c->server = s;
	c->linger_fd = -1;
	uv_tcp_init(s->config.loop, &c->tcp);
	if (uv_accept((uv_stream_t *)&l->tcp, (uv_stream_t *)&c->tcp)) {
		uv_close((uv_handle_t *)&c->tcp, drop);
		return;
	}
	prepare_socket(c);
	c->after = s->connections;
	if (c->after)
		c->after->before = c;
	s->connections = c;
	s->open++;
	metric_set(METRIC_http_connections, (double)s->open);
	h2o_socket_t *sock = h2o_uv_socket_create((uv_stream_t *)&c->tcp, on_tcp_closed);
	sock->on_close.cb = on_h2o_closed;
	sock->on_close.data = c;
	h2o_accept(&s->accept, sock);
	server_guard_accepted(c, sock);
}

void server_on_connection(uv_stream_t *listener, int status)
{
	struct server_listener *l = (struct server_listener *)listener;
	if (status < 0) {
		log_event(LOG_warn, "server.accept_failed", LOG_S("error", uv_strerror(status)));
		return;
	}
	/* libuv takes no further connection from the kernel until this one is accepted */
	if ((int64_t)l->server->open >= l->server->config.max_connections)
		l->waiting = true;
	else
		accept_one(l);
}

void server_accept_waiting(struct server *s)
{
	for (size_t i = 0; i < s->listener_count; i++) {
		struct server_listener *l = &s->listeners[i];
		if (!l->waiting || uv_is_closing((uv_handle_t *)&l->tcp) || (int64_t)s->open >= s->config.max_connections)
			continue;
		l->waiting = false;
		accept_one(l);
	}
}
