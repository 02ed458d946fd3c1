/* join.c - see join.h. */
#include "workers/join.h"

#include <string.h>

#include "common/log.h"
#include "workers/chat.h"
#include "workers/chat_final.h"
#include "workers/reply.h"

#define JOIN_TRIES 5 /* of its queries, then the socket is told to try again */
#define JOIN_BACKOFF_MS 200

struct joining {
	struct worker *worker;
	struct session *session;
	struct receipt *receipt;
	const struct chat_joined *joined;
	struct reply_address to;
	const struct profile *profile;
	uint32_t finishes; /* of the session when the rows were read */
	int tries;
};

STEP_DECLARE(join, load)
STEP_DECLARE(join, send)

static const struct step *join_load(struct flow *f)
{
	struct joining *j = flow_state(f, struct joining);
	const struct last_seen *last = j->joined->last;
	struct session_profile_params profile = { .session_id = j->joined->session_id };
	struct session_answers_params answers = { .session_id = j->joined->session_id,
		                                  .last = last ? last->message_id : NULL };
	struct session_attach_params attach = { .session_id = j->joined->session_id, .partition = j->to.partition };
	struct session_corrections_params corrections = { .session_id = j->joined->session_id };
	j->finishes = j->session->finishes;
	return flow_query(f, j->worker->pg, j->joined->restaurant_id,
	                  (struct pg_statement[]){ { QUERY_session_profile, &profile },
	                                           { QUERY_session_answers, &answers },
	                                           { QUERY_session_attach, &attach },
	                                           { QUERY_session_corrections, &corrections } },
	                  4, &join_send_step);
}

static void list_open(struct joined *frame, const struct joining *j, struct arena *a)
{
	const struct session *s = j->session;
	const struct open_answer **open = arena_array(a, s->queued + 1, sizeof(*open));
	for (struct chat *c = s->running ? s->running : s->queue; c; c = c == s->running ? s->queue : c->next) {
		struct open_answer *o = arena_new_of(a, struct open_answer);
		*o = (struct open_answer){ .message_id = c->asked->message_id, .attempt = c->attempt };
		open[frame->open.n++] = o;
	}
	frame->open.v = open;
}

static void send_joined(struct joining *j, struct arena *a)
{
	struct joined frame = { .type = "joined", .session_id = j->joined->session_id, .profile = j->profile };
	list_open(&frame, j, a);
	reply_try(j->worker, j->session, &(struct reply){ .frame = "joined", .to = &j->to }, &schema_joined, &frame);
}

/* The last frame of an answer is its ai_message: who saw that one has seen the answer. */
static bool seen(const struct joining *j, const struct session_answers_row *row, struct arena *a)
{
	const struct last_seen *last = j->joined->last;
	if (!last || strcasecmp(last->message_id, row->message_id) != 0 || last->attempt != row->attempt)
		return false;
	struct answer_meta *meta = arena_new_of(a, struct answer_meta);
	if (!row->meta_data || schema_decode(a, &schema_answer_meta, row->meta_data, strlen(row->meta_data), meta, NULL))
		return false;
	return last->seq >= meta->seq;
}

/* An answer that is stored but still open here is shown by send_open() and its own last frame. A question that came a second time and was not begun, or
 * did not look yet whether it was answered, shows nothing to this socket. */
static bool comes_by_itself(const struct joining *j, const struct session_answers_row *row)
{
	const struct chat *c = session_open(j->session, row->message_id);
	return c && c->attempt > 0;
}

static void send_stored(struct joining *j, const struct session_answers_row *row, struct arena *a)
{
	struct chat_recall_row answer = { .message_id = row->message_id, .attempt = row->attempt, .content = row->content, .status = row->status, .claims = row->claims, .meta_data = row->meta_data, .menu_version = row->menu_version, .provider = row->provider };
	stored_answer_send(j->worker, j->session, &j->to, a, &answer);
}

static void send_open(struct joining *j)
{
	const struct chat *c = j->session->running;
	const struct last_seen *last = j->joined->last;
	if (!c)
		return;
	bool same = last && strcasecmp(last->message_id, c->asked->message_id) == 0;
	chat_catch_up(c, &j->to, same ? last->attempt : 0, same ? last->seq : 0);
}

/* What was taken back lately is said again: the history does not say it, and nobody knows whether it was seen. */
static void send_correction(struct joining *j, const struct session_corrections_row *row, struct arena *a)
{
	struct correction frame = { .type = "correction", .session_id = j->joined->session_id, .message_id = row->message_id, .content = row->content };
	void *const *claims = NULL;
	if (schema_decode_list(a, &schema_claim, row->claims, strlen(row->claims), &claims, &frame.claims.n, NULL))
		frame.claims.n = 0;
	frame.claims.v = (const struct claim *const *)claims;
	reply_try(j->worker, j->session, &(struct reply){ .frame = "correction", .message_id = row->message_id, .to = &j->to }, &schema_correction, &frame);
}

static const struct step *retry(struct flow *f, struct joining *j)
{
	enum error_policy policy = error_row(f->result.error)->policy;
	if (policy != ERROR_WAITING && j->tries >= JOIN_TRIES)
		return flow_fail(f, f->result.error, f->result.detail);
	j->tries++;
	return flow_sleep(f, JOIN_BACKOFF_MS, &join_load_step);
}

static const struct step *join_send(struct flow *f)
{
	struct joining *j = flow_state(f, struct joining);
	if (f->result.error)
		return retry(f, j);
	if (j->finishes != j->session->finishes && j->tries++ < JOIN_TRIES)
		return &join_load_step;
	const struct session_profile_row *profile = f->result.rows[0].n ? f->result.rows[0].v : NULL;
	j->profile = profile_decode(f->arena, profile ? profile->profile : NULL);
	send_joined(j, f->arena);
	const struct session_answers_row *rows = f->result.rows[1].v;
	for (size_t i = 0; i < f->result.rows[1].n; i++)
		if (!comes_by_itself(j, &rows[i]) && !seen(j, &rows[i], f->arena))
			send_stored(j, &rows[i], f->arena);
	const struct session_corrections_row *corrections = f->result.rows[3].v;
	for (size_t i = 0; i < f->result.rows[3].n; i++)
		send_correction(j, &corrections[i], f->arena);
	send_open(j);
	session_want(j->session, j->to.partition);
	return FLOW_END;
}

static void on_done(struct flow *f, enum error error, const char *detail)
{
	struct joining *j = flow_state(f, struct joining);
	if (error) {
		log_event(LOG_warn, "join.failed", LOG_S("error", error_row(error)->name), LOG_S("detail", detail));
		reply_error(j->worker, j->session, &j->to, NULL, ERROR_overloaded,
		            "The conversation could not be read. Connect again in a moment.");
	}
	j->session->joins--;
	consumer_finish(j->receipt);
}

static void begin(struct worker *w, struct arena *arena, struct joining *j, const struct event *event)
{
	j->session->joins++;
	struct flow *f = flow_new(w->flows, "join", arena, j, on_done);
	f->trace = event->trace;
	flow_start(f, &join_load_step);
}

void join_on_joined(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	const struct chat_joined *joined = event->payload;
	if (!joined->reply_to->socket) {
		consumer_bury(receipt, ERROR_invalid_event, "a join needs a socket");
		arena_free(&arena);
		return;
	}
	struct joining *j = arena_new_of(arena, struct joining);
	*j = (struct joining){ .worker = w, .receipt = receipt, .joined = joined, .to = { (int32_t)joined->reply_to->partition, joined->reply_to->socket } };
	j->session = session_get(w->sessions, joined->restaurant_id, joined->session_id, receipt->record.partition);
	begin(w, arena, j, event);
}
