/* jwt.h - access tokens: JSON Web Tokens signed with HMAC-SHA256, and nothing else. Pure, except that the clock is the caller's.
 *
 * The algorithm is this file's, not the token's: a header that names another one ("none" too) is refused. Checked are the signature (first, in constant time, against
 * both keys while they are rotated), `exp`, `nbf` and `iat` with JWT_LEEWAY_S of leeway, `iss`, `aud`, and that `sub` is a UUID; duplicate members are refused.
 * A token says who somebody is, never what they may do: rights are read from the database for each request.
 * What it does not do: know of users who were switched off since (access.h does), keep tokens, revoke one.
 */
#ifndef API_JWT_H
#define API_JWT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/id.h"

#define JWT_LIFE_S 900
#define JWT_LEEWAY_S 60
#define JWT_KEY_MIN 32
#define JWT_TEXT_MAX 1000
#define JWT_ISSUER "restaurant-ai"
#define JWT_AUDIENCE "restaurant-ai-api"

struct jwt_keys {
	const char *current;  /* signs and is accepted */
	const char *previous; /* is accepted; NULL or "": there is none */
};

struct jwt_claims {
	char user_id[ID_TEXT];    /* sub */
	char session_id[ID_TEXT]; /* sid: the family of refresh tokens that it was given with; "" when there is none */
	int64_t issued_s, expires_s;
};

/* NULL when the key will do, else what is wrong with it: shorter than JWT_KEY_MIN, or one that is printed in documents. */
const char *jwt_key_fault(const char *key);
/* In the arena. Times are seconds since 1970. */
char *jwt_sign(struct arena *a, const struct jwt_keys *keys, const struct jwt_claims *claims);
bool jwt_verify(const struct jwt_keys *keys, const char *text, size_t len, int64_t now_s, struct jwt_claims *claims_r);

#endif
