/* session.c - see session.h. */
#include "workers/session.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/text.h"
#include "workers/chat.h"

struct sessions {
	struct session *by_key; /* in order of last use */
};

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static void forget_turns(struct session *s)
{
	for (size_t i = 0; i < s->turn_count; i++)
		free((char *)s->turns[i].content);
	s->turn_count = 0;
}

static void forget(struct sessions *sessions, struct session *s)
{
	HASH_DEL(sessions->by_key, s);
	forget_turns(s);
	free(s->profile);
	free(s->key);
	free(s);
}

static bool idle(const struct session *s)
{
	return !s->running && !s->queue && !s->joins;
}

/* Looks at the few that were used longest ago; busy ones are moved behind the others. */
static void sweep(struct sessions *sessions, int64_t now)
{
	for (int i = 0; i < 4 && sessions->by_key; i++) {
		struct session *oldest = sessions->by_key;
		bool many = HASH_COUNT(sessions->by_key) > SESSIONS_MAX;
		if (!many && now - oldest->used_ms < SESSION_IDLE_MS)
			return;
		if (idle(oldest)) {
			forget(sessions, oldest);
			continue;
		}
		HASH_DEL(sessions->by_key, oldest);
		HASH_ADD_KEYPTR(hh, sessions->by_key, oldest->key, strlen(oldest->key), oldest);
		oldest->used_ms = now;
	}
}

struct sessions *sessions_new(void)
{
	return must(calloc(1, sizeof(struct sessions)));
}

void sessions_free(struct sessions **sessions)
{
	if (!*sessions)
		return;
	struct session *s, *next;
	HASH_ITER(hh, (*sessions)->by_key, s, next)
	forget(*sessions, s);
	free(*sessions);
	*sessions = NULL;
}

size_t sessions_count(const struct sessions *sessions)
{
	return HASH_COUNT(sessions->by_key);
}

/* One allocation holds the key and its two halves. */
static void set_key(struct session *s, const char *restaurant_id, const char *session_id)
{
	size_t r = strlen(restaurant_id), n = strlen(session_id);
	char *text = must(malloc(2 * (r + n + 2)));
	memcpy(text, restaurant_id, r);
	text[r] = '/';
	memcpy(text + r + 1, session_id, n + 1);
	char *half = text + r + n + 2;
	memcpy(half, restaurant_id, r + 1);
	s->key = text;
	s->restaurant_id = half;
	s->session_id = text + r + 1;
}

struct session *session_find(struct sessions *sessions, const char *restaurant_id, const char *session_id)
{
	char key[160];
	size_t r = strlen(restaurant_id), n = strlen(session_id);
	if (r + n + 2 > sizeof(key))
		return NULL;
	memcpy(key, restaurant_id, r);
	key[r] = '/';
	memcpy(key + r + 1, session_id, n);
	struct session *s = NULL;
	HASH_FIND(hh, sessions->by_key, key, r + 1 + n, s);
	return s;
}

struct session *session_get(struct sessions *sessions, const char *restaurant_id, const char *session_id,
                            int32_t source_partition)
{
	int64_t now = clock_ms();
	struct session *s = session_find(sessions, restaurant_id, session_id);
	if (s) {
		HASH_DEL(sessions->by_key, s);
	} else {
		sweep(sessions, now);
		s = must(calloc(1, sizeof(*s)));
		set_key(s, restaurant_id, session_id);
		s->queue_end = &s->queue;
	}
	HASH_ADD_KEYPTR(hh, sessions->by_key, s->key, strlen(s->key), s);
	s->source_partition = source_partition;
	s->used_ms = now;
	return s;
}

static void drop_waiting(struct session *s, void (*drop)(struct chat *))
{
	for (struct chat *c; (c = session_dequeue(s));)
		drop(c);
}

void sessions_revoke(struct sessions *sessions, int32_t source_partition, void (*drop)(struct chat *))
{
	struct session *s, *next;
	HASH_ITER(hh, sessions->by_key, s, next)
	{
		if (s->source_partition != source_partition)
			continue;
		drop_waiting(s, drop);
		s->loaded = false;
		forget_turns(s);
	}
}

void sessions_drop_waiting(struct sessions *sessions, void (*drop)(struct chat *))
{
	for (struct session *s = sessions->by_key; s; s = s->hh.next)
		drop_waiting(s, drop);
}

void session_want(struct session *s, int32_t partition)
{
	if (partition < 0)
		return;
	size_t at = 0;
	while (at < s->partition_count && s->partitions[at] != partition)
		at++;
	if (at == s->partition_count && s->partition_count < SESSION_PARTITIONS)
		s->partition_count++;
	else if (at == s->partition_count)
		at = 0;
	/* The newest stands last. */
	for (; at + 1 < s->partition_count; at++)
		s->partitions[at] = s->partitions[at + 1];
	s->partitions[s->partition_count - 1] = partition;
}

void session_enqueue(struct session *s, struct chat *c)
{
	c->next = NULL;
	*s->queue_end = c;
	s->queue_end = &c->next;
	s->queued++;
}

struct chat *session_dequeue(struct session *s)
{
	struct chat *c = s->queue;
	if (!c)
		return NULL;
	s->queue = c->next;
	if (!s->queue)
		s->queue_end = &s->queue;
	s->queued--;
	return c;
}

struct chat *session_open(const struct session *s, const char *message_id)
{
	if (s->running && strcmp(s->running->asked->message_id, message_id) == 0)
		return s->running;
	struct chat *c = s->queue;
	while (c && strcmp(c->asked->message_id, message_id) != 0)
		c = c->next;
	return c;
}

void session_remember(struct session *s, const char *role, const char *content)
{
	if (s->turn_count == SESSION_TURNS) {
		free((char *)s->turns[0].content);
		memmove(s->turns, s->turns + 1, (SESSION_TURNS - 1) * sizeof(s->turns[0]));
		s->turn_count--;
	}
	size_t len = utf8_cut(content, strlen(content), SESSION_TURN_BYTES);
	s->turns[s->turn_count++] = (struct chat_turn){
		.role = strcmp(role, "user") == 0 ? "user" : "assistant",
		.content = must(strndup(content, len)),
	};
}

void session_forget(struct session *s)
{
	forget_turns(s);
	free(s->profile);
	s->profile = NULL;
	s->loaded = false;
}

static void load_turns(struct session *s, const json_t *history)
{
	forget_turns(s);
	size_t i;
	json_t *turn;
	json_array_foreach(history, i, turn)
	{
		const char *role = json_string_value(json_object_get(turn, "role"));
		const char *content = json_string_value(json_object_get(turn, "content"));
		if (role && content)
			session_remember(s, role, content);
	}
}

static void load_partitions(struct session *s, const json_t *partitions)
{
	size_t i;
	json_t *partition;
	int32_t newest[SESSION_PARTITIONS];
	size_t n = s->partition_count;
	memcpy(newest, s->partitions, sizeof(newest));
	json_array_foreach(partitions, i, partition)
		session_want(s, (int32_t)json_integer_value(partition));
	for (size_t k = 0; k < n; k++)
		session_want(s, newest[k]);
}

void session_load(struct session *s, const char *history_json, const char *profile_json, const char *partitions_json)
{
	if (profile_json) {
		free(s->profile);
		s->profile = must(strdup(profile_json));
	}
	json_t *history = history_json ? json_loads(history_json, 0, NULL) : NULL;
	if (history) {
		load_turns(s, history);
		s->loaded = true;
	}
	json_t *partitions = partitions_json ? json_loads(partitions_json, 0, NULL) : NULL;
	if (partitions)
		load_partitions(s, partitions);
	json_decref(history);
	json_decref(partitions);
}
