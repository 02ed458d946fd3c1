/* import_keys.c - open addressing, never more than three quarters full; and the folding of keys. See import_keys.h, import_parse.h. */
#include "workers/import_keys.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "workers/import_parse.h"

#define ROOM_FIRST 1024
#define KEYS_MAX ((size_t)IMPORT_ROWS_MAX * 2)

_Static_assert(sizeof(((struct import_keys *)0)->secret) == crypto_shorthash_siphashx24_KEYBYTES, "as libsodium wants it");

struct import_key {
	uint64_t hash;
	uint32_t more; /* bits of the hash */
	uint32_t line; /* 0: free; the highest bit: of a row with an external_id */
};

#define WITH_ID ((uint32_t)1 << 31)

void import_keys_init(struct import_keys *k)
{
	*k = (struct import_keys){ 0 };
	randombytes_buf(k->secret, sizeof(k->secret));
}

void import_keys_free(struct import_keys *k)
{
	free(k->v);
	k->v = NULL;
}

static struct import_key *place(struct import_key *v, size_t room, const struct import_key *key)
{
	size_t at = key->hash & (room - 1);
	while (v[at].line && (v[at].hash != key->hash || v[at].more != key->more))
		at = (at + 1) & (room - 1);
	return &v[at];
}

static void grow(struct import_keys *k)
{
	size_t room = k->room ? k->room * 2 : ROOM_FIRST;
	struct import_key *v = calloc(room, sizeof(*v));
	if (!v)
		abort(); /* as arena.h: a machine without memory */
	for (size_t i = 0; i < k->room; i++)
		if (k->v[i].line)
			*place(v, room, &k->v[i]) = k->v[i];
	free(k->v);
	k->v = v;
	k->room = room;
}

int64_t import_keys_add(struct import_keys *k, enum import_key_kind kind, const char *key, int64_t line)
{
	unsigned char hash[crypto_shorthash_siphashx24_BYTES];
	struct import_key new = { .line = (uint32_t)line | (kind == IMPORT_KEY_item_with_id ? WITH_ID : 0) };
	if (k->n >= k->room / 4 * 3 && k->n < KEYS_MAX)
		grow(k);
	crypto_shorthash_siphashx24(hash, (const unsigned char *)key, strlen(key), k->secret);
	memcpy(&new.hash, hash, 8);
	memcpy(&new.more, hash + 8, 4);
	new.more ^= kind == IMPORT_KEY_external_id;
	struct import_key *old = place(k->v, k->room, &new);
	if (old->line && (old->line & new.line &WITH_ID))
		return 0;
	if (old->line)
		return old->line & ~WITH_ID;
	if (k->n == KEYS_MAX)
		return 0;
	*old = new;
	k->n++;
	return 0;
}

/* Keys. */

static const char *short_enough(struct arena *a, char *key, size_t n)
{
	unsigned char hash[16];
	char hex[sizeof(hash) * 2 + 1];
	if (n <= IMPORT_KEY_MAX)
		return key;
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)key, n, NULL, 0);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	return arena_printf(a, "%.*s%s", 100, key, hex);
}

static size_t fold_ascii(const char *text, char *out)
{
	size_t n = 0;
	for (const char *s = text; *s; s++) {
		bool blank = *s == ' ' || (*s >= '\t' && *s <= '\r');
		if (blank && (!n || out[n - 1] == ' '))
			continue;
		out[n++] = (char)(blank ? ' ' : *s >= 'A' && *s <= 'Z' ? *s + 32
		                                                       : *s);
	}
	if (n && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return n;
}

static bool is_ascii(const char *text)
{
	unsigned char bits = 0;
	for (; *text; text++)
		bits |= (unsigned char)*text;
	return bits < 0x80;
}

/* White space of any kind becomes a blank. */
static int32_t blanks(int32_t point, void *data)
{
	(void)data;
	utf8proc_category_t category = utf8proc_category(point);
	return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ? ' ' : point;
}

static char *fold(struct arena *a, const char *text, size_t *n_r)
{
	utf8proc_uint8_t *folded = NULL;
	char *out;
	if (!is_ascii(text) && utf8proc_map_custom((const utf8proc_uint8_t *)text, 0, &folded, UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD, blanks, NULL) < 0)
		folded = NULL; /* not UTF-8: by its bytes */
	const char *from = folded ? (const char *)folded : text;
	out = arena_alloc(a, strlen(from) + 1);
	*n_r = fold_ascii(from, out);
	free(folded);
	return out;
}

const char *import_fold(struct arena *a, const char *text)
{
	size_t n;
	char *key = fold(a, text, &n);
	return short_enough(a, key, n);
}

const char *import_identity(struct arena *a, const char *category, const char *name)
{
	size_t n_category = 0, n_name;
	const char *before = category ? fold(a, category, &n_category) : "";
	const char *behind = fold(a, name, &n_name);
	char *key = arena_alloc(a, n_category + n_name + 2);
	memcpy(key, before, n_category);
	key[n_category] = '\x1f';
	memcpy(key + n_category + 1, behind, n_name);
	return short_enough(a, key, n_category + n_name + 1);
}
