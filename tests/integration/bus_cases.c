/* bus_cases.c - see bus_cases.h. */
#include "tests/integration/bus_cases.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define JOIN_MS 30000

static struct kit_seen *seen_new(void)
{
	struct kit_seen *seen = calloc(1, sizeof(*seen));
	cr_assert_not_null(seen);
	seen->keep_number = -1;
	return seen;
}

/* Each number of [from, to) exactly once, and ascending for each key. */
static void check_complete(const struct kit_seen *seen, int32_t from, int32_t to, int keys)
{
	int32_t *last = calloc((size_t)keys, sizeof(*last));
	cr_assert_eq(seen->n, (size_t)(to - from));
	for (int i = 0; i < keys; i++)
		last[i] = -1;
	for (size_t i = 0; i < seen->n; i++) {
		int key = seen->number[i] % keys;
		cr_assert(seen->number[i] >= from && seen->number[i] < to);
		cr_assert_gt(seen->number[i], last[key], "key %d: %d came after %d", key, seen->number[i], last[key]);
		last[key] = seen->number[i];
	}
	free(last);
}

void case_publish_and_order(bool embedded)
{
	struct kit k;
	struct kit_seen *seen = seen_new();
	kit_open(&k, embedded);
	kit_join(&k, k.bus, "order", seen);
	cr_assert_eq(kit_publish(&k, 0, 10000, 50), 10000);
	cr_assert(kit_seen_until(&k, seen, 10000, JOIN_MS), "%zu came", seen->n);
	kit_turn(&k, 100);
	check_complete(seen, 0, 10000, 50);
	cr_assert_eq(bus_group_unfinished(seen->group), 0);
	cr_assert_eq(bus_group_lag(seen->group, TOPIC_chat_requests), 0);
	kit_leave(&k, seen);
	kit_close(&k);
	free(seen);
}

/* A process that dies commits nothing more; what it had not finished comes again. */
void case_redelivery_after_crash(bool embedded)
{
	struct kit k;
	struct kit_seen *first = seen_new(), *second = seen_new();
	kit_open(&k, embedded);
	first->keep_unfinished = true;
	struct bus *doomed = kit_bus(&k);
	kit_join(&k, doomed, "crash", first);
	cr_assert_eq(kit_publish(&k, 0, 200, 20), 200);
	cr_assert(kit_seen_until(&k, first, 200, JOIN_MS));
	cr_assert_eq(bus_group_unfinished(first->group), 200);
	bus_free(&doomed);
	kit_join(&k, k.bus, "crash", second);
	cr_assert(kit_seen_until(&k, second, 200, JOIN_MS), "%zu came again", second->n);
	check_complete(second, 0, 200, 20);
	kit_leave(&k, second);
	kit_close(&k);
	free(first);
	free(second);
}

/* One of 300 is not finished: after leaving, the next member is given that one and what is behind it in its partition, and nothing else. */
void case_commit_lowest_unfinished(bool embedded)
{
	struct kit k;
	struct kit_seen *first = seen_new(), *second = seen_new();
	size_t expected = 0, open = 0;
	kit_open(&k, embedded);
	first->keep_number = 150;
	kit_join(&k, k.bus, "lowest", first);
	cr_assert_eq(kit_publish(&k, 0, 300, 20), 300);
	cr_assert(kit_seen_until(&k, first, 300, JOIN_MS));
	for (size_t i = 0; i < first->n; i++)
		if (first->number[i] == 150)
			open = i;
	for (size_t i = 0; i < first->n; i++)
		expected += first->partition[i] == first->partition[open] && first->offset[i] >= first->offset[open];
	cr_assert_eq(bus_group_unfinished(first->group), 1);
	kit_turn(&k, BUS_COMMIT_MS * 2);
	kit_leave(&k, first);
	cr_assert_eq(first->revoked, KIT_PARTITIONS);
	kit_join(&k, k.bus, "lowest", second);
	cr_assert(kit_seen_until(&k, second, expected, JOIN_MS), "%zu of %zu came again, assigned %zu", second->n, expected, second->assigned);
	kit_turn(&k, 500);
	cr_assert_eq(second->n, expected, "%zu came again, not %zu", second->n, expected);
	cr_assert_eq(second->number[0], 150);
	/* A finish that comes too late, for an assignment that is over, changes nothing. */
	bus_group_finish(second->group, TOPIC_chat_requests, second->partition[0], second->offset[0], second->generation[0] + 1000);
	kit_leave(&k, second);
	kit_close(&k);
	free(first);
	free(second);
}

void case_pause_and_resume(bool embedded)
{
	struct kit k;
	struct kit_seen *seen = seen_new();
	kit_open(&k, embedded);
	seen->pause_each = 97;
	kit_join(&k, k.bus, "pause", seen);
	cr_assert_eq(kit_publish(&k, 0, 3000, 40), 3000);
	for (int round = 0; round < 200 && seen->n < 3000; round++) {
		size_t before = seen->n;
		if (!seen->paused)
			kit_seen_until(&k, seen, before + 1, JOIN_MS);
		kit_turn(&k, 20);
		if (!seen->paused)
			continue;
		before = seen->n;
		/* Once so long that librdkafka is paused too. */
		kit_turn(&k, round == 5 ? 1600 : 20);
		cr_assert_eq(seen->n, before, "a paused group goes on");
		seen->paused = false;
		bus_group_resume(seen->group);
		bus_group_resume(seen->group);
	}
	kit_turn(&k, 300);
	check_complete(seen, 0, 3000, 40);
	kit_leave(&k, seen);
	kit_close(&k);
	free(seen);
}

static bool is_ready(void *ctx)
{
	return ((struct kit_seen *)ctx)->ready;
}

void case_reader_from_end(bool embedded)
{
	struct kit k;
	struct kit_seen *seen = seen_new(), *other = seen_new();
	struct bus_reader *reader = NULL, *second = NULL;
	kit_open(&k, embedded);
	cr_assert_eq(kit_publish(&k, 0, 100, 10), 100);
	cr_assert_eq(bus_reader_start(k.bus, TOPIC_chat_requests, BUS_ANY_PARTITION, BUS_FROM_END, kit_on_record, kit_on_ready, seen, &reader), ERROR_none);
	cr_assert_eq(bus_reader_start(k.bus, TOPIC_chat_requests, 1, BUS_FROM_END, kit_on_record, kit_on_ready, other, &second), ERROR_conflict);
	cr_assert(!seen->ready);
	cr_assert(kit_until(&k, is_ready, seen, JOIN_MS));
	cr_assert_eq(seen->ready_error, ERROR_none);
	cr_assert_eq(kit_publish(&k, 100, 1100, 10), 1000);
	cr_assert(kit_seen_until(&k, seen, 1000, JOIN_MS));
	kit_turn(&k, 200);
	check_complete(seen, 100, 1100, 10);
	bus_reader_stop(&reader);
	cr_assert_null(reader);
	cr_assert_eq(bus_reader_start(k.bus, TOPIC_chat_requests, BUS_ANY_PARTITION, BUS_FROM_BEGINNING, kit_on_record, kit_on_ready, other, &reader), ERROR_none);
	cr_assert(kit_seen_until(&k, other, 1100, JOIN_MS));
	check_complete(other, 0, 1100, 10);
	/* Left to bus_free(). */
	kit_close(&k);
	free(seen);
	free(other);
}

static void publish_to(struct kit *k, int32_t partition, const char *value)
{
	struct bus_header header = { "number", value, strlen(value) };
	struct bus_record record = { .topic = TOPIC_replies, .partition = partition, .value = value, .value_len = strlen(value), .headers = &header, .header_count = 1 };
	cr_assert_eq(bus_publish(k->bus, BUS_FAST, &record, NULL, NULL), ERROR_none);
}

static void on_flushed(void *ctx)
{
	*(bool *)ctx = true;
}

static bool is_true(void *ctx)
{
	return *(bool *)ctx;
}

void case_reader_of_one_partition(bool embedded)
{
	struct kit k;
	struct kit_seen *seen = seen_new(), *missing = seen_new();
	struct bus_reader *reader = NULL, *none = NULL;
	bool flushed = false;
	kit_open(&k, embedded);
	cr_assert_eq(bus_reader_start(k.bus, TOPIC_replies, 2, BUS_FROM_END, kit_on_record, kit_on_ready, seen, &reader), ERROR_none);
	cr_assert(kit_until(&k, is_ready, seen, JOIN_MS));
	publish_to(&k, 1, "1");
	publish_to(&k, 2, "2");
	publish_to(&k, 2, "3");
	bus_flush(k.bus, 10000, on_flushed, &flushed);
	cr_assert(!flushed);
	cr_assert(kit_until(&k, is_true, &flushed, JOIN_MS));
	cr_assert_eq(bus_unconfirmed(k.bus), 0);
	cr_assert(kit_seen_until(&k, seen, 2, JOIN_MS));
	cr_assert(seen->number[0] == 2 && seen->number[1] == 3);
	cr_assert_eq(bus_reader_start(k.bus, TOPIC_replies, KIT_PARTITIONS, BUS_FROM_END, kit_on_record, kit_on_ready, missing, &none), ERROR_none);
	cr_assert(kit_until(&k, is_ready, missing, JOIN_MS));
	cr_assert_eq(missing->ready_error, ERROR_bus_rejected);
	bus_reader_stop(&none);
	bus_reader_stop(&reader);
	kit_close(&k);
	free(seen);
	free(missing);
}

struct pair {
	struct kit_seen *a, *b;
	size_t looked_at[2], distinct;
	bool found[KIT_SEEN_MAX];
	size_t n;
};

static bool both_have_some(void *ctx)
{
	struct pair *p = ctx;
	return p->a->assigned > 0 && p->b->assigned > 0 && p->b->assigned < KIT_PARTITIONS;
}

static void look(struct pair *p, const struct kit_seen *seen, size_t *at)
{
	for (; *at < seen->n; ++*at) {
		p->distinct += !p->found[seen->number[*at]];
		p->found[seen->number[*at]] = true;
	}
}

static bool together(void *ctx)
{
	struct pair *p = ctx;
	look(p, p->a, &p->looked_at[0]);
	look(p, p->b, &p->looked_at[1]);
	return p->distinct >= p->n;
}

static void wait_for(struct kit *k, struct pair *p, size_t n)
{
	p->n = n;
	cr_assert(kit_until(k, together, p, JOIN_MS), "%zu of %zu came", p->distinct, n);
}

/* What was finished does not come again, if only the broker takes commits while a group changes: the mock cluster does not. */
void case_two_members(bool embedded)
{
	struct kit k;
	struct pair *p = calloc(1, sizeof(*p));
	p->a = seen_new();
	p->b = seen_new();
	kit_open(&k, embedded);
	struct bus *other = kit_bus(&k);
	kit_join(&k, k.bus, "two", p->a);
	cr_assert_eq(kit_publish(&k, 0, 500, 40), 500);
	wait_for(&k, p, 500);
	p->a->assigned = 0;
	kit_join(&k, other, "two", p->b);
	cr_assert(kit_until(&k, both_have_some, p, JOIN_MS), "assigned: %zu and %zu", p->a->assigned, p->b->assigned);
	cr_assert_eq(kit_publish(&k, 500, 1500, 40), 1000);
	wait_for(&k, p, 1500);
	cr_assert_gt(p->b->n, 0);
	kit_leave(&k, p->b);
	cr_assert_eq(kit_publish(&k, 1500, 2000, 40), 500);
	wait_for(&k, p, 2000);
	cr_assert(embedded || p->a->n + p->b->n == 2000, "%zu came twice though all was finished", p->a->n + p->b->n - 2000);
	kit_leave(&k, p->a);
	bus_free(&other);
	kit_close(&k);
	free(p->a);
	free(p->b);
	free(p);
}

void case_limits(bool embedded)
{
	struct kit k;
	kit_open(&k, embedded);
	char *large = calloc(1, BUS_RECORD_MAX + 1);
	struct bus_record record = { .topic = TOPIC_chat_requests, .partition = 0, .value = large, .value_len = BUS_RECORD_MAX + 1 };
	cr_assert_eq(bus_publish(k.bus, BUS_FAST, &record, NULL, NULL), ERROR_too_large);
	cr_assert_eq(bus_unconfirmed(k.bus), 0);
	record.value_len = BUS_RECORD_MAX;
	bool flushed = false;
	cr_assert_eq(bus_publish(k.bus, BUS_BULK, &record, NULL, NULL), ERROR_none);
	/* As the queue's bytes are bounded, one of these does not fit any more. */
	enum error error = ERROR_none;
	for (int i = 0; i < 200 && !error; i++)
		error = bus_publish(k.bus, BUS_FAST, &record, NULL, NULL);
	cr_assert_eq(error, ERROR_overloaded);
	bus_flush(k.bus, 20000, on_flushed, &flushed);
	cr_assert(kit_until(&k, is_true, &flushed, 25000));
	cr_assert_eq(bus_unconfirmed(k.bus), 0);
	free(large);
	kit_close(&k);
}
