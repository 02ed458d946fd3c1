/* What a client sends, checked by the tables before a handler sees it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "common/id.h"
#include "common/text.h"
#include "common/time_text.h"

#include "api/router_internal.h"

const struct param_row param_rows[] = {
#define PARAM(name, type, min, max, fallback, doc) { #name, PARAM_##type, min, max, fallback, doc },
#include "api/params.def"
#undef PARAM
};
const size_t param_count = sizeof(param_rows) / sizeof(*param_rows);

const struct path_row path_rows[] = {
#define PATH(name, type, doc, example) { #name, PARAM_##type, doc, example },
#include "api/path_params.def"
#undef PATH
};
const size_t path_count = sizeof(path_rows) / sizeof(*path_rows);

const struct path_row *path_row_of(const char *text)
{
	size_t len = strcspn(text, "}");
	for (size_t i = 0; i < path_count; i++)
		if (strlen(path_rows[i].name) == len && !strncmp(path_rows[i].name, text, len))
			return &path_rows[i];
	return NULL;
}

const char *route_param_next(const char *params, char name[64], bool *required_r)
{
	if (!params || !*params)
		return NULL;
	size_t len = strcspn(params, ",");
	const char *next = params + len + (params[len] == ',');
	*required_r = len && params[len - 1] == '!';
	if (*required_r)
		len--;
	snprintf(name, 64, "%.*s", (int)len, params);
	return next;
}

static const struct param_row *row_of(const char *name)
{
	for (size_t i = 0; i < param_count; i++)
		if (!strcmp(param_rows[i].name, name))
			return &param_rows[i];
	abort(); /* routes.def names a parameter that params.def does not have; test_routes.c walks all rows */
}

static bool int_fits(const struct param_row *row, const char *text)
{
	char *end;
	errno = 0;
	long long v = strtoll(text, &end, 10);
	return !errno && end != text && !*end && strspn(text, "-0123456789") == strlen(text) && v >= row->min && v <= row->max;
}

static bool made_of(const char *text, const char *characters)
{
	size_t len = strlen(text);
	return len >= 1 && len <= 100 && strspn(text, characters) == len;
}

static bool session_fits(const char *text)
{
	return made_of(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
}

static bool slug_fits(const char *text)
{
	return made_of(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
}

bool input_path_fits(const struct path_row *row, const char *text)
{
	if (row->type == PARAM_UUID)
		return id_is_uuid(text, strlen(text));
	return row->type == PARAM_SLUG ? slug_fits(text) : session_fits(text);
}

/* Is it one of the words that | separates? */
static bool is_choice(const char *words, const char *text)
{
	size_t len = strlen(text);
	for (const char *at = words;; at++) {
		size_t n = strcspn(at, "|");
		if (n == len && !strncmp(at, text, n))
			return true;
		at += n;
		if (!*at)
			return false;
	}
}

static bool fits(const struct param_row *row, const char *text)
{
	switch (row->type) {
	case PARAM_CHOICE:
		return is_choice(row->fallback, text);
	case PARAM_INT:
		return int_fits(row, text);
	case PARAM_SESSION:
		return session_fits(text);
	case PARAM_SLUG:
		return slug_fits(text);
	case PARAM_TIME:
		return time_or_date(text);
	case PARAM_UUID:
		return id_is_uuid(text, strlen(text));
	case PARAM_FLAG:
		return !strcmp(text, "true") || !strcmp(text, "false") || !strcmp(text, "1") || !strcmp(text, "0");
	case PARAM_TEXT:
		return (int64_t)utf8_length(text, strlen(text)) >= row->min && (int64_t)utf8_length(text, strlen(text)) <= row->max;
	}
	return false;
}

static const char *expected(struct arena *a, const struct param_row *row)
{
	switch (row->type) {
	case PARAM_CHOICE:
		return arena_printf(a, "must be one of %s", row->fallback);
	case PARAM_INT:
		return arena_printf(a, "must be a whole number from %lld to %lld", (long long)row->min, (long long)row->max);
	case PARAM_SESSION:
		return "must be 1 to 100 of the characters A-Z, a-z, 0-9, _ and -";
	case PARAM_SLUG:
		return "must be 1 to 100 of the characters a-z, 0-9 and -";
	case PARAM_TIME:
		return "must be a time such as 2026-01-02T03:04:05Z, or a date such as 2026-01-02";
	case PARAM_UUID:
		return "must be a UUID";
	case PARAM_FLAG:
		return "must be true or false";
	case PARAM_TEXT:
		return arena_printf(a, "must be %lld to %lld characters long", (long long)row->min, (long long)row->max);
	}
	return "is not valid";
}

/* NULL, or what is wrong. */
static const char *param_problem(struct request *r, const char *name, bool required)
{
	const struct param_row *row = row_of(name);
	const char *text;
	if (request_query_get(r, name, &text))
		return "is not valid UTF-8, or badly escaped";
	if (!text)
		return required ? "is required" : NULL;
	return fits(row, text) ? NULL : expected(request_arena(r), row);
}

bool input_params_valid(struct request *r)
{
	struct schema_problems problems = { .n = 0 };
	char name[64];
	bool required;
	const char *left = r->route->params;
	if (!r->target.query.len && !strchr(left, '!'))
		return true;
	while ((left = route_param_next(left, name, &required))) {
		const char *message = param_problem(r, name, required);
		if (message && problems.n < SCHEMA_MAX_PROBLEMS)
			problems.v[problems.n++] = (struct schema_problem){ arena_printf(request_arena(r), "/query/%s", name), message };
	}
	if (problems.n)
		request_reply_error(r, ERROR_invalid, "A query parameter is not valid.", &problems, 0);
	return !problems.n;
}

/* application/json, or anything +json; UTF-8 when a charset is named. */
static bool is_json(const char *type)
{
	size_t len = strcspn(type, "; \t");
	bool json = (len == 16 && !strncasecmp(type, "application/json", 16)) || (len > 5 && !strncasecmp(type + len - 5, "+json", 5));
	const char *charset = strcasestr(type, "charset=");
	if (!json || !charset)
		return json;
	charset += strlen("charset=");
	return !strncasecmp(charset, "utf-8", 5) || !strncasecmp(charset, "\"utf-8\"", 7);
}

bool input_is_json(struct request *r)
{
	const char *type = request_header(r, "content-type");
	if (!type || !is_json(type)) {
		request_reply_error(r, ERROR_unsupported_media, "Send JSON in UTF-8, with Content-Type: application/json.", NULL, 0);
		return false;
	}
	const char *encoding = request_header(r, "content-encoding");
	if (encoding && strcasecmp(encoding, "identity") != 0) {
		request_reply_error(r, ERROR_unsupported_media, "Send the body without a Content-Encoding.", NULL, 0);
		return false;
	}
	return true;
}

bool input_decode(struct request *r, const struct schema *schema, size_t size, void **body_r)
{
	size_t len;
	const char *text = request_body(r, &len);
	*body_r = arena_alloc(request_arena(r), size);
	if (!len && !schema_requires(schema))
		return true;
	if (!input_is_json(r))
		return false;
	struct schema_problems *problems = arena_new_of(request_arena(r), struct schema_problems);
	enum error e = schema_decode(request_arena(r), schema, text, len, *body_r, problems);
	if (e)
		request_reply_error(r, e, NULL, problems, 0);
	return !e;
}
