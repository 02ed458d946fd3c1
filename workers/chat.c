/* chat.c - the flow of one answer; see chat.h for its steps. */
#include "workers/chat.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/metric.h"
#include "workers/chat_budget.h"
#include "workers/chat_db.h"
#include "workers/chat_final.h"
#include "workers/chat_model.h"
#include "workers/chat_profile.h"
#include "workers/chat_stream.h"
#include "workers/confirmation.h"
#include "workers/correction.h"
#include "workers/menu_store.h"
#include "workers/outcome.h"
#include "workers/reply.h"
#include "workers/turnstile.h"

#define BACKOFF_FIRST_MS 100
#define BACKOFF_MAX_MS 5000
#define PUT_BACK_MS 5000
#define CONFIRM_MS 70000 /* of the final frame; the producer's own timeout is shorter */

STEP_DECLARE(chat, begin)
STEP_DECLARE(chat, begun)
STEP_DECLARE(chat, recalled)
STEP_DECLARE(chat, menu)
STEP_DECLARE(chat, turn)
STEP_DECLARE(chat, reserved)
STEP_DECLARE(chat, ask)
STEP_DECLARE(chat, asked)
STEP_DECLARE(chat, save)
STEP_DECLARE(chat, saved)
STEP_DECLARE(chat, superseded)
STEP_DECLARE(chat, renumbered)
STEP_DECLARE(chat, answer)
STEP_DECLARE(chat, answered)
STEP_DECLARE(chat, tell)
STEP_DECLARE(chat, told)

/* --- trying again --- */

static int64_t backoff_ms(int tries)
{
	int64_t ms = BACKOFF_FIRST_MS << (tries < 6 ? tries : 6);
	return ms < BACKOFF_MAX_MS ? ms : BACKOFF_MAX_MS;
}

/* The step's operation failed: the same step again after a while, or the end of this flow by the error's policy. */
static const struct step *try_again(struct chat *c, const struct step *step)
{
	struct flow *f = c->flow;
	enum error error = f->result.error;
	enum error_policy policy = error_row(error)->policy;
	if (policy == ERROR_WAITING || error == ERROR_deadline || (policy == ERROR_TRANSIENT && c->tries < CHAT_TRIES)) {
		log_event(LOG_warn, "chat.try_again", LOG_S("step", step->name), LOG_S("error", error_row(error)->name),
		          LOG_S("detail", f->result.detail), LOG_I("tries", c->tries));
		return flow_sleep(f, backoff_ms(c->tries++), step);
	}
	return flow_fail(f, error, f->result.detail);
}

/* --- the end --- */

static struct reply_address *address(const struct chat *c)
{
	const struct reply_to *to = c->asked->reply_to;
	if (!to || !to->socket)
		return NULL;
	struct reply_address *address = arena_new_of(c->arena, struct reply_address);
	*address = (struct reply_address){ .partition = (int32_t)to->partition, .socket = to->socket };
	return address;
}

static void end_receipt(struct chat *c, enum error error, const char *detail)
{
	enum error_policy policy = error_row(error)->policy;
	if (!error || policy == ERROR_CALLER) {
		consumer_finish(c->receipt);
	} else if (policy == ERROR_TRANSIENT && c->receipt->retry < CHAT_RETRIES) {
		consumer_put_back(c->receipt, PUT_BACK_MS << c->receipt->retry, error, detail);
	} else {
		consumer_bury(c->receipt, error, detail);
		reply_error(c->worker, c->session, NULL, c->asked->message_id, ERROR_internal,
		            "This question could not be answered. Please ask it again in other words, or ask the staff.");
	}
}

static void leave(struct chat *c)
{
	if (c->inside)
		turnstile_leave(c->worker->turnstile);
	c->inside = false;
}

static void release(struct chat *c)
{
	leave(c);
	chat_stream_forget(c);
	llm_cancel(&c->call);
	chat_gate_drop(&c->gate);
	menu_snapshot_drop(&c->menu);
	buf_free(&c->text);
	buf_free(&c->ends);
}

static void on_dispose(struct flow *f)
{
	release(flow_state(f, struct chat));
}

static void on_done(struct flow *f, enum error error, const char *detail)
{
	struct chat *c = flow_state(f, struct chat);
	struct session *s = c->session;
	end_receipt(c, error, detail);
	release(c);
	s->running = NULL;
	s->finishes++;
	metric_set(METRIC_answers_in_flight, (double)flows_count(c->worker->flows) - 1);
	struct chat *next = c->worker->draining ? NULL : session_dequeue(s);
	if (next)
		chat_start(next);
}

void chat_cut_short(struct chat *c)
{
	if (c->stopped)
		return;
	c->stopped = true;
	if (c->flow && (flow_waits_in(c->flow, &chat_turn_step) || flow_waits_in(c->flow, &chat_ask_step)))
		flow_interrupt(c->flow, ERROR_cancelled, "the guest stopped it");
}

static void discard(struct chat *c)
{
	release(c);
	struct arena *arena = c->arena;
	arena_free(&arena);
}

void chat_drop(struct chat *c)
{
	consumer_abandon(c->receipt);
	discard(c);
}

void chat_forget(struct chat *c)
{
	consumer_finish(c->receipt);
	discard(c);
}

void chat_start(struct chat *c)
{
	c->session->running = c;
	c->flow = flow_new(c->worker->flows, "chat", c->arena, c, on_done);
	c->flow->trace = c->event->trace;
	c->flow->dispose = on_dispose;
	metric_set(METRIC_answers_in_flight, (double)flows_count(c->worker->flows));
	flow_start(c->flow, &chat_begin_step);
}

/* --- begin --- */

static struct chat_recall_params recall_params(const struct chat *c)
{
	const char **ids = arena_new_of(c->arena, const char *);
	ids[0] = c->asked->message_id;
	return (struct chat_recall_params){ .message_ids = { ids, 1 } };
}

static const struct step *chat_begin(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	int64_t early_ms = c->event->retry ? c->event->not_before_ms - clock_wall_ms() : 0;
	if (early_ms > 0)
		return flow_sleep(f, early_ms < PUT_BACK_MS << CHAT_RETRIES ? early_ms : PUT_BACK_MS, &chat_begin_step);
	return chat_db_begin(c, &chat_begun_step);
}

static const struct step *chat_begun(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	if (f->result.error)
		return try_again(c, &chat_begin_step);
	c->tries = 0;
	if (!c->begun) {
		reply_error(c->worker, c->session, address(c), c->asked->message_id, ERROR_conflict,
		            "This message id was already used, in another session or for another text. Send the message with a new id.");
		return FLOW_END;
	}
	c->profile = profile_decode(c->arena, c->session->profile);
	if (c->begun == 1) {
		c->attempt = 1;
		return &chat_menu_step;
	}
	struct chat_recall_params params = recall_params(c);
	return flow_query(f, c->worker->pg, c->asked->restaurant_id,
	                  &(struct pg_statement){ QUERY_chat_recall, &params }, 1, &chat_recalled_step);
}

/* --- recall --- */

/* Who stored it may have died before the broker had its outcome: it counts once, however often it is told. */
static const struct step *tell_outcome(struct chat *c, const struct chat_recall_row *row)
{
	c->outcome = outcome_stored(c->arena, row->meta_data);
	return c->outcome ? &chat_tell_step : FLOW_END;
}

static const struct step *chat_tell(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	struct confirmation *k = confirmation_new(f);
	c->outcome_error = outcome_publish(c->worker, c->asked->restaurant_id, c->flow->trace, c->outcome, confirmation_came, k);
	if (!c->outcome_error) {
		*confirmation_open(k) = 1;
		return flow_wait(f, confirmation_forget, k, CONFIRM_MS, &chat_told_step);
	}
	confirmation_free(&k);
	f->result.error = c->outcome_error;
	return try_again(c, &chat_tell_step);
}

static const struct step *chat_told(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	return f->result.error && f->result.error != ERROR_bus_rejected ? try_again(c, &chat_tell_step) : FLOW_END;
}

static const struct step *chat_recalled(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	if (f->result.error)
		return try_again(c, &chat_begin_step);
	c->tries = 0;
	if (f->result.rows[0].n) {
		stored_answer_send(c->worker, c->session, address(c), c->arena, f->result.rows[0].v);
		return tell_outcome(c, f->result.rows[0].v);
	}
	if (c->begun > CHAT_ATTEMPTS_MAX)
		return flow_fail(f, ERROR_crashed_too_often, "begun too often without an end");
	c->attempt = c->begun;
	chat_restart(c, NULL);
	return &chat_menu_step;
}

/* --- menu --- */

static const struct step *chat_menu(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	return menu_store_get(f, c->worker->menus, c->asked->restaurant_id, c->asked->menu_version, &c->menu, &chat_turn_step);
}

/* --- ask --- */

static const struct step *write_answer(struct chat *c, enum chat_status status)
{
	chat_compose(c, status);
	return &chat_save_step;
}

static const struct step *stop_here(struct chat *c)
{
	c->status = CHAT_STOPPED;
	if (!c->provider)
		c->provider = "builtin";
	if (c->gate)
		chat_close_gate(c, CHAT_GATE_STOPPED);
	return &chat_save_step;
}

static bool menu_is_old(const struct chat *c)
{
	return c->menu && c->menu->version < c->asked->menu_version && c->tries < 2;
}

static const struct step *enter(struct chat *c)
{
	return turnstile_enter(c->flow, c->worker->turnstile, c->asked->restaurant_id, c->worker->config->ai_first_ms, &chat_ask_step);
}

/* Its turn to ask the model, if there is one. */
static const struct step *chat_turn(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	if (f->result.error)
		return try_again(c, &chat_menu_step);
	if (menu_is_old(c)) {
		menu_snapshot_drop(&c->menu);
		c->tries++;
		return &chat_menu_step;
	}
	c->tries = 0;
	if (c->stopped)
		return stop_here(c);
	if (!llm_configured(c->worker->llm))
		return write_answer(c, CHAT_COMPLETE);
	if (!llm_available(c->worker->llm))
		return write_answer(c, CHAT_FALLBACK);
	if (!chat_budget_limited(c))
		return enter(c);
	struct llm_prompt prompt;
	chat_model_prompt(c, &prompt);
	return chat_budget_reserve(c, &prompt, &chat_reserved_step);
}

static const struct step *chat_reserved(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	chat_budget_reserved(c);
	if (c->stopped)
		return stop_here(c);
	return chat_budget_open(c) ? enter(c) : write_answer(c, CHAT_COMPLETE);
}

static const struct step *chat_ask(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	c->inside = f->result.error == ERROR_none;
	if (c->stopped)
		return stop_here(c);
	if (!c->inside)
		return write_answer(c, CHAT_FALLBACK);
	return chat_model_ask(c, &chat_asked_step);
}

static const struct step *chat_asked(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	leave(c);
	if (c->stopped)
		return stop_here(c);
	if (f->result.error)
		log_event(LOG_warn, "chat.model_failed", LOG_S("error", error_row(f->result.error)->name),
		          LOG_S("provider", c->provider), LOG_S("detail", f->result.detail), LOG_I("bytes", c->text.len));
	c->status = f->result.error ? CHAT_FALLBACK : CHAT_COMPLETE;
	chat_close_gate(c, f->result.error ? CHAT_GATE_BROKEN : CHAT_GATE_WHOLE);
	return &chat_save_step;
}

/* --- save --- */

static const struct step *look_why(struct chat *c)
{
	struct chat_recall_params answer = recall_params(c);
	struct question_attempt_params question = { .message_id = c->asked->message_id };
	return flow_query(c->flow, c->worker->pg, c->asked->restaurant_id,
	                  (struct pg_statement[]){ { QUERY_chat_recall, &answer }, { QUERY_question_attempt, &question } }, 2,
	                  &chat_superseded_step);
}

static const struct step *chat_save(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	if (chat_budget_open(c))
		return chat_budget_settle(c, &chat_save_step);
	if (c->answer.told)
		c->profile = chat_profile_merge(c->arena, c->profile, c->answer.told);
	if (!c->outcome)
		c->outcome = outcome_make(c);
	return chat_db_store(c, &chat_saved_step);
}

static const struct step *chat_saved(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	if (f->result.error)
		return try_again(c, &chat_save_step);
	c->tries = 0;
	if (!c->stored) {
		log_event(LOG_info, "chat.not_stored", LOG_S("message_id", c->asked->message_id), LOG_I("attempt", c->attempt));
		return look_why(c);
	}
	if (c->newest_menu > c->menu->version)
		correction_look(c->worker, c->asked->restaurant_id, c->newest_menu);
	session_remember(c->session, "user", c->asked->message);
	session_remember(c->session, "assistant", buf_text(&c->text));
	if (c->answer.told)
		session_load(c->session, NULL, chat_profile_json(c->arena, c->profile), NULL);
	double seconds = (double)(clock_wall_ms() - c->event->time_ms) / 1e3;
	metric_observe(METRIC_answer, seconds, c->provider);
	metric_add(METRIC_answers, 1, c->provider, chat_status_name(c->status));
	return &chat_answer_step;
}

/* It is stored already (the answer to our commit was lost); or a newer attempt runs elsewhere and will announce itself; or PostgreSQL crashed and
 * lost the number that begin gave us: then the question is begun again until it has that number, and our answer is stored. */
static const struct step *chat_superseded(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	if (f->result.error)
		return try_again(c, &chat_save_step);
	const struct question_attempt_row *question = f->result.rows[1].n ? f->result.rows[1].v : NULL;
	if (f->result.rows[0].n)
		stored_answer_send(c->worker, c->session, NULL, c->arena, f->result.rows[0].v);
	if (f->result.rows[0].n || (question && question->attempt > c->attempt))
		return FLOW_END;
	return chat_db_begin(c, &chat_renumbered_step);
}

static const struct step *chat_renumbered(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	if (f->result.error)
		return try_again(c, &chat_save_step);
	if (c->begun < c->attempt)
		return chat_db_begin(c, &chat_renumbered_step);
	return c->begun == c->attempt ? &chat_save_step : FLOW_END;
}

/* --- answer --- */

static const struct step *chat_answer(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	struct confirmation *k = confirmation_new(f);
	chat_stream_flush(c); /* what a beat has not sent yet travels with the last frame */
	c->announced = true;
	enum error error = reply_send(c->worker, c->session,
	                              &(struct reply){ .frame = "ai_message", .message_id = c->asked->message_id },
	                              &schema_ai_message, chat_final(c, f->arena), confirmation_came, k, confirmation_open(k));
	c->outcome_error = outcome_publish(c->worker, c->asked->restaurant_id, c->flow->trace, c->outcome, confirmation_came, k);
	*confirmation_open(k) += !c->outcome_error;
	if (*confirmation_open(k))
		return flow_wait(f, confirmation_forget, k, CONFIRM_MS, &chat_answered_step);
	confirmation_free(&k);
	f->result.error = error ? error : c->outcome_error;
	return f->result.error ? try_again(c, &chat_answer_step) : FLOW_END;
}

static const struct step *chat_answered(struct flow *f)
{
	struct chat *c = flow_state(f, struct chat);
	if (!f->result.error)
		f->result.error = c->outcome_error;
	if (f->result.error && f->result.error != ERROR_bus_rejected)
		return try_again(c, &chat_answer_step);
	return FLOW_END;
}
