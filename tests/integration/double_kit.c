/* double_kit.c - see double_kit.h. */
#include "tests/integration/double_kit.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"

#define ARGUMENTS_MAX 20
#define START_MS 10000

static void on_tick(uv_timer_t *timer)
{
	(void)timer;
}

bool double_kit_until(struct double_kit *k, bool (*condition)(void *ctx), void *ctx, int64_t ms)
{
	int64_t until = clock_ms() + ms;
	uv_timer_start(&k->tick, on_tick, 2, 2);
	while (!condition(ctx) && clock_ms() < until)
		uv_run(&k->loop, UV_RUN_ONCE);
	uv_timer_stop(&k->tick);
	return condition(ctx);
}

static bool never(void *ctx)
{
	(void)ctx;
	return false;
}

void double_kit_turn(struct double_kit *k, int64_t ms)
{
	double_kit_until(k, never, NULL, ms);
}

static const char *build_dir(void)
{
	const char *build = getenv("BUILD");
	return build ? build : "build";
}

static void run_double(const char *port_file, const char *const *arguments)
{
	const char *argv[ARGUMENTS_MAX] = { "modeldouble", "--port", "0", "--port-file", port_file };
	char program[500];
	size_t n = 5;
	for (size_t i = 0; arguments[i] && n < ARGUMENTS_MAX - 1; i++)
		argv[n++] = arguments[i];
	snprintf(program, sizeof(program), "%s/modeldouble", build_dir());
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	execv(program, (char *const *)argv);
	perror(program);
	_exit(127);
}

struct port_file {
	char path[300];
	pid_t pid;
	int port;
};

static bool has_port(void *ctx)
{
	struct port_file *f = ctx;
	FILE *file = fopen(f->path, "r");
	cr_assert(file || waitpid(f->pid, NULL, WNOHANG) == 0, "the double ended at once");
	if (!file)
		return false;
	if (fscanf(file, "%d", &f->port) != 1)
		f->port = 0;
	fclose(file);
	return f->port > 0;
}

static void start_double(struct double_kit *k, const char *const *arguments)
{
	static int started;
	struct port_file f = { .port = 0 };
	snprintf(f.path, sizeof(f.path), "%s/double-%d-%d.port", build_dir(), (int)getpid(), ++started);
	unlink(f.path);
	f.pid = fork();
	if (f.pid == 0)
		run_double(f.path, arguments);
	cr_assert_gt(f.pid, 0);
	cr_assert(double_kit_until(k, has_port, &f, START_MS), "the double does not start");
	unlink(f.path);
	k->pid = f.pid;
	k->port = f.port;
}

void double_kit_open(struct double_kit *k, const char *const *arguments)
{
	*k = (struct double_kit){ .http = NULL };
	log_init("test", LOG_error);
	signal(SIGPIPE, SIG_IGN);
	unsetenv("http_proxy");
	uv_loop_init(&k->loop);
	uv_timer_init(&k->loop, &k->tick);
	cr_assert_eq(http_new(&k->loop, 300, &k->http), ERROR_none);
	start_double(k, arguments);
	snprintf(k->base, sizeof(k->base), "http://127.0.0.1:%d/v1", k->port);
	k->config = (struct config){ .ai_base_url = k->base, .ai_model = "", .openai_api_key = "", .groq_api_key = "", .grok_api_key = "", .ai_connect_ms = 1000, .ai_first_ms = 2000, .ai_gap_ms = 500, .ai_total_ms = 20000, .ai_max_tokens = 600, .ai_concurrency = 512 };
}

void double_kit_llm(struct double_kit *k)
{
	for (size_t i = 0; k->providers[i]; i++)
		k->config.ai_provider.n = i + 1;
	k->config.ai_provider.v = k->providers;
	cr_assert_eq(llm_new(&k->loop, k->http, &k->config, &k->llm), ERROR_none);
}

void double_kit_close(struct double_kit *k)
{
	if (k->llm)
		llm_free(&k->llm);
	http_free(&k->http);
	uv_close((uv_handle_t *)&k->tick, NULL);
	uv_run(&k->loop, UV_RUN_DEFAULT);
	cr_assert_eq(uv_loop_close(&k->loop), 0, "a handle was left open");
	kill(k->pid, SIGKILL);
	waitpid(k->pid, NULL, 0);
}

struct stats {
	char body[100000];
	size_t len;
	bool done;
};

static bool on_stats_data(void *ctx, int status, const char *bytes, size_t len)
{
	struct stats *s = ctx;
	(void)status;
	if (len > sizeof(s->body) - 1 - s->len)
		len = sizeof(s->body) - 1 - s->len;
	memcpy(s->body + s->len, bytes, len);
	s->len += len;
	return true;
}

static void on_stats_done(void *ctx, const struct http_result *result)
{
	struct stats *s = ctx;
	cr_assert(result->error == ERROR_none && result->status == 200);
	s->done = true;
}

static bool is_done(void *ctx)
{
	return ((struct stats *)ctx)->done;
}

int64_t double_kit_stat(struct double_kit *k, const char *name)
{
	struct stats *s = calloc(1, sizeof(*s));
	struct http_call *call;
	char url[100], quoted[40];
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/stats", k->port);
	struct http_spec spec = { .method = "GET", .url = url, .connect_ms = 1000, .first_ms = 3000, .gap_ms = 3000, .total_ms = 3000, .max_bytes = sizeof(s->body) };
	cr_assert_eq(http_start(k->http, &spec, on_stats_data, on_stats_done, s, &call), ERROR_none);
	cr_assert(double_kit_until(k, is_done, s, 5000));
	snprintf(quoted, sizeof(quoted), "\"%s\":", name);
	const char *at = strstr(s->body, quoted);
	cr_assert_not_null(at, "no %s in %s", name, s->body);
	int64_t value = strtoll(at + strlen(quoted), NULL, 10);
	free(s);
	return value;
}
