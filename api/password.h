/* password.h - hashing passwords: argon2id (libsodium), on libuv's thread pool, never on the loop.
 *
 * Each hash costs PASSWORD_MEMORY bytes and PASSWORD_PASSES passes over them, about 25 ms of a core: the least that OWASP recommends, so that a machine can do
 * dozens a second. PASSWORD_AT_ONCE run at once, PASSWORD_WAITING_MAX more wait; beyond that ERROR_overloaded, at once. Threads that hash run at a lower priority than the
 * loop. A check against no hash at all costs the same as one against a real hash, and never fits. Passwords are copied and wiped after use. Loop thread only.
 */
#ifndef API_PASSWORD_H
#define API_PASSWORD_H

#include <stdbool.h>
#include <uv.h>

#include "common/error.h"

#define PASSWORD_PASSES 2
#define PASSWORD_MEMORY ((size_t)19 << 20)
#define PASSWORD_AT_ONCE 2
#define PASSWORD_WAITING_MAX 64

struct password_call;

/* `fits`: of a check. `hash`: the new hash, valid during the call; NULL for a check. ERROR_overloaded: no memory for it. Never called before the function that asked returned,
 * and exactly once unless password_cancel() came first. */
typedef void password_fn(void *ctx, enum error e, bool fits, const char *hash);

/* `hash` NULL or "": there is none. */
MUST_CHECK enum error password_check(uv_loop_t *loop, const char *password, const char *hash, password_fn *done, void *ctx, struct password_call **call_r);
MUST_CHECK enum error password_make(uv_loop_t *loop, const char *password, password_fn *done, void *ctx, struct password_call **call_r);
void password_cancel(struct password_call **call); /* NULL is fine */

#endif
