/* launch_script.h - a command that the launcher runs to its end: migrate, seed, and the scripts that start and stop servers.
 *
 * stdout is collected (at most SCRIPT_OUTPUT_MAX bytes, more is dropped), stderr goes to the log file. There is no deadline: what is run
 * here has its own ones. `done` comes once, on the loop, never before script_run() returned; `output` is valid during the callback, has no newline at its end, and is ""
 * when the command said nothing. Loop thread only.
 */
#ifndef LAUNCH_SCRIPT_H
#define LAUNCH_SCRIPT_H

#include <stdbool.h>
#include <uv.h>

#define SCRIPT_OUTPUT_MAX 8192

typedef void script_fn(void *ctx, bool fine, const char *output);

/* `args` is NULL-terminated and has at most CHILD_ARGS_MAX entries. `leashed`: it dies with the launcher; otherwise it goes on to its end. */
void script_run(uv_loop_t *loop, const char *const *args, const char *log_path, bool leashed, script_fn *done, void *ctx);

#endif
