/* search_vain.h - a guest's search that found nothing, as something asked for in vain. Pure.
 *
 * The app sends what was searched and how much was found as the event's data: {"query":"pizza","results":0}. Metrics must stay few, so what was searched becomes one of the
 * well-known foods (chat_foods.def) or "something_else"; the guest's words stay with the row, as a sample.
 */
#ifndef WORKERS_SEARCH_VAIN_H
#define WORKERS_SEARCH_VAIN_H

#include <stdbool.h>

#include "schemas.h"

#define SEARCH_QUERY_BYTES 200

struct search_vain {
	const char *food;
	char query[SEARCH_QUERY_BYTES + 1];
};

/* False for everything but a person's search of three characters or more that says that nothing was found. */
bool search_vain_read(const struct interaction *e, struct search_vain *vain_r);

#endif
