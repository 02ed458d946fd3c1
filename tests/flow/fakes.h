/* fakes.h - pg, llm and bus under a test's hand, with the same functions as the real ones.
 *
 * Calls are kept in the order they were made; nothing completes by itself. A test looks at a call and answers it:
 *     fake_pg_answer(ERROR_none, rows, n);  the oldest open query
 *     fake_llm_delta("Hello "); fake_llm_done(ERROR_none);
 *     fake_bus_confirm(ERROR_none);         all records whose confirmation somebody waits for
 */
#ifndef TESTS_FLOW_FAKES_H
#define TESTS_FLOW_FAKES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/bus.h"
#include "common/event.h"
#include "common/llm.h"
#include "common/pg.h"

void fakes_reset(void);

/* --- pg --- */
size_t fake_pg_open(void);
const struct pg_statement *fake_pg_statement(size_t i);            /* of the oldest open call; params are those that the caller passed */
void fake_pg_answer(enum error error, const void *rows, size_t n); /* rows of the first statement; must live until the test ends */
void fake_pg_answer_many(const struct pg_rows *rows, size_t statements);

/* --- llm --- */
extern bool fake_llm_is_configured, fake_llm_is_available;
bool fake_llm_asked(void);
const struct llm_prompt *fake_llm_prompt(void);
void fake_llm_delta(const char *text);
void fake_llm_done(enum error error, bool started);
size_t fake_llm_calls(void);
size_t fake_llm_cancelled(void);

/* --- bus --- */
struct fake_record {
	enum topic_id topic;
	int32_t partition;
	char frame[24], socket[64], message_id[40], value[8192];
};
extern size_t fake_bus_sendings; /* records on `replies`; fake_bus_count() counts each of their frames */
size_t fake_bus_count(void);
const struct fake_record *fake_bus_record(size_t i);
size_t fake_bus_frames(const char *frame);                  /* how many of that type */
const struct fake_record *fake_bus_last(const char *frame); /* NULL when there is none */
void fake_bus_confirm(enum error error);
void fake_bus_confirm_first(enum error error); /* only the oldest that waits */
extern bool fake_bus_is_down;                  /* what bus_up() denies */
void fake_bus_refuse(enum error error);        /* what bus_publish() says from now on */
size_t fake_bus_finished(void);                /* records whose offset may be committed */
bool fake_bus_paused(void);
void fake_bus_deliver(const char *ce_type, int64_t offset, const char *json); /* a record of chat.requests, partition 0, for the group */
void fake_bus_deliver_on(enum topic_id topic, const char *ce_type, int64_t offset, const char *json);
void fake_bus_revoke(int32_t partition);
void fake_bus_change(const char *ce_type, const char *json); /* a record of menu.changes, for its reader */

#endif
