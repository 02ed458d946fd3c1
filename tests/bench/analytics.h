/* analytics.h - rows of the benchmark: events of guests accepted and stored, and the report of a year. */
#ifndef TESTS_BENCH_ANALYTICS_H
#define TESTS_BENCH_ANALYTICS_H

struct stack;

void bench_analytics(struct stack *stack);

#endif
