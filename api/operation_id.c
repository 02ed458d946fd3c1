/* operation_id.c - see operation_id.h. */
#include "api/operation_id.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define ID_BYTES 16
#define PLAIN_BYTES 12
#define HASH_BYTES 16

static void write_text(char out[ID_TEXT], const unsigned char b[ID_BYTES])
{
	size_t at = 0;
	for (size_t i = 0; i < ID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[at++] = '-';
		snprintf(out + at, 3, "%02x", b[i]);
		at += 2;
	}
}

static void set_version(unsigned char b[ID_BYTES])
{
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x80);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
}

static void add_checksum(unsigned char b[ID_BYTES])
{
	unsigned char hash[HASH_BYTES];
	set_version(b);
	crypto_generichash(hash, sizeof(hash), b, PLAIN_BYTES, NULL, 0);
	memcpy(b + PLAIN_BYTES, hash, ID_BYTES - PLAIN_BYTES);
}

void operation_id_new(char out[ID_TEXT])
{
	unsigned char b[ID_BYTES];
	randombytes_buf(b, sizeof(b));
	add_checksum(b);
	write_text(out, b);
}

void operation_id_of(char out[ID_TEXT], const char *user_id, const char *method, const char *path, const char *key)
{
	const char *parts[] = { user_id, method, path, key };
	unsigned char b[ID_BYTES];
	crypto_generichash_state state;
	crypto_generichash_init(&state, NULL, 0, sizeof(b));
	for (size_t i = 0; i < 4; i++)
		crypto_generichash_update(&state, (const unsigned char *)parts[i], strlen(parts[i]) + 1);
	crypto_generichash_final(&state, b, sizeof(b));
	add_checksum(b);
	write_text(out, b);
}

void operation_object_id(char out[ID_TEXT], const char *operation_id)
{
	static const char key[] = "the object of an operation";
	unsigned char b[ID_BYTES];
	crypto_generichash(b, sizeof(b), (const unsigned char *)operation_id, strlen(operation_id), (const unsigned char *)key, sizeof(key) - 1);
	set_version(b);
	write_text(out, b);
}

static bool read_bytes(const char *id, unsigned char b[ID_BYTES])
{
	size_t len = 0;
	return id_is_uuid(id, strlen(id)) && sodium_hex2bin(b, ID_BYTES, id, strlen(id), "-", &len, NULL) == 0 && len == ID_BYTES;
}

bool operation_id_valid(const char *id)
{
	unsigned char b[ID_BYTES], right[ID_BYTES];
	if (!read_bytes(id, b))
		return false;
	memcpy(right, b, sizeof(right));
	add_checksum(right);
	return memcmp(b, right, sizeof(right)) == 0;
}

void operation_hash(char out[OPERATION_HASH_TEXT], const void *bytes, size_t len)
{
	unsigned char hash[HASH_BYTES];
	crypto_generichash(hash, sizeof(hash), bytes, len, NULL, 0);
	sodium_bin2hex(out, OPERATION_HASH_TEXT, hash, sizeof(hash));
}
