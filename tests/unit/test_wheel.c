/* test_wheel.c - what is due when. The loop never runs here: seconds pass by wheel_turn(). */
#include <criterion/criterion.h>

#include "api/wheel.h"
#include "common/clock.h"

struct thing {
	struct wheel_entry entry;
	int fired;
	uint32_t at_s;
	struct thing *clears;
	bool again;
};

static uv_loop_t loop;
static struct wheel *wheel;

static void setup(void)
{
	clock_set(1000000, 0);
	uv_loop_init(&loop);
	wheel = wheel_new(&loop);
}

static void teardown(void)
{
	wheel_free(&wheel);
	uv_run(&loop, UV_RUN_DEFAULT);
	cr_assert_eq(uv_loop_close(&loop), 0);
	clock_unset();
}

TestSuite(wheel, .init = setup, .fini = teardown);

static void on_due(struct wheel_entry *e)
{
	struct thing *t = (struct thing *)e;

	t->fired++;
	t->at_s = wheel_now_s(wheel);
	if (t->clears != NULL)
		wheel_clear(&t->clears->entry);
	if (t->again)
		wheel_set(wheel, e, 0, on_due);
}

Test(wheel, fires_once_and_not_before_its_time)
{
	static const uint32_t delays[] = { 0, 1, 25, 63, 64, 65, 200 };

	for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		struct thing t = { 0 };
		uint32_t from = wheel_now_s(wheel);
		wheel_set(wheel, &t.entry, delays[i], on_due);
		for (uint32_t s = 1; s < 400; s++)
			wheel_turn(wheel, from + s);
		cr_assert_eq(t.fired, 1);
		cr_assert_eq(t.at_s, from + delays[i] + 1, "%u", delays[i]);
	}
}

Test(wheel, cleared_and_moved_entries)
{
	struct thing cleared = { 0 }, moved = { 0 };
	uint32_t from = wheel_now_s(wheel);

	wheel_clear(&cleared.entry);
	wheel_set(wheel, &cleared.entry, 3, on_due);
	wheel_set(wheel, &moved.entry, 3, on_due);
	wheel_clear(&cleared.entry);
	wheel_set(wheel, &moved.entry, 10, on_due);
	wheel_turn(wheel, from + 9);
	cr_assert_eq(moved.fired, 0);
	wheel_turn(wheel, from + 30);
	cr_assert_eq(moved.fired, 1);
	cr_assert_eq(moved.at_s, from + 11);
	cr_assert_eq(cleared.fired, 0);
}

Test(wheel, callbacks_may_clear_others_and_set_themselves)
{
	static struct thing a, b, c = { .again = true }; /* c is still set when the test ends */
	uint32_t from = wheel_now_s(wheel);

	a.clears = &b;
	b.clears = &a;
	wheel_set(wheel, &a.entry, 1, on_due);
	wheel_set(wheel, &b.entry, 1, on_due);
	wheel_set(wheel, &c.entry, 1, on_due);
	wheel_turn(wheel, from + 5);
	cr_assert_eq(a.fired + b.fired, 1, "the first of the two clears the other");
	cr_assert_eq(c.fired, 4);
}

Test(wheel, a_long_stop_loses_nothing)
{
	static struct thing things[200];
	uint32_t from = wheel_now_s(wheel);

	for (uint32_t i = 0; i < 200; i++)
		wheel_set(wheel, &things[i].entry, i, on_due);
	wheel_turn(wheel, from + 100000);
	for (int i = 0; i < 200; i++)
		cr_assert_eq(things[i].fired, 1, "%d", i);
}

Test(wheel, thousands)
{
	enum { N = 10000 };
	static struct thing things[N];
	uint32_t from = wheel_now_s(wheel);

	for (uint32_t i = 0; i < N; i++)
		wheel_set(wheel, &things[i].entry, i % 25, on_due);
	for (uint32_t i = 0; i < N; i += 2)
		wheel_clear(&things[i].entry);
	wheel_turn(wheel, from + 26);
	for (int i = 0; i < N; i++)
		cr_assert_eq(things[i].fired, i % 2);
}
