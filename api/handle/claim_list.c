/* GET /api/v1/chat/{slug}/claims - who was told what about a dish, newest first. Sessions are not named: who knows one can read it. */
#include "api/access.h"
#include "api/listing.h"
#include "api/router.h"

void claim_list_handle(struct request *r, const struct none *in)
{
	struct claim_list_params params = {
		.item_id = request_query(r, "item_id"),
		.since = request_query(r, "since"),
		.limit_ = request_query_int(r, "limit"),
		.offset_ = request_query_int(r, "offset"),
	};
	(void)in;
	listing_ask(r, request_principal(r)->restaurant_id, QUERY_claim_list, &params);
}
