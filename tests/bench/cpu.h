/* cpu.h - CPU time of all that a piece of work costs: api, worker, broker and database. */
#ifndef TESTS_BENCH_CPU_H
#define TESTS_BENCH_CPU_H

struct stack;

struct cpu {
	double api, worker, broker, database; /* ms since each began; children of the postmaster that ended are missing */
};

struct cpu cpu_now(const struct stack *stack);

#endif
