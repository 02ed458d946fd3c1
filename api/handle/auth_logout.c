/* POST /api/v1/auth/logout - signs a device out: its refresh tokens are good no more. Which one: the body's refresh token, else the access token's. 204 also when it was
 * signed out already. The access token itself lasts until it is over (15 minutes at most). */
#include "common/pg.h"

#include "api/access.h"
#include "api/api.h"
#include "api/sign_in.h"

struct closing {
	struct request *request;
	struct pg_call *call;
};

static void on_gone(void *ctx)
{
	struct closing *closing = ctx;
	pg_cancel(&closing->call);
}

static void on_closed(void *ctx, const struct pg_result *result)
{
	struct request *r = ((struct closing *)ctx)->request;
	request_on_gone(r, NULL, NULL);
	if (result->error)
		request_reply_error(r, result->error, NULL, NULL, 0);
	else
		request_reply_empty(r, 204);
}

void auth_logout_handle(struct request *r, const struct logout *in)
{
	struct closing *closing = arena_new_of(request_arena(r), struct closing);
	struct sign_in_token given;
	struct jwt_claims claims;
	const char *family = NULL;
	closing->request = r;
	if (in->refresh_token && sign_in_parse(in->refresh_token, &given))
		family = given.family;
	else if (access_claims(r, &claims) && *claims.session_id)
		family = claims.session_id;
	if (!family && !in->refresh_token) {
		request_reply_error(r, ERROR_unauthorized, "Send the refresh token, or the access token.", NULL, 0);
		return;
	}
	if (!family) {
		request_reply_empty(r, 204);
		return;
	}
	request_on_gone(r, on_gone, closing);
	closing->call = pg_query(the_api.pg, request_arena(r), NULL, session_close, &(struct session_close_params){ .id = family }, on_closed, closing);
}
