/* http_call.c - one call: its settings, its deadlines, its end. */
#include "common/http_internal.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"

/* --- deadlines --- */

static int64_t nearest(const struct http_call *call)
{
	int64_t until = call->total_until_ms;
	int64_t piece = call->first_us ? call->last_ms + call->gap_ms : call->first_until_ms;
	return piece < until ? piece : until;
}

static void on_deadline(uv_timer_t *timer)
{
	struct http_call *call = timer->data;
	if (nearest(call) > clock_ms())
		http_call_arm(call);
	else if (clock_ms() >= call->total_until_ms)
		http_call_end(call, ERROR_deadline, "the whole took too long");
	else
		http_call_end(call, ERROR_deadline, call->first_us ? "the body stalled" : "nothing came");
}

/* Pieces only move the time in the call; the timer finds out when it fires. */
void http_call_arm(struct http_call *call)
{
	int64_t left = nearest(call) - clock_ms();
	uv_update_time(call->http->loop);
	uv_timer_start(&call->timer, on_deadline, left > 0 ? (uint64_t)left : 0, 0);
}

/* --- libcurl's callback --- */

static size_t on_bytes(char *bytes, size_t one, size_t len, void *ctx)
{
	struct http_call *call = ctx;
	struct http *http = call->http;
	(void)one;
	if (len > call->max_bytes - call->received) {
		call->too_large = true;
		return 0;
	}
	call->received += len;
	call->last_ms = clock_ms();
	if (!call->first_us) {
		call->first_us = clock_us();
		http_call_arm(call); /* the gap may end sooner than the first piece had to come */
	}
	if (buf_append(&call->piece, bytes, len))
		return 0;
	if (!call->queued) {
		call->queued = true;
		call->next_ready = http->ready;
		http->ready = call;
	}
	return len;
}

/* --- beginning --- */

static bool set_headers(struct http_call *call, const struct http_spec *spec)
{
	/* Without this libcurl waits up to a second for "100 Continue" before it sends a larger body. */
	call->headers = curl_slist_append(NULL, "Expect:");
	for (const char *const *h = spec->headers; h && *h && call->headers; h++) {
		struct curl_slist *longer = curl_slist_append(call->headers, *h);
		if (!longer)
			return false;
		call->headers = longer;
	}
	return call->headers && curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers) == CURLE_OK;
}

static bool set_request(struct http_call *call, const struct http_spec *spec)
{
	CURL *easy = call->easy;
	if (curl_easy_setopt(easy, CURLOPT_URL, spec->url) || curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https"))
		return false;
	if (spec->body) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)spec->body_len);
		if (curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, spec->body))
			return false;
	}
	return strcmp(spec->method, spec->body ? "POST" : "GET") == 0 || curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, spec->method) == CURLE_OK;
}

static void set_manner(struct http_call *call, const struct http_spec *spec)
{
	CURL *easy = call->easy;
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)spec->connect_ms);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, http_on_open);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call->http);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, http_on_close);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, call->http);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->why);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
}

static void set_times(struct http_call *call, const struct http_spec *spec)
{
	int64_t now = clock_ms();
	call->began_us = clock_us();
	call->first_until_ms = now + spec->first_ms;
	call->total_until_ms = now + spec->total_ms;
	call->gap_ms = spec->gap_ms;
}

static void link_call(struct http_call *call)
{
	struct http *http = call->http;
	call->next = http->calls;
	call->link = &http->calls;
	if (call->next)
		call->next->link = &call->next;
	http->calls = call;
	http->open++;
}

struct http_call *http_call_new(struct http *http, const struct http_spec *spec)
{
	struct http_call *call = calloc(1, sizeof(*call));
	if (!call || uv_timer_init(http->loop, &call->timer)) {
		free(call);
		return NULL;
	}
	call->timer.data = call;
	call->http = http;
	call->max_bytes = spec->max_bytes;
	buf_init(&call->piece, spec->max_bytes);
	call->easy = http->pooled ? http->pool[--http->pooled] : curl_easy_init();
	link_call(call);
	if (!call->easy || !set_headers(call, spec) || !set_request(call, spec)) {
		http_call_free(call);
		return NULL;
	}
	set_manner(call, spec);
	set_times(call, spec);
	http_call_arm(call);
	return call;
}

/* --- the end --- */

static void free_memory(uv_handle_t *handle)
{
	free(handle->data);
}

static void unqueue(struct http_call *call)
{
	for (struct http_call **link = &call->http->ready; *link && call->queued; link = &(*link)->next_ready) {
		if (*link != call)
			continue;
		*link = call->next_ready;
		break;
	}
}

void http_call_free(struct http_call *call)
{
	struct http *http = call->http;
	unqueue(call);
	*call->link = call->next;
	if (call->next)
		call->next->link = call->link;
	http->open--;
	if (http->delivering == call)
		http->delivering = NULL;
	if (call->easy) {
		curl_multi_remove_handle(http->multi, call->easy);
		curl_easy_reset(call->easy);
		if (http->pooled < HTTP_POOL_MAX)
			http->pool[http->pooled++] = call->easy;
		else
			curl_easy_cleanup(call->easy);
	}
	curl_slist_free_all(call->headers);
	buf_free(&call->piece);
	uv_close((uv_handle_t *)&call->timer, free_memory);
}

static void fill_result(const struct http_call *call, struct http_result *result)
{
	long status = 0;
	curl_off_t retry = 0;
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &retry);
	result->status = (int)status;
	result->retry_after_ms = retry > 0 ? (int64_t)retry * 1000 : -1;
	result->total_us = clock_us() - call->began_us;
	result->first_byte_us = call->first_us ? call->first_us - call->began_us : -1;
}

void http_call_end(struct http_call *call, enum error error, const char *detail)
{
	char why[CURL_ERROR_SIZE];
	http_done_fn *on_done = call->on_done;
	void *ctx = call->ctx;
	struct http_result result = { .error = error, .detail = why };
	size_t len = strlen(detail) < sizeof(why) ? strlen(detail) : sizeof(why) - 1;
	memcpy(why, detail, len);
	why[len] = '\0';
	fill_result(call, &result);
	http_call_free(call);
	on_done(ctx, &result);
}

void http_call_deliver(struct http_call *call)
{
	struct http *http = call->http;
	long status = 0;
	struct buf piece = call->piece;
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	/* The owner may cancel this call, so what he looks at is not the call's while he looks. */
	buf_init(&call->piece, call->max_bytes);
	http->delivering = call;
	bool more = call->on_data(call->ctx, (int)status, buf_text(&piece), piece.len);
	bool gone = http->delivering != call;
	http->delivering = NULL;
	if (!gone && !call->piece.data) {
		call->piece = piece;
		buf_reset(&call->piece);
	} else {
		buf_free(&piece);
	}
	if (!gone && !more)
		http_call_end(call, ERROR_none, "");
}
