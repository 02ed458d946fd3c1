/* flow.h - one event on its way through named steps.
 *
 * A step is a function that looks at what came (f->result), decides, starts the next thing and returns who continues:
 *
 *     static const struct step *chat_begin(struct flow *f)
 *     {
 *             struct chat *c = flow_state(f, struct chat);
 *             return flow_query(f, c->pg, c->tenant, statements, 1, &chat_ask_step);   (waits)
 *             return &chat_ask_step;                                                  (goes on at once)
 *             return flow_fail(f, ERROR_internal, "why");                              (ends)
 *             return FLOW_END;                                                        (done)
 *     }
 *
 * The one driver here traces each step, measures it, keeps its deadline and frees the flow. An operation never completes
 * inside the step that starts it (asserted), so a step reads from top to bottom. Loops are steps that return themselves.
 * A flow waits for exactly one operation at a time. Loop thread only.
 */
#ifndef COMMON_FLOW_H
#define COMMON_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/arena.h"
#include "common/error.h"
#include "common/pg.h"
#include "common/trace.h"

struct flow;
struct flows;

typedef const struct step *step_fn(struct flow *f);
struct step {
	const char *name; /* "chat.ask": in traces, logs and metrics */
	step_fn *run;
};

/* Declares `static flow_step()` and its `flow_step_step`. */
#define STEP_DECLARE(flow_, step_) \
	static step_fn flow_##_##step_; \
	static const struct step flow_##_##step_##_step = { #flow_ "." #step_, flow_##_##step_ };

extern const struct step flow_wait_mark, flow_end_mark;
#define FLOW_WAIT (&flow_wait_mark)
#define FLOW_END (&flow_end_mark)

/* What the operation that a flow waited for came to. */
struct flow_result {
	enum error error;
	const char *detail;   /* never NULL; in the flow's arena or static */
	const char *sqlstate; /* of a query that PostgreSQL refused; "" otherwise */
	struct pg_rows rows[PG_STATEMENTS_MAX];
};

typedef void flow_cancel_fn(void *operation);
/* The flow has ended; it and its arena are freed after this returns. */
typedef void flow_done_fn(struct flow *f, enum error error, const char *detail);

struct flow {
	struct arena *arena; /* owned: freed with the flow */
	void *state;         /* the flow's own struct, in the arena */
	struct flow_result result;
	const char *trace;               /* traceparent of the event, may be NULL; once it runs, that of its own span */
	void (*dispose)(struct flow *f); /* may be set after flow_new(): frees what the state holds outside of the arena, however the flow ends */
	/* the driver's own: */
	const char *name;
	struct flows *owner;
	struct flow *next_flow, *previous_flow;
	const struct step *step, *next;
	flow_cancel_fn *cancel;
	void *operation;
	flow_done_fn *done;
	enum error error;
	const char *detail;
	int64_t step_began_us, wait_until_ms;
	bool running, waiting;
	struct span span;
};

#define flow_state(f, type) ((type *)(f)->state)

/* The set of all flows of a loop: deadlines are checked every FLOW_TICK_MS. */
#define FLOW_TICK_MS 20
MUST_CHECK enum error flows_new(uv_loop_t *loop, struct flows **flows_r);
void flows_free(struct flows **flows); /* cancels every flow without its done callback */
size_t flows_count(const struct flows *flows);

/* Takes over `arena`. The flow does not run before flow_start(). */
struct flow *flow_new(struct flows *flows, const char *name, struct arena *arena, void *state, flow_done_fn *done);
void flow_start(struct flow *f, const struct step *first);

/* --- for steps --- */
/* Waits for an operation that will call flow_resume(). `cancel` is called with `operation` when the flow ends first or `deadline_ms` is over; then
 * `next` runs with ERROR_deadline. deadline_ms 0: the operation has a deadline of its own. */
const struct step *flow_wait(struct flow *f, flow_cancel_fn *cancel, void *operation, int64_t deadline_ms, const struct step *next);
const struct step *flow_sleep(struct flow *f, int64_t ms, const struct step *next);
const struct step *flow_query(struct flow *f, struct pg *pg, const char *tenant, const struct pg_statement *statements, size_t n, const struct step *next);
const struct step *flow_fail(struct flow *f, enum error error, const char *detail);

/* --- for operations --- */
/* The operation is over: the next step runs now. `detail` is copied; NULL is "". */
void flow_resume(struct flow *f, enum error error, const char *detail);
/* Cancels the operation that the flow waits for and runs the next step with `error`, now. Not from inside a step of the same flow. */
void flow_interrupt(struct flow *f, enum error error, const char *detail);
bool flow_waits_in(const struct flow *f, const struct step *step); /* waits, in an operation that `step` started? */

#endif
