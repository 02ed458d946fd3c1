/* router.h - from a request to its handler: the only caller of handlers.
 *
 * Order: match (404, 405 with Allow; HEAD as GET; OPTIONS and CORS) -> draining (503 for new sockets; at its end for new work) -> what stands in the path (404) -> token (401)
 * -> query parameters (422) -> body (415, 400, 422) -> access (401, 403, 404; access.h) -> handler.
 * The prototypes below are typed by the table: a handler gets its own body struct and cannot be given another.
 */
#ifndef API_ROUTER_H
#define API_ROUTER_H

#include <stdbool.h>
#include <stddef.h>

#include "schemas.h"

#include "api/request.h"

/* The body of a route without one: its handler gets NULL. */
struct none {
	char nothing;
};
/* The body of a route that takes a file: its handler gets NULL, and looks at the bytes itself. */
struct file {
	char nothing;
};

/* The body of the route that takes events: its handler gets NULL, and decodes one or a list. */
struct events {
	char nothing;
};

#define ROUTE(id, method, path, access, of, limit, in, params, out, status, summary) void id##_handle(struct request *r, const struct in *body);
#include "api/routes.def"
#undef ROUTE

enum route_id {
#define ROUTE(id, method, path, access, of, limit, in, params, out, status, summary) ROUTE_##id,
#include "api/routes.def"
#undef ROUTE
	ROUTE_COUNT
};
/* Who may call a route: anybody, anybody who is signed in, a role of the restaurant (the greater ones include the smaller), platform admins. These may everything. */
enum route_access { ACCESS_PUBLIC,
	            ACCESS_USER,
	            ACCESS_VIEWER,
	            ACCESS_STAFF,
	            ACCESS_MANAGER,
	            ACCESS_OWNER,
	            ACCESS_PLATFORM };
/* What tells of which restaurant a request is; see routes.def. */
enum route_of { OF_NOTHING,
	        OF_SLUG,
	        OF_RESTAURANT,
	        OF_CATEGORY,
	        OF_ITEM,
	        OF_INGREDIENT,
	        OF_IMPORT,
	        OF_OPERATION,
	        OF_BODY,
	        OF_QUERY };
enum route_limit { LIMIT_NONE,
	           LIMIT_CHAT,
	           LIMIT_LOGIN,
	           LIMIT_EVENTS };
enum route_out { OUT_ONE,
	         OUT_LIST,
	         OUT_MEDIA,
	         OUT_SOCKET };

struct route_row {
	const char *name;
	enum method method;
	const char *path;
	enum route_access access;
	enum route_of of;
	enum route_limit limit;
	const char *in; /* schema; "none" */
	size_t in_size;
	const char *params;
	enum route_out out;
	const char *out_name; /* the schema's name, or the content type; "text" in a LIST: strings */
	int status;
	const char *summary;
	void (*call)(struct request *r, const void *body);
};
extern const struct route_row route_rows[ROUTE_COUNT];

enum param_type { PARAM_INT,
	          PARAM_TEXT,
	          PARAM_SESSION,
	          PARAM_SLUG,
	          PARAM_UUID,
	          PARAM_TIME,
	          PARAM_CHOICE,
	          PARAM_FLAG };
struct param_row {
	const char *name;
	enum param_type type;
	int64_t min, max;
	const char *fallback;
	const char *doc;
};
extern const struct param_row param_rows[];
extern const size_t param_count;

/* What may stand in a path. */
struct path_row {
	const char *name;
	enum param_type type;
	const char *doc, *example;
};
extern const struct path_row path_rows[];
extern const size_t path_count;
/* The row of the parameter at the beginning of `text` ("slug}/menu"); NULL: path_params.def has none. */
const struct path_row *path_row_of(const char *text);

/* Splits the templates and looks the schemas up; once, before the first request. */
void router_start(void);
const struct schema *router_body_schema(enum route_id id); /* NULL: none */
/* The server's callback: one request that is complete. */
void router_request(struct request *r);

const char *method_name(enum method m);
/* The next name of a route's `params`: copied to name[64]; *required_r. Returns where to go on, NULL at the end. */
const char *route_param_next(const char *params, char name[64], bool *required_r);

#endif
