/* POST /api/v1/chat/{slug}/message - ask the assistant, in one of three forms: 202 at once, the whole answer (?wait=true), or server-sent events.
 *
 * A message id that the client chose is looked up before anything is published, so that one which belongs to another session or text is 409. The worker checks
 * again (two such requests at once): when the database is away the question is accepted all the same. */
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/chat.h"
#include "api/chat_wait.h"
#include "api/place.h"
#include "api/router.h"
#include "common/guests.h"
#include "common/log.h"

struct post {
	struct request *request;
	struct chat_place place;
	struct chat_question question;
	bool by_key; /* the id comes from the Idempotency-Key header */
	struct pg_call *call;
};

/* --- which id --- */

/* Any other key makes a UUID of its own for this session, so the same key finds the same message. */
static const char *id_of_key(struct arena *a, const struct post *p, const char *key)
{
	char *id = arena_alloc(a, ID_TEXT);

	id_derive(id, arena_printf(a, "%s/%s/%s", p->place.restaurant_id, p->question.session_id, key));
	return id;
}

/* Sets the question's id; was it the client's choice? */
static bool choose_id(struct post *p, const char *given)
{
	struct arena *a = request_arena(p->request);
	const char *key = request_header(p->request, "idempotency-key");

	if (given != NULL || key == NULL || key[0] == '\0') {
		p->question.message_id = chat_message_id(a, given);
		return given != NULL;
	}
	p->by_key = true;
	p->question.message_id = id_is_uuid(key, strlen(key)) ? chat_message_id(a, key) : id_of_key(a, p, key);
	return true;
}

/* --- publishing --- */

/* A plain post outlives its request: the broker's answer comes in any case. */
struct plain {
	struct request *request; /* NULL when the client went away */
};

static void on_plain_gone(void *ctx)
{
	struct plain *plain = ctx;

	plain->request = NULL;
}

static void on_plain_confirmed(void *ctx, const char *session_id, const char *message_id, enum error e)
{
	struct plain *plain = ctx;
	struct request *r = plain->request;

	(void)session_id;
	free(plain);
	if (r == NULL)
		return;
	request_on_gone(r, NULL, NULL);
	if (e == ERROR_none)
		chat_reply_accepted(r, message_id);
	else
		request_reply_error(r, e, NULL, NULL, CHAT_RETRY_S);
}

static void ask_plain(struct post *p)
{
	struct request *r = p->request;
	struct plain *plain = calloc(1, sizeof(*plain));
	enum error e = ERROR_overloaded;

	if (plain != NULL) {
		plain->request = r;
		request_on_gone(r, on_plain_gone, plain);
		e = chat_ask(NULL, &p->place, &p->question, on_plain_confirmed, plain);
	}
	if (e == ERROR_none)
		return;
	free(plain);
	request_on_gone(r, NULL, NULL);
	request_reply_error(r, e, NULL, NULL, CHAT_RETRY_S);
}

static void ask(struct post *p)
{
	const char *wait = request_query(p->request, "wait");

	if (request_accepts(p->request, "text/event-stream"))
		chat_wait(p->request, CHAT_WAIT_EVENTS, &p->place, &p->question);
	else if (wait != NULL && strcmp(wait, "true") == 0)
		chat_wait(p->request, CHAT_WAIT_WHOLE, &p->place, &p->question);
	else
		ask_plain(p);
}

/* --- whose id --- */

static void refuse_owner(struct post *p)
{
	if (p->by_key)
		request_reply_error(p->request, ERROR_invalid, "This Idempotency-Key was used for another message.", NULL, 0);
	else
		request_reply_error(p->request, ERROR_conflict, "This message_id belongs to another session or another text.", NULL, 0);
}

static void on_owner(void *ctx, const struct pg_result *result)
{
	struct post *p = ctx;
	const struct message_owner_row *row = result->rows[0].v;

	request_on_gone(p->request, NULL, NULL);
	if (result->error != ERROR_none)
		log_event(LOG_warn, "chat.owner_unknown", LOG_S("error", error_row(result->error)->name));
	else if (result->rows[0].n > 0 && (strcmp(row->session_id, p->question.session_id) != 0 || strcmp(row->content, p->question.message) != 0)) {
		refuse_owner(p);
		return;
	}
	ask(p);
}

static void on_gone(void *ctx)
{
	struct post *p = ctx;

	pg_cancel(&p->call);
}

static void with_place(struct request *r, const struct menu_restaurant *found, void *ctx)
{
	const struct chat_post *in = ctx;
	struct arena *a = request_arena(r);
	struct post *p = arena_new_of(a, struct post);
	int retry_after_s;
	enum error e = chat_admit(request_address(r), found->id, in->session_id, &retry_after_s);

	if (e != ERROR_none) {
		request_reply_error(r, e, NULL, NULL, retry_after_s);
		return;
	}
	p->request = r;
	p->place.restaurant_id = arena_strdup(a, found->id);
	p->place.slug = arena_strdup(a, found->slug);
	p->place.menu_version = menu_cache_version(the_api.menus, found->id);
	p->question.session_id = in->session_id;
	p->question.message = in->message;
	p->question.bot = guest_is_bot(request_header(r, "user-agent"));
	p->question.trace = request_header(r, "traceparent"); /* what is none is not continued */
	if (!choose_id(p, in->message_id) || !pg_ready(the_api.pg)) {
		ask(p);
		return;
	}
	request_on_gone(r, on_gone, p);
	p->call = pg_query(the_api.pg, a, p->place.restaurant_id, message_owner, &(struct message_owner_params){ .message_id = p->question.message_id },
	                   on_owner, p);
}

void chat_message_post_handle(struct request *r, const struct chat_post *in)
{
	struct chat_post *kept = arena_new_of(request_arena(r), struct chat_post);

	*kept = *in;
	place_find(r, with_place, kept);
}
