/* GET /api/v1/chat/{slug}/sessions/{session_id} - everything that is kept about a session. Whoever knows its id may have it. */
#include "api/place.h"
#include "api/menu_cache.h"
#include "api/router.h"
#include "api/single.h"

static void with_place(struct request *r, const struct menu_restaurant *found, void *ctx)
{
	struct conversation_get_params params = { .session_id = request_param(r, "session_id") };
	(void)ctx;
	single_ask(r, found->id, QUERY_conversation_get, &params, "There is no such session.");
}

void chat_session_get_handle(struct request *r, const struct none *body)
{
	(void)body;
	place_find(r, with_place, NULL);
}
