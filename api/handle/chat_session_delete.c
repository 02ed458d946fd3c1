/* DELETE /api/v1/chat/{slug}/sessions/{session_id} - what the guest said goes, and what is known of them; counts stay. The chat worker does it: it also holds the session in
 * memory, and may be answering in it. Its words stay in the log of events until their retention is over (7 days). */
#include "common/event.h"
#include "common/id.h"
#include "schemas.h"

#include "api/api.h"
#include "api/chat.h"
#include "api/edit_wait.h"
#include "api/place.h"
#include "api/router.h"

static enum error publish(struct request *r, const char *restaurant_id, struct edit_wait *w)
{
	struct arena *a = request_arena(r);
	const char *session_id = request_param(r, "session_id"), *key = event_session_key(a, restaurant_id, session_id);
	struct reply_to to = { .partition = the_api.reply_partition, .socket = hub_address(w->subscriber) };
	id_uuid(w->operation_id);
	struct chat_erased erased = { .restaurant_id = restaurant_id, .session_id = session_id, .operation_id = w->operation_id, .reply_to = &to };
	struct event event = { .id = EVENT_chat_erased, .trace = request_trace(r), .source = "api", .key = key, .session = key, .payload = &erased };
	return event_publish(the_api.bus, &event, edit_wait_delivered, w);
}

static void with_place(struct request *r, const struct menu_restaurant *found, void *ctx)
{
	(void)ctx;
	if (the_api.reply_partition < 0 || !bus_up(the_api.bus)) {
		request_reply_error(r, the_api.reply_partition < 0 ? ERROR_overloaded : ERROR_bus_unavailable, NULL, NULL, CHAT_RETRY_S);
		return;
	}
	const char *restaurant_id = arena_strdup(request_arena(r), found->id);
	struct edit_wait *w = edit_wait_new(r, EDIT_NONE);
	enum error error = publish(r, restaurant_id, w);
	if (error)
		edit_wait_failed(w, error);
}

void chat_session_delete_handle(struct request *r, const struct none *body)
{
	(void)body;
	place_find(r, with_place, NULL);
}
