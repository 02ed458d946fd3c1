/* single.h - answers that are one query's only row: JSON text in its column `body`. No row, or NULL: 404 with the words given.
 *
 * Never kept by a cache: what is read here is private or about now. Loop thread only.
 */
#ifndef API_SINGLE_H
#define API_SINGLE_H

#include <stddef.h>

#include "common/query.h"

struct request;

/* The query's columns must be C(json, body). `params` is copied; `missing` is static. */
void single_ask(struct request *r, const char *tenant, enum query_id query, const void *params, const char *missing);

/* JSON text of the database as the answer, without its spaces; more than `bytes_max` is an error that says so. */
void single_reply(struct request *r, int status, const char *json, size_t bytes_max);

#endif
