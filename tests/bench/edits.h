/* edits.h - the benchmark's rows of edits: how many a second, and how soon a guest's socket knows. */
#ifndef TESTS_BENCH_EDITS_H
#define TESTS_BENCH_EDITS_H

#include "tests/support/stack.h"

/* Adds the rows; prints what stands beside them. The stack is durable: PostgreSQL waits for the disk. */
void bench_edits(struct stack *stack);

#endif
