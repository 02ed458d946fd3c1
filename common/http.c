/* http.c - see http.h. libcurl drives its connections by two callbacks: watch this socket, wake me after that time. */
#include "common/http.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/log.h"

#define TICK_MS 20                  /* how exact deadlines of calls are */
#define POOL_MAX 256                /* easy handles kept for the next call */

struct http {
	uv_loop_t *loop;
	CURLM *multi;
	uv_timer_t *timer;              /* libcurl's own */
	uv_timer_t *tick;               /* deadlines; runs while there are calls */
	struct http_call *calls;        /* ring's head is not a call: NULL-terminated list */
	struct http_call *ended;        /* finished or cancelled inside curl: taken apart at the end of the turn */
	uv_prepare_t *sweep;
	size_t count, max_calls;
	CURL *pool[POOL_MAX];
	size_t pooled;
};

struct http_call {
	struct http *http;
	CURL *easy;
	struct curl_slist *headers;
	char *body;
	http_data_fn *on_data;
	http_done_fn *on_done;
	void *ctx;
	struct http_call *next, **self; /* in http->calls */
	struct http_call *next_ended;
	int64_t began_us, first_byte_us, last_us;
	int64_t first_ms, gap_ms, total_ms;
	size_t received, max_bytes;
	int64_t retry_after_ms;
	enum error error;
	const char *detail;
	bool stopped;                   /* the receiver had enough */
	bool over;                      /* on the ended list */
	bool silent;                    /* cancelled: nobody is told */
	char why[CURL_ERROR_SIZE];
};

/* A socket of libcurl's: its poll handle is closed with it and freed afterwards. */
struct watch {
	uv_poll_t poll;
	struct http *http;
	curl_socket_t fd;
};

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

/* --- the end of a call --- */

static void unlink_call(struct http_call *call)
{
	*call->self = call->next;
	if (call->next)
		call->next->self = call->self;
}


static void sweep(struct http *http);

static void on_sweep(uv_prepare_t *prepare)
{
	uv_prepare_stop(prepare);
	sweep(prepare->data);
}

/* Only marks it: libcurl does not bear handles that are removed inside its callbacks. */
static void end_call(struct http_call *call, enum error error, const char *detail)
{
	struct http *http = call->http;
	if (call->over)
		return;
	call->over = true;
	call->error = error;
	call->detail = detail;
	call->next_ended = http->ended;
	http->ended = call;
	uv_prepare_start(http->sweep, on_sweep);
}

static void free_call(struct http_call *call)
{
	struct http *http = call->http;
	curl_multi_remove_handle(http->multi, call->easy);
	curl_slist_free_all(call->headers);
	if (http->pooled < POOL_MAX) {
		curl_easy_reset(call->easy);
		http->pool[http->pooled++] = call->easy;
	} else {
		curl_easy_cleanup(call->easy);
	}
	unlink_call(call);
	http->count--;
	if (!http->count)
		uv_timer_stop(http->tick);
	free(call->body);
	free(call);
}

static void tell(struct http_call *call)
{
	long status = 0;
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	struct http_result result = {
		.error = call->error, .status = (int)status, .retry_after_ms = call->retry_after_ms,
		.detail = call->detail ? call->detail : "",
		.first_byte_us = call->first_byte_us ? call->first_byte_us - call->began_us : -1,
		.total_us = clock_us() - call->began_us,
	};
	call->on_done(call->ctx, &result);
}

static void sweep(struct http *http)
{
	struct http_call *list = http->ended;
	http->ended = NULL;
	while (list) {
		struct http_call *call = list;
		list = call->next_ended;
		if (!call->silent)
			tell(call);
		free_call(call);
	}
}

/* --- what libcurl tells --- */

static size_t on_body(char *bytes, size_t size, size_t n, void *ctx)
{
	struct http_call *call = ctx;
	size_t len = size * n;
	long status = 0;
	if (call->over)
		return 0;
	call->last_us = clock_us();
	if (!call->first_byte_us)
		call->first_byte_us = call->last_us;
	call->received += len;
	if (call->received > call->max_bytes) {
		end_call(call, ERROR_http_too_large, "the body is larger than its maximum");
		return 0;
	}
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	if (call->on_data && !call->on_data(call->ctx, (int)status, bytes, len)) {
		call->stopped = true;
		return 0;
	}
	return call->over ? 0 : len;
}

static int64_t parse_retry_after(const char *value)
{
	char *end;
	long seconds = strtol(value, &end, 10);
	if (end != value)
		return seconds < 0 ? 0 : (int64_t)seconds * 1000;
	time_t at = curl_getdate(value, NULL);
	int64_t ms = at < 0 ? -1 : (int64_t)at * 1000 - clock_wall_ms();
	return at >= 0 && ms < 0 ? 0 : ms;
}

static size_t on_header(char *bytes, size_t size, size_t n, void *ctx)
{
	static const char name[] = "retry-after:";
	struct http_call *call = ctx;
	char value[64] = "";
	size_t len = size * n;
	if (len > sizeof(name) && strncasecmp(bytes, name, sizeof(name) - 1) == 0) {
		const char *from = bytes + sizeof(name) - 1;
		size_t rest = len - (sizeof(name) - 1);
		while (rest && *from == ' ') {
			from++;
			rest--;
		}
		memcpy(value, from, rest < sizeof(value) ? rest : sizeof(value) - 1);
		call->retry_after_ms = parse_retry_after(value);
	}
	return len;
}

static void take_messages(struct http *http)
{
	int rest;
	for (CURLMsg *m; (m = curl_multi_info_read(http->multi, &rest));) {
		struct http_call *call = NULL;
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&call);
		CURLcode code = m->data.result;
		if (code == CURLE_OK || call->stopped)
			end_call(call, ERROR_none, "");
		else
			end_call(call, code == CURLE_OPERATION_TIMEDOUT ? ERROR_deadline : ERROR_http_failed,
			         *call->why ? call->why : curl_easy_strerror(code));
	}
}

static void act(struct http *http, curl_socket_t fd, int flags)
{
	int running;
	curl_multi_socket_action(http->multi, fd, flags, &running);
	take_messages(http);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct watch *w = poll->data;
	int flags = 0;
	if (status < 0)
		flags = CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	act(w->http, w->fd, flags);
}

static void on_curl_timer(uv_timer_t *timer)
{
	act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

/* Never acts inside this callback, not even for 0 ms: libcurl calls it in the middle of its own work. */
static int set_timer(CURLM *multi, long ms, void *ctx)
{
	struct http *http = ctx;
	(void)multi;
	if (ms < 0)
		uv_timer_stop(http->timer);
	else
		uv_timer_start(http->timer, on_curl_timer, (uint64_t)ms, 0);
	return 0;
}

static struct watch *watch_new(struct http *http, curl_socket_t fd)
{
	struct watch *w = calloc(1, sizeof(*w));
	if (!w || uv_poll_init_socket(http->loop, &w->poll, fd)) {
		free(w);
		return NULL;
	}
	w->http = http;
	w->fd = fd;
	w->poll.data = w;
	curl_multi_assign(http->multi, fd, w);
	return w;
}

static int set_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *socket_ctx)
{
	struct http *http = ctx;
	struct watch *w = socket_ctx;
	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w) {
			curl_multi_assign(http->multi, fd, NULL);
			uv_close((uv_handle_t *)&w->poll, free_handle);
		}
		return 0;
	}
	if (!w)
		w = watch_new(http, fd);
	if (!w)
		return -1;
	int events = (what & CURL_POLL_IN ? UV_READABLE : 0) | (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
	return uv_poll_start(&w->poll, events, on_poll) ? -1 : 0;
}

/* --- deadlines --- */

static const char *overdue(const struct http_call *call, int64_t now_us)
{
	if (now_us - call->began_us > call->total_ms * 1000)
		return "the whole call took too long";
	if (!call->first_byte_us && now_us - call->began_us > call->first_ms * 1000)
		return "the first byte took too long";
	if (call->first_byte_us && now_us - call->last_us > call->gap_ms * 1000)
		return "it fell silent in the middle";
	return NULL;
}

static void on_tick(uv_timer_t *tick)
{
	struct http *http = tick->data;
	int64_t now_us = clock_us();
	for (struct http_call *call = http->calls; call; call = call->next) {
		const char *why = call->over ? NULL : overdue(call, now_us);
		if (why)
			end_call(call, ERROR_deadline, why);
	}
}

/* --- the beginning of a call --- */

static CURL *easy_new(struct http *http)
{
	return http->pooled ? http->pool[--http->pooled] : curl_easy_init();
}

static void set_options(struct http_call *call, const struct http_spec *spec)
{
	CURL *easy = call->easy;
	curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(easy, CURLOPT_URL, spec->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)spec->connect_ms);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->why);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
	if (strcmp(spec->method, "GET") != 0)
		curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, spec->method);
	if (call->body) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->body);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)spec->body_len);
	}
}

static bool add_header(struct http_call *call, const char *line)
{
	struct curl_slist *longer = curl_slist_append(call->headers, line);
	if (longer)
		call->headers = longer;
	return longer;
}

static bool add_headers(struct http_call *call, const struct http_spec *spec)
{
	bool ok = add_header(call, "Expect:");
	for (size_t i = 0; ok && spec->headers && spec->headers[i]; i++)
		ok = add_header(call, spec->headers[i]);
	return ok;
}

static struct http_call *call_new(struct http *http, const struct http_spec *spec)
{
	struct http_call *call = calloc(1, sizeof(*call));
	if (!call)
		return NULL;
	*call = (struct http_call){ .http = http, .easy = easy_new(http), .began_us = clock_us(), .first_ms = spec->first_ms,
		                    .gap_ms = spec->gap_ms, .total_ms = spec->total_ms, .max_bytes = spec->max_bytes,
		                    .retry_after_ms = -1 };
	bool ok = call->easy && add_headers(call, spec);
	if (ok && spec->body) {
		call->body = malloc(spec->body_len + 1);
		ok = call->body;
	}
	if (!ok) {
		curl_slist_free_all(call->headers);
		curl_easy_cleanup(call->easy);
		free(call);
		return NULL;
	}
	if (spec->body)
		memcpy(call->body, spec->body, spec->body_len);
	return call;
}

static void link_call(struct http *http, struct http_call *call)
{
	call->next = http->calls;
	call->self = &http->calls;
	if (call->next)
		call->next->self = &call->next;
	http->calls = call;
	if (http->count++ == 0)
		uv_timer_start(http->tick, on_tick, TICK_MS, TICK_MS);
}

enum error http_start(struct http *http, const struct http_spec *spec, http_data_fn *on_data, http_done_fn *on_done,
                      void *ctx, struct http_call **call_r)
{
	*call_r = NULL;
	if (http->count >= http->max_calls)
		return ERROR_overloaded;
	struct http_call *call = call_new(http, spec);
	if (!call)
		return ERROR_internal;
	call->on_data = on_data;
	call->on_done = on_done;
	call->ctx = ctx;
	set_options(call, spec);
	link_call(http, call);
	if (curl_multi_add_handle(http->multi, call->easy))
		end_call(call, ERROR_http_failed, "libcurl did not take the call");
	*call_r = call;
	return ERROR_none;
}

void http_cancel(struct http_call **call)
{
	if (!*call)
		return;
	(*call)->silent = true;
	end_call(*call, ERROR_cancelled, "");
	*call = NULL;
}

/* --- the whole --- */

static void *new_handle(size_t bytes, struct http *http)
{
	uv_handle_t *handle = calloc(1, bytes);
	if (!handle)
		abort();
	handle->data = http;
	return handle;
}

enum error http_new(uv_loop_t *loop, size_t max_calls, struct http **http_r)
{
	static bool global;
	if (!global && curl_global_init(CURL_GLOBAL_DEFAULT))
		return ERROR_internal;
	global = true;
	struct http *http = calloc(1, sizeof(*http));
	if (!http)
		return ERROR_internal;
	http->loop = loop;
	http->max_calls = max_calls;
	http->multi = curl_multi_init();
	http->timer = new_handle(sizeof(*http->timer), http);
	http->tick = new_handle(sizeof(*http->tick), http);
	http->sweep = new_handle(sizeof(*http->sweep), http);
	uv_timer_init(loop, http->timer);
	uv_timer_init(loop, http->tick);
	uv_prepare_init(loop, http->sweep);
	http->timer->data = http->tick->data = http->sweep->data = http;
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)max_calls);
	curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	*http_r = http;
	return ERROR_none;
}

void http_free(struct http **http)
{
	struct http *h = *http;
	if (!h)
		return;
	*http = NULL;
	h->ended = NULL;
	while (h->calls)
		free_call(h->calls);
	for (size_t i = 0; i < h->pooled; i++)
		curl_easy_cleanup(h->pool[i]);
	curl_multi_cleanup(h->multi);
	uv_close((uv_handle_t *)h->timer, free_handle);
	uv_close((uv_handle_t *)h->tick, free_handle);
	uv_close((uv_handle_t *)h->sweep, free_handle);
	free(h);
}
