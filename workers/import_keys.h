/* import_keys.h - has this file named this item before? A set of hashes of folded keys. Pure.
 *
 * 16 bytes a key: 96 bits of a keyed hash (so nobody can make two keys meet, and by chance it takes 2^48 keys) and the line. At most IMPORT_ROWS_MAX * 2 keys.
 */
#ifndef WORKERS_IMPORT_KEYS_H
#define WORKERS_IMPORT_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct import_key; /* of the set */

struct import_keys {
	struct import_key *v;
	size_t n, room;
	unsigned char secret[16];
};

enum import_key_kind { IMPORT_KEY_external_id,
	               IMPORT_KEY_item,           /* category and name of a row without an external_id */
	               IMPORT_KEY_item_with_id }; /* of a row that has one: two of these may be the same */

void import_keys_init(struct import_keys *k);
void import_keys_free(struct import_keys *k);
/* The line of the row that had the key before, 0: none, it is remembered now. Lines are below 2^30. */
int64_t import_keys_add(struct import_keys *k, enum import_key_kind kind, const char *key, int64_t line);

#endif
