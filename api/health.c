#include "api/health.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"

#include "schemas.h"

#include "api/api.h"

struct health_run {
	uv_timer_t deadline; /* first member: closed last, frees the run */
	health_fn *done;
	void *ctx;
	struct arena *arena;
	struct pg_call *ping;
	int64_t started_us;
	int open; /* checks under way */
	bool finished;
	struct health_check database, broker, cache, ai;
};

static void run_free(uv_handle_t *timer)
{
	struct health_run *run = (struct health_run *)timer;
	arena_free(&run->arena);
	free(run);
}

static void set(struct health_check *check, bool fine, double latency_ms, const char *detail)
{
	check->status = fine ? "healthy" : "unhealthy";
	check->has_latency_ms = latency_ms >= 0;
	check->latency_ms = latency_ms;
	check->detail = detail;
}

static double elapsed_ms(const struct health_run *run)
{
	return (double)(clock_us() - run->started_us) / 1000;
}

/* The providers are the worker's affair; what this process can say is whether its environment names one. */
static void check_ai(struct health_run *run)
{
	const struct config *c = the_api.config;
	bool named = c->ai_provider.n || *c->openai_api_key || *c->groq_api_key || *c->grok_api_key || *c->ai_base_url;
	set(&run->ai, true, -1, named ? "a provider is set; the worker's metrics tell how it does" : "no provider is set: the built-in writer answers from the menu");
	if (!named || (c->ai_provider.n == 1 && !strcmp(c->ai_provider.v[0], "builtin")))
		run->ai.status = "builtin";
}

static void check_cache(struct health_run *run)
{
	set(&run->cache, true, -1, arena_printf(run->arena, "%zu restaurants, %zu bytes in memory", menu_cache_entries(the_api.menus), menu_cache_bytes(the_api.menus)));
}

static const char *durability(void)
{
	if (the_api.config->kafka_embedded)
		return "The embedded broker keeps accepted messages in memory only: not durable, for demonstration and development.";
	return "An accepted message is on the broker's disk, as durable as the broker is.";
}

static bool is_healthy(const struct health_check *check)
{
	return strcmp(check->status, "unhealthy") != 0;
}

static void finish(struct health_run *run)
{
	char now[CLOCK_TEXT];
	run->finished = true;
	pg_cancel(&run->ping);
	bool healthy = is_healthy(&run->database) && is_healthy(&run->broker) && is_healthy(&run->cache) && is_healthy(&run->ai) && !the_api.draining;
	struct health_checks checks = { .database = &run->database, .broker = &run->broker, .cache = &run->cache, .ai_service = &run->ai };
	clock_text(clock_wall_ms(), now);
	struct health_detailed all = {
		.status = healthy ? "healthy" : "unhealthy",
		.timestamp = now,
		.version = API_VERSION,
		.durability = durability(),
		.checks = &checks,
	};
	if (run->done)
		run->done(run->ctx, &all, healthy);
	run->done = NULL;
	if (!run->open && !uv_is_closing((uv_handle_t *)&run->deadline))
		uv_close((uv_handle_t *)&run->deadline, run_free);
}

static void checked(struct health_run *run)
{
	run->open--;
	if (!run->finished && !run->open)
		finish(run);
	else if (run->finished && !run->open)
		uv_close((uv_handle_t *)&run->deadline, run_free);
}

static void on_ping(void *ctx, const struct pg_result *result)
{
	struct health_run *run = ctx;
	run->ping = NULL;
	set(&run->database, !result->error, elapsed_ms(run), result->error ? error_row(result->error)->title : NULL);
	checked(run);
}

static void on_metadata(void *ctx, enum error error)
{
	struct health_run *run = ctx;
	if (!run->finished)
		set(&run->broker, !error && bus_up(the_api.bus), elapsed_ms(run), error ? error_row(error)->title : NULL);
	checked(run);
}

static void on_deadline(uv_timer_t *timer)
{
	struct health_run *run = (struct health_run *)timer;
	if (run->finished)
		return;
	if (run->ping)
		run->open--; /* cancelled in finish(): its callback will not come */
	finish(run);
}

struct health_run *health_check_all(health_fn *done, void *ctx)
{
	static const char late[] = "no answer within a second";
	struct health_run *run = calloc(1, sizeof(*run));
	if (!run)
		abort();
	run->done = done;
	run->ctx = ctx;
	run->arena = arena_new();
	run->started_us = clock_us();
	uv_timer_init(the_api.loop, &run->deadline);
	uv_timer_start(&run->deadline, on_deadline, HEALTH_MS, 0);
	set(&run->database, false, -1, late);
	set(&run->broker, false, -1, late);
	check_cache(run);
	check_ai(run);
	run->open = 2;
	run->ping = pg_query(the_api.pg, run->arena, NULL, ping, (&(struct ping_params){}), on_ping, run);
	bus_warm_up(the_api.bus, HEALTH_MS, on_metadata, run);
	return run;
}

void health_cancel(struct health_run **runp)
{
	struct health_run *run = *runp;
	*runp = NULL;
	if (run)
		run->done = NULL;
}
