/* routes.def, params.def, answers.def, errors.def and the schemas as an OpenAPI 3.1 document. */
#include <string.h>

#include "common/error.h"

#include "api/api.h"
#include "api/document.h"
#include "api/router.h"

static const struct answer_row {
	enum route_id route;
	int status;
	const char *content_type, *schema, *doc;
} answers[] = {
#define ANSWER(route, status, type, schema, doc) { ROUTE_##route, status, type, #schema, doc },
#include "api/answers.def"
#undef ANSWER
};
#define ANSWERS (sizeof(answers) / sizeof(*answers))

static const struct {
	const char *prefix, *tag, *doc;
} tags[] = {
	{ "/api/v1/restaurants", "restaurants", "Restaurants and their menus" },
	{ "/api/v1/users", "users", "People who may sign in" },
	{ "/api/v1/auth", "auth", "Signing in and out" },
	{ "/api/v1/chat", "chat", "The assistant" },
	{ "", "service", "The service itself" },
};
#define TAGS (sizeof(tags) / sizeof(*tags))

static void put_key(struct buf *b, const char *key)
{
	buf_json_string(b, key);
	buf_char(b, ':');
}

static void put_text(struct buf *b, const char *key, const char *value)
{
	put_key(b, key);
	buf_json_string(b, value);
}

static const char *tag_of(const struct route_row *row)
{
	size_t i = 0;
	while (strncmp(row->path, tags[i].prefix, strlen(tags[i].prefix)) != 0)
		i++;
	return tags[i].tag;
}

static void put_choice(struct buf *b, const char *words)
{
	const char *comma = "";
	buf_str(b, "{\"type\":\"string\",\"enum\":[");
	for (const char *at = words; *at; at += *at == '|') {
		size_t n = strcspn(at, "|");
		buf_printf(b, "%s\"%.*s\"", comma, (int)n, at);
		comma = ",";
		at += n;
	}
	buf_printf(b, "],\"default\":\"%.*s\"}", (int)strcspn(words, "|"), words);
}

static void put_param_schema(struct buf *b, const struct param_row *p)
{
	switch (p->type) {
	case PARAM_INT:
		buf_printf(b, "{\"type\":\"integer\",\"minimum\":%lld,\"maximum\":%lld,\"default\":%s}", (long long)p->min, (long long)p->max, p->fallback);
		break;
	case PARAM_SESSION:
		buf_printf(b, "{\"type\":\"string\",\"pattern\":\"^[A-Za-z0-9_-]{%lld,%lld}$\"}", (long long)p->min, (long long)p->max);
		break;
	case PARAM_CHOICE:
		put_choice(b, p->fallback);
		break;
	case PARAM_SLUG:
		buf_str(b, "{\"type\":\"string\",\"pattern\":\"^[a-z0-9-]{1,100}$\"}");
		break;
	case PARAM_TIME:
		buf_str(b, "{\"type\":\"string\",\"examples\":[\"2026-01-02\"]}");
		break;
	case PARAM_UUID:
		buf_str(b, "{\"type\":\"string\",\"format\":\"uuid\"}");
		break;
	case PARAM_FLAG:
		buf_str(b, "{\"type\":\"boolean\",\"default\":false}");
		break;
	case PARAM_TEXT:
		buf_printf(b, "{\"type\":\"string\",\"minLength\":%lld,\"maxLength\":%lld}", (long long)p->min, (long long)p->max);
		break;
	}
}

static void put_query_param(struct buf *b, const char *name, bool required)
{
	for (size_t i = 0; i < param_count; i++) {
		const struct param_row *p = &param_rows[i];
		if (strcmp(p->name, name) != 0)
			continue;
		buf_char(b, '{');
		put_text(b, "name", name);
		buf_printf(b, ",\"in\":\"query\",\"required\":%s,", required ? "true" : "false");
		put_text(b, "description", p->doc);
		buf_str(b, ",\"schema\":");
		put_param_schema(b, p);
		buf_char(b, '}');
	}
}

static void put_path_param(struct buf *b, const struct path_row *p)
{
	buf_char(b, '{');
	put_text(b, "name", p->name);
	buf_str(b, ",\"in\":\"path\",\"required\":true,");
	put_text(b, "description", p->doc);
	buf_str(b, ",\"schema\":");
	put_param_schema(b, &(struct param_row){ .type = p->type, .min = 1, .max = 100 });
	buf_char(b, ',');
	put_text(b, "example", p->example);
	buf_char(b, '}');
}

static bool names_something(const struct route_row *row)
{
	return strchr(row->path, '{') || row->of == OF_BODY || row->of == OF_QUERY;
}

static void put_params(struct buf *b, const struct route_row *row)
{
	char name[64];
	bool required;
	const char *left = row->params, *comma = "";
	buf_str(b, ",\"parameters\":[");
	for (const char *at = row->path; (at = strchr(at, '{')); at++) {
		buf_str(b, comma);
		put_path_param(b, path_row_of(at + 1));
		comma = ",";
	}
	while ((left = route_param_next(left, name, &required))) {
		buf_str(b, comma);
		put_query_param(b, name, required);
		comma = ",";
	}
	buf_char(b, ']');
}

static void put_file(struct buf *b)
{
	static const char *const types[] = { "text/csv", "application/json", "application/x-ndjson" };
	buf_str(b, ",\"requestBody\":{\"required\":true,\"description\":\"the file itself, 1 byte to 100 MB\",\"content\":{");
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		buf_str(b, i ? "," : "");
		put_key(b, types[i]);
		buf_str(b, "{}");
	}
	buf_str(b, "}}");
}

static void put_events(struct buf *b)
{
	buf_str(b, ",\"requestBody\":{\"required\":true,\"content\":{\"application/json\":{\"schema\":{\"oneOf\":[{\"$ref\":\"#/components/schemas/analytics_event\"},"
	           "{\"type\":\"array\",\"minItems\":1,\"maxItems\":500,\"items\":{\"$ref\":\"#/components/schemas/analytics_event\"}}]}}}}");
}

static void put_body(struct buf *b, const struct route_row *row)
{
	if (!strcmp(row->in, "events")) {
		put_events(b);
		return;
	}
	if (!strcmp(row->in, "file")) {
		put_file(b);
		return;
	}
	if (strcmp(row->in, "none") != 0)
		buf_printf(b, ",\"requestBody\":{\"required\":%s,\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/%s\"}}}}",
		           schema_requires(schema_find(row->in)) ? "true" : "false", row->in);
}

static void put_content(struct buf *b, const struct answer_row *a)
{
	put_key(b, a->content_type);
	if (!strcmp(a->schema, "none"))
		buf_str(b, "{}");
	else
		buf_printf(b, "{\"schema\":{\"$ref\":\"#/components/schemas/%s\"}}", a->schema);
}

/* Further forms of the success itself. */
static void put_forms(struct buf *b, enum route_id id)
{
	for (size_t i = 0; i < ANSWERS; i++) {
		if (answers[i].route != id || answers[i].status != route_rows[id].status)
			continue;
		buf_char(b, ',');
		put_content(b, &answers[i]);
	}
}

static void put_out(struct buf *b, enum route_id id)
{
	const struct route_row *row = &route_rows[id];
	bool list = row->out == OUT_LIST;
	buf_printf(b, "\"%d\":{", row->status);
	put_text(b, "description", row->summary);
	if (list && strstr(row->params, "limit"))
		buf_str(b, ",\"headers\":{\"X-Total-Count\":{\"description\":\"how many there are in all\",\"schema\":{\"type\":\"integer\"}}}");
	if (row->out == OUT_SOCKET || (row->out == OUT_MEDIA && !*row->out_name)) {
		buf_char(b, '}');
		return;
	}
	buf_str(b, ",\"content\":{");
	put_key(b, row->out == OUT_MEDIA ? row->out_name : "application/json");
	if (row->out == OUT_MEDIA)
		buf_str(b, "{}");
	else if (list && !strcmp(row->out_name, "text"))
		buf_str(b, "{\"schema\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}");
	else if (list)
		buf_printf(b, "{\"schema\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/%s\"}}}", row->out_name);
	else
		buf_printf(b, "{\"schema\":{\"$ref\":\"#/components/schemas/%s\"}}", row->out_name);
	put_forms(b, id);
	buf_str(b, "}}");
}

/* Rows of one status stand together in the table: they are one answer with several contents. */
static void put_answers(struct buf *b, enum route_id id)
{
	for (size_t i = 0; i < ANSWERS; i++) {
		if (answers[i].route != id || answers[i].status == route_rows[id].status)
			continue;
		int status = answers[i].status;
		buf_printf(b, ",\"%d\":{", status);
		put_text(b, "description", answers[i].doc);
		const char *before = ",\"content\":{", *after = "";
		for (; i < ANSWERS && answers[i].route == id && answers[i].status == status && *answers[i].content_type; i++) {
			buf_str(b, before);
			put_content(b, &answers[i]);
			before = ",";
			after = "}";
		}
		i -= *after != 0;
		buf_str(b, after);
		buf_char(b, '}');
	}
}

static void put_problem(struct buf *b, enum error e)
{
	buf_printf(b, ",\"%d\":{\"description\":", error_row(e)->http);
	buf_json_string(b, error_row(e)->title);
	buf_str(b, ",\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}}");
}

/* What may go wrong follows from what the route takes. */
static void put_problems(struct buf *b, const struct route_row *row)
{
	bool has_body = strcmp(row->in, "none") != 0;
	if (has_body) {
		put_problem(b, ERROR_malformed_json);
		put_problem(b, ERROR_conflict);
		put_problem(b, ERROR_too_large);
		put_problem(b, ERROR_unsupported_media);
	}
	if (row->access != ACCESS_PUBLIC)
		put_problem(b, ERROR_unauthorized);
	if (row->access > ACCESS_USER)
		put_problem(b, ERROR_forbidden);
	if (names_something(row))
		put_problem(b, ERROR_not_found);
	if (has_body || *row->params)
		put_problem(b, ERROR_invalid);
	if (row->limit != LIMIT_NONE)
		put_problem(b, ERROR_rate_limited);
	if (has_body || names_something(row) || row->access != ACCESS_PUBLIC)
		put_problem(b, ERROR_overloaded);
	buf_str(b, ",\"default\":{\"$ref\":\"#/components/responses/problem\"}");
}

static void put_operation(struct buf *b, enum route_id id)
{
	const struct route_row *row = &route_rows[id];
	static const char *const keys[] = { "get", "post", "put", "patch", "delete", "options", "head", "trace" };
	put_key(b, keys[row->method]);
	buf_char(b, '{');
	put_text(b, "operationId", row->name);
	buf_char(b, ',');
	put_text(b, "summary", row->summary);
	buf_char(b, ',');
	put_text(b, "description", row->summary);
	buf_str(b, ",\"tags\":[");
	buf_json_string(b, tag_of(row));
	buf_char(b, ']');
	put_params(b, row);
	put_body(b, row);
	if (row->access != ACCESS_PUBLIC)
		buf_str(b, ",\"security\":[{\"token\":[]}]");
	buf_str(b, ",\"responses\":{");
	put_out(b, id);
	put_answers(b, id);
	put_problems(b, row);
	buf_str(b, "}}");
}

/* A WebSocket is no operation of OpenAPI's: it has no 2xx answer. */
static bool first_of_path(enum route_id id)
{
	if (route_rows[id].out == OUT_SOCKET)
		return false;
	for (enum route_id i = 0; i < id; i++)
		if (!strcmp(route_rows[i].path, route_rows[id].path))
			return false;
	return true;
}

static void put_paths(struct buf *b)
{
	const char *comma = "";
	for (enum route_id id = 0; id < ROUTE_COUNT; id++) {
		if (!first_of_path(id))
			continue;
		buf_str(b, comma);
		put_key(b, route_rows[id].path);
		comma = "{";
		for (enum route_id i = id; i < ROUTE_COUNT; i++) {
			if (strcmp(route_rows[i].path, route_rows[id].path) != 0)
				continue;
			buf_str(b, comma);
			put_operation(b, i);
			comma = ",";
		}
		buf_char(b, '}');
	}
}

void openapi_print(struct buf *b)
{
	buf_str(b, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Restaurant AI Platform\",\"version\":\"" API_VERSION "\","
	           "\"description\":\"Restaurants, their live menus, and an assistant that guests can talk to. Errors are RFC 9457 problem details. The WebSocket /ws/{slug} is described by /asyncapi.json.\","
	           "\"contact\":{\"name\":\"the maintainers\",\"email\":\"maintainers@example.com\"},\"license\":{\"name\":\"MIT\",\"identifier\":\"MIT\"}},"
	           "\"servers\":[{\"url\":\"/\",\"description\":\"this server\"}],\"tags\":[");
	const char *comma = "";
	for (size_t i = 0; i < TAGS; i++) {
		buf_printf(b, "%s{\"name\":\"%s\",\"description\":\"%s\"}", comma, tags[i].tag, tags[i].doc);
		comma = ",";
	}
	buf_str(b, "],\"paths\":{");
	put_paths(b);
	buf_str(b, "},\"components\":{\"securitySchemes\":{\"token\":{\"type\":\"http\",\"scheme\":\"bearer\",\"bearerFormat\":\"JWT\"}},\"responses\":{\"problem\":{\"description\":\"Something was wrong; `type` and `status` say what.\","
	           "\"content\":{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}}},\"schemas\":");
	document_print_schemas(b);
	buf_str(b, "}}");
}
