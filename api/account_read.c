/* account_read.c - see account_read.h. */
#include "api/account_read.h"

#include "common/pg.h"

#include "api/api.h"
#include "api/request.h"
#include "api/single.h"

#define ACCOUNT_BYTES_MAX ((size_t)1 << 20)

struct reading {
	struct request *request;
	enum error missing;
	struct pg_call *call;
};

static void on_gone(void *ctx)
{
	struct reading *reading = ctx;
	pg_cancel(&reading->call);
}

static struct reading *begin(struct request *r)
{
	struct reading *reading = arena_new_of(request_arena(r), struct reading);
	reading->request = r;
	request_on_gone(r, on_gone, reading);
	return reading;
}

/* True when there is a row; else the request is answered. */
static bool arrived(struct reading *reading, const struct pg_result *result)
{
	struct request *r = reading->request;
	request_on_gone(r, NULL, NULL);
	if (result->error || !result->rows[0].n) {
		request_reply_error(r, result->error ? result->error : reading->missing, NULL, NULL, 0);
		return false;
	}
	return true;
}

void account_reply(struct request *r, int status, const char *body)
{
	single_reply(r, status, body, ACCOUNT_BYTES_MAX);
}

static void on_user(void *ctx, const struct pg_result *result)
{
	struct reading *reading = ctx;
	if (arrived(reading, result))
		account_reply(reading->request, 200, ((const struct user_get_row *)result->rows[0].v)->body);
}

void account_read_user(struct request *r, const char *id, enum error missing)
{
	struct reading *reading = begin(r);
	reading->missing = missing;
	reading->call = pg_query(the_api.pg, request_arena(r), NULL, user_get, &(struct user_get_params){ .id = id }, on_user, reading);
}
