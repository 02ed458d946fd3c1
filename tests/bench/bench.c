/* bench.c - `make bench`: the rows of design section 6 that exist so far, each beside the floor that it is measured against in the same run.
 *
 * Machines are shared and noisy: CPU time per chat and ratios within one run are what to trust; throughput is quoted beside them.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/bench/analytics.h"
#include "tests/bench/cpu.h"
#include "tests/bench/corrections.h"
#include "tests/bench/edits.h"
#include "tests/bench/imports.h"
#include "tests/bench/floor.h"
#include "tests/bench/load.h"
#include "tests/bench/mind.h"
#include "tests/bench/logins.h"
#include "tests/bench/table.h"
#include "tests/support/stack.h"

#define MENU "/api/v1/restaurants/the-cookie-jar/menu"
#define IDLE_SOCKETS 10000

static struct stack *stack;

static struct cpu began, used;

static void on_measured(void *ctx, int end)
{
	(void)ctx;
	struct cpu now = cpu_now(stack);
	if (end)
		used = (struct cpu){ now.api - began.api, now.worker - began.worker, now.broker - began.broker,
			             now.database - began.database };
	else
		began = now;
}

/* --- rows --- */

static void row(const char *id, const char *what, const char *unit, double value, double floor, const char *floor_what,
                double original, enum table_goal direction, double goal)
{
	table_add(&(struct table_row){ .id = id, .what = what, .unit = unit, .value = value, .floor = floor, .floor_what = floor_what, .original = original, .goal = goal, .direction = direction });
}

static struct load_result saturate(int sockets)
{
	struct load_options o = { .port = stack_port(stack, 0), .sockets = sockets, .warm_up_ms = 3000, .run_ms = 6000 };
	struct load_result r = load_run(&o, on_measured, NULL);
	if (r.errors)
		printf("  %lld errors at %d sockets\n", (long long)r.errors, sockets);
	printf("  %d sockets: CPU per chat in us: api %.0f, worker %.0f, broker %.0f, database %.0f; answer p50 %.1f ms, p99 %.1f ms\n",
	       sockets, used.api * 1e3 / (double)r.chats, used.worker * 1e3 / (double)r.chats,
	       used.broker * 1e3 / (double)r.chats, used.database * 1e3 / (double)r.chats, r.answer_p50_ms, r.answer_p99_ms);
	return r;
}

static void bench_saturation(void)
{
	static const int sockets[] = { 50, 200, 1000 };
	static const double originals[] = { 384, 367, 376 };
	static const char *const ids[] = { "chats_50", "chats_200", "chats_1000" };
	for (int i = 0; i < 3; i++) {
		char what[60];
		struct load_result r = saturate(sockets[i]);
		snprintf(what, sizeof(what), "complete chats per second, %d sockets", sockets[i]);
		row(ids[i], strdup(what), "/s", (double)r.chats / r.seconds, -1, "", originals[i], TABLE_AT_LEAST, 4000);
		if (sockets[i] == 200)
			row("chat_cpu", "CPU per stored 20-token chat", "ms",
			    (used.api + used.worker + used.broker + used.database) / (double)r.chats, -1, "", 4.7, TABLE_AT_MOST, 0.25);
		if (sockets[i] == 1000)
			row("first_token_busy", "first token with 1,000 busy sockets, p50", "ms", r.first_p50_ms, -1, "", 2700,
			    TABLE_AT_MOST, 250);
	}
}

static void bench_first_token(void)
{
	static const int rates[] = { 20, 200 };
	for (int i = 0; i < 2; i++) {
		double floor50, floor99;
		struct load_options o = { .port = stack_port(stack, 0), .sockets = 200, .rate = rates[i], .warm_up_ms = 2000, .run_ms = rates[i] == 20 ? 15000 : 8000 };
		floor_kafka(stack_brokers(stack), stack_topic_prefix(stack), rates[i], rates[i] == 20 ? 200 : 1000, &floor50, &floor99);
		struct load_result r = load_run(&o, NULL, NULL);
		row(i ? "first_200_p50" : "first_20_p50", i ? "first token at 200/s, p50" : "first token at 20/s, p50", "ms",
		    r.first_p50_ms, floor50, "ms, two raw Kafka hops", i ? -1 : 8, TABLE_AT_MOST, 4);
		row(i ? "first_200_p99" : "first_20_p99", i ? "first token at 200/s, p99" : "first token at 20/s, p99", "ms",
		    r.first_p99_ms, floor99, "ms, two raw Kafka hops", i ? -1 : 10, TABLE_AT_MOST, 10);
	}
}

/* Requests a second by wrk; -1 when it is not there. */
static double wrk(int port, const char *path)
{
	char command[300], line[200];
	double rate = -1;
	snprintf(command, sizeof(command), "wrk -t1 -c64 -d3s http://127.0.0.1:%d%s 2>&1", port, path);
	FILE *out = popen(command, "r");
	while (out && fgets(line, sizeof(line), out)) {
		sscanf(line, "Requests/sec: %lf", &rate);
		if (strstr(line, "Non-2xx"))
			printf("  %s", line);
	}
	if (out)
		pclose(out);
	return rate;
}

static void bench_menu(void)
{
	int status, port;
	char *body = strdup(stack_get(stack, 0, MENU, &status));
	pid_t bare = floor_h2o_start(body, strlen(body), &port);
	double ratios[5], ours = 0, theirs = 0;
	wrk(stack_port(stack, 0), MENU);
	for (int i = 0; i < 5; i++) {
		double a = wrk(stack_port(stack, 0), MENU), b = wrk(port, MENU);
		ratios[i] = 100 * a / b;
		ours = a > ours ? a : ours;
		theirs = b > theirs ? b : theirs;
	}
	floor_h2o_stop(bare);
	table_sort(ratios, 5);
	printf("  menu GET of %zu bytes: %.0f/s, bare h2o %.0f/s (best of 5 each)\n", strlen(body), ours, theirs);
	row("menu_get", "menu GET from cache, of a bare h2o's static body", "%", ratios[2], 100, "% (bare h2o)", -1, TABLE_AT_LEAST, 85);
	row("menu_get_rate", "menu GET from cache", "/s", ours, theirs, "/s, bare h2o", 7060, TABLE_AT_LEAST, 0.85 * theirs);
	free(body);
}

static double rss_kb(pid_t pid)
{
	char path[60], line[200];
	double kb = 0;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "VmRSS: %lf kB", &kb);
	if (file)
		fclose(file);
	return kb;
}

static void bench_memory(void)
{
	double api = rss_kb(stack_pid(stack, STACK_API, 0)), worker = rss_kb(stack_pid(stack, STACK_WORKER, 0));
	row("idle_memory", "memory of api and worker, idle", "MB", (api + worker) / 1024, -1, "", 543, TABLE_AT_MOST, 30);
	int open = load_idle_open(stack_port(stack, 0), IDLE_SOCKETS);
	sleep(2); /* what the handshakes left is given back in the next turns; nothing is waited for */
	double full = rss_kb(stack_pid(stack, STACK_API, 0));
	row("socket_memory", "memory of each idle socket (10,000 open)", "KB", (full - api) / open, -1, "", 38, TABLE_AT_MOST, 8);
	load_idle_close();
}

/* From fork to the first answer of /health. */
static void bench_start(void)
{
	double times[5];
	for (int i = 0; i < 5; i++) {
		int status = 0;
		stack_terminate(stack, STACK_API, 0);
		int64_t start = clock_us();
		stack_launch(stack, STACK_API, 0);
		while (stack_get(stack, 0, "/health", &status), status != 200)
			nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
		times[i] = (double)(clock_us() - start) / 1e3;
	}
	table_sort(times, 5);
	row("start_up", "api: process start to serving (median of 5)", "ms", times[2], -1, "", -1, TABLE_AT_MOST, 100);
}

static void bench_editing(void)
{
	bench_edits(stack);
}

static void bench_correcting(void)
{
	bench_corrections(stack);
}

static void bench_importing(void)
{
	bench_imports(stack);
}

static void bench_analysing(void)
{
	bench_analytics(stack);
}

static void bench_signing_in(void)
{
	bench_logins(stack);
}

static void start(const char *model);

/* The menu's own answer: no provider, as after a breaker has opened. */
static void bench_fallback(void)
{
	stack_stop(&stack);
	start(NULL);
	struct load_options o = { .port = stack_port(stack, 0), .sockets = 200, .rate = 20, .warm_up_ms = 2000, .run_ms = 12000 };
	struct load_result r = load_run(&o, NULL, NULL);
	row("first_fallback_p50", "first sentence from the menu at 20/s, p50", "ms", r.first_p50_ms, -1, "", -1, TABLE_AT_MOST, 30);
	row("first_fallback_p99", "first sentence from the menu at 20/s, p99", "ms", r.first_p99_ms, -1, "", -1, TABLE_AT_MOST, 30);
	stack_stop(&stack);
}

static void start(const char *model)
{
	stack = stack_start(&(struct stack_options){ .model = model, .env = { "LOG_LEVEL=warn", "WORKER_METRICS=127.0.0.1:0", "EVENTS_ADDRESS_LIMIT=off", NULL } });
}

/* Sections in the order in which they run; each by a name, so that one alone can be looked at. */
static const struct {
	const char *name;
	void (*run)(void);
} sections[] = {
	{ "mind", bench_mind },
	{ "memory", bench_memory },
	{ "corrections", bench_correcting }, /* before thousands of answers name the dish: each of them is corrected */
	{ "first", bench_first_token },
	{ "saturation", bench_saturation },
	{ "menu", bench_menu },
	{ "edits", bench_editing },
	{ "logins", bench_signing_in },
	{ "imports", bench_importing },
	{ "analytics", bench_analysing },
	{ "start", bench_start },
	{ "fallback", bench_fallback },
};

static bool wanted(int argc, char **argv, const char *name)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return argc == 1;
}

int main(int argc, char **argv)
{
	if (access("/usr/bin/wrk", X_OK)) {
		fputs("bench: wrk is missing; deploy/dev/setup.sh test installs it\n", stderr);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Memory is measured in processes that did nothing else. */
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		if (!wanted(argc, argv, sections[i].name))
			continue;
		bool alone = sections[i].run == bench_mind;
		if (!stack && !alone)
			start("--persona bench --tokens 20");
		sections[i].run();
		if (sections[i].run == bench_memory)
			stack_stop(&stack);
	}
	if (stack)
		stack_stop(&stack);
	table_print();
	return !table_write("bench/results.json");
}
