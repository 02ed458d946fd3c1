#include "api/router.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/metric.h"

#include "api/access.h"
#include "api/api.h"
#include "api/frame.h"
#include "api/request_internal.h"
#include "api/router_internal.h"
#include "api/site.h"

/* The only cast between a decoded body and a handler's type. */
#define ROUTE(id, method, path, access, of, limit, in, params, out, status, summary) \
	static void id##_call(struct request *r, const void *body) \
	{ \
		id##_handle(r, body); \
	}
#include "api/routes.def"
#undef ROUTE

#define ONE(schema) OUT_ONE, #schema
#define LIST(schema) OUT_LIST, #schema
#define MEDIA(type) OUT_MEDIA, type
#define SOCKET OUT_SOCKET, ""
const struct route_row route_rows[ROUTE_COUNT] = {
#define ROUTE(id, method, path, access, of, limit, in, params, out, status, summary) \
	[ROUTE_##id] = { #id, METHOD_##method, path, ACCESS_##access, OF_##of, LIMIT_##limit, #in, sizeof(struct in), params, out, status, summary, id##_call },
#include "api/routes.def"
#undef ROUTE
};

/* A row's template, taken apart once. */
struct pattern {
	struct target_part segments[TARGET_SEGMENTS_MAX];
	const struct path_row *param[TARGET_SEGMENTS_MAX]; /* NULL: a literal segment */
	size_t count;
	bool has_param;
	const struct schema *in;
};
static struct pattern patterns[ROUTE_COUNT];

const char *method_name(enum method m)
{
	static const char *const names[] = { "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "other" };
	return names[m];
}

void router_start(void)
{
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		struct pattern *p = &patterns[i];
		const char *at = route_rows[i].path;
		p->count = 0;
		while (*at == '/') {
			const char *end = at + 1 + strcspn(at + 1, "/");
			assert(p->count < TARGET_SEGMENTS_MAX);
			p->param[p->count] = at[1] == '{' ? path_row_of(at + 2) : NULL;
			assert(p->param[p->count] || at[1] != '{');
			p->has_param |= at[1] == '{';
			p->segments[p->count++] = (struct target_part){ at + 1, (size_t)(end - at - 1) };
			at = end;
		}
		p->in = schema_find(route_rows[i].in);
		assert(p->in || !strcmp(route_rows[i].in, "none") || !strcmp(route_rows[i].in, "file") || !strcmp(route_rows[i].in, "events"));
	}
}

const struct schema *router_body_schema(enum route_id id)
{
	return patterns[id].in;
}

/* How well a template fits: -1 not at all, else the number of literal segments. */
static int fit(const struct pattern *p, const struct target *t)
{
	int literals = 0;
	if (p->count != t->segment_count || t->too_deep)
		return -1;
	for (size_t i = p->count; i--;) { /* from the end: templates differ there */
		if (p->param[i])
			continue;
		if (p->segments[i].len != t->segments[i].len || memcmp(p->segments[i].at, t->segments[i].at, t->segments[i].len))
			return -1;
		literals++;
	}
	return literals;
}

/* The best row for the path and method; *methods_r: which methods the path takes, as bits. */
static const struct route_row *match(const struct request *r, unsigned *methods_r)
{
	const struct route_row *found = NULL;
	int best = -1;
	*methods_r = 0;
	for (size_t i = 0; i < ROUTE_COUNT; i++) {
		int literals = fit(&patterns[i], &r->target);
		if (literals < 0)
			continue;
		*methods_r |= 1u << route_rows[i].method;
		if (route_rows[i].method == r->method && literals > best) {
			best = literals;
			found = &route_rows[i];
		}
	}
	return found;
}

static void set_allow(struct request *r, unsigned methods)
{
	char text[80] = "";
	size_t len = 0;
	for (enum method m = METHOD_GET; m <= METHOD_DELETE; m++)
		if (methods & 1u << m)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%s, %s", method_name(m), m == METHOD_GET ? "HEAD, " : "");
	snprintf(text + len, sizeof(text) - len, "OPTIONS");
	request_set_header(r, "allow", text);
}

static void no_method(struct request *r, unsigned methods)
{
	set_allow(r, methods);
	if (r->method == METHOD_OPTIONS) {
		cors_preflight(r, methods);
		request_reply_empty(r, 204);
		return;
	}
	request_reply_error(r, ERROR_method_not_allowed, NULL, NULL, 0);
}

static void send_site(struct request *r)
{
	site_handle(the_api.site, r);
}

static void no_route(struct request *r, unsigned methods)
{
	if (r->target.asterisk && r->method == METHOD_OPTIONS)
		no_method(r, 1u << METHOD_GET | 1u << METHOD_POST);
	else if (methods)
		no_method(r, methods);
	else if (r->method == METHOD_GET)
		frame_look(r, send_site);
	else if (site_has(the_api.site, r))
		no_method(r, 1u << METHOD_GET);
	else
		request_reply_error(r, ERROR_not_found, NULL, NULL, 0);
}

/* A gateway does not know yet that this process drains, and cannot send a write to another one once it was sent here: it is done. A socket would be closed at once. */
static bool refused_by_drain(struct request *r)
{
	bool socket = r->route->out == OUT_SOCKET;
	if (socket ? !the_api.draining : !the_api.ending || r->method == METHOD_GET)
		return false;
	request_reply_error(r, ERROR_draining, NULL, NULL, 1);
	return true;
}

/* What cannot be a slug or an id names nothing. */
static bool path_fits(const struct request *r, const struct pattern *p)
{
	for (size_t i = 0; p->has_param && i < p->count; i++)
		if (p->param[i] && !input_path_fits(p->param[i], request_param(r, p->param[i]->name)))
			return false;
	return true;
}

static void call(struct request *r, const void *body)
{
	r->route->call(r, body);
}

void router_request(struct request *r)
{
	unsigned methods;
	const struct route_row *row = match(r, &methods);
	if (!row) {
		no_route(r, methods);
		return;
	}
	r->route = row;
	const struct pattern *p = &patterns[row - route_rows];
	if (refused_by_drain(r))
		return;
	if (!path_fits(r, p)) {
		request_reply_error(r, ERROR_not_found, NULL, NULL, 0);
		return;
	}
	void *body = NULL;
	if (!access_token_valid(r))
		return;
	if (*row->params && !input_params_valid(r))
		return;
	if (p->in && !input_decode(r, p->in, row->in_size, &body))
		return;
	access_check(r, body, call);
}

static const char *status_text(int status)
{
	static char texts[600][4];
	if (status < 100 || status > 599)
		return "other";
	char *t = texts[status];
	if (!*t)
		snprintf(t, 4, "%d", status);
	return t;
}

/* Nearly all answers are 200 and 304 to the row's own method: their series are looked up once. */
static struct {
	struct metric_series *requests[2], *duration;
} usual[ROUTE_COUNT];

static void count_usual(const struct route_row *row, int status, double seconds)
{
	size_t i = (size_t)(row - route_rows), which = status == 304;
	if (!usual[i].requests[which])
		usual[i].requests[which] = metric_series_of(METRIC_http_requests, (const char *const[]){ method_name(row->method), row->path, status_text(status), NULL });
	if (!usual[i].duration)
		usual[i].duration = metric_series_of(METRIC_http_duration, (const char *const[]){ row->path, NULL });
	metric_series_add(usual[i].requests[which], 1);
	metric_series_observe(usual[i].duration, seconds);
}

void router_answered(struct request *r)
{
	const char *endpoint = r->route ? r->route->path : "other";
	const char *method = method_name(r->head ? METHOD_HEAD : r->method);
	int64_t us = clock_us() - r->started_us;
	if (r->route && !r->head && (r->status == 200 || r->status == 304)) {
		count_usual(r->route, r->status, (double)us / 1e6);
	} else {
		metric_add(METRIC_http_requests, 1, method, endpoint, status_text(r->status));
		metric_observe(METRIC_http_duration, (double)us / 1e6, endpoint);
	}
	log_event(r->status >= 500 ? LOG_info : LOG_debug, "http.answered", LOG_S("request_id", r->id), LOG_S("method", method), LOG_S("endpoint", endpoint), LOG_I("status", r->status),
	          LOG_I("us", us));
}
