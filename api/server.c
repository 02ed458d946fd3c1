#include "api/server_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "common/clock.h"
#include "common/id.h"
#include "common/log.h"
#include "common/metric.h"

#define SWEEP_MS 500
#define BACKLOG 1024

static char why_text[300];

static void on_sweep(uv_timer_t *timer)
{
	struct server *s = timer->data;
	server_sweep_requests(s, (int64_t)uv_now(s->config.loop));
	server_guard_sweep(s, (int64_t)uv_now(s->config.loop));
	server_sweep_streams(s, clock_ms());
}

static void on_prepare(uv_prepare_t *prepare)
{
	server_streams_flush(prepare->data);
	server_guard_turn(prepare->data);
}

static void start_h2o(struct server *s)
{
	h2o_config_init(&s->h2o);
	s->h2o.server_name = h2o_iovec_init(NULL, 0);
	s->h2o.http1.upgrade_to_http2 = 0;
	server_guard_configure(s);
	h2o_hostconf_t *host = h2o_config_register_host(&s->h2o, h2o_iovec_init(H2O_STRLIT("default")), 65535);
	h2o_pathconf_t *path = h2o_config_register_path(host, "/", 0);
	h2o_handler_t *handler = h2o_create_handler(path, sizeof(*handler));
	handler->on_req = server_on_request;
	h2o_create_logger(path, sizeof(h2o_logger_t))->log_access = server_on_request_end;
	server_errors_register(path);
	server_errors_register(&host->fallback_path);
	h2o_context_init(&s->context, s->config.loop, &s->h2o);
	s->context.storage.size = 0;
	s->accept.ctx = &s->context;
	s->accept.hosts = s->h2o.hosts;
}

static enum error refuse(const char *listen, const char *port, int status, const char **why_r)
{
	snprintf(why_text, sizeof(why_text), "port %s on %s: %s", port, listen, uv_strerror(status));
	*why_r = why_text;
	return ERROR_invalid;
}

static int bind_address(struct server *s, struct server_listener *l, long port)
{
	struct sockaddr_storage address;
	const char *host = s->config.listen;
	int status = uv_ip4_addr(host, (int)port, (struct sockaddr_in *)&address);
	if (status)
		status = uv_ip6_addr(host, (int)port, (struct sockaddr_in6 *)&address);
	return status ? status : uv_tcp_bind(&l->tcp, (struct sockaddr *)&address, 0);
}

static enum error bind_port(struct server *s, const char *text, const char **why_r)
{
	char *end;
	long port = strtol(text, &end, 10);
	if (*end || end == text || port < 0 || port > 65535)
		return refuse(s->config.listen, text, UV_EINVAL, why_r);
	struct server_listener *l = &s->listeners[s->listener_count++];
	l->server = s;
	s->handles++;
	uv_tcp_init(s->config.loop, &l->tcp);
	int status = bind_address(s, l, port);
	struct sockaddr_storage bound;
	int size = sizeof(bound);
	if (!status) /* libuv puts off the error of a busy port until here or until listen */
		status = uv_tcp_getsockname(&l->tcp, (struct sockaddr *)&bound, &size);
	if (status)
		return refuse(s->config.listen, text, status, why_r);
	l->port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port : ((struct sockaddr_in *)&bound)->sin_port);
	return ERROR_none;
}

/* As many descriptors as the system lets us have. */
static void raise_file_limit(int64_t wanted)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max;
	if (!setrlimit(RLIMIT_NOFILE, &files) && files.rlim_cur != RLIM_INFINITY && (int64_t)files.rlim_cur < wanted + 100)
		log_event(LOG_warn, "server.few_descriptors", LOG_I("limit", files.rlim_cur), LOG_I("max_connections", wanted));
}

enum error server_new(const struct server_config *config, struct server **server_r, const char **why_r)
{
	struct server *s = calloc(1, sizeof(*s));
	if (!s)
		abort();
	s->config = *config;
	*server_r = s;
	id_random_hex(s->id_prefix, 4);
	raise_file_limit(config->max_connections);
	start_h2o(s);
	uv_timer_init(config->loop, &s->sweep);
	uv_prepare_init(config->loop, &s->prepare);
	uv_idle_init(config->loop, &s->idle);
	s->handles = 3;
	s->sweep.data = s->prepare.data = s->idle.data = s;
	for (size_t i = 0; i < config->ports.n && i < SERVER_PORTS_MAX; i++) {
		enum error e = bind_port(s, config->ports.v[i], why_r);
		if (e)
			return e;
	}
	uv_timer_start(&s->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
	uv_prepare_start(&s->prepare, on_prepare);
	return ERROR_none;
}

enum error server_listen(struct server *s, const char **why_r)
{
	for (size_t i = 0; i < s->listener_count; i++) {
		int status = uv_listen((uv_stream_t *)&s->listeners[i].tcp, BACKLOG, server_on_connection);
		if (status)
			return refuse(s->config.listen, s->config.ports.v[i], status, why_r);
	}
	return ERROR_none;
}

int server_port(const struct server *s, size_t i)
{
	return i < s->listener_count ? s->listeners[i].port : 0;
}

size_t server_busy(const struct server *s)
{
	return s->live;
}

size_t server_connections(const struct server *s)
{
	return s->open;
}

void server_cut(struct server_connection *c)
{
	uv_os_fd_t fd;
	if (!uv_fileno((uv_handle_t *)&c->tcp, &fd))
		shutdown(fd, SHUT_RDWR);
}

void server_settle_write(struct server_connection *c, h2o_socket_t *sock)
{
	h2o_socket_cb ended = sock->_cb.write;
	if (!ended || uv_is_writable((uv_stream_t *)&c->tcp))
		return;
	sock->_cb.write = NULL;
	ended(sock, h2o_socket_error_io);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct server *s = handle->data;
	s->handles--;
	server_maybe_closed(s);
}

static void close_handle(struct server *s, uv_handle_t *handle)
{
	if (uv_is_closing(handle))
		return;
	handle->data = s;
	uv_close(handle, on_handle_closed);
}

static void stop_listening(struct server *s)
{
	for (size_t i = 0; i < s->listener_count; i++)
		close_handle(s, (uv_handle_t *)&s->listeners[i].tcp);
}

void server_drain(struct server *s)
{
	s->draining = true;
	stop_listening(s);
	h2o_context_request_shutdown(&s->context);
}

void server_maybe_closed(struct server *s)
{
	if (!s->closed || s->open || s->lingering)
		return;
	if (!s->handles_closing) { /* the connections are gone: now the handles that served them */
		s->handles_closing = true;
		stop_listening(s);
		close_handle(s, (uv_handle_t *)&s->sweep);
		close_handle(s, (uv_handle_t *)&s->prepare);
		close_handle(s, (uv_handle_t *)&s->idle);
		return;
	}
	if (!s->handles && s->on_closed) {
		server_event_fn *done = s->on_closed;
		s->on_closed = NULL;
		done(s->on_closed_ctx);
	}
}

void server_close(struct server *s, server_event_fn *done, void *ctx)
{
	s->closed = true;
	s->on_closed = done;
	s->on_closed_ctx = ctx;
	stop_listening(s);
	for (struct server_connection *c = s->connections; c; c = c->after)
		server_cut(c);
	server_maybe_closed(s);
}
