/* test_outbox.c - frames of a loop turn leave as one record for each partition. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/flow/fakes.h"
#include "tests/flow/play.h"
#include "workers/outbox.h"

#define SESSION PLAY_R "/anna"

TestSuite(outbox, .init = play_setup, .fini = play_teardown);

struct told {
	size_t n;
	enum error error;
};

static void on_done(void *ctx, enum error error)
{
	struct told *t = ctx;
	t->n++;
	t->error = error;
}

static enum error put(int32_t partition, const char *json, struct told *t)
{
	return outbox_put(play_worker.outbox, partition, &(struct frames_head){ .type = "token", .session = SESSION }, json, strlen(json), t ? on_done : NULL, t);
}

Test(outbox, one_record_for_each_partition_and_turn)
{
	static const char *const order[] = { "1", "3", "2" };
	cr_assert_eq(put(1, "1", NULL), ERROR_none);
	cr_assert_eq(put(2, "2", NULL), ERROR_none);
	cr_assert_eq(put(1, "3", NULL), ERROR_none);
	cr_assert_eq(fake_bus_sendings, 0, "not before the turn ends");
	play_turn();
	cr_assert_eq(fake_bus_sendings, 2);
	for (size_t i = 0; i < 3; i++)
		cr_assert_str_eq(fake_bus_record(i)->value, order[i]);
	cr_assert(fake_bus_record(0)->partition == 1 && fake_bus_record(2)->partition == 2);
	cr_assert_eq(put(1, "4", NULL), ERROR_none);
	play_turn();
	cr_assert_eq(fake_bus_sendings, 3, "a lone frame waits for none");
}

Test(outbox, each_who_waits_is_told_once)
{
	struct told t = { 0 };
	for (int i = 0; i < 20; i++)
		cr_assert_eq(put(1, "x", i % 2 ? &t : NULL), ERROR_none);
	play_turn();
	cr_assert_eq(t.n, 0);
	fake_bus_confirm(ERROR_bus_unknown);
	cr_assert(t.n == 10 && t.error == ERROR_bus_unknown);
}

Test(outbox, a_refusal_is_told_at_the_end_of_the_turn)
{
	struct told t = { 0 };
	fake_bus_refuse(ERROR_overloaded);
	cr_assert_eq(put(1, "x", &t), ERROR_none);
	outbox_send(play_worker.outbox);
	cr_assert_eq(t.n, 0, "nobody is called back by what he calls");
	play_turn();
	cr_assert(t.n == 1 && t.error == ERROR_overloaded);
	fake_bus_refuse(ERROR_none);
	cr_assert_eq(put(1, "y", NULL), ERROR_none);
	play_turn();
	cr_assert(fake_bus_count() == 1 && strcmp(fake_bus_last("token")->value, "y") == 0, "what was refused is not sent later");
}

Test(outbox, records_are_bounded)
{
	size_t size = OUTBOX_BYTES / 4;
	char *json = calloc(1, OUTBOX_FRAME_MAX + 2);
	memset(json, 'x', size);
	for (int i = 0; i < 8; i++)
		cr_assert_eq(put(1, json, NULL), ERROR_none);
	cr_assert_eq(fake_bus_sendings, 2, "three fit into one");
	play_turn();
	cr_assert(fake_bus_sendings == 3 && fake_bus_count() == 8);
	for (int i = 0; i < OUTBOX_FRAMES + 1; i++)
		cr_assert_eq(put(1, "x", NULL), ERROR_none);
	cr_assert_eq(fake_bus_sendings, 4);
	play_turn();
	cr_assert_eq(fake_bus_sendings, 5);
	memset(json, 'x', OUTBOX_FRAME_MAX);
	cr_assert_eq(put(1, json, NULL), ERROR_none, "a frame larger than a record goes alone");
	cr_assert_eq(put(1, "x", NULL), ERROR_none);
	play_turn();
	cr_assert_eq(fake_bus_sendings, 7);
	json[OUTBOX_FRAME_MAX] = 'x';
	cr_assert_eq(put(1, json, NULL), ERROR_too_big_to_store);
	free(json);
}

Test(outbox, many_partitions_make_room)
{
	for (int32_t i = 0; i < 2 * OUTBOX_PARTITIONS + 1; i++)
		cr_assert_eq(put(i, "x", NULL), ERROR_none);
	cr_assert_eq(fake_bus_sendings, 2 * OUTBOX_PARTITIONS);
	play_turn();
	cr_assert_eq(fake_bus_sendings, 2 * OUTBOX_PARTITIONS + 1);
}

Test(outbox, what_nobody_could_read_is_refused)
{
	struct told t = { 0 };
	struct frames_head head = { .type = "token", .session = "with space" };
	cr_assert_eq(outbox_put(play_worker.outbox, 1, &head, "x", 1, on_done, &t), ERROR_invalid);
	play_turn();
	cr_assert(t.n == 0 && fake_bus_count() == 0);
}
