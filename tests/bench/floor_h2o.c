/* floor_h2o.c - a bare libh2o server with one fixed body; see floor.h. */
#include <h2o.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/floor.h"

static h2o_globalconf_t config;
static h2o_context_t context;
static h2o_accept_ctx_t accept_context;
static h2o_iovec_t fixed;

static int answer(h2o_handler_t *self, h2o_req_t *req)
{
	(void)self;
	static h2o_generator_t generator;
	req->res.status = 200;
	req->res.reason = "OK";
	req->res.content_length = fixed.len;
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL,
	               H2O_STRLIT("application/json"));
	h2o_start_response(req, &generator);
	h2o_send(req, &fixed, 1, 1);
	return 0;
}

static void on_accept(uv_stream_t *listener, int status)
{
	if (status)
		return;
	uv_tcp_t *connection = h2o_mem_alloc(sizeof(*connection));
	uv_tcp_init(listener->loop, connection);
	if (uv_accept(listener, (uv_stream_t *)connection)) {
		uv_close((uv_handle_t *)connection, (uv_close_cb)free);
		return;
	}
	uv_tcp_nodelay(connection, 1);
	h2o_accept(&accept_context, h2o_uv_socket_create((uv_stream_t *)connection, (uv_close_cb)free));
}

static void serve(int out)
{
	uv_loop_t *loop = uv_default_loop();
	uv_tcp_t listener;
	struct sockaddr_in address;
	int len = sizeof(address);
	h2o_config_init(&config);
	h2o_hostconf_t *host = h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
	h2o_pathconf_t *path = h2o_config_register_path(host, "/", 0);
	h2o_create_handler(path, sizeof(h2o_handler_t))->on_req = answer;
	h2o_context_init(&context, loop, &config);
	accept_context = (h2o_accept_ctx_t){ .ctx = &context, .hosts = config.hosts };
	uv_ip4_addr("127.0.0.1", 0, &address);
	uv_tcp_init(loop, &listener);
	uv_tcp_bind(&listener, (struct sockaddr *)&address, 0);
	uv_listen((uv_stream_t *)&listener, 1024, on_accept);
	uv_tcp_getsockname(&listener, (struct sockaddr *)&address, &len);
	int port = ntohs(address.sin_port);
	if (write(out, &port, sizeof(port)) != sizeof(port))
		_exit(1);
	uv_run(loop, UV_RUN_DEFAULT);
	_exit(0);
}

pid_t floor_h2o_start(const char *body, size_t len, int *port_r)
{
	int pipe_fds[2];
	if (pipe(pipe_fds))
		exit(1);
	fixed = h2o_iovec_init(body, len);
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(pipe_fds[0]);
		serve(pipe_fds[1]);
	}
	close(pipe_fds[1]);
	if (read(pipe_fds[0], port_r, sizeof(*port_r)) != sizeof(*port_r))
		fprintf(stderr, "floor: the bare server did not start\n"), exit(1);
	close(pipe_fds[0]);
	return pid;
}

void floor_h2o_stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
