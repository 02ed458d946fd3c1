/* The web app's files: types, caching, gzip, the fallback for the app's own pages, and nothing from outside the folder. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"

static struct stack *stack;
static int port;
static char folder[200], beside[220], large_line[1001]; /* 50 of them are a large file */

static void put(const char *name, const char *text)
{
	char path[400];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "w");
	cr_assert_not_null(f, "%s", path);
	for (int i = 0; i < 50; i++)
		fputs(text, f);
	fclose(f);
}

static void make_folder(void)
{
	const char *build = getenv("BUILD");
	char cwd[120], path[300];
	cr_assert_not_null(getcwd(cwd, sizeof(cwd)));
	snprintf(folder, sizeof(folder), "%s/%.30s/site.XXXXXX", cwd, build ? build : "build");
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/assets", folder);
	mkdir(path, 0700);
	put("index.html", "<p>the app</p>");
	put("assets/app-1234.js", "console.log('app');");
	put("assets/app-1234.css", "p { color: red }");
	for (size_t i = 0; i < sizeof(large_line) - 1; i++)
		large_line[i] = (char)('a' + i * i % 26);
	put("assets/large-1.js", large_line);
	put("docs.html", "<p>documents</p>");
	put("favicon.svg", "<svg/>");
	put("picture.png", "no real picture");
	put(".secret", "hidden");
	snprintf(beside, sizeof(beside), "%s-secret.txt", folder);
	FILE *f = fopen(beside, "w");
	fputs("outside", f);
	fclose(f);
}

static void start(void)
{
	char setting[260];
	make_folder();
	snprintf(setting, sizeof(setting), "WEB_DIR=%s", folder);
	stack = stack_start(&(struct stack_options){ .workers = -1, .env = { setting, NULL } });
	port = stack_port(stack, 0);
}

static void start_unbuilt(void)
{
	stack = stack_start(&(struct stack_options){ .workers = -1, .env = { "WEB_DIR=/nonexistent", NULL } });
	port = stack_port(stack, 0);
}

static void stop(void)
{
	static const char *const names[] = { "index.html", "assets/app-1234.js", "assets/app-1234.css", "assets/large-1.js", "docs.html", "favicon.svg", "picture.png", ".secret", "assets", "" };
	char path[400];
	stack_stop(&stack);
	for (int i = 0; *folder && i < 10; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		remove(path);
	}
	if (*beside)
		remove(beside);
}

TestSuite(http_site, .init = start, .fini = stop, .timeout = 120);
TestSuite(http_site_unbuilt, .init = start_unbuilt, .fini = stop, .timeout = 120);

static const struct {
	const char *path, *type, *cache;
	int status;
} files[] = {
	{ "/", "text/html; charset=utf-8", "no-cache", 200 },
	{ "/index.html", "text/html; charset=utf-8", "no-cache", 200 },
	{ "/r/the-cookie-jar", "text/html; charset=utf-8", "no-cache", 200 },
	{ "/r/the-cookie-jar/anything", "text/html; charset=utf-8", "no-cache", 200 },
	{ "/admin", "text/html; charset=utf-8", "no-cache", 200 },
	{ "/admin/menus?x=1", "text/html; charset=utf-8", "no-cache", 200 },
	{ "/docs", "text/html; charset=utf-8", "no-cache", 200 },
	{ "/favicon.svg", "image/svg+xml", "no-cache", 200 },
	{ "/picture.png", "image/png", "no-cache", 200 },
	{ "/assets/app-1234.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", 200 },
	{ "/assets/app-1234.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable", 200 },
	{ "/assets/gone-9999.js", "application/problem+json", NULL, 404 },
	{ "/administration", "application/problem+json", NULL, 404 },
	{ "/anything", "application/problem+json", NULL, 404 },
	{ "/.secret", "application/problem+json", NULL, 404 },
	{ "/assets", "application/problem+json", NULL, 404 },
	{ "/assets/../index.html", "application/problem+json", NULL, 404 },
	{ "/assets/%2e%2e/index.html", "application/problem+json", NULL, 404 },
};

Test(http_site, types_caching_fallback)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct http_answer a = http_ask(port, "GET", files[i].path, NULL, NULL);
		cr_assert_eq(a.status, files[i].status, "%s: %d", files[i].path, a.status);
		cr_assert_str_eq(http_header(&a, "content-type"), files[i].type, "%s", files[i].path);
		if (files[i].cache)
			cr_assert_str_eq(http_header(&a, "cache-control"), files[i].cache, "%s", files[i].path);
		bool page = strstr(files[i].type, "html") != NULL;
		cr_assert_not_null(http_header(&a, "content-security-policy"), "%s", files[i].path);
		if (page)
			cr_assert_not_null(strstr(http_header(&a, "content-security-policy"), "script-src 'self';"));
	}
	struct http_answer a = http_ask(port, "POST", "/index.html", NULL, "");
	cr_assert_eq(a.status, 405);
	cr_assert_str_eq(http_header(&a, "allow"), "GET, HEAD, OPTIONS");
}

Test(http_site, conditional_and_gzipped)
{
	char headers[200];
	struct http_answer a = http_ask(port, "GET", "/", NULL, NULL);
	size_t plain = a.body_len;
	snprintf(headers, sizeof(headers), "If-None-Match: %s\r\n", http_header(&a, "etag"));
	cr_assert_eq(http_ask(port, "GET", "/r/x", headers, NULL).status, 304);
	int64_t until = http_now_ms() + 5000; /* gzipping follows the start */
	do
		a = http_ask(port, "GET", "/", "Accept-Encoding: gzip\r\n", NULL);
	while (!http_header(&a, "content-encoding") && http_now_ms() < until);
	cr_assert_str_eq(http_header(&a, "content-encoding"), "gzip");
	cr_assert_lt(a.body_len, plain);
	a = http_ask(port, "GET", "/picture.png", "Accept-Encoding: gzip\r\n", NULL);
	cr_assert_null(http_header(&a, "content-encoding"), "compressed already");
	a = http_ask(port, "HEAD", "/assets/app-1234.js", NULL, NULL);
	cr_assert_eq(a.status, 200);
	cr_assert_eq(a.body_len, 0);
}

/* Only its gzipped form is kept, so the plain one has to be made again. */
Test(http_site, a_large_file_comes_in_both_forms)
{
	struct http_answer a;
	int64_t until = http_now_ms() + 5000;
	do
		a = http_ask(port, "GET", "/assets/large-1.js", "Accept-Encoding: gzip\r\n", NULL);
	while (!http_header(&a, "content-encoding") && http_now_ms() < until);
	cr_assert_str_eq(http_header(&a, "content-encoding"), "gzip");
	for (int i = 0; i < 3; i++) {
		a = http_ask(port, "GET", "/assets/large-1.js", NULL, NULL);
		cr_assert(a.status == 200 && !http_header(&a, "content-encoding") && a.body_len == 50 * strlen(large_line));
		cr_assert_eq(strncmp(a.body + a.body_len - strlen(large_line), large_line, strlen(large_line)), 0);
	}
	a = http_ask(port, "HEAD", "/assets/large-1.js", NULL, NULL);
	cr_assert(a.status == 200 && a.body_len == 0);
}

Test(http_site, nothing_from_outside)
{
	char path[500];
	const char *name = strrchr(beside, '/') + 1;
	static const char *const ways[] = { "/../%s", "/%%2e%%2e/%s", "/..%%2f%s", "/assets/../../%s", "/assets/..%%2f..%%2f%s", "/.%%2e/%s", "//..//%s", "/%%2e%%2e%%5c%s" };
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(path, sizeof(path), ways[i], name);
#pragma GCC diagnostic pop
		struct http_answer a = http_ask(port, "GET", path, NULL, NULL);
		cr_assert(a.status == 404 || a.status == 400, "%s: %d", path, a.status);
		cr_assert_null(strstr(a.body, "outside"), "%s", path);
	}
}

Test(http_site_unbuilt, says_so_and_the_api_works)
{
	struct http_answer a = http_ask(port, "GET", "/r/the-cookie-jar", NULL, NULL);
	cr_assert_eq(a.status, 503);
	cr_assert_not_null(strstr(a.body, "make all"));
	cr_assert_eq(http_ask(port, "GET", "/docs", NULL, NULL).status, 503);
	cr_assert_eq(http_ask(port, "GET", "/api/v1/restaurants", NULL, NULL).status, 200);
	cr_assert_eq(http_ask(port, "GET", "/openapi.json", NULL, NULL).status, 200);
}
