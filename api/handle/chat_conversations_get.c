/* GET /api/v1/chat/{slug}/conversations - who talked to the assistant lately, for those who work there. */
#include "api/access.h"
#include "api/listing.h"
#include "api/router.h"

void chat_conversations_get_handle(struct request *r, const struct none *body)
{
	struct conversation_list_params params = { .limit_ = request_query_int(r, "limit"), .offset_ = request_query_int(r, "offset") };
	(void)body;
	listing_ask(r, request_principal(r)->restaurant_id, QUERY_conversation_list, &params);
}
