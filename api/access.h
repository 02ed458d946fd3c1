/* access.h - who is it, and may they? Between the router and its handlers.
 *
 * The columns `access` and `of` of routes.def are the whole law. A request of a PUBLIC route is not asked for a token, and one that it brings is not looked at. For
 * the others: the token is checked at once (401); after parameters and body, ONE query (access_find) looks up the restaurant that `of` names and what
 * the user is there, so a role that was taken away, or a user who was switched off, is refused from the next request on. 401: unknown or switched off; 404: no such
 * restaurant, dish, import ...; 403: the role is too small, and 404 in its place where the id is itself a secret (IMPORT, OPERATION). Platform admins may everything.
 * Nothing is remembered between requests. Loop thread only.
 */
#ifndef API_ACCESS_H
#define API_ACCESS_H

#include <stdbool.h>

#include "common/arena.h"
#include "common/config.h"
#include "common/error.h"

#include "api/jwt.h"
#include "api/router.h"

struct pg_call;

enum role { ROLE_NONE,
	    ROLE_VIEWER,
	    ROLE_STAFF,
	    ROLE_MANAGER,
	    ROLE_OWNER };
const char *role_name(enum role role);    /* "owner"; "none" */
enum role role_of_name(const char *name); /* NULL and unknown names: ROLE_NONE */

/* Who asks. In a PUBLIC route all is NULL and false. Lives as long as the request. */
struct principal {
	const char *user_id, *email; /* NULL: nobody is signed in */
	const char *session_id;      /* of the refresh tokens that the access token came with; may be "" */
	bool platform;               /* a platform admin: role is then what they are in that restaurant, often ROLE_NONE */
	enum role role;              /* in that restaurant */
	const char *restaurant_id;   /* the one that the route's `of` names, and which exists; NULL when it names none */
	const char *slug;            /* its slug; NULL when an operation's restaurant was never made */
};
const struct principal *request_principal(const struct request *r); /* never NULL */

/* Reads the keys. False, and *why_r one line, when JWT_SECRET_KEY will not do. */
bool access_start(const struct config *config, const char **why_r);
const struct jwt_keys *access_keys(void);

/* The claims of the request's token, when it brings one that holds: for routes that need none but can use one. */
bool access_claims(const struct request *r, struct jwt_claims *claims_r);

/* For the router: false when the request was answered with 401. Nothing to do for PUBLIC routes. */
bool access_token_valid(struct request *r);
/* For the router: asks, and calls `allowed` (now for PUBLIC routes, else later) or answers. `body` is the decoded one. */
typedef void access_allowed_fn(struct request *r, const void *body);
void access_check(struct request *r, void *body, access_allowed_fn *allowed);

/* The same question where there is no request (the `watch` frame of a WebSocket). ERROR_unauthorized, forbidden, not_found, or of the database. `target` as the
 * route's `of` says: a slug or an id; what cannot be one is not_found. The principal lives in the arena; call pg_cancel() when you go away first. The
 * callback comes later, except that a token which does not hold is said at once, by ERROR_unauthorized as the result. */
struct access_question {
	const char *token;
	enum route_access access;
	enum route_of of;
	const char *target;
};
typedef void access_fn(void *ctx, enum error e, const struct principal *p);
MUST_CHECK enum error access_ask(struct arena *a, const struct access_question *q, access_fn *done, void *ctx, struct pg_call **call_r);

#endif
