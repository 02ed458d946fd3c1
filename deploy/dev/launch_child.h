/* launch_child.h - one program that the launcher keeps running.
 *
 * It gets a session of its own (so Ctrl-C reaches the launcher only), stdin from nowhere, stdout and stderr in its log file, and a
 * leash: the kernel kills it when the launcher dies, however that happens. When it ends by itself it is started again after a back-off of
 * CHILD_BACKOFF_MIN_MS, doubling to CHILD_BACKOFF_MAX_MS, and from the start again once it has lived for that long; each time one line says so.
 *
 * The struct belongs to the caller and must stay where it is from child_init() on. Callbacks come on the loop, never before the function
 * that asked for them returned. Loop thread only.
 */
#ifndef LAUNCH_CHILD_H
#define LAUNCH_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#define CHILD_BACKOFF_MIN_MS 200
#define CHILD_BACKOFF_MAX_MS 10000
#define CHILD_STOP_MS 30000
#define CHILD_ARGS_MAX 16

enum child_state {
	CHILD_IDLE,
	CHILD_RUNNING,
	CHILD_WAITING, /* for its back-off to pass */
	CHILD_STOPPING,
};

typedef void child_fn(void *ctx);

struct child {
	const char *name;
	const char *log_path;
	const char *args[CHILD_ARGS_MAX]; /* program, arguments, NULL */
	child_fn *on_died;                /* it ended by itself and will be started again; may be NULL */
	child_fn *on_stopped;             /* what child_stop() asked for is done; may be NULL */
	void *ctx;
	/* private */
	uv_process_t process;
	uv_timer_t timer;
	enum child_state state;
	int64_t backoff_ms;
	uint64_t started_ms;
	bool has_process;
};

void child_init(struct child *c, uv_loop_t *loop);
/* Nothing when it runs; nothing while it is being stopped (start it in on_stopped). */
void child_start(struct child *c);
/* SIGTERM, after CHILD_STOP_MS SIGKILL; on_stopped comes in any case, also when it did not run. */
void child_stop(struct child *c);
void child_kill(struct child *c);

/* The leash: first thing in the launcher's main(). With `--leash PID PROGRAM ARGUMENT...` it turns this process into PROGRAM, to be
 * killed when PID dies, and does not return. */
void leash_main(int argc, char **argv);
/* Writes the words that put `args` on the leash to `leashed_r`, which has room for CHILD_ARGS_MAX + 4. */
void leash_args(const char *const *args, char **leashed_r);

#endif
