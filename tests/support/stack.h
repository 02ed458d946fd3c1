/* stack.h - the product as a user has it, for tests and benchmarks: real api and worker processes, a database and topics of their own on the
 * servers that tests/run.sh started (TEST_DATABASE_URL, TEST_KAFKA_BROKERS), or the embedded broker, and a model double.
 *
 * Blocking, with deadlines; what cannot be had ends the program at once with a message (abort), nothing is skipped. Processes are started and stopped by process
 * id; they die with the test process. Ports are free ones. Logs of the processes are in $BUILD/stack-logs/<name>/ and are named when a test fails.
 */
#ifndef TESTS_STACK_H
#define TESTS_STACK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define STACK_PROCESSES_MAX 4
#define STACK_PARTITIONS 4

struct stack;

struct stack_options {
	const char *model;   /* arguments of modeldouble, "--persona bench --tokens 20"; NULL: the built-in writer answers */
	bool embedded;       /* the embedded broker in place of real Kafka */
	bool own_broker;     /* a real Kafka of its own, which the test may kill and start again: stack_broker_dir() */
	int apis, workers;   /* 0 = 1 */
	const char *env[16]; /* "NAME=value" for api and worker; NULL-terminated */
	bool limits_on;      /* keep the rate limits of chat and login (else they are off) */
};

enum stack_kind { STACK_API,
	          STACK_WORKER,
	          STACK_MODEL,
	          STACK_BROKER,
	          STACK_KINDS };

struct stack *stack_start(const struct stack_options *options); /* migrated, seeded, healthy, partitions assigned */
void stack_stop(struct stack **stack);                          /* SIGTERM; every process must exit with 0 within 32 s (a dead broker costs the longest), else the test fails */

int stack_port(const struct stack *s, int api);
pid_t stack_pid(const struct stack *s, enum stack_kind kind, int index);
const char *stack_database_url(const struct stack *s);
const char *stack_brokers(const struct stack *s);
const char *stack_broker_dir(const struct stack *s); /* of its own broker */
const char *stack_topic_prefix(const struct stack *s);

void stack_signal(struct stack *s, enum stack_kind kind, int index, int signal);
void stack_kill(struct stack *s, enum stack_kind kind, int index);      /* kill -9 and reap; it may be started again */
void stack_terminate(struct stack *s, enum stack_kind kind, int index); /* SIGTERM and reap: must exit with 0 */
void stack_launch(struct stack *s, enum stack_kind kind, int index);    /* does not wait until it serves; an api keeps its port */
void stack_wait_ready(struct stack *s, enum stack_kind kind, int index);

/* One value from the database as text ("" for NULL or no row); static until the next call. Waits for the server when it restarts. */
const char *stack_query(struct stack *s, const char *sql);
int64_t stack_count(struct stack *s, const char *sql);
/* Members of the double's /stats. */
int64_t stack_model_stat(struct stack *s, const char *name);
/* GET of an api; status in *status_r, body static until the next call. */
const char *stack_get(struct stack *s, int api, const char *path, int *status_r);
/* The port of a worker's /metrics (start it with WORKER_METRICS=127.0.0.1:0), and a GET of any address. */
int stack_worker_port(const struct stack *s, int worker);
const char *stack_fetch(struct stack *s, const char *url);
/* CPU time used so far, user and system, in microseconds; 0 when the process is gone. */
int64_t stack_cpu_us(const struct stack *s, enum stack_kind kind, int index);

/* Polls `sql` until its value is `value`; fails the test after `ms`. */
void stack_expect(struct stack *s, const char *sql, const char *value, int64_t ms);

#endif
