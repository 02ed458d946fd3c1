/* sign_in.h - what sign-in and refresh share: refresh tokens, and the answer that carries both tokens.
 *
 * A refresh token is "<family>.<secret>": the family is a row of the table refresh_token (one signed-in device), the secret 256 random bits, of which only
 * SHA-256 is stored. Each is good once; the next one is of the same family. One that was used before ends the family (session_rotate in migrations/0004_users.sql).
 * Tokens are never logged.
 */
#ifndef API_SIGN_IN_H
#define API_SIGN_IN_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/id.h"

struct request;

#define SIGN_IN_SECRET_BYTES 32
#define SIGN_IN_HASH_TEXT 65 /* SHA-256 in hex, NUL */

struct sign_in_token {
	char family[ID_TEXT];
	char hash[SIGN_IN_HASH_TEXT];
	const char *text; /* what the client keeps; NULL in a parsed one */
};

void sign_in_make(struct arena *a, const char *family, struct sign_in_token *token_r); /* family NULL: a new one */
bool sign_in_parse(const char *text, struct sign_in_token *token_r);
/* 200 with an access token for that user, and this refresh token. */
void sign_in_reply(struct request *r, const char *user_id, const struct sign_in_token *token);

#endif
