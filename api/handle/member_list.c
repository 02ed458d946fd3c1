/* GET /api/v1/restaurants/{slug}/members - who works here, and as what. */
#include "api/access.h"
#include "api/listing.h"
#include "api/router.h"

void member_list_handle(struct request *r, const struct none *in)
{
	struct member_list_params params = { .limit_ = request_query_int(r, "limit"), .offset_ = request_query_int(r, "offset") };
	(void)in;
	listing_ask(r, request_principal(r)->restaurant_id, QUERY_member_list, &params);
}
