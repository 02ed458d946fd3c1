/* operation_id.h - names of writes: UUIDv8 (RFC 9562) that can be told from other UUIDs.
 *
 * The last four bytes are a checksum of the others, so that an api which never saw an operation can still say "pending" of an id that is one, and "not found" of
 * anything else: such an id is only told to a client when its event is durable. The checksum is no secret and protects nothing. 90 bits are random, or, with an
 * Idempotency-Key, a hash of who asks for what: the same request again has the same id. Pure, but for random bits. Lower case, 36 characters.
 */
#ifndef API_OPERATION_ID_H
#define API_OPERATION_ID_H

#include <stdbool.h>
#include <stddef.h>

#include "common/id.h"

#define OPERATION_HASH_TEXT 33 /* with the NUL */

void operation_id_new(char out[ID_TEXT]);
void operation_id_of(char out[ID_TEXT], const char *user_id, const char *method, const char *path, const char *key);
/* The id of the object that this operation makes. */
void operation_object_id(char out[ID_TEXT], const char *operation_id);
bool operation_id_valid(const char *id);
/* What tells a repetition from another request: a hash of the body. Hex. */
void operation_hash(char out[OPERATION_HASH_TEXT], const void *bytes, size_t len);

#endif
