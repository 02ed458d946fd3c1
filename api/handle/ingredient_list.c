#include "api/listing.h"
#include "api/router.h"

void ingredient_list_handle(struct request *r, const struct none *body)
{
	(void)body;
	struct ingredient_list_params params = { .limit_ = request_query_int(r, "limit"), .offset_ = request_query_int(r, "offset") };
	listing_ask(r, request_param(r, "id"), QUERY_ingredient_list, &params);
}
