/* GET /api/v1/admin/dead-letters - events that were given up. */
#include "api/listing.h"
#include "api/router.h"

void dead_letter_list_handle(struct request *r, const struct none *body)
{
	struct dead_letter_list_params params = { .limit_ = request_query_int(r, "limit"), .offset_ = request_query_int(r, "offset") };
	(void)body;
	listing_ask(r, NULL, QUERY_dead_letter_list, &params);
}
