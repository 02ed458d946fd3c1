/* test_jwt.c - what makes a token hold, and everything that must not. */
#include <criterion/criterion.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "api/jwt.h"

#define NOW 1800000000
#define KEY "0123456789abcdef0123456789abcdef"
#define OLD "fedcba9876543210fedcba9876543210"
#define USER "018f0000-0000-7000-8000-000000000001"
#define FAMILY "018f0000-0000-7000-8000-000000000002"

static struct arena *arena;
static const struct jwt_keys keys = { .current = KEY };

static void begin(void)
{
	arena = arena_new();
}

static void end(void)
{
	arena_free(&arena);
}

TestSuite(jwt, .init = begin, .fini = end);

static bool holds(const char *text, int64_t now)
{
	struct jwt_claims claims;
	return jwt_verify(&keys, text, strlen(text), now, &claims);
}

static const char *sign_with(const char *key)
{
	struct jwt_claims claims = { .user_id = USER, .session_id = FAMILY, .issued_s = NOW, .expires_s = NOW + JWT_LIFE_S };
	return jwt_sign(arena, &(struct jwt_keys){ .current = key }, &claims);
}

static const char *encode(const void *bytes, size_t len)
{
	char *text = arena_alloc(arena, 4000);
	return sodium_bin2base64(text, 4000, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* A token of any header and payload, rightly signed. */
static const char *forge(const char *header, const char *payload)
{
	unsigned char digest[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	const char *text = arena_printf(arena, "%s.%s", encode(header, strlen(header)), encode(payload, strlen(payload)));
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)KEY, strlen(KEY));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
	crypto_auth_hmacsha256_final(&state, digest);
	return arena_printf(arena, "%s.%s", text, encode(digest, sizeof(digest)));
}

#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define PAYLOAD "{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\",\"exp\":1800000900}"

Test(jwt, a_signed_token_holds_and_says_who)
{
	struct jwt_claims claims;
	const char *text = sign_with(KEY);
	cr_assert(jwt_verify(&keys, text, strlen(text), NOW, &claims));
	cr_expect_str_eq(claims.user_id, USER);
	cr_expect_str_eq(claims.session_id, FAMILY);
	cr_expect_eq(claims.issued_s, NOW);
	cr_expect_eq(claims.expires_s, NOW + JWT_LIFE_S);
	cr_expect_str_neq(text, sign_with(KEY), "each has an id of its own");
	cr_expect(holds(forge(HEADER, PAYLOAD), NOW), "the forge works, else the tests below prove nothing");
}

Test(jwt, time_is_checked_with_leeway)
{
	const char *text = sign_with(KEY);
	cr_expect(holds(text, NOW - JWT_LEEWAY_S));
	cr_expect_not(holds(text, NOW - JWT_LEEWAY_S - 1), "not yet");
	cr_expect(holds(text, NOW + JWT_LIFE_S + JWT_LEEWAY_S - 1));
	cr_expect_not(holds(text, NOW + JWT_LIFE_S + JWT_LEEWAY_S), "over");
}

Test(jwt, keys_rotate)
{
	const struct jwt_keys both = { .current = KEY, .previous = OLD }, newer = { .current = OLD, .previous = "" };
	struct jwt_claims claims;
	const char *text = sign_with(OLD), *fresh = sign_with(KEY);
	cr_expect(jwt_verify(&both, text, strlen(text), NOW, &claims), "signed with the key before");
	cr_expect(jwt_verify(&both, fresh, strlen(fresh), NOW, &claims));
	cr_expect_not(holds(text, NOW), "without it no more");
	cr_expect_not(jwt_verify(&newer, fresh, strlen(fresh), NOW, &claims));
}

Test(jwt, another_algorithm_is_refused)
{
	static const char *const headers[] = {
		"{\"alg\":\"none\",\"typ\":\"JWT\"}", "{\"alg\":\"None\"}", "{\"alg\":\"HS512\"}", "{\"alg\":\"hs256\"}", "{\"alg\":\"RS256\"}", "{\"typ\":\"JWT\"}", "{}", "[]", "\"HS256\"", "{\"alg\":null}",
		"{\"alg\":[\"HS256\"]}", "{\"alg\":\"HS256\",\"alg\":\"HS256\"}", "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}", "{\"alg\":\"HS256\",\"typ\":\"JWE\"}", "", "{"
	};
	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++)
		cr_expect_not(holds(forge(headers[i], PAYLOAD), NOW), "%s", headers[i]);
	const char *unsigned_ = arena_printf(arena, "%s.%s.", encode("{\"alg\":\"none\"}", 14), encode(PAYLOAD, strlen(PAYLOAD)));
	cr_expect_not(holds(unsigned_, NOW));
}

Test(jwt, claims_must_be_ours)
{
	static const char *const payloads[] = {
		"{\"iss\":\"another\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\",\"exp\":1800000900}",
		"{\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\",\"exp\":1800000900}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"another\",\"sub\":\"" USER "\",\"exp\":1800000900}",
		"{\"iss\":\"restaurant-ai\",\"sub\":\"" USER "\",\"exp\":1800000900}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"admin\",\"exp\":1800000900}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "' OR 1\",\"exp\":1800000900}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"exp\":1800000900}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\"}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\",\"exp\":\"1800000900\"}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\",\"exp\":1800000900.5}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\",\"exp\":9223372036854775807}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\",\"exp\":-1}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\",\"exp\":1800000900,\"nbf\":1800000100}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\",\"exp\":1800000900,\"nbf\":\"0\"}",
		"{\"iss\":\"restaurant-ai\",\"aud\":\"restaurant-ai-api\",\"sub\":\"" USER "\",\"sub\":\"" USER "\",\"exp\":1800000900}",
	};
	for (size_t i = 0; i < sizeof(payloads) / sizeof(*payloads); i++)
		cr_expect_not(holds(forge(HEADER, payloads[i]), NOW), "%s", payloads[i]);
}

Test(jwt, a_changed_byte_breaks_it)
{
	char *text = arena_strdup(arena, sign_with(KEY));
	for (size_t i = 0; text[i]; i++) {
		char was = text[i];
		text[i] = was == 'A' ? 'B' : 'A';
		cr_expect_not(holds(text, NOW), "byte %zu", i);
		text[i] = was;
		char short_ = text[i + 1];
		text[i + 1] = '\0';
		cr_expect(!short_ || !holds(text, NOW), "cut after byte %zu", i);
		text[i + 1] = short_;
	}
	cr_expect(holds(text, NOW));
	cr_expect_not(holds(arena_printf(arena, "%s=", text), NOW), "one form only");
	cr_expect_not(holds(arena_printf(arena, "%s.", text), NOW));
	cr_expect_not(holds(arena_printf(arena, " %s", text), NOW));
	cr_expect_not(holds("", NOW));
	cr_expect_not(holds("..", NOW));
	char *large = arena_alloc(arena, JWT_TEXT_MAX + 2);
	memset(large, 'a', JWT_TEXT_MAX + 1);
	cr_expect_not(holds(large, NOW));
}

Test(jwt, weak_keys_are_named)
{
	cr_expect_null(jwt_key_fault(KEY));
	cr_expect_not_null(jwt_key_fault(""));
	cr_expect_not_null(jwt_key_fault("0123456789abcdef0123456789abcde"));
	cr_expect_not_null(jwt_key_fault("your_super_secret_jwt_key_that_is_long_enough"));
	cr_expect_not_null(jwt_key_fault("CHANGEME-CHANGEME-CHANGEME-CHANGEME"));
}
