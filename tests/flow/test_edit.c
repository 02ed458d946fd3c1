/* test_edit.c - the flow of an edit with database and broker under our hand: order, trying again, refusals, what is told to whom. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "tests/flow/play.h"
#include "workers/consumer.h"
#include "workers/edit.h"
#include "workers/outbox.h"

#define R1 "0190bbbb-0000-7000-8000-000000000001"
#define R2 "0190bbbb-0000-7000-8000-000000000002"
#define OP(n) "0190cccc-0000-7000-8000-00000000000" #n
#define CHANGED "{\"restaurant_id\":\"" R1 "\",\"slug\":\"corner\",\"menu_version\":8}"

static struct worker worker;
static struct config config;
static struct consumer *consumer;
static const enum topic_id topics[] = { TOPIC_menu_edits };
static event_handler *const handlers[EVENT_COUNT] = { [EVENT_menu_edit] = edit_on_event };

static void setup(void)
{
	log_init("flow", LOG_error);
	fakes_reset();
	worker = (struct worker){ .loop = uv_default_loop(), .config = &config };
	cr_assert_eq(edits_new(&worker, &worker.edits), ERROR_none);
	cr_assert_eq(outbox_new(&worker, &worker.outbox), ERROR_none);
	struct consumer_config c = { .group = "menu", .topics = topics, .topic_count = 1, .handlers = handlers, .limit = 20 };
	cr_assert_eq(consumer_new(&worker, &c, &consumer), ERROR_none);
	clock_set(1000000, 1767323045678);
}

static void ignore(void *ctx)
{
	(void)ctx;
}

static void turn(void)
{
	for (int i = 0; i < 3; i++)
		uv_run(worker.loop, UV_RUN_NOWAIT);
	if (worker.outbox) /* it may wait for the next millisecond */
		outbox_send(worker.outbox);
}

static void teardown(void)
{
	edits_drop_waiting(worker.edits, BUS_ANY_PARTITION);
	edits_free(&worker.edits);
	outbox_free(&worker.outbox);
	consumer_drain(&consumer, 0, ignore, NULL);
	clock_unset();
	turn();
}

TestSuite(edit, .init = setup, .fini = teardown, .timeout = 30);

static void edit(int64_t offset, const char *restaurant, const char *operation, const char *body)
{
	char json[2000];
	snprintf(json, sizeof(json),
	         "{\"operation_id\":\"%s\",\"restaurant_id\":\"%s\",\"action\":\"item_update\",\"target_id\":\"" OP(9) "\",\"body\":\"%s\",\"if_match\":[\"3-x\"],"
	                                                                                                               "\"reply_to\":{\"partition\":7,\"socket\":\"s-1\"}}",
	         operation, restaurant, body);
	fake_bus_deliver_on(TOPIC_menu_edits, "menu.edit", offset, json);
	turn();
}

#define PRICE "{\\\"price\\\":2.50}"

static void answer(int64_t status, const char *changed)
{
	static struct edit_apply_row row;
	row = (struct edit_apply_row){ .status = status, .result = "{\"price\":2.50}", .etag = "4-x", .menu_version = changed ? 8 : 0, .problems = "[]", .changed = changed };
	fake_pg_answer(ERROR_none, &row, 1);
	turn();
}

static size_t records_on(enum topic_id topic)
{
	size_t n = 0;
	for (size_t i = 0; i < fake_bus_count(); i++)
		n += fake_bus_record(i)->topic == topic;
	return n;
}

Test(edit, is_applied_announced_and_replied_to)
{
	edit(1, R1, OP(1), PRICE);
	cr_expect_eq(fake_bus_count(), 0, "nothing is said before the commit");
	answer(200, CHANGED);
	cr_expect_eq(records_on(TOPIC_menu_changes), 1);
	const struct fake_record *reply = fake_bus_last("operation_done");
	cr_assert(reply);
	cr_expect_eq(reply->partition, 7);
	cr_expect_str_eq(reply->socket, "s-1");
	json_t *said = json_loads(reply->value, 0, NULL);
	cr_expect_str_eq(json_string_value(json_object_get(said, "body")), "{\"price\":2.50}", "the text as the database wrote it");
	cr_expect_str_eq(json_string_value(json_object_get(said, "slug")), "corner");
	cr_expect_eq(json_integer_value(json_object_get(said, "menu_version")), 8);
	json_decref(said);
	cr_expect_eq(fake_bus_finished(), 0, "not before the broker has both");
	fake_bus_confirm(ERROR_none);
	turn();
	cr_expect_eq(fake_bus_finished(), 1);
}

Test(edit, edits_of_one_restaurant_wait_for_each_other_and_others_do_not)
{
	edit(1, R1, OP(1), PRICE);
	edit(2, R1, OP(2), PRICE);
	edit(3, R2, OP(3), PRICE);
	cr_expect_eq(fake_pg_open(), 2, "one of each restaurant");
	cr_expect_eq(edits_waiting(worker.edits), 1);
	answer(200, CHANGED);
	cr_expect_eq(fake_pg_open(), 2, "the next begins when the one before is committed, whatever the broker does");
	cr_expect_eq(edits_waiting(worker.edits), 0);
	answer(200, CHANGED);
	answer(200, CHANGED);
	fake_bus_confirm(ERROR_none);
	turn();
	cr_expect_eq(fake_bus_finished(), 3);
}

Test(edit, a_refusal_is_stored_and_told_but_not_announced)
{
	edit(1, R1, OP(1), "{\\\"name\\\":\\\"<b\\\",\\\"nope\\\":1}");
	cr_expect_eq(fake_pg_open(), 1, "the outcome is stored, for whoever asks for the operation");
	answer(422, NULL);
	cr_expect_eq(records_on(TOPIC_menu_changes), 0);
	cr_expect(fake_bus_last("operation_done"));
	fake_bus_confirm(ERROR_none);
	turn();
	cr_expect_eq(fake_bus_finished(), 1);
}

static void wait_ms(int64_t ms)
{
	clock_advance(ms);
	play_sleep_on(worker.loop);
}

Test(edit, waits_for_the_database_without_end)
{
	edit(1, R1, OP(1), PRICE);
	edit(2, R1, OP(2), PRICE);
	for (int i = 0; i < 3 * EDIT_TRIES; i++) {
		fake_pg_answer(ERROR_db_unavailable, NULL, 0);
		cr_expect_eq(fake_pg_open(), 0);
		wait_ms(6000);
		cr_assert_eq(fake_pg_open(), 1, "try %d", i);
	}
	cr_expect_eq(edits_waiting(worker.edits), 1, "the order stays");
	answer(200, CHANGED);
	answer(200, CHANGED);
	fake_bus_confirm(ERROR_none);
	turn();
	cr_expect_eq(fake_bus_finished(), 2);
}

Test(edit, what_the_database_refuses_for_no_known_reason_is_put_aside)
{
	edit(1, R1, OP(1), PRICE);
	for (int i = 0; i <= EDIT_TRIES; i++) {
		cr_assert_eq(fake_pg_open(), 1, "try %d", i);
		fake_pg_answer(ERROR_db_failed, NULL, 0);
		wait_ms(6000);
	}
	cr_assert_eq(fake_pg_open(), 1, "the outcome 500");
	answer(500, NULL);
	cr_expect(fake_bus_last("operation_done"));
	fake_bus_confirm(ERROR_none);
	turn();
	cr_expect_eq(records_on(TOPIC_menu_edits_dead), 1);
	fake_bus_confirm(ERROR_none);
	turn();
	cr_expect_eq(fake_bus_finished(), 1);
}

Test(edit, is_announced_until_the_broker_has_it)
{
	edit(1, R1, OP(1), PRICE);
	answer(200, CHANGED);
	fake_bus_confirm(ERROR_bus_unknown);
	turn();
	cr_expect_eq(fake_bus_finished(), 0);
	wait_ms(6000);
	cr_expect_eq(records_on(TOPIC_menu_changes), 2);
	fake_bus_confirm(ERROR_none);
	turn();
	cr_expect_eq(fake_bus_finished(), 1);
}

Test(edit, a_poisoned_one_goes_to_the_dead_letters_and_stops_nothing)
{
	fake_bus_deliver_on(TOPIC_menu_edits, "menu.edit", 1, "{\"operation_id\":1");
	fake_bus_deliver_on(TOPIC_menu_edits, "menu.edit", 2, "{\"operation_id\":\"" OP(1) "\",\"restaurant_id\":\"" R1 "\",\"action\":\"item_explode\"}");
	fake_bus_deliver_on(TOPIC_menu_edits, "menu.nonsense", 3, "{}");
	cr_expect_eq(records_on(TOPIC_menu_edits_dead), 3);
	edit(4, R1, OP(2), PRICE);
	cr_expect_eq(fake_pg_open(), 1);
	answer(200, CHANGED);
	fake_bus_confirm(ERROR_none);
	turn();
	cr_expect_eq(fake_bus_finished(), 4);
}

Test(edit, a_draining_worker_leaves_what_waits_to_others)
{
	edit(1, R1, OP(1), PRICE);
	edit(2, R1, OP(2), PRICE);
	worker.draining = true;
	edits_drop_waiting(worker.edits, BUS_ANY_PARTITION);
	answer(200, CHANGED);
	cr_expect_eq(fake_pg_open(), 0);
	fake_bus_confirm(ERROR_none);
	turn();
	cr_expect_eq(fake_bus_finished(), 1, "only the one that was begun");
}

Test(edit, a_revoked_partition_takes_what_waits_with_it)
{
	edit(1, R1, OP(1), PRICE);
	edit(2, R1, OP(2), PRICE);
	edits_drop_waiting(worker.edits, 5);
	cr_expect_eq(edits_waiting(worker.edits), 1, "another partition");
	edits_drop_waiting(worker.edits, 0);
	cr_expect_eq(edits_waiting(worker.edits), 0);
	answer(200, CHANGED);
	cr_expect_eq(fake_pg_open(), 0);
}
