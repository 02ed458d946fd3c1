/* server.h - the worker's window: GET /metrics (Prometheus text) and GET /health on WORKER_METRICS ("host:port", port 0 takes a free one).
 *
 * For scrapers and probes on a private address: no TLS, no tokens, nothing else is answered. The only file of the worker that includes h2o.
 */
#ifndef WORKERS_SERVER_H
#define WORKERS_SERVER_H

#include <uv.h>

#include "common/error.h"

struct server;

/* `address` "" gives no server and *port_r 0. A bad or busy address is ERROR_invalid with *why_r in one line. */
MUST_CHECK enum error server_new(uv_loop_t *loop, const char *address, struct server **server_r, int *port_r, const char **why_r);
void server_free(struct server **server);   /* stops listening; open connections end with the process */

#endif
