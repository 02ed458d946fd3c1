/* mind.h - CPU time of the assistant's own thinking; adds its rows to the table. */
#ifndef TESTS_BENCH_MIND_H
#define TESTS_BENCH_MIND_H

void bench_mind(void);

#endif
