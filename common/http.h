/* http.h - calls to other servers: libcurl's multi interface on the loop, bodies streamed, every wait bounded.
 *
 * HTTP/1.1, keep-alive, connections shared by all calls. At most `max_calls` at once; more fail with ERROR_overloaded.
 * Callbacks come on the loop, never before http_start() returned; `on_done` exactly once unless cancelled; after http_cancel() none.
 * It is safe to cancel or to start calls inside any callback; http_free() is not.
 * Redirects are not followed, bodies not decompressed; https checks certificates against the system's; a proxy of the environment is used (http_proxy, no_proxy, ...).
 */
#ifndef COMMON_HTTP_H
#define COMMON_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"

struct http;
struct http_call;

struct http_spec {
	const char *method; /* "GET", "POST" */
	const char *url;
	const char *const *headers; /* "Name: value", NULL-terminated; may be NULL */
	const void *body;           /* copied */
	size_t body_len;
	int64_t connect_ms; /* to connect */
	int64_t first_ms;   /* to the first byte of the body (from the start) */
	int64_t gap_ms;     /* between two pieces of the body */
	int64_t total_ms;   /* whole call */
	size_t max_bytes;   /* of the body; more ends the call with http_too_large */
};

struct http_result {
	enum error error;       /* none (any status), http_failed, http_too_large, deadline */
	int status;             /* 0 when none came */
	int64_t retry_after_ms; /* of a Retry-After header in seconds or as a date, else -1 */
	const char *detail;     /* plain words for the log */
	int64_t first_byte_us, total_us;
};

/* `status` is known when the first piece comes. Return false to end the call early (on_done follows with error none). */
typedef bool http_data_fn(void *ctx, int status, const char *bytes, size_t len);
typedef void http_done_fn(void *ctx, const struct http_result *result);

MUST_CHECK enum error http_new(uv_loop_t *loop, size_t max_calls, struct http **http_r);
void http_free(struct http **http); /* open calls are dropped without a callback */
MUST_CHECK enum error http_start(struct http *http, const struct http_spec *spec, http_data_fn *on_data, http_done_fn *on_done, void *ctx, struct http_call **call_r);
void http_cancel(struct http_call **call); /* NULL is fine; sets *call to NULL */

#endif
