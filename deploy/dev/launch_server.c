#include "deploy/dev/launch_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "deploy/dev/launch_script.h"

static void run(struct server *s, const char *command, script_fn *done)
{
	const char *const args[] = { s->script, command, s->dir, NULL };
	script_run(s->loop, args, s->log_path, false, done, s);
}

static void on_stop_done(void *ctx, bool fine, const char *output)
{
	struct server *s = ctx;
	(void)output;
	if (!fine)
		printf("%s could not be stopped, see %s\n", s->name, s->log_path);
	s->on_stopped(s->ctx);
}

static void on_watch_closed(uv_handle_t *handle)
{
	int fd = (int)(intptr_t)handle->data;
	close(fd);
	free(handle);
}

static void unwatch(struct server *s)
{
	if (!s->watch)
		return;
	uv_os_fd_t fd = -1;
	uv_fileno((uv_handle_t *)s->watch, &fd);
	s->watch->data = (void *)(intptr_t)fd;
	uv_close((uv_handle_t *)s->watch, on_watch_closed);
	s->watch = NULL;
}

static void on_started(void *ctx, bool fine, const char *output);

static void start_again(uv_timer_t *timer)
{
	struct server *s = timer->data;
	s->starting = true;
	run(s, "start", on_started);
}

/* A pidfd can be read when its process has ended. */
static void on_died(uv_poll_t *watch, int status, int events)
{
	struct server *s = watch->data;
	(void)status;
	(void)events;
	unwatch(s);
	printf("%s ended, starting it again\n", s->name);
	uv_timer_start(&s->retry, start_again, 0, 0);
}

static int open_process(const char *pid_file)
{
	FILE *file = fopen(pid_file, "re");
	int pid = 0;
	if (!file)
		return -1;
	bool read = fscanf(file, "%d", &pid) == 1 && pid > 0;
	fclose(file);
	return read ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
}

static void watch(struct server *s)
{
	int fd = open_process(s->pid_file);
	if (fd < 0) {
		printf("%s cannot be watched: it is not started again when it dies\n", s->name);
		return;
	}
	s->watch = calloc(1, sizeof(*s->watch));
	if (!s->watch)
		abort();
	uv_poll_init(s->loop, s->watch, fd);
	s->watch->data = s;
	uv_poll_start(s->watch, UV_READABLE, on_died);
}

static void on_started(void *ctx, bool fine, const char *output)
{
	struct server *s = ctx;
	bool again = s->used;
	s->starting = false;
	if (s->stopping) {
		run(s, "stop", on_stop_done);
		return;
	}
	if (fine) {
		s->used = true;
		watch(s);
		s->on_up(s->ctx, output);
	} else if (again) {
		uv_timer_start(&s->retry, start_again, SERVER_RETRY_MS, 0);
	} else {
		s->on_up(s->ctx, NULL);
	}
}

void server_start(struct server *s, uv_loop_t *loop)
{
	s->loop = loop;
	uv_timer_init(loop, &s->retry);
	s->retry.data = s;
	s->starting = true;
	run(s, "start", on_started);
}

void server_stop(struct server *s, uv_loop_t *loop)
{
	s->stopping = true;
	s->loop = loop;
	unwatch(s);
	if (s->retry.loop)
		uv_timer_stop(&s->retry);
	if (!s->starting)
		run(s, "stop", on_stop_done);
}
