/* access.c - see access.h. */
#include "api/access.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/clock.h"
#include "common/pg.h"

#include "api/api.h"
#include "api/imports.h"
#include "api/request_internal.h"

static struct jwt_keys keys;

static const char *const role_names[] = { "none", "viewer", "staff", "manager", "owner" };
#define ROLES (sizeof(role_names) / sizeof(*role_names))

const char *role_name(enum role role)
{
	return role_names[role];
}

enum role role_of_name(const char *name)
{
	for (size_t i = ROLE_VIEWER; name && i < ROLES; i++)
		if (!strcmp(name, role_names[i]))
			return (enum role)i;
	return ROLE_NONE;
}

const struct principal *request_principal(const struct request *r)
{
	static const struct principal nobody;
	return r->principal ? r->principal : &nobody;
}

bool access_start(const struct config *config, const char **why_r)
{
	static char why[200];
	const char *fault = jwt_key_fault(config->jwt_secret_key);
	bool previous = !fault && *config->jwt_secret_key_previous;
	if (previous)
		fault = jwt_key_fault(config->jwt_secret_key_previous);
	snprintf(why, sizeof(why), "JWT_SECRET_KEY%s cannot be used: %s (for example: openssl rand -hex 32)", previous ? "_PREVIOUS" : "", fault ? fault : "");
	*why_r = why;
	keys = (struct jwt_keys){ .current = config->jwt_secret_key, .previous = config->jwt_secret_key_previous };
	return !fault;
}

const struct jwt_keys *access_keys(void)
{
	return &keys;
}

/* --- the question --- */

struct look {
	struct arena *arena;
	struct jwt_claims claims;
	enum route_access access;
	enum route_of of;
	access_fn *done;
	void *ctx;
};

/* What the route asks for, and what the database knows of the user and the place. */
static enum error decide(enum route_access access, enum route_of of, const struct principal *p)
{
	if (access == ACCESS_PLATFORM && !p->platform)
		return ERROR_forbidden;
	if (of != OF_NOTHING && !p->restaurant_id)
		return ERROR_not_found;
	if (p->platform || access <= ACCESS_USER)
		return ERROR_none;
	if ((of == OF_IMPORT || of == OF_OPERATION) && p->role == ROLE_NONE)
		return ERROR_not_found;
	return (int)p->role - ROLE_VIEWER >= (int)access - ACCESS_VIEWER ? ERROR_none : ERROR_forbidden;
}

static void on_found(void *ctx, const struct pg_result *result)
{
	struct look *l = ctx;
	const struct access_find_row *row = result->rows[0].v;
	if (result->error || !result->rows[0].n) {
		l->done(l->ctx, result->error ? result->error : ERROR_unauthorized, NULL);
		return;
	}
	struct principal *p = arena_new_of(l->arena, struct principal);
	*p = (struct principal){
		.user_id = l->claims.user_id,
		.email = row->email,
		.session_id = l->claims.session_id,
		.platform = row->is_platform_admin,
		.role = role_of_name(row->role),
		.restaurant_id = row->restaurant_id,
		.slug = row->slug,
	};
	enum error e = decide(l->access, l->of, p);
	l->done(l->ctx, e, e ? NULL : p);
}

/* NULL when it cannot be one: then nothing is found. */
static const char *sane_target(enum route_of of, const char *target)
{
	if (!target || of == OF_NOTHING)
		return NULL;
	return of == OF_SLUG || id_is_uuid(target, strlen(target)) ? target : NULL;
}

static struct pg_call *look(struct arena *a, const struct look *asked, const char *target)
{
	static const char *const names[] = { "NOTHING", "SLUG", "RESTAURANT", "CATEGORY", "ITEM", "INGREDIENT", "IMPORT", "OPERATION", "BODY", "QUERY" };
	struct look *l = arena_new_of(a, struct look);
	*l = *asked;
	l->arena = a;
	struct access_find_params params = { .user_id = l->claims.user_id, .of_ = names[l->of], .target_ = sane_target(l->of, target) };
	/* an import that this process took, and no worker has written down yet */
	const char *taken = l->of == OF_IMPORT && target ? imports_restaurant(target) : NULL;
	if (taken) {
		params.of_ = names[OF_RESTAURANT];
		params.target_ = taken;
	}
	return pg_query(the_api.pg, a, NULL, access_find, &params, on_found, l);
}

enum error access_ask(struct arena *a, const struct access_question *q, access_fn *done, void *ctx, struct pg_call **call_r)
{
	struct look asked = { .access = q->access, .of = q->of, .done = done, .ctx = ctx };
	*call_r = NULL;
	if (!jwt_verify(&keys, q->token, strlen(q->token), clock_wall_ms() / 1000, &asked.claims))
		return ERROR_unauthorized;
	*call_r = look(a, &asked, q->target);
	return ERROR_none;
}

/* --- requests --- */

struct asking {
	struct request *request;
	void *body;
	access_allowed_fn *allowed;
	struct pg_call *call;
};

static void refuse(struct request *r, enum error e)
{
	request_reply_error(r, e, e == ERROR_unauthorized ? "Send Authorization: Bearer and an access token that is not over; POST /api/v1/auth/login gives one." : NULL, NULL, 0);
}

/* RFC 6750; the scheme in any case. */
static bool bearer(const struct request *r, const char **token_r, size_t *len_r)
{
	static const char scheme[] = "bearer ";
	if (!request_header_literal(r, "authorization", token_r, len_r) || *len_r < sizeof(scheme) || strncasecmp(*token_r, scheme, sizeof(scheme) - 1) != 0)
		return false;
	*token_r += sizeof(scheme) - 1;
	*len_r -= sizeof(scheme) - 1;
	return true;
}

bool access_claims(const struct request *r, struct jwt_claims *claims_r)
{
	const char *token;
	size_t len;
	return bearer(r, &token, &len) && jwt_verify(&keys, token, len, clock_wall_ms() / 1000, claims_r);
}

bool access_token_valid(struct request *r)
{
	struct jwt_claims claims;
	if (r->route->access == ACCESS_PUBLIC)
		return true;
	if (!access_claims(r, &claims)) {
		refuse(r, ERROR_unauthorized);
		return false;
	}
	struct jwt_claims *kept = arena_new_of(request_arena(r), struct jwt_claims);
	*kept = claims;
	r->claims = kept;
	return true;
}

static const char *target_of(struct request *r, const void *body)
{
	switch (r->route->of) {
	case OF_NOTHING:
		return NULL;
	case OF_SLUG:
		return request_param(r, "slug");
	case OF_BODY:
		return schema_text_member(schema_find(r->route->in), body, "restaurant_id");
	case OF_QUERY:
		return request_query(r, "restaurant_id");
	default:
		return request_param(r, "id");
	}
}

static void on_decided(void *ctx, enum error e, const struct principal *p)
{
	struct asking *asking = ctx;
	struct request *r = asking->request;
	request_on_gone(r, NULL, NULL);
	r->principal = p;
	if (e)
		refuse(r, e);
	else
		asking->allowed(r, asking->body);
}

static void on_gone(void *ctx)
{
	struct asking *asking = ctx;
	pg_cancel(&asking->call);
}

void access_check(struct request *r, void *body, access_allowed_fn *allowed)
{
	if (r->route->access == ACCESS_PUBLIC) {
		allowed(r, body);
		return;
	}
	struct asking *asking = arena_new_of(request_arena(r), struct asking);
	*asking = (struct asking){ .request = r, .body = body, .allowed = allowed };
	struct look asked = { .claims = *r->claims, .access = r->route->access, .of = r->route->of, .done = on_decided, .ctx = asking };
	request_on_gone(r, on_gone, asking);
	asking->call = look(request_arena(r), &asked, target_of(r, body));
}
