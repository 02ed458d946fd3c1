/* request_internal.h - what a request is made of: for server_*.c, request*.c and router*.c only. No h2o here: `native` is its h2o_req_t.
 *
 * Life: server_http.c makes it when the request is complete; router_request() runs a handler; the handler's answer calls server_answer(). The struct stays until the
 * answer's last byte is out (or the connection is gone), then request_dispose() ends it. `answered` divides the two.
 */
#ifndef API_REQUEST_INTERNAL_H
#define API_REQUEST_INTERNAL_H

#include <string.h>

#include "api/request.h"
#include "api/target.h"

struct jwt_claims;
struct principal;
struct route_row;
struct server_connection;

#define REQUEST_ID_TEXT 25 /* 8 of the process, 16 of the counter, NUL */

struct request {
	void *native;
	struct server_connection *connection;
	struct request *before, *after; /* the server's list of live requests */
	const struct route_row *route;  /* NULL: none matched */
	enum method method;
	bool head; /* HEAD, handled as GET: no body goes out */
	bool answered;
	bool streaming; /* the answer goes on until its stream ends */
	bool counted;   /* its answer is in the metrics */
	int status;     /* of the answer */
	int64_t started_us;
	int64_t answered_ms;
	struct target target;
	struct arena *arena;                     /* made on first use */
	struct blob *blob;                       /* kept while the answer is sent */
	char *path;                              /* request_path(), made on first use */
	const char *params[TARGET_SEGMENTS_MAX]; /* decoded segments, made on first use */
	char id[REQUEST_ID_TEXT];
	const char *trace;
	const char *frame_origins;         /* " https://a https://b": who may frame this page; NULL: nobody */
	const struct jwt_claims *claims;   /* of the token; NULL in PUBLIC routes */
	const struct principal *principal; /* NULL until access was granted, and in PUBLIC routes */
	request_gone_fn *gone;
	void *gone_ctx;
};

/* A header's value as it stands in the request, not terminated. `name` in lower case. */
bool request_header_view(const struct request *r, const char *name, size_t name_len, const char **value_r, size_t *len_r);
#define request_header_literal(r, name, value_r, len_r) request_header_view((r), "" name, sizeof(name) - 1, (value_r), (len_r))
/* Neither name nor value is copied: both must live until the answer's function returned (of a stream: until its first bytes went out). `name` in lower case. */
void request_set_header_n(struct request *r, const char *name, size_t name_len, const char *value, size_t value_len);
#define request_set_header_literal(r, name, value) request_set_header_n((r), "" name, sizeof(name) - 1, "" value, sizeof(value) - 1)
#define request_set_header_static(r, name, value) request_set_header_n((r), "" name, sizeof(name) - 1, (value), strlen(value))
/* A query parameter's text, decoded, in the arena. ERROR_malformed_request when its escapes are wrong; *value_r NULL when absent. */
MUST_CHECK enum error request_query_get(struct request *r, const char *name, const char **value_r);
/* Called by server_http.c when all is over. */
void request_dispose(struct request *r);

/* --- implemented by server_http.c --- */
/* Sends the answer. The bytes must live until request_dispose(); `blob` (may be NULL) is kept until then. */
void server_answer(struct request *r, int status, const char *content_type, const void *bytes, size_t len, struct blob *blob);
/* The peer's address as text; out holds at least 46 bytes. */
void server_address(const struct request *r, char *out, size_t size);
/* From now on a client that goes away is noticed while its request waits. */
void server_watch_request(struct request *r);
/* What was read of a large body need not stay in memory: request_drop_body(). */
void server_drop_body(const struct request *r, size_t from, size_t to);
/* Memory that lives until request_dispose(), without making the arena. */
char *server_keep(struct request *r, const void *bytes, size_t len);

/* --- implemented by router.c --- */
/* An answer is under way (streamed: over): metrics and the access log. */
void router_answered(struct request *r);
/* Headers that every answer carries; called before the head goes out. */
void router_decorate(struct request *r, int status, const char *content_type);

#endif
