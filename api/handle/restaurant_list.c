#include "api/listing.h"
#include "api/router.h"

void restaurant_list_handle(struct request *r, const struct none *body)
{
	(void)body;
	struct restaurant_list_params params = { .limit_ = request_query_int(r, "limit"), .offset_ = request_query_int(r, "offset") };
	listing_ask(r, NULL, QUERY_restaurant_list, &params);
}
