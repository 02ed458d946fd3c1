/* launch_server.h - PostgreSQL or a real Kafka: a server that a script in deploy/dev starts and stops, with a life of its own.
 *
 * The script prints the server's address. Afterwards the process named in `pid_file` is watched by a pidfd (nothing is polled); when it ends by
 * itself, one line says so and the script starts it again. The server outlives a launcher that was killed; the next start finds it.
 *
 * The struct belongs to the caller and must stay where it is. Callbacks come on the loop, never before the function that asked for them
 * returned. Loop thread only.
 */
#ifndef LAUNCH_SERVER_H
#define LAUNCH_SERVER_H

#include <stdbool.h>
#include <uv.h>

#define SERVER_RETRY_MS 1000

/* `address` is NULL when the server could not be started; its script said why on its log. */
typedef void server_up_fn(void *ctx, const char *address);
typedef void server_stopped_fn(void *ctx);

struct server {
	const char *name;
	const char *script;
	const char *dir;
	const char *pid_file; /* its first line is the pid */
	const char *log_path; /* of the script */
	server_up_fn *on_up;  /* after each start, also one after a crash */
	server_stopped_fn *on_stopped;
	void *ctx;
	/* private */
	uv_loop_t *loop;
	uv_poll_t *watch;
	uv_timer_t retry;
	bool starting, used, stopping;
};

void server_start(struct server *s, uv_loop_t *loop);
/* on_stopped comes in any case, also when it was never started. */
void server_stop(struct server *s, uv_loop_t *loop);

#endif
