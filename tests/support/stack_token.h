/* stack_token.h - signed-in people of a stack, for tests of what needs a token.
 *
 * Users are written straight into the database (no password), tokens are signed with the stack's JWT_SECRET_KEY: nothing here logs in, so nothing here is slow. What cannot
 * be had ends the program. Static memory: a header is valid until the STACK_TOKENSth further call.
 */
#ifndef TESTS_STACK_TOKEN_H
#define TESTS_STACK_TOKEN_H

#include <stdint.h>

#include "common/id.h"

#include "tests/support/stack.h"

#define STACK_TOKENS 32
#define STACK_SECRET "only-for-tests-only-for-tests-only-for-tests"

/* "Authorization: Bearer ...\r\n" of a user with that role ("owner", "manager", "staff", "viewer", "none") in that restaurant; "platform": a platform admin (slug may be NULL).
 * The user is <role>@<slug>.example and is made by the first call. */
const char *stack_token(struct stack *s, const char *slug, const char *role);
/* The same user's id, for audit rows and the like. Static, as above. */
const char *stack_user(struct stack *s, const char *slug, const char *role);
/* A header for any user id, signed with any key, over at `expires_s` (seconds since 1970). */
const char *stack_token_of(const char *user_id, const char *key, int64_t expires_s);

#endif
