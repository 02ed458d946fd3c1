/* stack_internal.h - what the files of the stack share; tests see stack.h. */
#ifndef TESTS_STACK_INTERNAL_H
#define TESTS_STACK_INTERNAL_H

#include <postgresql/libpq-fe.h>
#include <stdio.h>

#include "tests/support/stack.h"

#define STACK_READY_MS 30000

struct process {
	pid_t pid;
	int port;
	char file[300]; /* port or ready file */
};

struct stack {
	struct stack_options options;
	char name[24], dir[200], url[600], prefix[32], brokers[200], broker_dir[300];
	struct process processes[STACK_KINDS][STACK_PROCESSES_MAX];
	PGconn *db;
	char *text; /* last value or body */
};

/* Also for programs that are no Criterion tests: says what is wrong and aborts, which fails the test. */
void stack_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

#define CHECK(condition, ...) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
			stack_fail(" " __VA_ARGS__); \
		} \
	} while (0)

const char *stack_need(const char *name); /* of the environment; ends the program when it is missing */
void stack_nap(void);
void stack_make_database(struct stack *s);
void stack_drop_database(struct stack *s);

#endif
