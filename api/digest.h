/* digest.h - a number that tells one request from another, of a body of any size: a piece of it each turn of the loop, so that nobody waits for 100 MB. */
#ifndef API_DIGEST_H
#define API_DIGEST_H

#include <stddef.h>

#define DIGEST_TEXT 65
#define DIGEST_AT_ONCE ((size_t)1 << 20) /* about a millisecond */

struct digest;
typedef void digest_done_fn(void *ctx, const char *hex); /* hex is valid during the call */

/* `about` (copied) goes in before the bytes, which must live until `done` or digest_cancel(). `done` comes later. Loop thread only. */
struct digest *digest_start(const char *about, const void *bytes, size_t len, digest_done_fn *done, void *ctx);
void digest_cancel(struct digest **d); /* NULL is fine; `done` will not come */

#endif
