/* logins.h - what logins cost everybody else: the p99 of other requests at a fixed rate, with and without 20 logins a second beside them. */
#ifndef TESTS_BENCH_LOGINS_H
#define TESTS_BENCH_LOGINS_H

struct stack;
void bench_logins(struct stack *stack); /* adds its row to the table */

#endif
