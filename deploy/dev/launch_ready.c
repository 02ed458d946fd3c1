#include "deploy/dev/launch_ready.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/http.h"
#include "deploy/dev/launch_settings.h"

struct ready {
	struct http *http;
	struct http_call *call;
	uv_timer_t *timer;
	uint64_t until_ms;
	bool healthy;
	char url[300];
	ready_fn *done;
	void *ctx;
};

static bool ignore(void *ctx, int status, const char *bytes, size_t len)
{
	(void)ctx, (void)status, (void)bytes, (void)len;
	return true;
}

static void ask(uv_timer_t *timer);

static void tell(uv_timer_t *timer)
{
	struct ready *r = timer->data;
	r->done(r->ctx, r->healthy);
}

/* `done` may free everything, and the HTTP client with it, so it is called when this callback is over. */
static void on_answer(void *ctx, const struct http_result *result)
{
	struct ready *r = ctx;
	r->call = NULL;
	r->healthy = result->error == ERROR_none && result->status == 200;
	if (r->healthy || uv_now(r->timer->loop) >= r->until_ms)
		uv_timer_start(r->timer, tell, 0, 0);
	else
		uv_timer_start(r->timer, ask, READY_POLL_MS, 0);
}

static void ask(uv_timer_t *timer)
{
	struct ready *r = timer->data;
	const struct http_spec spec = {
		.method = "GET",
		.url = r->url,
		.connect_ms = 1000,
		.first_ms = 5000,
		.gap_ms = 5000,
		.total_ms = 5000,
		.max_bytes = 1 << 20,
	};
	if (http_start(r->http, &spec, ignore, on_answer, r, &r->call) != ERROR_none)
		uv_timer_start(r->timer, ask, READY_POLL_MS, 0);
}

struct ready *ready_new(uv_loop_t *loop, const char *host, int port, ready_fn *done, void *ctx)
{
	struct ready *r = calloc(1, sizeof(*r));
	uv_timer_t *timer = calloc(1, sizeof(*timer));
	if (!r || !timer || http_new(loop, 4, &r->http) != ERROR_none)
		abort();
	snprintf(r->url, sizeof(r->url), "http://%s:%d/health/detailed", host, port);
	r->done = done;
	r->ctx = ctx;
	r->timer = timer;
	r->until_ms = uv_now(loop) + READY_DEADLINE_MS;
	uv_timer_init(loop, timer);
	timer->data = r;
	uv_timer_start(timer, ask, 0, 0);
	return r;
}

static void free_timer(uv_handle_t *handle)
{
	free(handle);
}

void ready_free(struct ready **r)
{
	if (!*r)
		return;
	http_cancel(&(*r)->call);
	http_free(&(*r)->http);
	uv_close((uv_handle_t *)(*r)->timer, free_timer);
	free(*r);
	*r = NULL;
}

static void write_ready_file(const char *path, const char *host, int port)
{
	char fresh[4096];
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	FILE *file = fopen(fresh, "we");
	if (!file)
		return;
	fprintf(file, "http://%s:%d\n", host, port);
	fclose(file);
	rename(fresh, path);
}

/* "deploy/dev/samples/the-cookie-jar.json" is the restaurant the-cookie-jar. */
static void print_sample(const char *label, const char *site, const char *path)
{
	const char *name = strrchr(path, '/');
	name = name ? name + 1 : path;
	printf("  %-9s%s/r/%.*s\n", label, site, (int)strcspn(name, "."), name);
}

void ready_announce(const char *file, const char *host, int port, const char *const *samples, int64_t took_ms)
{
	char site[300];
	snprintf(site, sizeof(site), "http://%s:%d", strcmp(host, "127.0.0.1") == 0 ? "localhost" : host, port);
	printf("\nready after %.1f s\n\n", (double)took_ms / 1000);
	for (size_t i = 0; samples[i]; i++)
		print_sample(i == 0 ? "guests" : "", site, samples[i]);
	printf("  %-9s%s/admin\n", "admin", site);
	printf("  %-9s%s, password %s\n", "", setting("ADMIN_EMAIL", ""), setting("ADMIN_PASSWORD", ""));
	printf("  %-9s%s/docs\n\nCtrl-C stops everything; the data stays.\n", "API", site);
	write_ready_file(file, host, port);
}
