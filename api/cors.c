/* Headers that go with every answer: what browsers may do with it, and who may read it from other origins. */
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "api/router_internal.h"

#define API_POLICY "content-security-policy: default-src 'none'; frame-ancestors 'none'"
#define PAGE_POLICY \
	"default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; " \
	"connect-src 'self' ws: wss:; font-src 'self' data:; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors "

bool cors_origin_listed(const char *origin, size_t len)
{
	const struct config_list *list = &the_api.config->cors_origins;
	for (size_t i = 0; i < list->n; i++)
		if (strlen(list->v[i]) == len && !memcmp(list->v[i], origin, len))
			return true;
	return false;
}

/* Only origins of the list, never "*": credentials go with the answer. */
static bool allow_origin(struct request *r)
{
	const char *origin;
	size_t len;
	if (!request_header_literal(r, "origin", &origin, &len) || !cors_origin_listed(origin, len))
		return false;
	request_set_header_n(r, "access-control-allow-origin", strlen("access-control-allow-origin"), origin, len);
	request_set_header_static(r, "access-control-allow-credentials", "true");
	return true;
}

void cors_preflight(struct request *r, unsigned methods)
{
	const char *origin, *method;
	size_t len, method_len;
	if (!request_header_literal(r, "origin", &origin, &len) || !cors_origin_listed(origin, len) ||
	    !request_header_literal(r, "access-control-request-method", &method, &method_len))
		return;
	char text[80] = "OPTIONS";
	size_t at = strlen(text);
	for (enum method m = METHOD_GET; m <= METHOD_DELETE; m++)
		if (methods & 1u << m)
			at += (size_t)snprintf(text + at, sizeof(text) - at, ", %s", method_name(m));
	request_set_header(r, "access-control-allow-methods", text);
	request_set_header_static(r, "access-control-allow-headers", "authorization, content-type, idempotency-key, if-match, if-none-match, traceparent");
	request_set_header_static(r, "access-control-max-age", "600");
}

/* Pages, and scripts: a service worker may fetch what its own policy allows. */
static bool is_page(const char *content_type)
{
	return content_type && (!strncmp(content_type, "text/html", 9) || !strncmp(content_type, "text/javascript", 15));
}

static void set_page_policy(struct request *r)
{
	if (r->frame_origins) {
		request_set_header(r, "content-security-policy", arena_printf(request_arena(r), PAGE_POLICY "'self'%s", r->frame_origins));
		return;
	}
	request_set_header_literal(r, "content-security-policy", PAGE_POLICY "'none'");
	request_set_header_literal(r, "x-frame-options", "DENY");
}

void router_decorate(struct request *r, int status, const char *content_type)
{
	/* A browser puts the headers of a 304 in place of those that it has: it gets none but what may have changed. Several headers as one: libh2o writes a value as it
	 * stands, and this is on the way of every answer. */
	bool page = is_page(content_type) || (status == 304 && r->frame_origins);
	if (status == 101)
		request_set_header_literal(r, "x-content-type-options", "nosniff\r\nreferrer-policy: same-origin");
	else if (page || status == 304)
		request_set_header_literal(r, "x-content-type-options", "nosniff\r\nreferrer-policy: same-origin\r\nvary: origin");
	else
		request_set_header_literal(r, "x-content-type-options", "nosniff\r\nreferrer-policy: same-origin\r\nvary: origin\r\n" API_POLICY);
	if (page)
		set_page_policy(r);
	if (status != 101 && allow_origin(r) && r->method != METHOD_OPTIONS)
		request_set_header_static(r, "access-control-expose-headers", "X-Total-Count, X-Request-Id, Retry-After, ETag, Location");
}
