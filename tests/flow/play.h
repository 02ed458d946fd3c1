/* play.h - the chat flow under a test's hand: a worker on the fakes, events that come, queries that are answered, frames that went out. */
#ifndef TESTS_FLOW_PLAY_H
#define TESTS_FLOW_PLAY_H

#include "tests/flow/fakes.h"
#include "workers/worker.h"

#define PLAY_R "01890000-0000-7000-8000-0000000000aa"  /* restaurant */
#define PLAY_C1 "01890000-0000-7000-8000-0000000000c1" /* conversation, category */
#define PLAY_M1 "01890000-0000-7000-8000-000000000001" /* messages */
#define PLAY_M2 "01890000-0000-7000-8000-000000000002"

extern struct worker play_worker;

void play_setup(void);
void play_teardown(void);
void play_turn(void);                /* the loop turns: batches leave at the end of a turn */
void play_sleep_ms(int64_t ms);      /* the clock goes on, and ticks come */
void play_sleep_on(uv_loop_t *loop); /* until its ticks have seen the clock */

/* Events from guest anna (socket s-1 on partition 7); a join comes from socket s-2 on partition 9. */
void play_ask(int64_t offset, const char *message_id);
void play_ask_on(int64_t offset, const char *session, const char *message_id, const char *text, const char *socket);
void play_stop(int64_t offset, const char *message_id);
void play_join(int64_t offset, const char *last); /* a JSON member, or NULL */

/* Answers to queries, each asserting that this one was asked. */
void play_expect_query(enum query_id id);
void play_begin(const char *message_id, int64_t attempt);
void play_load_menu(void);
void play_store(const char *message_id); /* NULL: nothing was stored */
void play_confirm(void);

/* Member of the last frame of a type, as text; static. */
const char *play_member(const char *frame, const char *name);
/* All token texts to a socket ("" = the session) in order; asserts that seq is dense from `first`; static. */
const char *play_tokens_to(const char *socket, int64_t first);

#endif
