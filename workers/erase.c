/* erase.c - see erase.h. */
#include "workers/erase.h"

#include "common/log.h"
#include "schemas.h"
#include "workers/chat.h"
#include "workers/edit_reply.h"
#include "workers/session.h"

#define PAUSE_MS 20
#define BACKOFF_MS 500
#define TRIES 5

struct erasure {
	struct worker *worker;
	struct session *session;
	struct receipt *receipt;
	const struct chat_erased *erased;
	int tries;
};

STEP_DECLARE(erase, settle)
STEP_DECLARE(erase, erase)
STEP_DECLARE(erase, tell)

/* Questions that wait came before this: they are not answered any more. The one that is being answered ends first, or it would store what is gone. */
static const struct step *erase_settle(struct flow *f)
{
	struct erasure *e = flow_state(f, struct erasure);
	struct chat *c;
	while ((c = session_dequeue(e->session)))
		chat_forget(c);
	if (!e->session->running)
		return &erase_erase_step;
	chat_cut_short(e->session->running);
	return flow_sleep(f, PAUSE_MS, &erase_settle_step);
}

static const struct step *erase_erase(struct flow *f)
{
	struct erasure *e = flow_state(f, struct erasure);
	struct session_erase_params params = { .session_id = e->erased->session_id };
	return flow_query(f, e->worker->pg, e->erased->restaurant_id, &(struct pg_statement){ QUERY_session_erase, &params }, 1, &erase_tell_step);
}

static const struct step *erase_tell(struct flow *f)
{
	struct erasure *e = flow_state(f, struct erasure);
	if (f->result.error && (error_row(f->result.error)->policy == ERROR_WAITING || e->tries++ < TRIES))
		return flow_sleep(f, BACKOFF_MS, &erase_erase_step);
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	session_forget(e->session);
	const struct session_erase_row *row = f->result.rows[0].v;
	struct menu_edit ask = { .operation_id = e->erased->operation_id, .reply_to = e->erased->reply_to };
	struct edit_apply_row outcome = { .status = f->result.rows[0].n && row->known ? 204 : 404 };
	if (edit_send_reply(e->worker, &ask, &outcome, NULL, NULL))
		log_event(LOG_info, "erase.nobody_waits");
	return FLOW_END;
}

static void on_done(struct flow *f, enum error error, const char *detail)
{
	struct erasure *e = flow_state(f, struct erasure);
	e->session->joins--;
	if (error)
		consumer_bury(e->receipt, error, detail);
	else
		consumer_finish(e->receipt);
}

void erase_on_erased(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	const struct chat_erased *erased = event->payload;
	struct erasure *e = arena_new_of(arena, struct erasure);
	*e = (struct erasure){ .worker = w, .receipt = receipt, .erased = erased };
	e->session = session_get(w->sessions, erased->restaurant_id, erased->session_id, receipt->record.partition);
	e->session->joins++; /* it is not forgotten meanwhile */
	struct flow *f = flow_new(w->flows, "erase", arena, e, on_done);
	f->trace = event->trace;
	flow_start(f, &erase_settle_step);
}
