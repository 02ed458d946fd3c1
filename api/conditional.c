#include "api/conditional.h"

#include <string.h>
#include <strings.h>

#include "api/request_internal.h"

static const char *skip(const char *at, const char *end, const char *what)
{
	while (at < end && strchr(what, *at))
		at++;
	return at;
}

bool etag_listed(const char *list, size_t len, const char *etag)
{
	const char *at = list, *end = list + len;
	size_t etag_len = strlen(etag);
	for (;;) {
		at = skip(at, end, " \t,");
		if (at == end)
			return false;
		if (*at == '*')
			return true;
		if (end - at > 2 && at[0] == 'W' && at[1] == '/')
			at += 2;
		const char *close = *at == '"' ? memchr(at + 1, '"', (size_t)(end - at - 1)) : NULL;
		if (!close)
			return false;
		if ((size_t)(close + 1 - at) == etag_len && !memcmp(at, etag, etag_len))
			return true;
		at = close + 1;
	}
}

/* "q=0", "q=0.0" and so on. */
static bool weight_is_zero(const char *at, const char *end)
{
	at = skip(at, end, " \t;");
	if (end - at < 3 || (*at | 0x20) != 'q' || at[1] != '=')
		return false;
	return skip(at + 2, end, "0.") == skip(at + 2, end, "0123456789.");
}

bool gzip_allowed(const char *list, size_t len)
{
	const char *at = list, *end = list + len;
	while (at < end) {
		at = skip(at, end, " \t,");
		const char *comma = memchr(at, ',', (size_t)(end - at));
		const char *stop = comma ? comma : end;
		const char *name_end = at;
		while (name_end < stop && !strchr(" \t;", *name_end))
			name_end++;
		if (name_end - at == 4 && !strncasecmp(at, "gzip", 4))
			return !weight_is_zero(name_end, stop);
		at = stop;
	}
	return false;
}

bool conditional_takes_gzip(const struct request *r)
{
	const char *list;
	size_t len;
	return request_header_literal(r, "accept-encoding", &list, &len) && gzip_allowed(list, len);
}

/* The tag that the client has already, of either form; NULL when it has none. */
static const char *tag_known(const struct request *r, const struct representation *what)
{
	const char *list;
	size_t len;
	if (!request_header_literal(r, "if-none-match", &list, &len))
		return NULL;
	if (etag_listed(list, len, what->etag))
		return what->etag;
	return what->gzip && etag_listed(list, len, what->gzip_etag) ? what->gzip_etag : NULL;
}

/* The head is put together before the answer's function returns, so no copy is needed. */
static void set_etag(struct request *r, const char *etag)
{
	request_set_header_static(r, "etag", etag);
}

void conditional_reply(struct request *r, const struct representation *what)
{
	if (what->cache_control)
		request_set_header_static(r, "cache-control", what->cache_control);
	if (what->gzip)
		request_set_header_literal(r, "vary", "accept-encoding");
	const char *known = tag_known(r, what);
	if (known) {
		set_etag(r, known);
		request_reply_empty(r, 304);
		return;
	}
	bool gzip = what->gzip && conditional_takes_gzip(r);
	if (gzip)
		request_set_header_literal(r, "content-encoding", "gzip");
	set_etag(r, gzip ? what->gzip_etag : what->etag);
	request_reply_blob(r, 200, what->content_type, gzip ? what->gzip : what->body);
}
