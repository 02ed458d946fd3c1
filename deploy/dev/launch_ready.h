/* launch_ready.h - waits until the api says that all is well, and tells people where it is. */
#ifndef LAUNCH_READY_H
#define LAUNCH_READY_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#define READY_POLL_MS 50
#define READY_DEADLINE_MS 60000

struct ready;
typedef void ready_fn(void *ctx, bool healthy);

/* Asks http://HOST:PORT/health/detailed until it answers 200; `done` once, with false after READY_DEADLINE_MS. Never NULL. */
struct ready *ready_new(uv_loop_t *loop, const char *host, int port, ready_fn *done, void *ctx);
void ready_free(struct ready **r); /* NULL is fine; no callback after it */

/* Prints addresses and the administrator's login; `file` gets the base address as its first line, whole or not at all. */
void ready_announce(const char *file, const char *host, int port, const char *const *samples, int64_t took_ms);

#endif
