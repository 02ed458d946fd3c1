/* floor.h - what the product is measured against: the libraries alone, in the same run on the same machine. */
#ifndef TESTS_BENCH_FLOOR_H
#define TESTS_BENCH_FLOOR_H

#include <stddef.h>
#include <sys/types.h>

/* Two raw Kafka hops (produce, consume, produce, consume; acks=all, linger 0): round trip at `rate` a second. Topics are made. */
void floor_kafka(const char *brokers, const char *prefix, double rate, int rounds, double *p50_ms_r, double *p99_ms_r);

/* A bare libh2o server that answers every request with `body`, on a free port; a process of its own. */
pid_t floor_h2o_start(const char *body, size_t len, int *port_r);
void floor_h2o_stop(pid_t pid);

#endif
