/* server_metrics.h - the worker's window: GET /metrics (Prometheus text) and GET /health on WORKER_METRICS ("host:port", port 0 takes a free one).
 *
 * For scrapers and probes on a private address: no TLS, no tokens, nothing else is answered. The only file of the worker that includes h2o.
 */
#ifndef WORKERS_SERVER_METRICS_H
#define WORKERS_SERVER_METRICS_H

#include <uv.h>

#include "common/error.h"

struct metrics_server;

/* `address` "" gives no server and *port_r 0. A bad or busy address is ERROR_invalid with *why_r in one line. */
MUST_CHECK enum error metrics_server_new(uv_loop_t *loop, const char *address, struct metrics_server **server_r, int *port_r, const char **why_r);
void metrics_server_free(struct metrics_server **server); /* stops listening; open connections end with the process */

#endif
