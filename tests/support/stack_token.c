/* stack_token.c - see stack_token.h. */
#include "tests/support/stack_token.h"

#include <stdio.h>
#include <string.h>

#include "api/jwt.h"
#include "common/arena.h"
#include "common/clock.h"
#include "tests/support/stack_internal.h"

static char *next_text(void)
{
	static char texts[STACK_TOKENS][1100];
	static size_t next;
	return texts[next++ % STACK_TOKENS];
}

const char *stack_user(struct stack *s, const char *slug, const char *role)
{
	char sql[900], *id = next_text(), fresh[ID_TEXT];
	const char *place = slug ? slug : "platform";
	bool platform = !strcmp(role, "platform");
	id_uuid(fresh);
	snprintf(sql, sizeof(sql),
	         "INSERT INTO app_user (id, email, name, is_platform_admin) VALUES ('%s', '%s@%s.example', 'Test %s', %s)"
	         " ON CONFLICT (lower(email COLLATE \"C\")) DO UPDATE SET updated_at = now() RETURNING id",
	         fresh, role, platform ? "platform" : place, role, platform ? "true" : "false");
	snprintf(id, ID_TEXT, "%s", stack_query(s, sql));
	if (platform || !strcmp(role, "none"))
		return id;
	snprintf(sql, sizeof(sql),
	         "INSERT INTO membership (restaurant_id, user_id, role) SELECT r.id, '%s', '%s' FROM restaurant r WHERE r.slug = '%s' AND r.deleted_at IS NULL"
	         " ON CONFLICT (user_id, restaurant_id) DO UPDATE SET role = excluded.role RETURNING role",
	         id, role, place);
	CHECK(!strcmp(stack_query(s, sql), role), "there is no restaurant %s", place);
	return id;
}

const char *stack_token_of(const char *user_id, const char *key, int64_t expires_s)
{
	struct arena *a = arena_new();
	struct jwt_claims claims = { .issued_s = expires_s - JWT_LIFE_S, .expires_s = expires_s };
	char *header = next_text();
	snprintf(claims.user_id, sizeof(claims.user_id), "%s", user_id);
	snprintf(header, 1100, "Authorization: Bearer %s\r\n", jwt_sign(a, &(struct jwt_keys){ .current = key }, &claims));
	arena_free(&a);
	return header;
}

const char *stack_token(struct stack *s, const char *slug, const char *role)
{
	return stack_token_of(stack_user(s, slug, role), STACK_SECRET, clock_wall_ms() / 1000 + JWT_LIFE_S);
}
