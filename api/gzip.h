/* gzip.h - one call: bytes to a gzip member. Blocking and pure; big inputs belong on libuv's thread pool. */
#ifndef API_GZIP_H
#define API_GZIP_H

#include <stddef.h>

/* malloc()ed, or NULL when it would not be at least a tenth smaller. `level` 1 to 9. */
char *gzip_bytes(const void *bytes, size_t len, int level, size_t *len_r);
/* What gzip_bytes() was given; NULL when it is not `plain_len` bytes. The caller frees it. */
char *gunzip_bytes(const void *bytes, size_t len, size_t plain_len);

#endif
