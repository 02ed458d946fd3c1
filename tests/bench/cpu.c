/* cpu.c - see cpu.h. */
#include "tests/bench/cpu.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/stack.h"

static long long ticks_of(int pid, int *parent_r)
{
	char path[60];
	unsigned long long user = 0, system = 0;
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *file = fopen(path, "r");
	if (!file)
		return -1;
	int n = fscanf(file, "%*d (%*[^)]) %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", parent_r, &user, &system);
	fclose(file);
	return n == 3 ? (long long)(user + system) : -1;
}

static int pid_in(const char *dir, const char *name)
{
	char path[400];
	int pid = 0;
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	FILE *file = fopen(path, "r");
	if (file) {
		if (fscanf(file, "%d", &pid) != 1)
			pid = 0;
		fclose(file);
	}
	return pid;
}

/* The postmaster and its children. */
static long long postgres_ticks(int postmaster)
{
	long long sum = 0;
	DIR *proc = opendir("/proc");
	for (struct dirent *e; (e = readdir(proc));) {
		int parent = 0, pid = (int)strtol(e->d_name, NULL, 10);
		long long ticks = pid ? ticks_of(pid, &parent) : -1;
		if (ticks >= 0 && (pid == postmaster || parent == postmaster))
			sum += ticks;
	}
	closedir(proc);
	return sum;
}

struct cpu cpu_now(const struct stack *stack)
{
	int parent;
	double ms = 1e3 / (double)sysconf(_SC_CLK_TCK);
	return (struct cpu){
		.api = (double)stack_cpu_us(stack, STACK_API, 0) / 1e3,
		.worker = (double)stack_cpu_us(stack, STACK_WORKER, 0) / 1e3,
		.broker = (double)ticks_of(pid_in(getenv("TEST_KAFKA_DIR"), "pid"), &parent) * ms,
		.database = (double)postgres_ticks(pid_in(getenv("TEST_POSTGRES_DIR"), "data/postmaster.pid")) * ms,
	};
}
