/* POST /api/v1/auth/login - e-mail and password for an access token and a refresh token.
 *
 * Limits first, then who it is, then the password (argon2id on the thread pool), then a new family of refresh tokens. An unknown address, one without a password and one that was
 * switched off cost the same hash as a wrong password, and get the same answer. What succeeds does not count against the address's LOGIN_RATE_LIMIT. */
#include "common/log.h"
#include "common/metric.h"
#include "common/pg.h"

#include "api/account.h"
#include "api/api.h"
#include "api/password.h"
#include "api/router.h"
#include "api/sign_in.h"

#define BUSY_RETRY_S 2

struct signing {
	struct request *request;
	const struct login *in;
	char email[256]; /* folded */
	const char *user_id;
	bool may;
	struct sign_in_token token;
	struct pg_call *call;
	struct password_call *hashing;
};

static void on_gone(void *ctx)
{
	struct signing *s = ctx;
	pg_cancel(&s->call);
	password_cancel(&s->hashing);
}

static void fail(struct signing *s, enum error e)
{
	request_on_gone(s->request, NULL, NULL);
	metric_add(METRIC_logins, 1, e == ERROR_unauthorized ? "refused" : "busy");
	request_reply_error(s->request, e, e == ERROR_unauthorized ? "The e-mail address or the password is not right." : NULL, NULL, e == ERROR_overloaded ? BUSY_RETRY_S : 0);
}

static void on_opened(void *ctx, const struct pg_result *result)
{
	struct signing *s = ctx;
	if (result->error || !result->rows[0].n) {
		fail(s, result->error ? result->error : ERROR_unauthorized);
		return;
	}
	request_on_gone(s->request, NULL, NULL);
	limit_give_back(the_api.login_limit, s->email);
	metric_add(METRIC_logins, 1, "ok");
	log_event(LOG_info, "auth.signed_in", LOG_S("user_id", s->user_id));
	sign_in_reply(s->request, s->user_id, &s->token);
}

static void on_checked(void *ctx, enum error e, bool fits, const char *hash)
{
	struct signing *s = ctx;
	(void)hash;
	s->hashing = NULL;
	if (e || !fits || !s->may) {
		fail(s, e ? e : ERROR_unauthorized);
		return;
	}
	sign_in_make(request_arena(s->request), NULL, &s->token);
	struct session_open_params params = { .user_id = s->user_id, .id = s->token.family, .token_hash = s->token.hash, .days = the_api.config->refresh_token_days };
	s->call = pg_query(the_api.pg, request_arena(s->request), NULL, session_open, &params, on_opened, s);
}

static void on_found(void *ctx, const struct pg_result *result)
{
	struct signing *s = ctx;
	const struct login_find_row *row = result->rows[0].v;
	s->call = NULL;
	if (result->error) {
		fail(s, result->error);
		return;
	}
	bool known = result->rows[0].n > 0;
	s->user_id = known ? row->id : NULL;
	s->may = known && row->is_active;
	enum error e = password_check(the_api.loop, s->in->password, known ? row->password_hash : NULL, on_checked, s, &s->hashing);
	if (e)
		fail(s, e);
}

/* Both buckets pay for each attempt. */
static int limited_for(struct signing *s)
{
	int wait = limit_take(the_api.login_address_limit, request_address(s->request));
	return wait ? wait : limit_take(the_api.login_limit, s->email);
}

void auth_login_handle(struct request *r, const struct login *in)
{
	struct signing *s = arena_new_of(request_arena(r), struct signing);
	s->request = r;
	s->in = in;
	account_email_fold(in->email, s->email, sizeof(s->email));
	int wait_s = limited_for(s);
	if (wait_s) {
		metric_add(METRIC_logins, 1, "limited");
		request_reply_error(r, ERROR_rate_limited, "Too many attempts to sign in; please wait a moment.", NULL, wait_s);
		return;
	}
	request_on_gone(r, on_gone, s);
	s->call = pg_query(the_api.pg, request_arena(r), NULL, login_find, &(struct login_find_params){ .email = in->email }, on_found, s);
}
