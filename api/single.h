/* single.h - answers that are one query's only row: JSON text in its column `body`. No row, or NULL: 404 with the words given.
 *
 * Never kept by a cache: what is read here is private or about now. Loop thread only.
 */
#ifndef API_SINGLE_H
#define API_SINGLE_H

#include "common/query.h"

struct request;

/* The query's columns must be C(json, body). `params` is copied; `missing` is static. */
void single_ask(struct request *r, const char *tenant, enum query_id query, const void *params, const char *missing);

#endif
