/* GET /api/v1/chat/{slug}/conversations/{id} - all of one conversation, for those who work there. */
#include "api/access.h"
#include "api/router.h"
#include "api/single.h"

void chat_conversation_get_handle(struct request *r, const struct none *body)
{
	struct conversation_get_params params = { .id = request_param(r, "id") };
	(void)body;
	single_ask(r, request_principal(r)->restaurant_id, QUERY_conversation_get, &params, "There is no such conversation.");
}
