/* request.h - one HTTP request, as handlers see it: no h2o in sight.
 *
 * A handler gets a request that was matched, limited and (where the route has a body schema) decoded, and must answer it exactly once, now or later.
 * Until it is answered the client may go away: then the `gone` callback comes, and the request must not be touched again. Without a callback a
 * later answer to a gone request would be a use after free, so a handler that answers later MUST set one.
 * All strings here live in the request's arena or in the request: valid until it is answered or gone. Loop thread only.
 */
#ifndef API_REQUEST_H
#define API_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/error.h"
#include "common/schema.h"

struct request;
struct stream;

enum method { METHOD_GET,
	      METHOD_POST,
	      METHOD_PUT,
	      METHOD_PATCH,
	      METHOD_DELETE,
	      METHOD_OPTIONS,
	      METHOD_HEAD,
	      METHOD_OTHER };

/* Bytes shared by many answers (a cached menu, a file of the web app); freed when the last user is done. */
struct blob {
	int refs;
	size_t len;
	char *bytes;
};
struct blob *blob_new(const void *bytes, size_t len); /* copies; one reference */
struct blob *blob_keep(struct blob *b);
void blob_drop(struct blob **b);

enum method request_method(const struct request *r);
const char *request_path(const struct request *r);                    /* without the query, not decoded */
const char *request_param(const struct request *r, const char *name); /* of the path template, percent-decoded; never NULL for a name in the template */
const char *request_query(struct request *r, const char *name);       /* percent-decoded; NULL when absent */
/* Of the query parameters that the route names (params.def), checked before the handler runs: the default when absent. */
int64_t request_query_int(struct request *r, const char *name);
bool request_query_flag(struct request *r, const char *name);
const char *request_query_choice(struct request *r, const char *name);
const char *request_header(struct request *r, const char *name); /* name in lower case; NULL when absent */
const char *request_body(const struct request *r, size_t *len_r);
/* These bytes of the body are not needed for now: of a large one they leave the memory (they come back when they are read). */
void request_drop_body(const struct request *r, size_t from, size_t to);
struct arena *request_arena(struct request *r);
const char *request_id(const struct request *r);                 /* also in the answer's X-Request-Id and in the log */
const char *request_trace(const struct request *r);              /* traceparent: the client's, or new */
const char *request_address(struct request *r);                  /* of the client; X-Forwarded-For only from TRUSTED_PROXIES */
bool request_accepts(struct request *r, const char *media_type); /* named in Accept (not by a wildcard) */

typedef void request_gone_fn(void *ctx);
void request_on_gone(struct request *r, request_gone_fn *gone, void *ctx); /* NULL takes it back */

/* --- answers: each ends the request (the pointer is dead afterwards), except request_set_header() --- */
void request_set_header(struct request *r, const char *name, const char *value);                            /* both copied; before the answer */
void request_reply(struct request *r, int status, const char *content_type, const void *bytes, size_t len); /* copied */
void request_reply_json(struct request *r, int status, const struct schema *s, const void *value);
void request_reply_blob(struct request *r, int status, const char *content_type, struct blob *b); /* keeps its own reference */
/* Bytes that live longer than the process's last answer (literals, what is loaded at start). Not copied. */
void request_reply_static(struct request *r, int status, const char *content_type, const void *bytes, size_t len);
void request_reply_empty(struct request *r, int status);
/* application/problem+json; `detail` (may be NULL) says where and what to do; `problems` (may be NULL) become errors[]. Adds Retry-After (`retry_after_s` > 0) and
 * WWW-Authenticate where the contract wants them. */
void request_reply_error(struct request *r, enum error e, const char *detail, const struct schema_problems *problems, int retry_after_s);

/* --- a streamed answer (server-sent events), and an upgraded connection: both become a `stream`, and the request is dead --- */
struct stream *request_begin_stream(struct request *r, int status, const char *content_type);
struct stream *request_upgrade_websocket(struct request *r); /* 101 with the right accept key; NULL when it is no valid upgrade (already answered) */

#endif
