/* POST /api/v1/chat/{slug}/feedback - a thumb up or down for an answer. It must be of a message of that session; the analytics worker stores it. */
#include <string.h>

#include "common/clock.h"
#include "common/guests.h"
#include "common/id.h"
#include "common/pg.h"
#include "schemas.h"

#include "api/api.h"
#include "api/chat.h"
#include "api/interactions.h"
#include "api/place.h"
#include "api/router.h"

struct feedback_at {
	struct request *request;
	struct feedback_post post;
	const char *restaurant_id;
	struct pg_call *call;
};

/* The same thumb for the same answer is the same event: a retry counts once. */
static const char *event_id(const struct feedback_at *f, const char *message_id)
{
	struct arena *a = request_arena(f->request);
	char *id = arena_alloc(a, ID_TEXT);
	id_derive(id, arena_printf(a, "feedback/%s/%s/%s/%s", f->restaurant_id, message_id, f->post.rating, f->post.reason ? f->post.reason : ""));
	return id;
}

static void send_feedback(struct feedback_at *f)
{
	struct request *r = f->request;
	struct arena *a = request_arena(r);
	struct interaction *e = arena_new_of(a, struct interaction);
	struct interaction_of *of = arena_new_of(a, struct interaction_of);
	*e = (struct interaction){ .type = "feedback", .session_id = f->post.session_id, .message_id = chat_message_id(a, f->post.message_id), .at_ms = clock_wall_ms(), .rating = f->post.rating, .reason = f->post.reason };
	e->bot = e->has_bot = guest_is_probe(f->post.session_id);
	e->id = event_id(f, e->message_id);
	*of = (struct interaction_of){ f->restaurant_id, e };
	interactions_send(r, of, 1);
}

static void on_owner(void *ctx, const struct pg_result *result)
{
	struct feedback_at *f = ctx;
	const struct message_owner_row *row = result->rows[0].n ? result->rows[0].v : NULL;
	request_on_gone(f->request, NULL, NULL);
	if (result->error)
		request_reply_error(f->request, result->error, NULL, NULL, CHAT_RETRY_S);
	else if (!row || strcmp(row->session_id, f->post.session_id) != 0)
		request_reply_error(f->request, ERROR_not_found, "There is no such message in this session.", NULL, 0);
	else
		send_feedback(f);
}

static void on_gone(void *ctx)
{
	struct feedback_at *f = ctx;
	pg_cancel(&f->call);
}

static void with_place(struct request *r, const struct menu_restaurant *found, void *ctx)
{
	struct feedback_at *f = ctx;
	f->restaurant_id = arena_strdup(request_arena(r), found->id);
	request_on_gone(r, on_gone, f);
	f->call = pg_query(the_api.pg, request_arena(r), f->restaurant_id, message_owner, &(struct message_owner_params){ .message_id = f->post.message_id }, on_owner, f);
}

void chat_feedback_post_handle(struct request *r, const struct feedback_post *in)
{
	struct feedback_at *f = arena_new_of(request_arena(r), struct feedback_at);
	f->request = r;
	f->post = *in;
	if (interactions_admit(r))
		place_find(r, with_place, f);
}
