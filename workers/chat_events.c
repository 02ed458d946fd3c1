/* chat_events.c - what happens when a chat event was read: queue it, attach to it, stop it. None of this waits. */
#include <string.h>

#include "common/log.h"
#include "common/metric.h"
#include "workers/chat.h"
#include "workers/reply.h"

#define POSTPONE_MS 5000

static struct reply_address to_address(const struct reply_to *to)
{
	return (struct reply_address){ .partition = (int32_t)to->partition, .socket = to->socket };
}

static bool has_address(const struct chat_asked *asked)
{
	return asked->reply_to && asked->reply_to->socket;
}

static void catch_up_all(struct session *s, const struct reply_address *to)
{
	if (s->running)
		chat_catch_up(s->running, to, 0, 0);
}

/* The socket does not know the session: it becomes live, after it got what is open. */
static void attach(struct worker *w, struct session *s, const struct chat_asked *asked)
{
	if (!has_address(asked) || !asked->reply_to->has_attach || !asked->reply_to->attach)
		return;
	struct reply_address to = to_address(asked->reply_to);
	struct frame frame = { .type = "attached" };
	reply_try(w, s, &(struct reply){ .frame = "attached", .to = &to }, &schema_frame, &frame);
	catch_up_all(s, &to);
}

/* The same message again while it is open: nothing more to do than to attach, which was done. */
static void join_open(struct worker *w, struct session *s, struct chat *open, struct chat *again)
{
	if (strcmp(open->asked->message, again->asked->message) != 0 && has_address(again->asked)) {
		struct reply_address to = to_address(again->asked->reply_to);
		reply_error(w, s, &to, again->asked->message_id, ERROR_conflict,
		            "This message id is already in use for another text. Send the message with a new id.");
	}
	/* Redelivered by a later assignment: from now on that record stands for the answer. */
	struct bus_record *old = &open->receipt->record, *newer = &again->receipt->record;
	if (old->topic == newer->topic && old->partition == newer->partition && old->generation != newer->generation) {
		int32_t generation = old->generation;
		int64_t offset = old->offset;
		old->generation = newer->generation;
		old->offset = newer->offset;
		newer->generation = generation;
		newer->offset = offset;
	}
	consumer_finish(again->receipt);
}

static void discard(struct arena *arena)
{
	arena_free(&arena);
}

/* It was accepted, so it will be answered: later, when the session has worked off what waits. */
static void postpone(struct chat *c)
{
	consumer_put_back(c->receipt, POSTPONE_MS, ERROR_overloaded, "too many messages of this session are waiting");
	discard(c->arena);
}

static struct chat *chat_of(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	struct chat *c = arena_new_of(arena, struct chat);
	*c = (struct chat){ .worker = w, .arena = arena, .event = event, .receipt = receipt, .asked = event->payload, .tokens_in = -1, .tokens_out = -1 };
	c->session = session_get(w->sessions, c->asked->restaurant_id, c->asked->session_id, receipt->record.partition);
	buf_init(&c->text, CHAT_ANSWER_MAX);
	buf_init(&c->ends, CHAT_ANSWER_MAX * sizeof(size_t));
	return c;
}

void chat_on_asked(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	struct chat *c = chat_of(w, arena, event, receipt);
	struct session *s = c->session;
	if (c->asked->reply_to)
		session_want(s, (int32_t)c->asked->reply_to->partition);
	attach(w, s, c->asked);
	struct chat *open = session_open(s, c->asked->message_id);
	if (open) {
		join_open(w, s, open, c);
		discard(arena);
	} else if (s->queued >= SESSION_QUEUE_MAX) {
		postpone(c);
	} else if (s->running || w->draining) {
		session_enqueue(s, c);
	} else {
		chat_start(c);
	}
}

void chat_on_stopped(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	const struct chat_stopped *stop = event->payload;
	struct session *s = session_find(w->sessions, stop->restaurant_id, stop->session_id);
	struct chat *c = s ? session_open(s, stop->message_id) : NULL;
	if (c)
		chat_cut_short(c);
	consumer_finish(receipt);
	arena_free(&arena);
}
