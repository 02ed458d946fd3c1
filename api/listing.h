/* listing.h - answers of routes that give a list: one query, whose only row is the page as JSON and how many there are in all.
 *
 * Sets X-Total-Count and an ETag made of the answer's bytes, and honours If-None-Match. No row: there is no such active restaurant (404). A client that goes away
 * is forgotten. The query's columns must be C(json, body) C(int8, total). Loop thread only.
 */
#ifndef API_LISTING_H
#define API_LISTING_H

#include "common/query.h"

struct request;

/* `tenant` NULL: a PUBLIC query. `params` is the query's struct, copied. */
void listing_ask(struct request *r, const char *tenant, enum query_id query, const void *params);

#endif
