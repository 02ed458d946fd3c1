/* test_bus.c - the bus on real Kafka. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/integration/bus_cases.h"

Test(bus, publish_and_order, .timeout = 90)
{
	case_publish_and_order(false);
}
Test(bus, redelivery_after_crash, .timeout = 90)
{
	case_redelivery_after_crash(false);
}
Test(bus, commit_lowest_unfinished, .timeout = 90)
{
	case_commit_lowest_unfinished(false);
}
Test(bus, pause_and_resume, .timeout = 90)
{
	case_pause_and_resume(false);
}
Test(bus, reader_from_end, .timeout = 90)
{
	case_reader_from_end(false);
}
Test(bus, reader_of_one_partition, .timeout = 90)
{
	case_reader_of_one_partition(false);
}
Test(bus, two_members, .timeout = 90)
{
	case_two_members(false);
}
Test(bus, limits, .timeout = 90)
{
	case_limits(false);
}

static void kafka(const char *verb)
{
	const char *dir = getenv("TEST_KAFKA_DIR");
	cr_assert_not_null(dir, "TEST_KAFKA_DIR is not set: run this by tests/run.sh");
	pid_t pid = fork();
	if (pid == 0) {
		FILE *quiet = freopen("/dev/null", "w", stdout);
		execl("deploy/dev/kafka.sh", "kafka.sh", verb, dir, (char *)NULL);
		_exit(quiet ? 126 : 127);
	}
	int status = 0;
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0, "kafka.sh %s failed", verb);
}

struct outcome {
	bool known;
	enum error error;
};

static void on_outcome(void *ctx, enum error error)
{
	*(struct outcome *)ctx = (struct outcome){ true, error };
}

static bool is_known(void *ctx)
{
	return ((struct outcome *)ctx)->known;
}

static bool is_down(void *ctx)
{
	return !bus_up(ctx);
}

static bool is_up(void *ctx)
{
	return bus_up(ctx);
}

/* The broker dies: that is noticed, records fail in time and by name; it returns, and all goes on by itself, readers and groups too. */
Test(bus, broker_away_and_back, .timeout = 120)
{
	struct kit k;
	struct kit_seen *seen = calloc(1, sizeof(*seen));
	seen->keep_number = -1;
	kit_open(&k, false);
	kit_join(&k, k.bus, "away", seen);
	cr_assert_eq(kit_publish(&k, 0, 100, 10), 100);
	cr_assert(kit_seen_until(&k, seen, 100, 30000));
	kafka("kill");
	struct outcome outcome = { false, ERROR_none };
	struct bus_record record = { .topic = TOPIC_menu_edits, .partition = 0, .value = "lost", .value_len = 4 };
	int64_t began = clock_ms();
	cr_assert_eq(bus_publish(k.bus, BUS_FAST, &record, on_outcome, &outcome), ERROR_none);
	cr_assert(kit_until(&k, is_down, k.bus, 3000), "nobody noticed");
	cr_assert(kit_until(&k, is_known, &outcome, BUS_MESSAGE_TIMEOUT_MS + 3000));
	cr_assert_leq(clock_ms() - began, BUS_MESSAGE_TIMEOUT_MS + 3000);
	cr_assert(outcome.error == ERROR_bus_unavailable || outcome.error == ERROR_bus_unknown, "%d", outcome.error);
	kafka("start");
	cr_assert(kit_until(&k, is_up, k.bus, 20000), "nobody noticed that it is back");
	/* It answers before it leads its partitions again, so the first may still fail. */
	for (int64_t until = clock_ms() + 40000; outcome.error && clock_ms() < until;) {
		outcome.known = false;
		cr_assert_eq(bus_publish(k.bus, BUS_FAST, &record, on_outcome, &outcome), ERROR_none);
		cr_assert(kit_until(&k, is_known, &outcome, BUS_MESSAGE_TIMEOUT_MS + 3000));
	}
	cr_assert_eq(kit_publish(&k, 100, 200, 10), 100);
	cr_assert(kit_seen_until(&k, seen, 200, 40000), "%zu came", seen->n);
	kit_leave(&k, seen);
	kit_close(&k);
	free(seen);
}
