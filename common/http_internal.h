/* http_internal.h - what http.c and http_call.c share; nobody else includes it.
 *
 * libcurl's own callbacks only take notes: pieces are collected in the call, and handed to the owner when libcurl has returned. So an owner may start and cancel
 * calls in any callback, which libcurl itself does not allow in its.
 */
#ifndef COMMON_HTTP_INTERNAL_H
#define COMMON_HTTP_INTERNAL_H

#include <curl/curl.h>

#include "common/buf.h"
#include "common/http.h"

#define HTTP_POOL_MAX 256 /* easy handles kept for the next calls */

struct socket;

struct http {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t *timer; /* libcurl's */
	size_t max_calls, open;
	struct http_call *calls;      /* all that are open */
	struct http_call *ready;      /* have pieces for their owners; the newest first */
	struct http_call *delivering; /* its owner's on_data is running */
	CURL *pool[HTTP_POOL_MAX];
	size_t pooled;
	struct socket **connections; /* by descriptor */
	size_t connection_slots;
};

struct http_call {
	uv_timer_t timer; /* the nearest deadline */
	struct http *http;
	CURL *easy;
	struct curl_slist *headers;
	http_data_fn *on_data;
	http_done_fn *on_done;
	void *ctx;
	int64_t began_us, first_us, last_ms;
	int64_t first_until_ms, total_until_ms, gap_ms;
	size_t received, max_bytes;
	bool too_large, queued;
	struct buf piece;
	char why[CURL_ERROR_SIZE];
	struct http_call *next, **link; /* in calls */
	struct http_call *next_ready;
};

/* libcurl's callbacks for opening and closing a connection; ctx is the http. */
curl_socket_t http_on_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *address);
int http_on_close(void *ctx, curl_socket_t fd);

/* Takes an easy handle, prepares it; NULL when libcurl refuses. */
struct http_call *http_call_new(struct http *http, const struct http_spec *spec);
/* Closes what it holds; memory goes when the loop has closed its timer. */
void http_call_free(struct http_call *call);
/* Ends the call with this error and tells the owner. */
void http_call_end(struct http_call *call, enum error error, const char *detail);
void http_call_arm(struct http_call *call);
/* Hands collected bytes to the owner, and ends the call when he wants no more. */
void http_call_deliver(struct http_call *call);

#endif
