/* corrections.h - the benchmark's rows of corrections: how soon a guest hears that an answer is true no more. */
#ifndef TESTS_BENCH_CORRECTIONS_H
#define TESTS_BENCH_CORRECTIONS_H

#include "tests/support/stack.h"

/* Adds the rows. One guest at a time is told that a dish can be had, then it sells out. */
void bench_corrections(struct stack *stack);

#endif
