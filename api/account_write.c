/* account_write.c - see account_write.h. */
#include "api/account_write.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "common/pg.h"
#include "common/text.h"

#include "api/access.h"
#include "api/account.h"
#include "api/account_read.h"
#include "api/api.h"
#include "api/password.h"

#define BUSY_RETRY_S 2
#define KEY_MAX 255

struct writing {
	struct request *request;
	const struct account_write *w;
	char id[ID_TEXT];
	const char *key; /* NULL: there is no Idempotency-Key */
	char key_hash[2 * crypto_auth_hmacsha256_BYTES + 1];
	struct pg_call *call;
	struct password_call *hashing;
};

static void on_gone(void *ctx)
{
	struct writing *writing = ctx;
	pg_cancel(&writing->call);
	password_cancel(&writing->hashing);
}

/* --- the answer --- */

static enum error error_of(int64_t status)
{
	switch (status) {
	case 404:
		return ERROR_not_found;
	case 409:
		return ERROR_conflict;
	case 412:
		return ERROR_precondition;
	case 422:
		return ERROR_invalid;
	default:
		return ERROR_internal;
	}
}

static void set_location(struct request *r, const struct account_write *w, const char *body)
{
	json_t *object = json_loads(body, 0, NULL);
	const char *id = json_string_value(json_object_get(object, w->member ? "user_id" : "id"));
	request_set_header(r, "location", arena_printf(request_arena(r), "%s/%s", request_path(r), id ? id : ""));
	json_decref(object);
}

static void answer(struct writing *writing, enum error e, int64_t status, const char *detail, const char *body)
{
	struct request *r = writing->request;
	request_on_gone(r, NULL, NULL);
	if (e || status >= 300) {
		request_reply_error(r, e ? e : error_of(status), detail, NULL, e == ERROR_overloaded ? BUSY_RETRY_S : 0);
		return;
	}
	if (status == 204) {
		request_reply_empty(r, 204);
		return;
	}
	if (status == 201)
		set_location(r, writing->w, body);
	account_reply(r, (int)status, body);
}

static void on_user(void *ctx, const struct pg_result *result)
{
	const struct user_write_row *row = result->rows[0].v;
	if (result->error || !result->rows[0].n)
		answer(ctx, result->error ? result->error : ERROR_internal, 0, NULL, NULL);
	else
		answer(ctx, ERROR_none, row->status, row->detail, row->body);
}

static void on_member(void *ctx, const struct pg_result *result)
{
	const struct member_write_row *row = result->rows[0].v;
	if (result->error || !result->rows[0].n)
		answer(ctx, result->error ? result->error : ERROR_internal, 0, NULL, NULL);
	else
		answer(ctx, ERROR_none, row->status, row->detail, row->body);
}

/* --- the transaction --- */

static void store(struct writing *writing, const char *hash)
{
	struct request *r = writing->request;
	const struct account_write *w = writing->w;
	const struct principal *p = request_principal(r);
	const char *if_match = request_header(r, "if-match");
	if (w->member) {
		struct member_write_params params = {
			.action = w->action,
			.id = writing->id,
			.email = w->email,
			.role = w->role,
			.name = w->name,
			.password_hash = hash,
			.if_match = if_match,
			.key = writing->key,
			.key_hash = writing->key_hash,
			.actor = p->user_id,
			.actor_email = p->email,
		};
		writing->call = pg_query(the_api.pg, request_arena(r), p->restaurant_id, member_write, &params, on_member, writing);
		return;
	}
	struct user_write_params params = {
		.action = w->action,
		.id = writing->id,
		.email = w->email,
		.name = w->name,
		.password_hash = hash,
		.is_active = w->is_active,
		.is_platform_admin = w->is_platform_admin,
		.if_match = if_match,
		.key = writing->key,
		.key_hash = writing->key_hash,
	};
	writing->call = pg_query(the_api.pg, request_arena(r), NULL, user_write, &params, on_user, writing);
}

static void on_hash(void *ctx, enum error e, bool fits, const char *hash)
{
	struct writing *writing = ctx;
	(void)fits;
	writing->hashing = NULL;
	if (e)
		answer(writing, e, 0, NULL, NULL);
	else
		store(writing, hash);
}

/* --- what comes in --- */

static bool refused(struct request *r, const char *pointer, const char *message)
{
	struct schema_problems problems = { .v = { { pointer, message } }, .n = 1 };
	request_reply_error(r, ERROR_invalid, NULL, &problems, 0);
	return true;
}

static bool invalid(struct request *r, const struct account_write *w)
{
	const char *key = request_header(r, "idempotency-key");
	if (w->email && !account_email_valid(w->email))
		return refused(r, "/email", "is not an e-mail address");
	if (w->name && !text_is_clean(w->name, strlen(w->name)))
		return refused(r, "/name", "holds control characters");
	if (key && strlen(key) > KEY_MAX)
		return refused(r, "/header/idempotency-key", "must be at most 255 characters long");
	return false;
}

/* The body may hold a password, so its hash is keyed: the table of answers helps nobody to guess. */
static void take_key(struct writing *writing)
{
	struct request *r = writing->request;
	const char *key = request_header(r, "idempotency-key"), *secret = access_keys()->current;
	unsigned char digest[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;
	size_t len;
	const char *body = request_body(r, &len);
	if (!key || !*key)
		return;
	char *id = arena_alloc(request_arena(r), ID_TEXT);
	id_derive(id, arena_printf(request_arena(r), "account/%s/%d/%s/%s", request_principal(r)->user_id, (int)request_method(r), request_path(r), key));
	writing->key = id;
	crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body, len);
	crypto_auth_hmacsha256_final(&state, digest);
	sodium_bin2hex(writing->key_hash, sizeof(writing->key_hash), digest, sizeof(digest));
}

void account_write(struct request *r, const struct account_write *w)
{
	if (invalid(r, w))
		return;
	struct writing *writing = arena_new_of(request_arena(r), struct writing);
	writing->request = r;
	writing->w = w;
	if (w->id)
		memcpy(writing->id, w->id, ID_TEXT);
	else
		id_uuid(writing->id);
	take_key(writing);
	request_on_gone(r, on_gone, writing);
	if (!w->password) {
		store(writing, NULL);
		return;
	}
	enum error e = password_make(the_api.loop, w->password, on_hash, writing, &writing->hashing);
	if (e)
		answer(writing, e, 0, NULL, NULL);
}
