/* buf.h - bytes that grow up to a mandatory maximum.
 *
 * A buf owns its memory. Growing past `max_bytes` fails with ERROR_too_big_to_store, leaves the
 * content as it was and makes the buf *overflown*: every later append fails too, so a writer may append
 * many times and check once at the end with buf_error(). The content is always NUL-terminated
 * (the terminator is not counted), so `buf.data` can be read as a string.
 */
#ifndef COMMON_BUF_H
#define COMMON_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"

struct buf {
	char *data; /* NULL until the first append */
	size_t len;
	size_t cap;
	size_t max_bytes;
	bool overflown;
};

void buf_init(struct buf *b, size_t max_bytes);
void buf_free(struct buf *b);  /* NULL is fine; the buf may be used again */
void buf_reset(struct buf *b); /* empties it, keeps the memory, clears overflown */

void buf_cut(struct buf *b, size_t len); /* back to its first `len` bytes, of those that it has; clears overflown */

enum error buf_append(struct buf *b, const void *bytes, size_t len);
enum error buf_str(struct buf *b, const char *s);
enum error buf_char(struct buf *b, char c);
enum error buf_int(struct buf *b, int64_t value); /* decimal */
enum error buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes, whole or (when it does not fit) not at all; `s` must be valid UTF-8 (everything that came through schema.h is). */
enum error buf_json_string(struct buf *b, const char *s);
enum error buf_json_string_n(struct buf *b, const char *s, size_t len);
void buf_consume(struct buf *b, size_t len);          /* drops `len` bytes from the front */
MUST_CHECK enum error buf_error(const struct buf *b); /* ERROR_none, or ERROR_too_big_to_store */
const char *buf_text(const struct buf *b);            /* "" when empty, never NULL */

#endif
