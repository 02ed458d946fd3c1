/* server_metrics.c - see server_metrics.h. */
#include "workers/server_metrics.h"

#include <h2o.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/clock.h"
#include "common/metric.h"

#define METRICS_MAX ((size_t)4 << 20)
#define BACKLOG 64

struct metrics_server {
	uv_tcp_t listener;
	h2o_globalconf_t config;
	h2o_context_t context;
	h2o_accept_ctx_t accept;
};

static int reply(h2o_req_t *req, const char *type, const char *bytes, size_t len)
{
	static h2o_generator_t generator;
	h2o_iovec_t body = h2o_strdup(&req->pool, bytes, len);
	req->res.status = 200;
	req->res.reason = "OK";
	req->res.content_length = len;
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, type, strlen(type));
	h2o_start_response(req, &generator);
	h2o_send(req, &body, 1, 1);
	return 0;
}

static int on_metrics(h2o_handler_t *self, h2o_req_t *req)
{
	(void)self;
	struct buf text;
	buf_init(&text, METRICS_MAX);
	int handled = -1;
	if (metric_print(&text) == ERROR_none)
		handled = reply(req, "text/plain; version=0.0.4", buf_text(&text), text.len);
	buf_free(&text);
	return handled;
}

static int on_health(h2o_handler_t *self, h2o_req_t *req)
{
	(void)self;
	char now[CLOCK_TEXT], json[120];
	clock_text(clock_wall_ms(), now);
	int len = snprintf(json, sizeof(json), "{\"status\":\"healthy\",\"timestamp\":\"%s\",\"version\":\"1.0.0\"}", now);
	return reply(req, "application/json", json, (size_t)len);
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct metrics_server *server = listener->data;
	uv_tcp_t *connection = h2o_mem_alloc(sizeof(*connection));
	if (status) {
		free(connection);
		return;
	}
	uv_tcp_init(listener->loop, connection);
	if (uv_accept(listener, (uv_stream_t *)connection)) {
		uv_close((uv_handle_t *)connection, (uv_close_cb)free);
		return;
	}
	uv_tcp_nodelay(connection, 1);
	h2o_accept(&server->accept, h2o_uv_socket_create((uv_stream_t *)connection, (uv_close_cb)free));
}

static void add_handler(h2o_hostconf_t *host, const char *path, int (*on_request)(h2o_handler_t *, h2o_req_t *))
{
	h2o_create_handler(h2o_config_register_path(host, path, 0), sizeof(h2o_handler_t))->on_req = on_request;
}

static int bind_to(struct metrics_server *server, const char *address, const char **why_r)
{
	char host[256];
	struct sockaddr_in where;
	const char *colon = strrchr(address, ':');
	size_t len = colon ? (size_t)(colon - address) : 0;
	*why_r = "WORKER_METRICS must be an IPv4 address and a port, such as 127.0.0.1:9100";
	if (!colon || len >= sizeof(host))
		return -1;
	memcpy(host, address, len);
	host[len] = '\0';
	if (uv_ip4_addr(host, (int)strtol(colon + 1, NULL, 10), &where))
		return -1;
	*why_r = "the address of WORKER_METRICS cannot be listened on; is another program using it?";
	return uv_tcp_bind(&server->listener, (struct sockaddr *)&where, 0) ||
	       uv_listen((uv_stream_t *)&server->listener, BACKLOG, on_connection);
}

static void free_server(uv_handle_t *handle)
{
	free(handle->data);
}

enum error metrics_server_new(uv_loop_t *loop, const char *address, struct metrics_server **server_r, int *port_r, const char **why_r)
{
	*server_r = NULL;
	*port_r = 0;
	if (!*address)
		return ERROR_none;
	struct metrics_server *server = calloc(1, sizeof(*server));
	if (!server)
		return ERROR_internal;
	h2o_config_init(&server->config);
	server->config.http1.upgrade_to_http2 = 0;
	h2o_hostconf_t *host = h2o_config_register_host(&server->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
	add_handler(host, "/metrics", on_metrics);
	add_handler(host, "/health", on_health);
	h2o_context_init(&server->context, loop, &server->config);
	server->accept = (h2o_accept_ctx_t){ .ctx = &server->context, .hosts = server->config.hosts };
	uv_tcp_init(loop, &server->listener);
	server->listener.data = server;
	if (bind_to(server, address, why_r)) {
		uv_close((uv_handle_t *)&server->listener, free_server);
		return ERROR_invalid;
	}
	struct sockaddr_in bound;
	int len = sizeof(bound);
	uv_tcp_getsockname(&server->listener, (struct sockaddr *)&bound, &len);
	*port_r = ntohs(bound.sin_port);
	*server_r = server;
	return ERROR_none;
}

void metrics_server_free(struct metrics_server **server)
{
	if (!*server)
		return;
	/* h2o's context keeps timers in the loop; it goes with the process, which ends now. */
	uv_close((uv_handle_t *)&(*server)->listener, NULL);
	*server = NULL;
}
