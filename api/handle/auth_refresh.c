/* POST /api/v1/auth/refresh - the next pair of tokens. A refresh token that was used before signs its device out: somebody has a copy. */
#include "common/log.h"
#include "common/metric.h"
#include "common/pg.h"

#include "api/api.h"
#include "api/router.h"
#include "api/sign_in.h"

struct rotating {
	struct request *request;
	struct sign_in_token next;
	struct pg_call *call;
};

static void on_gone(void *ctx)
{
	struct rotating *rotating = ctx;
	pg_cancel(&rotating->call);
}

static void refuse(struct request *r, const char *outcome)
{
	metric_add(METRIC_logins, 1, outcome);
	request_reply_error(r, ERROR_unauthorized, "This refresh token is not good any more; sign in again.", NULL, 0);
}

static void on_rotated(void *ctx, const struct pg_result *result)
{
	struct rotating *rotating = ctx;
	struct request *r = rotating->request;
	const struct session_rotate_row *row = result->rows[0].v;
	request_on_gone(r, NULL, NULL);
	if (result->error) {
		request_reply_error(r, result->error, NULL, NULL, 0);
	} else if (!result->rows[0].n) {
		refuse(r, "unknown");
	} else if (row->reused) {
		log_event(LOG_warn, "auth.refresh_reused", LOG_S("user_id", row->user_id));
		refuse(r, "reused");
	} else {
		metric_add(METRIC_logins, 1, "refreshed");
		sign_in_reply(r, row->user_id, &rotating->next);
	}
}

void auth_refresh_handle(struct request *r, const struct refresh *in)
{
	struct rotating *rotating = arena_new_of(request_arena(r), struct rotating);
	struct sign_in_token given;
	rotating->request = r;
	if (!sign_in_parse(in->refresh_token, &given)) {
		refuse(r, "unknown");
		return;
	}
	sign_in_make(request_arena(r), given.family, &rotating->next);
	struct session_rotate_params params = { .id = given.family, .old_hash = given.hash, .new_hash = rotating->next.hash, .days = the_api.config->refresh_token_days };
	request_on_gone(r, on_gone, rotating);
	rotating->call = pg_query(the_api.pg, request_arena(r), NULL, session_rotate, &params, on_rotated, rotating);
}
