/* profile.c - see profile.h. */
#include "workers/profile.h"

#include <string.h>

#include "common/log.h"
#include "workers/chat_final.h"
#include "workers/reply.h"

#define PROFILE_TRIES 5
#define PROFILE_BACKOFF_MS 200

struct profile_removal {
	struct worker *worker;
	struct session *session;
	struct receipt *receipt;
	const struct chat_profile_removed *removed;
	int tries;
};

STEP_DECLARE(profile, remove)
STEP_DECLARE(profile, show)

static const struct step *profile_remove(struct flow *f)
{
	struct profile_removal *p = flow_state(f, struct profile_removal);
	struct profile_remove_params params = { .session_id = p->removed->session_id, .kind = p->removed->kind, .value = p->removed->value };
	return flow_query(f, p->worker->pg, p->removed->restaurant_id,
	                  &(struct pg_statement){ QUERY_profile_remove, &params }, 1, &profile_show_step);
}

static const struct step *profile_show(struct flow *f)
{
	struct profile_removal *p = flow_state(f, struct profile_removal);
	if (f->result.error && (error_row(f->result.error)->policy == ERROR_WAITING || p->tries++ < PROFILE_TRIES))
		return flow_sleep(f, PROFILE_BACKOFF_MS, &profile_remove_step);
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	const struct profile_remove_row *row = f->result.rows[0].n ? f->result.rows[0].v : NULL;
	session_load(p->session, NULL, row ? row->profile : NULL, NULL);
	struct joined frame = { .type = "joined", .session_id = p->removed->session_id, .profile = profile_decode(f->arena, p->session->profile) };
	reply_try(p->worker, p->session, &(struct reply){ .frame = "joined" }, &schema_joined, &frame);
	return FLOW_END;
}

static void on_done(struct flow *f, enum error error, const char *detail)
{
	struct profile_removal *p = flow_state(f, struct profile_removal);
	if (error)
		log_event(LOG_warn, "profile.failed", LOG_S("error", error_row(error)->name), LOG_S("detail", detail));
	p->session->joins--;
	consumer_finish(p->receipt);
}

void profile_on_removed(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	const struct chat_profile_removed *removed = event->payload;
	struct profile_removal *p = arena_new_of(arena, struct profile_removal);
	*p = (struct profile_removal){ .worker = w, .receipt = receipt, .removed = removed };
	p->session = session_get(w->sessions, removed->restaurant_id, removed->session_id, receipt->record.partition);
	session_want(p->session, (int32_t)removed->reply_to->partition);
	p->session->joins++;
	struct flow *f = flow_new(w->flows, "profile", arena, p, on_done);
	f->trace = event->trace;
	flow_start(f, &profile_remove_step);
}
