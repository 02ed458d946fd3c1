/* stand_in.h - stands in for the chat worker on real Kafka, so that a test decides what is answered and when: reads chat.requests, writes replies.
 *
 * Blocking, with deadlines; reads all partitions from their beginning, without a group. What cannot be had ends the program. No Criterion.
 */
#ifndef TESTS_STAND_IN_H
#define TESTS_STAND_IN_H

#include <jansson.h>
#include <stdint.h>

struct stand_in;

/* An event of chat.requests. Valid until the next stand_in_next(). */
struct wish {
	char type[40];       /* "chat.asked" */
	char key[200];       /* "<restaurant id>/<session id>" */
	char message_id[40]; /* of ce_message */
	char socket[80];     /* of reply_to; "" when there is none */
	int reply_partition; /* -1 when there is no reply_to */
	int attach;
	int64_t partition, offset;
	json_t *payload;
};

/* `prefix` of the topics, which exist. */
struct stand_in *stand_in_new(const char *brokers, const char *prefix);
void stand_in_free(struct stand_in **s);

/* NULL when none came within `ms`. */
const struct wish *stand_in_next(struct stand_in *s, int64_t ms);
/* To one subscriber when `socket` is given, else to the session; returns when the broker has it. `message_id` may be NULL. */
void stand_in_reply(struct stand_in *s, int partition, const char *session, const char *socket, const char *message_id, const char *frame, const char *json);
/* The same without waiting; stand_in_flush() waits for all. */
void stand_in_reply_soon(struct stand_in *s, int partition, const char *session, const char *socket, const char *message_id, const char *frame, const char *json);
/* One record with this value, which is frames (common/frames.h), or is not. */
void stand_in_replies_soon(struct stand_in *s, int partition, const char *value, size_t len);
void stand_in_flush(struct stand_in *s);

/* What a worker would: for a wish with `attach` the internal frame, then n tokens "t1 ", "t2 ", ... and the ai_message, to the session. */
void stand_in_answer(struct stand_in *s, const struct wish *wish, int tokens);
/* A record on menu.changes, as the menu worker would write it. */
void stand_in_menu_changed(struct stand_in *s, const char *restaurant_id, const char *json);

#endif
