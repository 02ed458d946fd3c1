/* http.c - libcurl's multi interface on the loop: its sockets, its timer, what became of its transfers. */
#include "common/http_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/log.h"

/* A descriptor that libcurl wants to be watched. A connection is watched from its opening to its closing, also between two calls: to stop and to start again costs
 * as much as the call's own reading. Others (of name resolution) come and go without our knowing, and are watched only while libcurl says so. */
struct socket {
	uv_poll_t poll;
	struct http *http;
	curl_socket_t fd;
	bool connection; /* opened by on_open(), closed by on_close() */
	bool idle;       /* no call uses it */
	bool polls;      /* `poll` was initialised */
	int events;      /* watched */
};

/* --- after libcurl has returned --- */

static void deliver_ready(struct http *http)
{
	while (http->ready) {
		struct http_call *call = http->ready;
		http->ready = call->next_ready;
		call->queued = false;
		http_call_deliver(call);
	}
}

static void end_finished(struct http *http)
{
	int left;
	for (CURLMsg *message; (message = curl_multi_info_read(http->multi, &left));) {
		struct http_call *call = NULL;
		CURLcode code = message->data.result;
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
		if (call->too_large)
			http_call_end(call, ERROR_http_too_large, "the body is too large");
		else if (code == CURLE_OK)
			http_call_end(call, ERROR_none, "");
		else
			http_call_end(call, code == CURLE_OPERATION_TIMEDOUT ? ERROR_deadline : ERROR_http_failed,
			              *call->why ? call->why : curl_easy_strerror(code));
	}
}

static void act(struct http *http, curl_socket_t fd, int flags)
{
	int running;
	curl_multi_socket_action(http->multi, fd, flags, &running);
	deliver_ready(http);
	end_finished(http);
}

/* --- libcurl's sockets and timer --- */

static void free_handle(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_poll(uv_poll_t *poll, int status, int events);

static bool watch(struct socket *s, int events)
{
	if (!s->polls && uv_poll_init_socket(s->http->loop, &s->poll, s->fd))
		return false;
	s->polls = true;
	s->poll.data = s;
	if (events == s->events)
		return true;
	s->events = events;
	return events ? uv_poll_start(&s->poll, events, on_poll) == 0 : uv_poll_stop(&s->poll) == 0;
}

/* An idle connection that is readable was closed by its server: libcurl sees that when it wants to use it. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct socket *s = poll->data;
	int flags = status < 0 ? CURL_CSELECT_ERR : 0;
	if (s->idle) {
		watch(s, 0);
		return;
	}
	flags |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
	flags |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
	act(s->http, s->fd, flags);
}

static struct socket *socket_new(struct http *http, curl_socket_t fd)
{
	struct socket *s = calloc(1, sizeof(*s));
	if (!s) {
		log_event(LOG_error, "memory.exhausted");
		abort();
	}
	s->http = http;
	s->fd = fd;
	return s;
}

/* The handle is closed before its descriptor is: the next one may have the same number. */
static void socket_free(struct socket *s)
{
	if (s->polls)
		uv_close((uv_handle_t *)&s->poll, free_handle);
	else
		free(s);
}

static struct socket **connection_slot(struct http *http, curl_socket_t fd)
{
	size_t n = http->connection_slots;
	if ((size_t)fd >= n) {
		n = (size_t)fd + 64;
		http->connections = realloc(http->connections, n * sizeof(*http->connections));
		if (!http->connections)
			abort();
		memset(http->connections + http->connection_slots, 0, (n - http->connection_slots) * sizeof(*http->connections));
		http->connection_slots = n;
	}
	return &http->connections[fd];
}

curl_socket_t http_on_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http *http = ctx;
	curl_socket_t fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
	(void)purpose;
	if (fd < 0)
		return CURL_SOCKET_BAD;
	struct socket *s = socket_new(http, fd);
	s->connection = true;
	*connection_slot(http, fd) = s;
	return fd;
}

int http_on_close(void *ctx, curl_socket_t fd)
{
	struct http *http = ctx;
	struct socket **slot = connection_slot(http, fd);
	if (*slot)
		socket_free(*slot);
	*slot = NULL;
	return close(fd);
}

static int let_go(struct http *http, struct socket *s)
{
	if (!s)
		return 0;
	curl_multi_assign(http->multi, s->fd, NULL);
	if (!s->connection) {
		socket_free(s);
		return 0;
	}
	s->idle = true;
	if (!watch(s, UV_READABLE))
		return -1;
	uv_unref((uv_handle_t *)&s->poll);
	return 0;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *assigned)
{
	struct http *http = ctx;
	struct socket *s = assigned;
	(void)easy;
	if (what == CURL_POLL_REMOVE)
		return let_go(http, s);
	if (!s) {
		s = *connection_slot(http, fd);
		s = s ? s : socket_new(http, fd);
		curl_multi_assign(http->multi, fd, s);
	}
	int events = (what != CURL_POLL_OUT ? UV_READABLE : 0) | (what != CURL_POLL_IN ? UV_WRITABLE : 0);
	s->idle = false;
	if (!watch(s, events)) {
		log_event(LOG_error, "http.socket_failed");
		return -1;
	}
	uv_ref((uv_handle_t *)&s->poll);
	return 0;
}

static void on_timer(uv_timer_t *timer)
{
	act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

/* libcurl must not be called from in here, so "at once" is the next turn of the loop. */
static int on_timeout(CURLM *multi, long ms, void *ctx)
{
	struct http *http = ctx;
	(void)multi;
	if (ms < 0)
		uv_timer_stop(http->timer);
	else
		uv_timer_start(http->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

/* --- public --- */

enum error http_new(uv_loop_t *loop, size_t max_calls, struct http **http_r)
{
	struct http *http = calloc(1, sizeof(*http));
	if (!http || curl_global_init(CURL_GLOBAL_DEFAULT)) {
		free(http);
		return ERROR_internal;
	}
	*http = (struct http){ .loop = loop, .max_calls = max_calls, .multi = curl_multi_init(), .timer = calloc(1, sizeof(uv_timer_t)) };
	if (!http->multi || !http->timer || uv_timer_init(loop, http->timer)) {
		free(http->timer);
		free(http);
		return ERROR_internal;
	}
	http->timer->data = http;
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, (long)max_calls);
	*http_r = http;
	return ERROR_none;
}

static void free_timer(uv_handle_t *handle)
{
	free(handle);
}

void http_free(struct http **http)
{
	struct http *h = *http;
	*http = NULL;
	if (!h)
		return;
	while (h->calls)
		http_call_free(h->calls);
	while (h->pooled)
		curl_easy_cleanup(h->pool[--h->pooled]);
	curl_multi_cleanup(h->multi);
	uv_close((uv_handle_t *)h->timer, free_timer);
	free(h->connections);
	free(h);
	curl_global_cleanup();
}

enum error http_start(struct http *http, const struct http_spec *spec, http_data_fn *on_data, http_done_fn *on_done, void *ctx, struct http_call **call_r)
{
	if (http->open >= http->max_calls)
		return ERROR_overloaded;
	struct http_call *call = http_call_new(http, spec);
	if (!call)
		return ERROR_http_failed;
	call->on_data = on_data;
	call->on_done = on_done;
	call->ctx = ctx;
	if (curl_multi_add_handle(http->multi, call->easy) != CURLM_OK) {
		http_call_free(call);
		return ERROR_http_failed;
	}
	*call_r = call;
	return ERROR_none;
}

void http_cancel(struct http_call **call)
{
	struct http_call *c = *call;
	*call = NULL;
	if (c)
		http_call_free(c);
}
