/* stack_broker.h - the real Kafka of a stack: one of its own that a test may kill, and tidying up in the shared one. */
#ifndef TESTS_STACK_BROKER_H
#define TESTS_STACK_BROKER_H

#include <stddef.h>

/* deploy/dev/kafka.sh VERB DIR; what it prints (start: host:port) goes to `out` (may be NULL). Ends the program when the script fails. */
void stack_broker(const char *verb, const char *dir, char *out, size_t size);
/* Every topic of topics.def behind the prefix; what is there stays. */
void stack_make_topics(const char *brokers, const char *prefix, int partitions);
/* Deletes every topic of topics.def behind the prefix: thousands of them make a broker slow. */
void stack_forget_topics(const char *brokers, const char *prefix);

#endif
