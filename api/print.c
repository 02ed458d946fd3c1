#include "api/print.h"

#include <stdio.h>
#include <string.h>

#include "common/config.h"
#include "common/error.h"
#include "common/event.h"

#include "api/document.h"
#include "api/router.h"

static void print_document(void (*document)(struct buf *))
{
	struct buf b;
	buf_init(&b, DOCUMENT_BYTES_MAX);
	document(&b);
	puts(buf_text(&b));
	buf_free(&b);
}

static void print_openapi(void)
{
	print_document(openapi_print);
}

static void print_asyncapi(void)
{
	print_document(asyncapi_print);
}

static void print_config(void)
{
	config_markdown(stdout);
}

static void print_env(void)
{
	config_env_example(stdout);
}

static void print_metrics(void)
{
	puts("# Metrics\n\n| name | kind | labels | meaning |\n|---|---|---|---|");
#define METRIC(kind, id, name, labels, doc) printf("| `%s` | %s | %s | %s |\n", name, #kind, labels, doc);
#include "common/metrics.def"
#undef METRIC
}

static void print_errors(void)
{
	puts("# Errors\n\n| name | HTTP | WebSocket code | meaning |\n|---|---|---|---|");
	for (enum error e = ERROR_none + 1; e < ERROR_COUNT; e++)
		printf("| `%s` | %d | `%s` | %s |\n", error_row(e)->name, error_row(e)->http, error_row(e)->wire, error_row(e)->title);
}

static void print_routes(void)
{
	puts("# Routes\n\n| method | path | status | meaning |\n|---|---|---|---|");
	for (size_t i = 0; i < ROUTE_COUNT; i++)
		printf("| %s | `%s` | %d | %s |\n", method_name(route_rows[i].method), route_rows[i].path, route_rows[i].status, route_rows[i].summary);
}

static void print_events(void)
{
	puts("# Events\n\n| type | topic | meaning |\n|---|---|---|");
	for (size_t i = 0; i < EVENT_COUNT; i++)
		printf("| `%s` | `%s` | %s |\n", event_rows[i].type, topic_rows[event_rows[i].topic].name, event_rows[i].doc);
}

static const struct {
	const char *name;
	void (*print)(void);
} things[] = {
	{ "openapi", print_openapi },
	{ "asyncapi", print_asyncapi },
	{ "config", print_config },
	{ "env", print_env },
	{ "metrics", print_metrics },
	{ "errors", print_errors },
	{ "routes", print_routes },
	{ "events", print_events },
};
#define THINGS (sizeof(things) / sizeof(*things))

bool print_what(const char *what)
{
	for (size_t i = 0; i < THINGS; i++) {
		if (strcmp(things[i].name, what) != 0)
			continue;
		things[i].print();
		return true;
	}
	return false;
}

void print_names(void)
{
	for (size_t i = 0; i < THINGS; i++)
		fprintf(stderr, "%s%s", i ? ", " : "", things[i].name);
}
