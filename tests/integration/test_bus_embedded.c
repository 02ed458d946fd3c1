/* test_bus_embedded.c - the bus on the mock cluster, and what only a broker that obeys can show. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/metric.h"
#include "tests/integration/bus_cases.h"

#define PRODUCE 0 /* ApiKey of Produce requests */

Test(bus_embedded, publish_and_order, .timeout = 90)
{
	case_publish_and_order(true);
}
Test(bus_embedded, redelivery_after_crash, .timeout = 90)
{
	case_redelivery_after_crash(true);
}
Test(bus_embedded, commit_lowest_unfinished, .timeout = 90)
{
	case_commit_lowest_unfinished(true);
}
Test(bus_embedded, pause_and_resume, .timeout = 90)
{
	case_pause_and_resume(true);
}
Test(bus_embedded, reader_from_end, .timeout = 90)
{
	case_reader_from_end(true);
}
Test(bus_embedded, reader_of_one_partition, .timeout = 90)
{
	case_reader_of_one_partition(true);
}
Test(bus_embedded, two_members, .timeout = 90)
{
	case_two_members(true);
}

struct outcome {
	bool known;
	enum error error;
};

static void on_outcome(void *ctx, enum error error)
{
	struct outcome *o = ctx;
	cr_assert(!o->known, "confirmed twice");
	*o = (struct outcome){ true, error };
}

static bool is_known(void *ctx)
{
	return ((struct outcome *)ctx)->known;
}

static void publish(struct kit *k, struct outcome *outcome)
{
	struct bus_record record = { .topic = TOPIC_replies, .partition = 0, .value = "x", .value_len = 1 };
	*outcome = (struct outcome){ false, ERROR_none };
	cr_assert_eq(bus_publish(k->bus, BUS_FAST, &record, on_outcome, outcome), ERROR_none);
}

static bool is_down(void *ctx)
{
	return !bus_up(ctx);
}

static bool is_up(void *ctx)
{
	return bus_up(ctx);
}

Test(bus_embedded, broker_away_and_back, .timeout = 60)
{
	struct kit k;
	struct outcome outcome;
	kit_open(&k, true);
	rd_kafka_mock_broker_set_down(k.mock, 1);
	cr_assert(kit_until(&k, is_down, k.bus, 3000));
	int64_t began = clock_ms();
	publish(&k, &outcome);
	cr_assert(kit_until(&k, is_known, &outcome, BUS_MESSAGE_TIMEOUT_MS + 2000));
	cr_assert_eq(outcome.error, ERROR_bus_unavailable);
	cr_assert_geq(clock_ms() - began, BUS_MESSAGE_TIMEOUT_MS - 1000);
	rd_kafka_mock_broker_set_up(k.mock, 1);
	cr_assert(kit_until(&k, is_up, k.bus, 5000));
	publish(&k, &outcome);
	cr_assert(kit_until(&k, is_known, &outcome, 5000));
	cr_assert_eq(outcome.error, ERROR_none);
	kit_close(&k);
}

Test(bus_embedded, nobody_is_there, .timeout = 60)
{
	struct kit k;
	struct outcome outcome = { false, ERROR_none };
	kit_open(&k, true);
	struct bus *alone = NULL;
	cr_assert_eq(bus_new(&(struct bus_config){ .loop = &k.loop, .brokers = "127.0.0.1:1", .topic_prefix = "" }, &alone), ERROR_none);
	bus_warm_up(alone, 500, on_outcome, &outcome);
	cr_assert(kit_until(&k, is_known, &outcome, 5000));
	cr_assert_eq(outcome.error, ERROR_bus_unavailable);
	cr_assert(!bus_up(alone));
	bus_free(&alone);
	kit_close(&k);
}

Test(bus_embedded, refused_by_the_broker, .timeout = 60)
{
	struct kit k;
	struct outcome outcome;
	kit_open(&k, true);
	publish(&k, &outcome);
	cr_assert(kit_until(&k, is_known, &outcome, 10000));
	rd_kafka_mock_push_request_errors(k.mock, PRODUCE, 2, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
	publish(&k, &outcome);
	cr_assert(kit_until(&k, is_known, &outcome, 10000));
	cr_assert_eq(outcome.error, ERROR_none, "what passes is tried again within the time");
	rd_kafka_mock_push_request_errors(k.mock, PRODUCE, 1, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
	publish(&k, &outcome);
	cr_assert(kit_until(&k, is_known, &outcome, 10000));
	cr_assert_eq(outcome.error, ERROR_bus_rejected);
	kit_close(&k);
}

static bool rebuilt(void *ctx)
{
	(void)ctx;
	return metric_value(METRIC_producer_rebuilds, (const char *const[]){ NULL }) >= 1;
}

/* The idempotent producer gives up when the broker says that its sequence cannot be: the one that comes after it works, and nobody waits for ever. */
Test(bus_embedded, producer_is_made_anew, .timeout = 60)
{
	struct kit k;
	struct outcome outcome[20];
	kit_open(&k, true);
	publish(&k, &outcome[0]);
	cr_assert(kit_until(&k, is_known, &outcome[0], 10000));
	rd_kafka_mock_push_request_errors(k.mock, PRODUCE, 3, RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
	for (size_t i = 0; i < 20; i++)
		publish(&k, &outcome[i]);
	cr_assert(kit_until(&k, rebuilt, NULL, 10000), "the producer did not die: this test shows nothing");
	for (size_t i = 0; i < 20; i++) {
		cr_assert(kit_until(&k, is_known, &outcome[i], 10000));
		cr_assert(outcome[i].error == ERROR_bus_unknown || outcome[i].error == ERROR_none, "%d", outcome[i].error);
	}
	rd_kafka_mock_clear_request_errors(k.mock, PRODUCE);
	int64_t began = clock_ms();
	publish(&k, &outcome[0]);
	cr_assert(kit_until(&k, is_known, &outcome[0], 10000));
	cr_assert_eq(outcome[0].error, ERROR_none);
	cr_assert_lt(clock_ms() - began, 2000);
	cr_assert_eq(bus_unconfirmed(k.bus), 0);
	kit_turn(&k, 300); /* the dead one is buried */
	kit_close(&k);
}

/* bus_free() with records, a group and a reader under way: nothing hangs, nothing leaks, no callback comes. */
Test(bus_embedded, free_at_any_time, .timeout = 60)
{
	struct kit k;
	struct outcome outcome = { false, ERROR_none };
	struct kit_seen *seen = calloc(2, sizeof(*seen));
	struct bus_reader *reader = NULL;
	kit_open(&k, true);
	struct bus *bus = kit_bus(&k);
	kit_join(&k, bus, "free", &seen[0]);
	cr_assert_eq(bus_reader_start(bus, TOPIC_replies, 0, BUS_FROM_END, kit_on_record, kit_on_ready, &seen[1], &reader), ERROR_none);
	struct bus_record record = { .topic = TOPIC_replies, .partition = 0, .value = "x", .value_len = 1 };
	cr_assert_eq(bus_publish(bus, BUS_FAST, &record, on_outcome, &outcome), ERROR_none);
	bus_free(&bus);
	kit_turn(&k, 200);
	cr_assert(!outcome.known && !seen[1].ready);
	kit_close(&k);
	free(seen);
}
