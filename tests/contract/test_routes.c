/* Every row of routes.def, params.def, answers.def and frames.def, and the documents made of them. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/event.h"

#include "api/document.h"
#include "api/router.h"

static bool known_param(const char *name)
{
	for (size_t i = 0; i < param_count; i++)
		if (!strcmp(param_rows[i].name, name))
			return true;
	return false;
}

Test(routes, each_row_is_sound)
{
	router_start();
	cr_assert_gt(ROUTE_COUNT, 10);
	for (enum route_id i = 0; i < ROUTE_COUNT; i++) {
		const struct route_row *row = &route_rows[i];
		cr_assert_eq(row->path[0], '/', "%s", row->name);
		cr_assert_not_null(row->call, "%s", row->name);
		cr_assert(strlen(row->summary) > 5, "%s", row->name);
		cr_assert((row->status >= 200 && row->status < 300) || row->out == OUT_SOCKET, "%s", row->name);
		cr_assert_eq(router_body_schema(i) == NULL, !strcmp(row->in, "none") || !strcmp(row->in, "file") || !strcmp(row->in, "events"), "%s", row->name);
		cr_assert(row->method != METHOD_GET || !strcmp(row->in, "none"), "%s: a GET has no body", row->name);
		if (row->out == OUT_ONE || (row->out == OUT_LIST && strcmp(row->out_name, "text") != 0))
			cr_assert_not_null(schema_find(row->out_name), "%s: %s", row->name, row->out_name);
		for (enum route_id j = 0; j < i; j++)
			cr_assert(strcmp(row->path, route_rows[j].path) != 0 || row->method != route_rows[j].method, "%s twice", row->path);
	}
}

Test(routes, each_parameter_is_known)
{
	for (enum route_id i = 0; i < ROUTE_COUNT; i++) {
		char name[64];
		bool required;
		for (const char *left = route_rows[i].params; (left = route_param_next(left, name, &required));)
			cr_assert(known_param(name), "%s: %s", route_rows[i].name, name);
	}
	for (size_t i = 0; i < param_count; i++) {
		const struct param_row *p = &param_rows[i];
		cr_assert_leq(p->min, p->max, "%s", p->name);
		if (p->type == PARAM_INT) {
			long long fallback = strtoll(p->fallback, NULL, 10);
			cr_assert(fallback >= p->min && fallback <= p->max, "%s", p->name);
		}
	}
}

/* The handler's file has the row's name, or the name that its family shares. */
Test(routes, each_handler_has_a_file)
{
	for (enum route_id i = 0; i < ROUTE_COUNT; i++) {
		char path[200];
		snprintf(path, sizeof(path), "api/handle/%s.c", route_rows[i].name);
		FILE *f = fopen(path, "r");
		char *method = strrchr(path, '_');
		if (!f && method) { /* category_put is in category.c */
			snprintf(method, 4, ".c");
			f = fopen(path, "r");
		}
		if (!f && (route_rows[i].out == OUT_SOCKET || i == ROUTE_openapi || i == ROUTE_asyncapi))
			continue; /* api/socket_open.c, api/handle/docs.c */
		cr_assert_not_null(f, "%s", path);
		fclose(f);
	}
}

static json_t *printed(void (*print)(struct buf *))
{
	struct buf b;
	json_error_t why;
	buf_init(&b, DOCUMENT_BYTES_MAX);
	print(&b);
	cr_assert_eq(buf_error(&b), ERROR_none);
	json_t *document = json_loads(buf_text(&b), JSON_REJECT_DUPLICATES, &why);
	cr_assert_not_null(document, "%s at %d", why.text, why.position);
	buf_free(&b);
	return document;
}

static const json_t *resolve(const json_t *document, const char *reference)
{
	cr_assert_eq(reference[0], '#', "%s", reference);
	const json_t *at = document;
	for (const char *p = reference + 1; *p == '/' && at;) {
		char key[200];
		size_t len = strcspn(p + 1, "/");
		snprintf(key, sizeof(key), "%.*s", (int)len, p + 1);
		at = json_object_get(at, key);
		p += 1 + len;
	}
	return at;
}

static int check_references(const json_t *document, const json_t *value)
{
	const char *key;
	json_t *inner;
	size_t i;
	int n = 0;
	if (json_is_object(value)) {
		json_object_foreach((json_t *)value, key, inner)
		{
			if (!strcmp(key, "$ref") && json_is_string(inner)) {
				cr_assert_not_null(resolve(document, json_string_value(inner)), "%s", json_string_value(inner));
				n++;
			}
			n += check_references(document, inner);
		}
	} else if (json_is_array(value)) {
		json_array_foreach((json_t *)value, i, inner)
			n += check_references(document, inner);
	}
	return n;
}

Test(documents, openapi_has_every_route_and_no_loose_end)
{
	static const char *const keys[] = { "get", "post", "put", "patch", "delete" };
	json_t *document = printed(openapi_print);
	const json_t *paths = json_object_get(document, "paths");
	for (enum route_id i = 0; i < ROUTE_COUNT; i++) {
		const struct route_row *row = &route_rows[i];
		const json_t *operation = json_object_get(json_object_get(paths, row->path), keys[row->method]);
		if (row->out == OUT_SOCKET) {
			cr_assert_null(operation);
			continue;
		}
		cr_assert_str_eq(json_string_value(json_object_get(operation, "operationId")), row->name);
		char status[8];
		snprintf(status, sizeof(status), "%d", row->status);
		const json_t *responses = json_object_get(operation, "responses");
		cr_assert_not_null(json_object_get(responses, status), "%s", row->name);
		cr_assert_not_null(json_object_get(responses, "default"), "%s", row->name);
		cr_assert_eq(json_object_get(operation, "requestBody") != NULL, strcmp(row->in, "none") != 0, "%s", row->name);
		cr_assert_eq(json_object_get(responses, "429") != NULL, row->limit != LIMIT_NONE, "%s", row->name);
	}
	cr_assert_gt(check_references(document, document), 30);
	json_decref(document);
}

Test(documents, asyncapi_has_every_frame_and_event)
{
	json_t *document = printed(asyncapi_print);
	const json_t *messages = json_object_get(json_object_get(document, "components"), "messages");
	for (enum event_id i = 0; i < EVENT_COUNT; i++) {
		char name[100];
		snprintf(name, sizeof(name), "event_%s", event_rows[i].name);
		cr_assert_not_null(json_object_get(messages, name), "%s", name);
		cr_assert_not_null(json_object_get(json_object_get(document, "channels"), topic_rows[event_rows[i].topic].name));
	}
	cr_assert_gt(check_references(document, document), 50);
	json_decref(document);
}

/* The direction of each frame stands in its schema's $comment too, where the web app's types take it from. */
Test(documents, frames_are_those_of_the_schemas)
{
	static const struct {
		const char *schema, *direction;
	} frames[] = {
#define FRAME(schema, direction) { #schema, #direction },
#include "api/frames.def"
#undef FRAME
	};
	int noted = 0;
	for (size_t i = 0; schema_all[i]; i++) {
		char path[200];
		snprintf(path, sizeof(path), "schemas/%s.json", schema_name(schema_all[i]));
		json_t *file = json_load_file(path, 0, NULL);
		const char *note = json_string_value(json_object_get(file, "$comment"));
		noted += note && !strncmp(note, "frame from ", 11);
		json_decref(file);
	}
	cr_assert_eq((size_t)noted, sizeof(frames) / sizeof(*frames));
	for (size_t i = 0; i < sizeof(frames) / sizeof(*frames); i++) {
		char path[200];
		snprintf(path, sizeof(path), "schemas/%s.json", frames[i].schema);
		json_t *file = json_load_file(path, 0, NULL);
		const char *wanted = !strcmp(frames[i].direction, "CLIENT") ? "frame from client" : "frame from server";
		cr_assert_str_eq(json_string_value(json_object_get(file, "$comment")), wanted, "%s", frames[i].schema);
		json_decref(file);
	}
}
