#include "deploy/dev/launch_script.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deploy/dev/launch_child.h"

/* It is over when the process ended, its output is read, and both handles are closed: `open` counts those. */
struct script {
	uv_process_t process;
	uv_pipe_t out;
	int open;
	bool fine;
	char output[SCRIPT_OUTPUT_MAX];
	size_t len;
	script_fn *done;
	void *ctx;
};

static void on_closed(uv_handle_t *handle)
{
	struct script *s = handle->data;
	if (--s->open > 0)
		return;
	while (s->len > 0 && s->output[s->len - 1] == '\n')
		s->len--;
	s->output[s->len] = '\0';
	s->done(s->ctx, s->fine, s->output);
	free(s);
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal_number)
{
	struct script *s = process->data;
	s->fine = status == 0 && signal_number == 0;
	uv_close((uv_handle_t *)process, on_closed);
}

static void allocate(uv_handle_t *handle, size_t wanted, uv_buf_t *buf_r)
{
	static char rest[4096];
	struct script *s = handle->data;
	size_t room = sizeof(s->output) - 1 - s->len;
	(void)wanted;
	*buf_r = room > 0 ? uv_buf_init(s->output + s->len, (unsigned)room) : uv_buf_init(rest, sizeof(rest));
}

static void on_output(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct script *s = stream->data;
	if (n < 0)
		uv_close((uv_handle_t *)stream, on_closed);
	else if (buf->base == s->output + s->len)
		s->len += (size_t)n;
}

static int spawn(struct script *s, char **args, int log_fd)
{
	uv_stdio_container_t stdio[3] = {
		{ .flags = UV_IGNORE },
		{ .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&s->out },
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
	return uv_spawn(s->out.loop, &s->process, &options);
}

void script_run(uv_loop_t *loop, const char *const *args, const char *log_path, bool leashed, script_fn *done, void *ctx)
{
	struct script *s = calloc(1, sizeof(*s));
	if (!s)
		abort();
	s->done = done;
	s->ctx = ctx;
	s->open = 2;
	s->process.data = s->out.data = s;
	uv_pipe_init(loop, &s->out, 0);

	char *leash[CHILD_ARGS_MAX + 4];
	leash_args(args, leash);
	int log_fd = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	int failure = spawn(s, leashed ? leash : leash + 3, log_fd);
	if (log_fd >= 0)
		close(log_fd);
	if (failure) {
		printf("%s cannot be started: %s\n", args[0], uv_strerror(failure));
		uv_close((uv_handle_t *)&s->process, on_closed);
		uv_close((uv_handle_t *)&s->out, on_closed);
		return;
	}
	uv_read_start((uv_stream_t *)&s->out, allocate, on_output);
}
