/* sign_in.c - see sign_in.h. */
#include "api/sign_in.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "schemas.h"

#include "api/access.h"
#include "api/request.h"

#define SECRET_TEXT (2 * SIGN_IN_SECRET_BYTES)

static void hash_of(const char *secret, char out[SIGN_IN_HASH_TEXT])
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(digest, (const unsigned char *)secret, strlen(secret));
	sodium_bin2hex(out, SIGN_IN_HASH_TEXT, digest, sizeof(digest));
}

void sign_in_make(struct arena *a, const char *family, struct sign_in_token *token_r)
{
	char secret[SECRET_TEXT + 1];
	if (family)
		snprintf(token_r->family, sizeof(token_r->family), "%s", family);
	else
		id_uuid(token_r->family);
	id_random_hex(secret, SIGN_IN_SECRET_BYTES);
	hash_of(secret, token_r->hash);
	token_r->text = arena_printf(a, "%s.%s", token_r->family, secret);
	sodium_memzero(secret, sizeof(secret));
}

bool sign_in_parse(const char *text, struct sign_in_token *token_r)
{
	const size_t family = ID_TEXT - 1;
	if (strlen(text) != family + 1 + SECRET_TEXT || !id_is_uuid(text, family) || text[family] != '.' || strspn(text + family + 1, "0123456789abcdef") != SECRET_TEXT)
		return false;
	memcpy(token_r->family, text, family);
	token_r->family[family] = '\0';
	hash_of(text + family + 1, token_r->hash);
	token_r->text = NULL;
	return true;
}

void sign_in_reply(struct request *r, const char *user_id, const struct sign_in_token *token)
{
	int64_t now = clock_wall_ms() / 1000;
	struct jwt_claims claims = { .issued_s = now, .expires_s = now + JWT_LIFE_S };
	snprintf(claims.user_id, sizeof(claims.user_id), "%s", user_id);
	snprintf(claims.session_id, sizeof(claims.session_id), "%s", token->family);
	struct signed_in answer = {
		.access_token = jwt_sign(request_arena(r), access_keys(), &claims),
		.token_type = "bearer",
		.expires_in = JWT_LIFE_S,
		.refresh_token = token->text,
	};
	request_set_header(r, "cache-control", "no-store");
	request_reply_json(r, 200, &schema_signed_in, &answer);
}
