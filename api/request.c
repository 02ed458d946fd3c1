#include "api/request_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/id.h"
#include "common/text.h"

#include "api/api.h"
#include "api/router.h"

struct blob *blob_new(const void *bytes, size_t len)
{
	struct blob *b = malloc(sizeof(*b));
	char *copy = malloc(len + 1);
	if (!b || !copy)
		abort();
	memcpy(copy, bytes, len);
	copy[len] = 0;
	*b = (struct blob){ .refs = 1, .len = len, .bytes = copy };
	return b;
}

struct blob *blob_keep(struct blob *b)
{
	b->refs++;
	return b;
}

void blob_drop(struct blob **bp)
{
	struct blob *b = *bp;
	*bp = NULL;
	if (!b || --b->refs)
		return;
	free(b->bytes);
	free(b);
}

void request_dispose(struct request *r)
{
	request_gone_fn *gone = r->gone;
	r->gone = NULL;
	if (gone && !r->answered)
		gone(r->gone_ctx);
	blob_drop(&r->blob);
	arena_free(&r->arena);
}

void request_drop_body(const struct request *r, size_t from, size_t to)
{
	server_drop_body(r, from, to);
}

enum method request_method(const struct request *r)
{
	return r->method;
}

struct arena *request_arena(struct request *r)
{
	if (!r->arena)
		r->arena = arena_new();
	return r->arena;
}

const char *request_path(const struct request *r)
{
	struct request *own = (struct request *)r;
	if (!own->path)
		own->path = server_keep(own, r->target.path.at, r->target.path.len);
	return own->path;
}

const char *request_id(const struct request *r)
{
	return r->id;
}

/* The index of the segment that {name} stands for, -1 when the template has none such. */
static int segment_of(const char *pattern, const char *name)
{
	size_t len = strlen(name);
	int index = -1;
	for (const char *p = pattern; *p; p++) {
		if (*p == '/')
			index++;
		else if (*p == '{' && !strncmp(p + 1, name, len) && p[1 + len] == '}')
			return index;
	}
	return -1;
}

const char *request_param(const struct request *r, const char *name)
{
	struct request *own = (struct request *)r;
	int i = r->route ? segment_of(r->route->path, name) : -1;
	assert(i >= 0);
	if (own->params[i])
		return own->params[i];
	const struct target_part *part = &r->target.segments[i];
	char *text = server_keep(own, part->at, part->len);
	if (target_decode(part->at, part->len, false, text) < 0)
		*text = 0;
	return own->params[i] = text;
}

enum error request_query_get(struct request *r, const char *name, const char **value_r)
{
	struct target_part part;
	*value_r = NULL;
	if (!target_query(&r->target, name, &part))
		return ERROR_none;
	char *text = arena_alloc(request_arena(r), part.len + 1);
	long len = target_decode(part.at, part.len, true, text);
	if (len < 0 || !utf8_valid(text, (size_t)len))
		return ERROR_malformed_request;
	*value_r = text;
	return ERROR_none;
}

const char *request_query(struct request *r, const char *name)
{
	const char *value;
	return request_query_get(r, name, &value) ? NULL : value;
}

static const struct param_row *param_find(const char *name)
{
	for (size_t i = 0; i < param_count; i++)
		if (!strcmp(param_rows[i].name, name))
			return &param_rows[i];
	return NULL;
}

int64_t request_query_int(struct request *r, const char *name)
{
	const struct param_row *row = param_find(name);
	const char *value = request_query(r, name);
	assert(row && row->type == PARAM_INT);
	return strtoll(value ? value : row->fallback, NULL, 10);
}

const char *request_query_choice(struct request *r, const char *name)
{
	const struct param_row *row = param_find(name);
	const char *value = request_query(r, name);
	assert(row && row->type == PARAM_CHOICE);
	return value ? value : arena_strndup(request_arena(r), row->fallback, strcspn(row->fallback, "|"));
}

bool request_query_flag(struct request *r, const char *name)
{
	const char *value = request_query(r, name);
	return value && (!strcmp(value, "true") || !strcmp(value, "1"));
}

const char *request_header(struct request *r, const char *name)
{
	const char *value;
	size_t len;
	if (!request_header_view(r, name, strlen(name), &value, &len))
		return NULL;
	return arena_strndup(request_arena(r), value, len);
}

const char *request_trace(const struct request *r)
{
	struct request *own = (struct request *)r;
	if (r->trace)
		return r->trace;
	const char *given;
	size_t len;
	char text[TRACEPARENT_TEXT], parent[TRACEPARENT_TEXT];
	bool valid = request_header_literal(r, "traceparent", &given, &len) && id_is_trace(given, len) && len < sizeof(parent);
	if (valid) {
		memcpy(parent, given, len);
		parent[len] = 0;
	}
	id_trace(text, valid ? parent : NULL);
	return own->trace = server_keep(own, text, strlen(text));
}

static bool trusted(const char *address)
{
	const struct config_list *list = &the_api.config->trusted_proxies;
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], address))
			return true;
	return false;
}

/* From the right: the first address that no proxy of ours has. What is left of it anybody may have written. */
static const char *forwarded(struct request *r, const char *peer)
{
	const char *list = request_header(r, "x-forwarded-for");
	const char *found = peer;
	size_t end = list ? strlen(list) : 0;
	while (end && trusted(found)) {
		size_t begin = end;
		while (begin && list[begin - 1] != ',')
			begin--;
		size_t from = begin, to = end;
		while (from < to && list[from] == ' ')
			from++;
		while (to > from && list[to - 1] == ' ')
			to--;
		if (to == from || to - from > 45)
			break;
		found = arena_strndup(request_arena(r), list + from, to - from);
		end = begin ? begin - 1 : 0;
	}
	return found;
}

const char *request_address(struct request *r)
{
	char *peer = arena_alloc(request_arena(r), 46);
	server_address(r, peer, 46);
	return trusted(peer) ? forwarded(r, peer) : peer;
}

static bool same_type(const char *at, size_t len, const char *type)
{
	const char *semicolon = memchr(at, ';', len);
	if (semicolon)
		len = (size_t)(semicolon - at);
	while (len && (*at == ' ' || *at == '\t'))
		at++, len--;
	while (len && (at[len - 1] == ' ' || at[len - 1] == '\t'))
		len--;
	return strlen(type) == len && !strncasecmp(at, type, len);
}

bool request_accepts(struct request *r, const char *media_type)
{
	const char *at;
	size_t left;
	if (!request_header_literal(r, "accept", &at, &left))
		return false;
	for (;;) {
		const char *comma = memchr(at, ',', left);
		size_t len = comma ? (size_t)(comma - at) : left;
		if (same_type(at, len, media_type))
			return true;
		if (!comma)
			return false;
		at += len + 1;
		left -= len + 1;
	}
}
