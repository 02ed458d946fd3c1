/* limit.c - a hash table of buckets, chained, and a list of them by last use. */
#include "api/limit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/metric.h"

struct bucket {
	struct bucket *next;          /* of the same slot */
	struct bucket *newer, *older; /* by last use */
	double tokens;
	int64_t filled_ms; /* up to here `tokens` is right */
	char key[];
};

struct limit {
	const char *name;
	struct config_rate rate;
	size_t keys, keys_max, slots; /* slots: a power of two */
	struct bucket *newest, *oldest;
	struct bucket **table;
};

struct limit *limit_new(const char *name, struct config_rate rate, size_t keys_max)
{
	struct limit *l = calloc(1, sizeof(*l));
	assert(keys_max > 0 && (rate.off || (rate.count > 0 && rate.per_ms > 0)));
	if (!l)
		abort();
	*l = (struct limit){ .name = name, .rate = rate, .keys_max = keys_max, .slots = 64 };
	while (l->slots < keys_max)
		l->slots *= 2;
	l->table = calloc(l->slots, sizeof(*l->table));
	if (!l->table)
		abort();
	return l;
}

void limit_free(struct limit **lp)
{
	struct limit *l = *lp;
	*lp = NULL;
	if (!l)
		return;
	for (struct bucket *b = l->newest, *older; b; b = older) {
		older = b->older;
		free(b);
	}
	free(l->table);
	free(l);
}

static struct bucket **slot_of(struct limit *l, const char *key)
{
	uint64_t h = 14695981039346656037u;
	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 1099511628211u;
	return &l->table[(h ^ h >> 32) & (l->slots - 1)];
}

static struct bucket *find(struct limit *l, const char *key)
{
	struct bucket *b = *slot_of(l, key);
	while (b && strcmp(b->key, key) != 0)
		b = b->next;
	return b;
}

static void list_remove(struct limit *l, struct bucket *b)
{
	*(b->newer ? &b->newer->older : &l->newest) = b->older;
	*(b->older ? &b->older->newer : &l->oldest) = b->newer;
}

static void list_add(struct limit *l, struct bucket *b)
{
	b->newer = NULL;
	b->older = l->newest;
	*(l->newest ? &l->newest->newer : &l->oldest) = b;
	l->newest = b;
}

static void evict_oldest(struct limit *l)
{
	struct bucket *b = l->oldest, **at = slot_of(l, b->key);
	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
	list_remove(l, b);
	free(b);
	l->keys--;
}

static struct bucket *add(struct limit *l, const char *key)
{
	if (l->keys == l->keys_max)
		evict_oldest(l);
	size_t len = strlen(key) + 1;
	struct bucket *b = malloc(sizeof(*b) + len), **slot = slot_of(l, key);
	if (!b)
		abort();
	memcpy(b->key, key, len);
	b->tokens = (double)l->rate.count;
	b->filled_ms = clock_ms();
	b->next = *slot;
	*slot = b;
	list_add(l, b);
	l->keys++;
	return b;
}

static void fill(const struct limit *l, struct bucket *b)
{
	int64_t now = clock_ms();
	b->tokens += (double)(now - b->filled_ms) * (double)l->rate.count / (double)l->rate.per_ms;
	if (b->tokens > (double)l->rate.count)
		b->tokens = (double)l->rate.count;
	b->filled_ms = now;
}

int limit_take(struct limit *l, const char *key)
{
	if (l->rate.off)
		return 0;
	struct bucket *b = find(l, key);
	if (b) {
		list_remove(l, b);
		list_add(l, b);
		fill(l, b);
	} else {
		b = add(l, key);
	}
	/* a token that lacks a millionth is one: doubles do not add up exactly */
	if (b->tokens >= 1 - 1e-6) {
		b->tokens -= 1;
		return 0;
	}
	metric_add(METRIC_rate_limited, 1, l->name);
	double wait_ms = (1 - b->tokens) * (double)l->rate.per_ms / (double)l->rate.count;
	return (int)(wait_ms / 1000) + 1;
}

void limit_give_back(struct limit *l, const char *key)
{
	struct bucket *b = l->rate.off ? NULL : find(l, key);
	if (b && b->tokens < (double)l->rate.count)
		b->tokens += 1;
}

size_t limit_keys(const struct limit *l)
{
	return l->keys;
}
