/* test_gateway.c - nginx with our configuration in front of the api: what is ambiguous stays outside, the rest arrives as it should. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/edit_kit.h"
#include "tests/support/gateway.h"
#include "tests/support/guest.h"
#include "tests/support/stack_token.h"
#include "tests/support/tls_tunnel.h"

static struct kit k;
static struct gateway *gateway;

static void start(void)
{
	edit_kit_open(&k, &(struct stack_options){ .env = { "TRUSTED_PROXIES=127.0.0.1", "EVENTS_ADDRESS_LIMIT=3/hour", NULL } });
	gateway = gateway_start(k.stack, 1);
}

static void stop(void)
{
	gateway_stop(&gateway);
	edit_kit_close(&k);
}

TestSuite(gateway, .init = start, .fini = stop, .timeout = 180);

/* Requests that two servers could read differently. The first line of each of their bodies would be a second request, to /health, if the api read it so. */
static const struct {
	const char *what, *bytes;
} ambiguous[] = {
	{ "two lengths", "POST /api/v1/analytics/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 30\r\n\r\nabc" },
	{ "length and chunked", "POST /api/v1/analytics/events HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
	{ "an unknown coding", "POST /api/v1/analytics/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" },
	{ "a coding with a blank", "POST /api/v1/analytics/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" },
	{ "a signed length", "POST /api/v1/analytics/events HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc" },
	{ "a list as a length", "POST /api/v1/analytics/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc" },
	{ "a chunk size with a prefix", "POST /api/v1/analytics/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n" },
	{ "a chunk size with letters behind", "POST /api/v1/analytics/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3xyz\r\nabc\r\n0\r\n\r\n" },
	{ "two hosts", "GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" },
	{ "no host", "GET /health HTTP/1.1\r\n\r\n" },
	{ "a blank in a name", "GET /health HTTP/1.1\r\nHost: x\r\nX Y: z\r\n\r\n" },
	{ "a NUL", "GET /health HTTP/1.1\r\nHost: x\r\nX: a\001\r\n\r\n" },
	{ "an old version", "GET /health HTTP/3.0\r\nHost: x\r\n\r\n" },
	{ "a folded header", "GET /health HTTP/1.1\r\nHost: x\r\nX: a\r\n b: c\r\n\r\n" },
	{ "a bare CR", "GET /health HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n" },
	{ "a path upwards", "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n" },
};

Test(gateway, refuses_what_is_ambiguous)
{
	for (size_t i = 0; i < sizeof(ambiguous) / sizeof(ambiguous[0]); i++) {
		struct http_client *c = http_client_open(gateway_port(gateway));
		size_t len = strlen(ambiguous[i].bytes);
		char bytes[400];
		memcpy(bytes, ambiguous[i].bytes, len);
		for (size_t n = 0; n < len; n++)
			bytes[n] = bytes[n] == '\001' ? '\0' : bytes[n];
		cr_assert(http_client_send(c, bytes, len));
		struct http_answer a = http_client_read(c, 10000);
		cr_expect(a.status == 400 || a.status == 404 || a.status == 415 || a.status == 501 || a.status == 505, "%s: %d", ambiguous[i].what, a.status);
		cr_expect_null(strstr(a.body ? a.body : "", "\"status\":\"healthy\""), "%s", ambiguous[i].what);
		cr_expect(http_client_closed(c, 10000), "%s: the connection ends", ambiguous[i].what);
		http_client_close(&c);
	}
}

Test(gateway, passes_on_what_it_should)
{
	int port = gateway_port(gateway);
	cr_expect_eq(http_ask(port, "GET", "/api/v1/restaurants", NULL, NULL).status, 200);
	cr_expect_eq(http_ask(port, "GET", "/metrics", NULL, NULL).status, 404, "numbers are for the inside");
	cr_expect_eq(http_ask(port, "GET", "/health/detailed", NULL, NULL).status, 404);
	struct guest g;
	guest_init(&g, port);
	guest_ask(&g, "Tell me about your cookies");
	cr_expect(guest_wait(&g, KIT_MS), "a conversation through the gateway");
	guest_close(&g);
}

/* A line that ends by LF alone is one line to both: nginx takes it, and writes CRLF itself. So nothing can be hidden behind it: the second request is one to both, too. */
Test(gateway, bare_line_feeds_hide_nothing)
{
	struct http_client *c = http_client_open(gateway_port(gateway));
	cr_assert(http_client_say(c, "POST /api/v1/analytics/events HTTP/1.1\nHost: x\nX: a\nContent-Length: 2\n\n[]GET /metrics HTTP/1.1\nHost: x\nConnection: close\n\n"));
	int first = http_client_read(c, 10000).status, second = http_client_read(c, 10000).status;
	cr_expect(first == 415 || first == 422 || first == 400, "%d", first);
	cr_expect(second == 404 || second == 0, "%d: /metrics is not for the outside, however it is asked for", second);
	http_client_close(&c);
}

Test(gateway, speaks_tls_and_http_2)
{
	int port = tls_tunnel_start(gateway_tls_port(gateway));
	struct http_answer a = http_ask(port, "GET", "/api/v1/restaurants", NULL, NULL);
	cr_expect_eq(a.status, 200);
	cr_expect_not_null(http_header(&a, "strict-transport-security"));
	struct guest g;
	guest_init(&g, port);
	guest_ask(&g, "Tell me about your cookies");
	cr_expect(guest_wait(&g, KIT_MS), "a conversation by TLS");
	guest_close(&g);
	char line[200] = "", command[200];
	snprintf(command, sizeof(command), "curl -s -k --http2 -o /dev/null -w '%%{http_version} %%{http_code}' https://127.0.0.1:%d/health", gateway_tls_port(gateway));
	FILE *said = popen(command, "r");
	cr_assert(said && fgets(line, sizeof(line), said));
	pclose(said);
	cr_expect_str_eq(line, "2 200");
}

/* A file of just 100 MB goes in, one byte more does not, and neither do two megabytes anywhere else. */
Test(gateway, takes_files_of_100_megabytes)
{
	const size_t most = 100000000;
	char *file = malloc(most + 1);
	memset(file, 'x', most + 1);
	for (size_t i = 99; i < most; i += 100)
		file[i] = '\n';
	memcpy(file, "name,category\n", 14);
	static const struct {
		const char *path;
		size_t size;
		int status;
	} cases[] = { { "/api/v1/menu/imports?restaurant_id=", 100000000, 202 }, { "/api/v1/menu/imports?restaurant_id=", 100000001, 413 }, { "/api/v1/menu/items?x=", (size_t)2 << 20, 413 } };
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char head[3000];
		struct http_client *c = http_client_open(gateway_port(gateway));
		snprintf(head, sizeof(head), "POST %s%s HTTP/1.1\r\nHost: x\r\n%sContent-Type: text/csv\r\nContent-Length: %zu\r\n\r\n", cases[i].path, k.restaurant, stack_token(k.stack, KIT_SLUG, "manager"), cases[i].size);
		cr_assert(http_client_say(c, head));
		for (size_t at = 0; at < cases[i].size && cases[i].size <= most; at += 1000000)
			http_client_send(c, file + at, 1000000); /* the server may have refused it already */
		struct http_answer a = http_client_read(c, KIT_MS);
		cr_expect_eq(a.status, cases[i].status, "%zu bytes to %s: %d %s", cases[i].size, cases[i].path, a.status, a.body ? a.body : "");
		http_client_close(&c);
	}
	free(file);
}

/* Whatever a client says of where it comes from, the api counts the address that the gateway saw: three posts an hour are allowed here. */
Test(gateway, does_not_believe_forwarded_addresses)
{
	int status = 0;
	for (int i = 0; i < 4; i++) {
		char headers[120];
		snprintf(headers, sizeof(headers), "Content-Type: application/json\r\nX-Forwarded-For: 203.0.113.%d\r\n", i);
		status = http_ask(gateway_port(gateway), "POST", "/api/v1/analytics/events", headers,
		                  kit_path("{\"id\":\"018f0000-0000-7000-9000-00000000000%d\",\"type\":\"menu_view\",\"restaurant_id\":\"%s\"}", i, k.restaurant))
		                 .status;
		cr_expect_eq(status, i < 3 ? 202 : 429, "post %d: %d", i, status);
	}
}
