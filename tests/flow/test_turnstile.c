/* The turnstile before the model: bounded, fair between restaurants, no place is lost. */
#include <criterion/criterion.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "workers/turnstile.h"

static uv_loop_t *loop;
static struct flows *flows;
static struct turnstile *gate;
static char order[64]; /* the tenants in the order in which they came in */

struct visit {
	const char *tenant;
	enum error error;
};

STEP_DECLARE(visit, enter)
STEP_DECLARE(visit, inside)
STEP_DECLARE(visit, forever)

static const struct step *visit_enter(struct flow *f)
{
	return turnstile_enter(f, gate, flow_state(f, struct visit)->tenant, 1000, &visit_inside_step);
}

static const struct step *visit_inside(struct flow *f)
{
	struct visit *v = flow_state(f, struct visit);
	v->error = f->result.error;
	if (v->error)
		return FLOW_END;
	strncat(order, v->tenant, sizeof(order) - strlen(order) - 1);
	return flow_wait(f, NULL, NULL, 0, &visit_forever_step);
}

static const struct step *visit_forever(struct flow *f)
{
	(void)f;
	return FLOW_END;
}

static size_t timed_out;

static void on_done(struct flow *f, enum error error, const char *detail)
{
	(void)error;
	(void)detail;
	timed_out += flow_state(f, struct visit)->error == ERROR_deadline;
}

static void setup(void)
{
	loop = uv_default_loop();
	order[0] = '\0';
	timed_out = 0;
	clock_set(1000, 1000);
	cr_assert_eq(flows_new(loop, &flows), ERROR_none);
	cr_assert_eq(turnstile_new(loop, 2, &gate), ERROR_none);
}

static void teardown(void)
{
	flows_free(&flows);
	turnstile_free(&gate);
	clock_unset();
	for (int i = 0; i < 5; i++)
		uv_run(loop, UV_RUN_NOWAIT);
}

TestSuite(turnstile, .init = setup, .fini = teardown);

static struct flow *visit(const char *tenant)
{
	struct arena *arena = arena_new();
	struct visit *v = arena_new_of(arena, struct visit);
	v->tenant = tenant;
	struct flow *f = flow_new(flows, "visit", arena, v, on_done);
	flow_start(f, &visit_enter_step);
	return f;
}

static void leave(struct flow *f)
{
	flow_resume(f, ERROR_none, "");
	turnstile_leave(gate);
	for (int i = 0; i < 3; i++)
		uv_run(loop, UV_RUN_NOWAIT);
}

Test(turnstile, lets_in_as_many_as_its_limit)
{
	struct flow *a = visit("a");
	visit("a");
	visit("a");
	cr_assert_eq(turnstile_inside(gate), 2);
	cr_assert_eq(turnstile_waiting(gate), 1);
	leave(a);
	cr_assert_eq(turnstile_inside(gate), 2);
	cr_assert_eq(turnstile_waiting(gate), 0);
}

Test(turnstile, a_busy_restaurant_delays_another_by_one)
{
	struct flow *first = visit("a"), *second = visit("a");
	for (int i = 0; i < 20; i++)
		visit("a");
	visit("b");
	leave(first);
	leave(second);
	cr_assert_str_eq(order, "aaab", "in this order they came in: %s", order);
}

Test(turnstile, who_waits_too_long_is_told_and_takes_no_place)
{
	struct flow *first = visit("a");
	visit("b");
	visit("a");
	visit("b");
	clock_advance(2000);
	struct timespec begin, now;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	do {
		uv_run(loop, UV_RUN_NOWAIT);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (timed_out < 2 && now.tv_sec - begin.tv_sec < 5);
	cr_assert_eq(timed_out, 2);
	struct flow *late = visit("c");
	leave(first);
	cr_assert_str_eq(order, "abc");
	cr_assert_eq(turnstile_waiting(gate), 0);
	leave(late);
	cr_assert_eq(turnstile_inside(gate), 1);
}
