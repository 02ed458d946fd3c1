/* chat.h - one question of a guest, from the moment its event was read until its answer is stored and announced.
 *
 * The flow (chat.c):  begin → [recall] → menu → turn → ask → save → answer
 *   begin   numbers this attempt in Postgres and loads the conversation when it is new here
 *   recall  only for an attempt after the first: is the answer already stored? then it is sent again
 *   menu    the snapshot, at least as new as the event demands
 *   turn    until the model may be asked (chat_budget.h, turnstile.h)
 *   ask     the model, streamed through the gate (chat_gate.h); or the built-in writer
 *   save    stores the answer if this attempt is still the newest: the only commit point
 *   answer  announces it; the event is finished when the broker has confirmed that
 * A dependency that is away makes a step try again, without end; other failures try a few times, then the event goes to the retry topic, then it is dead.
 */
#ifndef WORKERS_CHAT_H
#define WORKERS_CHAT_H

#include "common/buf.h"
#include "schemas.h"
#include "workers/chat_gate.h"
#include "workers/chat_writer.h"
#include "workers/consumer.h"
#include "workers/menu_snapshot.h"
#include "workers/session.h"
#include "workers/worker.h"

#define CHAT_ANSWER_MAX ((size_t)64 << 10) /* bytes of an answer; what is longer is cut there */
#define CHAT_ATTEMPTS_MAX 10               /* an event that was begun more often than that crashed its worker each time */
#define CHAT_TRIES 4                       /* of a step, before the event goes to the retry topic */
#define CHAT_RETRIES 3                     /* rounds on the retry topic, before it is dead */

enum chat_status { CHAT_COMPLETE,
	           CHAT_STOPPED,
	           CHAT_FALLBACK };

struct chat {
	struct worker *worker;
	struct session *session;
	struct arena *arena; /* of the event; the flow's own once it runs */
	struct flow *flow;   /* NULL while it waits in the session's queue */
	struct receipt *receipt;
	const struct event *event;
	const struct chat_asked *asked;
	struct chat *next; /* in the queue */

	int64_t attempt; /* 0 until it is sure that there will be one: begun, and not answered before */
	int64_t begun;   /* what chat_db_begin() brought */
	const char *conversation_id;
	struct menu_snapshot *menu;    /* a reference */
	const struct profile *profile; /* set by begin */
	int tries;                     /* of the current step */
	bool inside;                   /* the turnstile */
	bool stopped;                  /* the guest wants no more of it */
	bool stored;                   /* set by save */
	int64_t newest_menu;           /* set by save: what version the menu had then */
	bool announced;                /* its last frame went to those who were there */

	struct llm_call *call;
	struct buf text; /* the answer so far */
	size_t sent;     /* bytes of it that went out as tokens */
	struct buf ends; /* size_t for each token: where it ends in text */
	bool unsent;     /* in the list of those with text to send */
	struct chat *next_unsent;

	struct chat_gate *gate; /* between the model and `text`; NULL without a model */
	struct answer answer;   /* claims, items and the rest; content is text */
	enum chat_status status;
	const char *provider;
	int64_t tokens_in, tokens_out;  /* -1 unknown */
	size_t drops[GATE_FAULT_COUNT]; /* sentences of the model that were not shown */
	int64_t first_ms;               /* from the event's time to the first token; 0: none yet */
	const char *outcome;            /* a chat_outcome as JSON (outcome.h); made before the answer is stored */
	enum error outcome_error;       /* why it could not be handed over */

	int64_t reserved, prompt_tokens; /* of the month's ceiling; 0: nothing. What the prompt is taken to be (chat_budget.h) */
	const char *budget_month;
	bool called;  /* the model was asked */
	size_t heard; /* bytes that came from it */
};

/* Event handlers (consumer.h). */
void chat_on_asked(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);
void chat_on_stopped(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt);

void chat_start(struct chat *c);  /* begins the flow; the session must be idle */
void chat_drop(struct chat *c);   /* one that did not begin; its event will come again */
void chat_forget(struct chat *c); /* one that did not begin, and shall not: its event is over */
void chat_forget(struct chat *c); /* one that did not begin, and shall not: its event is over */
/* The guest said stop; safe at any time, once or more. */
void chat_cut_short(struct chat *c);

/* What a socket must see of an open answer that it does not know behind (attempt, seq): restart and tokens, addressed to it. */
struct reply_address;
void chat_restart(const struct chat *c, const struct reply_address *to); /* the frame; NULL: to the session */
void chat_catch_up(const struct chat *c, const struct reply_address *to, int64_t attempt, int64_t seq);


#endif
