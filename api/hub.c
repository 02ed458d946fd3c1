/* hub.c - see hub.h. Slots hold the subscribers, a hash table the sessions; a subscription links the two. What is held back is in hub_held.c. */
#include "api/hub.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/hub_held.h"
#include "common/log.h"

#define BUCKETS_FIRST 64

struct session {
	struct session *next; /* of its bucket */
	struct subscription *first;
	uint64_t hash;
	char key[];
};

struct subscription {
	struct session *session;
	struct hub_subscriber *who;
	struct subscription *next_of_session, *next_of_subscriber;
	enum hub_state state;
	bool wants_joined;
};

struct hub_subscriber {
	struct hub *hub;
	hub_frame_fn *on_frame;
	void *ctx;
	struct subscription *subscriptions;
	struct hub_held *held;
	uint32_t slot, generation;
};

struct slot {
	struct hub_subscriber *who; /* NULL: free */
	uint32_t generation;        /* of its present or next subscriber; starts at 1 */
	uint32_t next_free;
};

struct hub {
	char process[HUB_PROCESS_MAX + 1];
	struct slot *slots;
	uint32_t slot_count, first_free; /* first_free == slot_count: none */
	struct session **buckets;
	size_t bucket_count, session_count, subscriber_count;
	unsigned char hash_key[crypto_shorthash_KEYBYTES];
};

static void *need(void *memory)
{
	if (memory == NULL) {
		log_event(LOG_error, "memory.exhausted", LOG_S("where", "hub"));
		abort();
	}
	return memory;
}

struct hub *hub_new(const char *process)
{
	struct hub *hub = need(calloc(1, sizeof(*hub)));

	assert(strlen(process) <= HUB_PROCESS_MAX);
	snprintf(hub->process, sizeof(hub->process), "%s", process);
	hub->bucket_count = BUCKETS_FIRST;
	hub->buckets = need(calloc(hub->bucket_count, sizeof(*hub->buckets)));
	crypto_shorthash_keygen(hub->hash_key);
	return hub;
}

void hub_free(struct hub **hub)
{
	struct hub *h = *hub;

	if (h == NULL)
		return;
	for (uint32_t i = 0; i < h->slot_count; i++)
		hub_remove(&(struct hub_subscriber *){ h->slots[i].who });
	free(h->slots);
	free(h->buckets);
	free(h);
	*hub = NULL;
}

/* --- sessions --- */

static uint64_t hash_of(const struct hub *hub, const char *key)
{
	unsigned char out[crypto_shorthash_BYTES];
	uint64_t hash;

	crypto_shorthash(out, (const unsigned char *)key, strlen(key), hub->hash_key);
	memcpy(&hash, out, sizeof(hash));
	return hash;
}

static struct session *session_find(const struct hub *hub, const char *key)
{
	uint64_t hash = hash_of(hub, key);

	for (struct session *s = hub->buckets[hash % hub->bucket_count]; s != NULL; s = s->next)
		if (s->hash == hash && strcmp(s->key, key) == 0)
			return s;
	return NULL;
}

static void buckets_double(struct hub *hub)
{
	size_t count = hub->bucket_count * 2;
	struct session **buckets = need(calloc(count, sizeof(struct session *)));

	for (size_t i = 0; i < hub->bucket_count; i++) {
		for (struct session *s = hub->buckets[i], *next; s != NULL; s = next) {
			next = s->next;
			s->next = buckets[s->hash % count];
			buckets[s->hash % count] = s;
		}
	}
	free(hub->buckets);
	hub->buckets = buckets;
	hub->bucket_count = count;
}

static struct session *session_make(struct hub *hub, const char *key)
{
	size_t len = strlen(key);
	struct session *s = need(calloc(1, sizeof(*s) + len + 1));

	if (hub->session_count == hub->bucket_count)
		buckets_double(hub);
	memcpy(s->key, key, len + 1);
	s->hash = hash_of(hub, key);
	s->next = hub->buckets[s->hash % hub->bucket_count];
	hub->buckets[s->hash % hub->bucket_count] = s;
	hub->session_count++;
	return s;
}

static void session_drop(struct hub *hub, struct session *session)
{
	struct session **at = &hub->buckets[session->hash % hub->bucket_count];

	while (*at != session)
		at = &(*at)->next;
	*at = session->next;
	free(session);
	hub->session_count--;
}

/* --- subscriptions --- */

static struct subscription *subscription_find(const struct hub_subscriber *s, const char *key)
{
	struct subscription *sub = s->subscriptions;

	while (sub != NULL && strcmp(sub->session->key, key) != 0)
		sub = sub->next_of_subscriber;
	return sub;
}

/* `at` is the subscriber's link to it. */
static void subscription_drop(struct subscription **at)
{
	struct subscription *sub = *at, **in_session = &sub->session->first;

	while (*in_session != sub)
		in_session = &(*in_session)->next_of_session;
	*in_session = sub->next_of_session;
	*at = sub->next_of_subscriber;
	if (sub->session->first == NULL)
		session_drop(sub->who->hub, sub->session);
	free(sub);
}

enum hub_state hub_state(const struct hub_subscriber *s, const char *session)
{
	const struct subscription *sub = subscription_find(s, session);
	return sub == NULL ? HUB_NONE : sub->state;
}

static size_t subscription_count(const struct hub_subscriber *s)
{
	size_t n = 0;

	for (const struct subscription *sub = s->subscriptions; sub != NULL; sub = sub->next_of_subscriber)
		n++;
	return n;
}

enum error hub_subscribe(struct hub_subscriber *s, const char *session, bool wants_joined)
{
	struct subscription *sub = subscription_find(s, session);

	if (sub != NULL) {
		sub->wants_joined |= wants_joined;
		return ERROR_none;
	}
	if (subscription_count(s) >= HUB_SESSIONS_MAX)
		return ERROR_overloaded;
	sub = need(calloc(1, sizeof(*sub)));
	sub->session = session_find(s->hub, session);
	if (sub->session == NULL)
		sub->session = session_make(s->hub, session);
	sub->who = s;
	sub->state = HUB_PENDING;
	sub->wants_joined = wants_joined;
	sub->next_of_subscriber = s->subscriptions;
	s->subscriptions = sub;
	sub->next_of_session = sub->session->first;
	sub->session->first = sub;
	return ERROR_none;
}

void hub_unsubscribe_pending(struct hub_subscriber *s, const char *session)
{
	struct subscription **at = &s->subscriptions;

	while (*at != NULL && strcmp((*at)->session->key, session) != 0)
		at = &(*at)->next_of_subscriber;
	if (*at != NULL && (*at)->state == HUB_PENDING)
		subscription_drop(at);
}

/* --- subscribers --- */

static void slots_grow(struct hub *hub)
{
	uint32_t count = hub->slot_count == 0 ? 64 : hub->slot_count * 2;

	hub->slots = need(realloc(hub->slots, count * sizeof(*hub->slots)));
	for (uint32_t i = hub->slot_count; i < count; i++)
		hub->slots[i] = (struct slot){ .generation = 1, .next_free = i + 1 };
	hub->slot_count = count;
}

struct hub_subscriber *hub_add(struct hub *hub, hub_frame_fn *on_frame, void *ctx)
{
	struct hub_subscriber *s = need(calloc(1, sizeof(*s)));

	if (hub->first_free == hub->slot_count)
		slots_grow(hub);
	s->hub = hub;
	s->on_frame = on_frame;
	s->ctx = ctx;
	s->slot = hub->first_free;
	s->generation = hub->slots[s->slot].generation;
	hub->first_free = hub->slots[s->slot].next_free;
	hub->slots[s->slot].who = s;
	hub->subscriber_count++;
	return s;
}

/* The free list is last in, first out; a slot whose generations are used up is never given out again. */
static void slot_drop(struct hub *hub, uint32_t index)
{
	struct slot *slot = &hub->slots[index];

	slot->who = NULL;
	if (++slot->generation == UINT32_MAX)
		return;
	slot->next_free = hub->first_free;
	hub->first_free = index;
}

void hub_remove(struct hub_subscriber **s)
{
	struct hub_subscriber *gone = *s;

	if (gone == NULL)
		return;
	*s = NULL;
	while (gone->subscriptions != NULL)
		subscription_drop(&gone->subscriptions);
	hub_held_clear(&gone->held);
	slot_drop(gone->hub, gone->slot);
	gone->hub->subscriber_count--;
	free(gone);
}

const char *hub_address(const struct hub_subscriber *s)
{
	static char text[HUB_ADDRESS_TEXT];

	snprintf(text, sizeof(text), "%s-%x-%x", s->hub->process, s->slot, s->generation);
	return text;
}

struct hub_ref hub_ref(const struct hub_subscriber *s)
{
	return (struct hub_ref){ .slot = s->slot, .generation = s->generation };
}

struct hub_subscriber *hub_find(const struct hub *hub, struct hub_ref ref)
{
	if (ref.slot >= hub->slot_count || hub->slots[ref.slot].generation != ref.generation)
		return NULL;
	return hub->slots[ref.slot].who;
}

static struct hub_subscriber *find_address(const struct hub *hub, const char *address)
{
	size_t len = strlen(hub->process);
	struct hub_ref ref;
	int end = 0;

	if (strncmp(address, hub->process, len) != 0)
		return NULL;
	if (sscanf(address + len, "-%8x-%8x%n", &ref.slot, &ref.generation, &end) != 2 || address[len + (size_t)end] != '\0')
		return NULL;
	return hub_find(hub, ref);
}

/* --- frames --- */

static void give(struct hub_subscriber *s, const struct hub_frame *f)
{
	switch (hub_held_add(s->held, f)) {
	case HUB_HELD_NOT:
		s->on_frame(s->ctx, f->type, f->message_id, f->bytes, f->len);
		break;
	case HUB_HELD_LOST:
		s->on_frame(s->ctx, NULL, f->message_id, NULL, 0);
		break;
	case HUB_HELD_KEPT:
		break;
	}
}

static void give_addressed(struct hub_subscriber *s, const char *session, const struct hub_frame *f)
{
	struct subscription *sub = session == NULL ? NULL : subscription_find(s, session);
	bool attached = strcmp(f->type, "attached") == 0, joined = strcmp(f->type, "joined") == 0;

	if (sub != NULL && (attached || joined))
		sub->state = HUB_LIVE;
	if (attached || (joined && (sub == NULL || !sub->wants_joined)))
		return;
	give(s, f);
}

static void give_session(struct hub *hub, const char *key, const struct hub_frame *f)
{
	struct session *session = session_find(hub, key);
	struct subscription *next;

	for (struct subscription *sub = session == NULL ? NULL : session->first; sub != NULL; sub = next) {
		next = sub->next_of_session;
		if (sub->state == HUB_LIVE)
			give(sub->who, f);
	}
}

void hub_deliver(struct hub *hub, const char *session, const char *address, const char *type, const char *message_id, const char *bytes, size_t len)
{
	struct hub_frame f = { .type = type, .message_id = message_id, .bytes = bytes, .len = len };

	if (address == NULL) {
		give_session(hub, session, &f);
		return;
	}
	struct hub_subscriber *s = find_address(hub, address);
	if (s != NULL)
		give_addressed(s, session, &f);
}

void hub_hold(struct hub_subscriber *s, const char *message_id)
{
	hub_held_hold(&s->held, message_id);
}

bool hub_holds_frames(const struct hub_subscriber *s, const char *message_id)
{
	return hub_held_any(s->held, message_id);
}

void hub_release(struct hub_subscriber *s, const char *message_id)
{
	struct hub *hub = s->hub;
	struct hub_ref ref = hub_ref(s);
	struct hub_held *released = hub_held_take(&s->held, message_id);
	struct hub_frame f;

	while (hub_held_next(released, &f) && (s = hub_find(hub, ref)) != NULL)
		s->on_frame(s->ctx, f.type, f.message_id, f.bytes, f.len);
	hub_held_clear(&released);
}

size_t hub_sessions(const struct hub *hub)
{
	return hub->session_count;
}

size_t hub_subscribers(const struct hub *hub)
{
	return hub->subscriber_count;
}
