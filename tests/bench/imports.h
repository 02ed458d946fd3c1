/* imports.h - an import of 100,000 new dishes, from the published file to the live menu, against the same file by COPY and INSERT ... ON CONFLICT. */
#ifndef TESTS_BENCH_IMPORTS_H
#define TESTS_BENCH_IMPORTS_H

struct stack;
void bench_imports(struct stack *stack); /* adds its rows to the table */

#endif
