/* session.h - what the chat worker remembers of each session while it owns its partition.
 *
 * A session answers one message after the other: `running` is under way, `queue` waits. It also remembers which partitions of the replies topic want
 * its frames, and the last turns, so that a long conversation costs one query at its start. All of it can be lost: Postgres and
 * the log hold what counts. Idle sessions are forgotten after SESSION_IDLE_MS, or earlier when there are more than SESSIONS_MAX.
 */
#ifndef WORKERS_SESSION_H
#define WORKERS_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

#include "workers/chat_prompt.h"

#define SESSION_PARTITIONS 4    /* of the replies topic: the newest ones */
#define SESSION_TURNS 12        /* messages remembered, both sides counted */
#define SESSION_TURN_BYTES 2000 /* of each of them */
#define SESSION_QUEUE_MAX 50    /* messages waiting */
#define SESSION_IDLE_MS (10 * 60 * 1000)
#define SESSIONS_MAX 50000

struct chat;
struct sessions;

struct session {
	char *key; /* "<restaurant id>/<session id>" */
	const char *restaurant_id, *session_id;
	int32_t source_partition; /* of the topic it comes from */
	int32_t partitions[SESSION_PARTITIONS];
	size_t partition_count;
	struct chat *running, *queue, **queue_end;
	size_t queued;
	bool loaded;                           /* turns and profile are those of Postgres */
	struct chat_turn turns[SESSION_TURNS]; /* oldest first; content on the heap */
	size_t turn_count;
	char *profile;     /* JSON on the heap; NULL = empty */
	size_t joins;      /* other flows that hold this session: it is not forgotten meanwhile */
	uint32_t finishes; /* answers ended here: tells a join that its rows are old */
	int64_t used_ms;
	UT_hash_handle hh;
};

struct sessions *sessions_new(void);
void sessions_free(struct sessions **sessions);
size_t sessions_count(const struct sessions *sessions);

/* Found or made; never NULL. Forgets idle ones on the way. */
struct session *session_get(struct sessions *sessions, const char *restaurant_id, const char *session_id, int32_t source_partition);
struct session *session_find(struct sessions *sessions, const char *restaurant_id, const char *session_id); /* NULL when unknown */
/* All sessions of a partition that is ours no more: what waits is handed to `drop`, running answers go on, memory is marked as old. */
void sessions_revoke(struct sessions *sessions, int32_t source_partition, void (*drop)(struct chat *));

/* The same for all sessions, when the worker drains. */
void sessions_drop_waiting(struct sessions *sessions, void (*drop)(struct chat *));

void session_want(struct session *s, int32_t partition); /* frames of this session go there too; the oldest makes room */
void session_enqueue(struct session *s, struct chat *c);
struct chat *session_dequeue(struct session *s);                            /* NULL when nothing waits */
struct chat *session_open(const struct session *s, const char *message_id); /* running or waiting; NULL */

/* What it remembers is old, or must not be known any more: the next message reads it from Postgres. */
void session_forget(struct session *s);
void session_remember(struct session *s, const char *role, const char *content);
/* From Postgres: [{"role","content"}…] and the profile; NULL leaves it as it is. */
void session_load(struct session *s, const char *history_json, const char *profile_json, const char *partitions_json);

#endif
