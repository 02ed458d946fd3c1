/* logins.c - see logins.h. A login hashes a password with argon2id, which takes tens of milliseconds of a processor: in the thread pool, so that the loop goes on.
 * Both rates are open: what is due goes out at its time, and the time runs from when it was due. */
#include "tests/bench/logins.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/bench/table.h"
#include "tests/support/http_client.h"
#include "tests/support/stack.h"

#define MENU "GET /api/v1/restaurants/the-cookie-jar/menu HTTP/1.1\r\nHost: bench\r\n\r\n"
#define LOGIN "{\"email\":\"nobody@bench.example\",\"password\":\"not the right one\"}"
#define READS_PER_S 200
#define LOGINS_PER_S 20
#define RUN_MS 6000
#define ROUNDS 3
#define ANSWER_MS 20000

static void wait_until(int64_t due_us)
{
	int64_t left = due_us - clock_us();
	if (left > 0)
		nanosleep(&(struct timespec){ .tv_sec = left / 1000000, .tv_nsec = left % 1000000 * 1000 }, NULL);
}

/* The p99 of menu reads, in ms. */
static double reads(int port)
{
	static double times[READS_PER_S * RUN_MS / 1000];
	const size_t n = sizeof(times) / sizeof(*times);
	struct http_client *c = http_client_open(port);
	int64_t begin = clock_us();
	for (size_t i = 0; i < n; i++) {
		int64_t due = begin + (int64_t)i * 1000000 / READS_PER_S;
		wait_until(due);
		http_client_say(c, MENU);
		if (http_client_read(c, ANSWER_MS).status != 200)
			puts("  a menu was not answered");
		times[i] = (double)(clock_us() - due) / 1e3;
	}
	http_client_close(&c);
	table_sort(times, n);
	return times[n * 99 / 100];
}

/* Logins in a process of their own, several at a time: each of its children has its share of the rate. */
static pid_t logins_start(int port)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int part = 0;
	while (part < 3 && fork())
		part++;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int64_t begin = clock_us() + part * 1000000 / LOGINS_PER_S, step = 4 * 1000000 / LOGINS_PER_S;
	for (int i = 0; clock_us() < begin + (int64_t)(RUN_MS + 1000) * 1000; i++) {
		wait_until(begin + i * step);
		http_ask(port, "POST", "/api/v1/auth/login", "Content-Type: application/json\r\n", LOGIN);
	}
	while (part == 3 && wait(NULL) > 0)
		;
	_exit(0);
}

static double median(double *v)
{
	table_sort(v, ROUNDS);
	return v[ROUNDS / 2];
}

void bench_logins(struct stack *stack)
{
	double quiet[ROUNDS], busy[ROUNDS];
	int port = stack_port(stack, 0);
	for (int i = 0; i < ROUNDS; i++) {
		quiet[i] = reads(port);
		pid_t pid = logins_start(port);
		busy[i] = reads(port);
		waitpid(pid, NULL, 0);
	}
	double without = median(quiet);
	table_add(&(struct table_row){ .id = "login_beside", .what = "p99 of menu reads while 20 logins a second are hashed", .unit = "ms", .value = median(busy), .floor = without, .floor_what = "ms without logins", .original = -1, .goal = 1.2 * without, .direction = TABLE_AT_MOST });
}
