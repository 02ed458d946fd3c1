/* router_internal.h - the parts of the router's work: what comes in (input.c), what goes with every answer (cors.c). */
#ifndef API_ROUTER_INTERNAL_H
#define API_ROUTER_INTERNAL_H

#include "api/request_internal.h"
#include "api/router.h"

/* Query parameters of the route, and the body, against their tables. False: refused, and answered. */
bool input_params_valid(struct request *r);
/* Is the body JSON by its headers? False: answered with 415. */
bool input_is_json(struct request *r);
bool input_decode(struct request *r, const struct schema *schema, size_t size, void **body_r);

/* Is it what may stand there in a path? */
bool input_path_fits(const struct path_row *row, const char *text);

/* The headers of a preflight's answer; none when the origin is not on the list. */
void cors_preflight(struct request *r, unsigned methods);
/* Is it on CORS_ORIGINS? */
bool cors_origin_listed(const char *origin, size_t len);

#endif
