/* GET /api/v1/users - everybody who may sign in. */
#include "api/listing.h"
#include "api/router.h"

void user_list_handle(struct request *r, const struct none *in)
{
	struct user_list_params params = { .limit_ = request_query_int(r, "limit"), .offset_ = request_query_int(r, "offset") };
	(void)in;
	listing_ask(r, NULL, QUERY_user_list, &params);
}
