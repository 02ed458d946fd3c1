/* jwt.c - see jwt.h. */
#include "api/jwt.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAC_BYTES 32
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

const char *jwt_key_fault(const char *key)
{
	static const char *const known[] = { "your_super_secret", "your-super-secret", "your-secret", "your_secret", "changeme", "change-me", "change_me", "change-this" };
	if (strlen(key) < JWT_KEY_MIN)
		return "it must have at least 32 characters";
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcasestr(key, known[i]))
			return "it is an example that everybody knows";
	return NULL;
}

static void mac(const char *key, const char *text, size_t len, unsigned char out[MAC_BYTES])
{
	unsigned n = MAC_BYTES;
	if (!HMAC(EVP_sha256(), key, (int)strlen(key), (const unsigned char *)text, len, out, &n) || n != MAC_BYTES)
		abort();
}

static char *base64(struct arena *a, const void *bytes, size_t len)
{
	size_t size = sodium_base64_encoded_len(len, BASE64);
	char *text = arena_alloc(a, size);
	return sodium_bin2base64(text, size, bytes, len, BASE64);
}

char *jwt_sign(struct arena *a, const struct jwt_keys *keys, const struct jwt_claims *claims)
{
	static const char header[] = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
	char id[ID_TEXT];
	unsigned char digest[MAC_BYTES];
	id_uuid(id);
	const char *payload = arena_printf(a, "{\"iss\":\"" JWT_ISSUER "\",\"aud\":\"" JWT_AUDIENCE "\",\"sub\":\"%s\",\"sid\":\"%s\",\"jti\":\"%s\",\"iat\":%lld,\"nbf\":%lld,\"exp\":%lld}",
	                                   claims->user_id, claims->session_id, id, (long long)claims->issued_s, (long long)claims->issued_s, (long long)claims->expires_s);
	const char *text = arena_printf(a, "%s.%s", base64(a, header, sizeof(header) - 1), base64(a, payload, strlen(payload)));
	mac(keys->current, text, strlen(text), digest);
	return arena_printf(a, "%s.%s", text, base64(a, digest, sizeof(digest)));
}

/* Both keys are always tried, so that time does not tell which one it was. */
static bool signature_fits(const struct jwt_keys *keys, const char *text, size_t len, const unsigned char given[MAC_BYTES])
{
	unsigned char expected[MAC_BYTES];
	const char *previous = keys->previous && *keys->previous ? keys->previous : keys->current;
	mac(keys->current, text, len, expected);
	int differs = CRYPTO_memcmp(expected, given, MAC_BYTES);
	mac(previous, text, len, expected);
	differs = (differs != 0) & (CRYPTO_memcmp(expected, given, MAC_BYTES) != 0);
	OPENSSL_cleanse(expected, sizeof(expected));
	return !differs;
}

/* A part's bytes; out holds JWT_TEXT_MAX. False when it is not base64url without padding, in its one canonical form. */
static bool decode(const char *text, size_t len, unsigned char *out, size_t size, size_t *n_r)
{
	const char *end;
	return !sodium_base642bin(out, size, text, len, NULL, n_r, &end, BASE64) && end == text + len;
}

static json_t *part(const char *text, size_t len)
{
	unsigned char bytes[JWT_TEXT_MAX];
	size_t n;
	if (!decode(text, len, bytes, sizeof(bytes), &n))
		return NULL;
	json_t *value = json_loadb((const char *)bytes, n, JSON_REJECT_DUPLICATES, NULL);
	if (value && !json_is_object(value)) {
		json_decref(value);
		return NULL;
	}
	return value;
}

static bool is_text(const json_t *object, const char *name, const char *wanted)
{
	const json_t *value = json_object_get(object, name);
	return json_is_string(value) && json_string_length(value) == strlen(wanted) && !strcmp(json_string_value(value), wanted);
}

static bool header_fits(const char *text, size_t len)
{
	json_t *header = part(text, len);
	bool fits = is_text(header, "alg", "HS256") && (!json_object_get(header, "typ") || is_text(header, "typ", "JWT")) && !json_object_get(header, "crit");
	json_decref(header);
	return fits;
}

/* A whole number of a sane size; `fallback` when there is none (-1: there must be one). */
static bool seconds(const json_t *payload, const char *name, int64_t fallback, int64_t *value_r)
{
	const json_t *value = json_object_get(payload, name);
	*value_r = value ? json_integer_value(value) : fallback;
	return value ? json_is_integer(value) && *value_r >= 0 && *value_r < (int64_t)1 << 40 : fallback >= 0;
}

static bool times_fit(const json_t *payload, int64_t now_s, struct jwt_claims *claims_r)
{
	int64_t not_before;
	return seconds(payload, "exp", -1, &claims_r->expires_s) && seconds(payload, "nbf", 0, &not_before) && seconds(payload, "iat", 0, &claims_r->issued_s) &&
	       now_s < claims_r->expires_s + JWT_LEEWAY_S && now_s >= not_before - JWT_LEEWAY_S && now_s >= claims_r->issued_s - JWT_LEEWAY_S;
}

/* "" when it is no UUID. */
static void copy_id(const json_t *payload, const char *name, char out[ID_TEXT])
{
	const json_t *value = json_object_get(payload, name);
	out[0] = '\0';
	if (json_is_string(value) && id_is_uuid(json_string_value(value), json_string_length(value)))
		memcpy(out, json_string_value(value), ID_TEXT);
}

static bool payload_fits(const char *text, size_t len, int64_t now_s, struct jwt_claims *claims_r)
{
	json_t *payload = part(text, len);
	copy_id(payload, "sub", claims_r->user_id);
	copy_id(payload, "sid", claims_r->session_id);
	bool fits = *claims_r->user_id && is_text(payload, "iss", JWT_ISSUER) && is_text(payload, "aud", JWT_AUDIENCE) && times_fit(payload, now_s, claims_r);
	json_decref(payload);
	return fits;
}

bool jwt_verify(const struct jwt_keys *keys, const char *text, size_t len, int64_t now_s, struct jwt_claims *claims_r)
{
	unsigned char given[MAC_BYTES];
	size_t n;
	const char *first = len <= JWT_TEXT_MAX ? memchr(text, '.', len) : NULL;
	const char *second = first ? memchr(first + 1, '.', (size_t)(text + len - first - 1)) : NULL;
	if (!second || !decode(second + 1, (size_t)(text + len - second - 1), given, sizeof(given), &n) || n != MAC_BYTES)
		return false;
	return signature_fits(keys, text, (size_t)(second - text), given) && header_fits(text, (size_t)(first - text)) &&
	       payload_fits(first + 1, (size_t)(second - first - 1), now_s, claims_r);
}
