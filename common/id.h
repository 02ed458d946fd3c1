/* id.h - ids: UUIDv7 (RFC 9562), ordered by the time they were made, and W3C trace ids.
 *
 * Random bits come from libsodium; within one millisecond ids of one process still ascend (a counter in
 * rand_a), also when the wall clock steps back. Text is lower case, 36 characters. Loop thread only.
 */
#ifndef COMMON_ID_H
#define COMMON_ID_H

#include <stdbool.h>
#include <stddef.h>

#define ID_TEXT 37          /* with the NUL */
#define TRACEPARENT_TEXT 56 /* "00-<32 hex>-<16 hex>-01" with the NUL */

void id_uuid(char out[ID_TEXT]);
/* Is it the text of a UUID (any version, any case)? */
bool id_is_uuid(const char *s, size_t len);
/* Always the same id (version 8) for the same text: what is derived from an Idempotency-Key finds what it made before. */
void id_derive(char out[ID_TEXT], const char *text);
/* A new trace (parent NULL or not valid); or a child of `parent`, which keeps its trace id. `out` may be `parent`. */
void id_trace(char out[TRACEPARENT_TEXT], const char *parent);
bool id_is_trace(const char *s, size_t len);
/* `bytes` random bytes as lower-case hex; out holds 2 * bytes + 1. */
void id_random_hex(char *out, size_t bytes);

#endif
