/* prometheus.h - a real Prometheus with the rules of deploy/prometheus, scraping what a test names, for tests. No Criterion; what cannot be had ends the program. */
#ifndef TESTS_PROMETHEUS_H
#define TESTS_PROMETHEUS_H

#include <jansson.h>

struct prometheus;

/* Scrapes 127.0.0.1:api_port as the job "api" and 127.0.0.1:worker_port as "worker", every second. */
struct prometheus *prometheus_start(int api_port, int worker_port);
void prometheus_stop(struct prometheus **p);

/* GET of its HTTP API; the path with its query, already escaped. The member "data", the caller's; NULL when it said no: why is then in *error_r (static). */
json_t *prometheus_get(const struct prometheus *p, const char *path, const char **error_r);
/* An instant query: the vector's length, -1 when it was refused. */
long prometheus_query(const struct prometheus *p, const char *expression, const char **error_r);

#endif
