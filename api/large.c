#include "api/large.h"

#include <string.h>
#include <strings.h>

#include "common/clock.h"

#include "api/access.h"
#include "api/api.h"
#include "api/head.h"
#include "api/jwt.h"

#define UPLOAD_LINE "POST /api/v1/menu/imports"
#define SCHEME "bearer "

static bool is_upload(const char *head, size_t len)
{
	size_t n = strlen(UPLOAD_LINE);
	while (len > 2 && head[0] == '\r' && head[1] == '\n')
		head += 2, len -= 2;
	return len > n && !memcmp(head, UPLOAD_LINE, n) && (head[n] == '?' || head[n] == ' ');
}

enum error large_body_allowed(const char *head, size_t len)
{
	const char *token;
	size_t token_len;
	struct jwt_claims claims;
	if (!is_upload(head, len))
		return ERROR_too_large;
	if (the_api.draining)
		return ERROR_draining;
	if (!head_header(head, len, "authorization", &token, &token_len) || token_len < strlen(SCHEME) || strncasecmp(token, SCHEME, strlen(SCHEME)) != 0)
		return ERROR_unauthorized;
	token += strlen(SCHEME);
	token_len -= strlen(SCHEME);
	return jwt_verify(access_keys(), token, token_len, clock_wall_ms() / 1000, &claims) ? ERROR_none : ERROR_unauthorized;
}
