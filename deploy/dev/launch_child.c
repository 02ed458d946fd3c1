#include "deploy/dev/launch_child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static void on_timer(uv_timer_t *timer);

void leash_main(int argc, char **argv)
{
	if (argc < 4 || strcmp(argv[1], "--leash") != 0)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != (pid_t)strtol(argv[2], NULL, 10))
		_exit(1); /* the launcher died before the leash was on */
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	_exit(127);
}

void leash_args(const char *const *args, char **leashed_r)
{
	static char self[] = "/proc/self/exe", option[] = "--leash", parent[24];
	snprintf(parent, sizeof(parent), "%d", (int)getpid());
	*leashed_r++ = self;
	*leashed_r++ = option;
	*leashed_r++ = parent;
	for (size_t i = 0; i < CHILD_ARGS_MAX && args[i]; i++)
		*leashed_r++ = (char *)args[i];
	*leashed_r = NULL;
}

void child_init(struct child *c, uv_loop_t *loop)
{
	c->state = CHILD_IDLE;
	c->backoff_ms = CHILD_BACKOFF_MIN_MS;
	uv_timer_init(loop, &c->timer);
	c->timer.data = c;
}

static void wait_and_restart(struct child *c)
{
	if (uv_now(c->timer.loop) - c->started_ms >= CHILD_BACKOFF_MAX_MS)
		c->backoff_ms = CHILD_BACKOFF_MIN_MS;
	c->state = CHILD_WAITING;
	printf("starting %s again in %.1f s\n", c->name, (double)c->backoff_ms / 1000);
	uv_timer_start(&c->timer, on_timer, (uint64_t)c->backoff_ms, 0);
	c->backoff_ms = c->backoff_ms * 2 < CHILD_BACKOFF_MAX_MS ? c->backoff_ms * 2 : CHILD_BACKOFF_MAX_MS;
	if (c->on_died)
		c->on_died(c->ctx);
}

static void stopped(struct child *c)
{
	uv_timer_stop(&c->timer);
	c->state = CHILD_IDLE;
	c->backoff_ms = CHILD_BACKOFF_MIN_MS;
	if (c->on_stopped)
		c->on_stopped(c->ctx);
}

/* Only now may the handle be used for another process. */
static void on_closed(uv_handle_t *handle)
{
	struct child *c = handle->data;
	c->has_process = false;
	if (c->state == CHILD_STOPPING)
		stopped(c);
	else
		wait_and_restart(c);
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal_number)
{
	struct child *c = process->data;
	if (c->state != CHILD_STOPPING) {
		if (signal_number)
			printf("%s was ended by signal %d (%s), see %s\n", c->name, signal_number, strsignal(signal_number), c->log_path);
		else
			printf("%s ended with status %d, see %s\n", c->name, (int)status, c->log_path);
	}
	uv_close((uv_handle_t *)process, on_closed);
}

static int spawn(struct child *c, int log_fd)
{
	char *args[CHILD_ARGS_MAX + 4];
	leash_args(c->args, args);
	uv_stdio_container_t stdio[3] = {
		{ .flags = UV_IGNORE },
		{ .flags = UV_INHERIT_FD, .data.fd = log_fd },
		{ .flags = UV_INHERIT_FD, .data.fd = log_fd },
	};
	const uv_process_options_t options = {
		.exit_cb = on_exit_of,
		.file = args[0],
		.args = args,
		.flags = UV_PROCESS_DETACHED,
		.stdio_count = 3,
		.stdio = stdio,
	};
	c->process.data = c;
	c->has_process = true;
	return uv_spawn(c->timer.loop, &c->process, &options);
}

void child_start(struct child *c)
{
	if (c->state == CHILD_RUNNING || c->state == CHILD_STOPPING)
		return;
	uv_timer_stop(&c->timer);
	uv_update_time(c->timer.loop);
	c->state = CHILD_RUNNING;
	c->started_ms = uv_now(c->timer.loop);
	int log_fd = open(c->log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	int failure = spawn(c, log_fd);
	if (log_fd >= 0)
		close(log_fd);
	if (failure) {
		printf("%s cannot be started: %s\n", c->name, uv_strerror(failure));
		uv_close((uv_handle_t *)&c->process, on_closed);
	}
}

static void on_timer(uv_timer_t *timer)
{
	struct child *c = timer->data;
	if (c->state == CHILD_WAITING) {
		child_start(c);
	} else if (c->state == CHILD_STOPPING && c->has_process) {
		printf("%s does not end, killing it\n", c->name);
		child_kill(c);
	} else if (c->state == CHILD_STOPPING) {
		stopped(c);
	}
}

void child_stop(struct child *c)
{
	if (c->state == CHILD_STOPPING)
		return;
	c->state = CHILD_STOPPING;
	if (c->has_process && uv_is_active((uv_handle_t *)&c->process))
		uv_process_kill(&c->process, SIGTERM);
	uv_timer_start(&c->timer, on_timer, c->has_process ? CHILD_STOP_MS : 0, 0);
}

void child_kill(struct child *c)
{
	if (c->has_process && uv_is_active((uv_handle_t *)&c->process))
		uv_process_kill(&c->process, SIGKILL);
}
