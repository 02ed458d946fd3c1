/* test_bus_span.c - what may be committed, against a simple model and by hand. */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "common/bus_span.h"

Test(bus_span, in_and_out_of_order)
{
	struct bus_span s;
	bus_span_init(&s);
	cr_assert_eq(bus_span_position(&s), -1);
	for (int64_t o = 100; o < 110; o++)
		cr_assert(bus_span_see(&s, o));
	cr_assert_eq(bus_span_position(&s), 100);
	bus_span_finish(&s, 101);
	bus_span_finish(&s, 103);
	cr_assert_eq(bus_span_position(&s), 100);
	bus_span_finish(&s, 100);
	cr_assert_eq(bus_span_position(&s), 102);
	bus_span_finish(&s, 100);
	bus_span_finish(&s, 99);
	bus_span_finish(&s, 110);
	cr_assert_eq(s.unfinished, 7);
	for (int64_t o = 100; o < 110; o++)
		bus_span_finish(&s, o);
	cr_assert(bus_span_position(&s) == 110 && s.unfinished == 0 && bus_span_length(&s) == 0);
	bus_span_free(&s);
}

Test(bus_span, seen_twice)
{
	struct bus_span s;
	bus_span_init(&s);
	for (int64_t o = 5; o < 8; o++)
		cr_assert(bus_span_see(&s, o));
	bus_span_finish(&s, 6);
	cr_assert(!bus_span_see(&s, 5) && !bus_span_see(&s, 6) && !bus_span_see(&s, 7));
	cr_assert_eq(s.unfinished, 2);
	bus_span_free(&s);
}

Test(bus_span, gaps)
{
	struct bus_span s;
	bus_span_init(&s);
	cr_assert(bus_span_see(&s, 10));
	cr_assert(bus_span_see(&s, 15));
	bus_span_finish(&s, 10);
	cr_assert_eq(bus_span_position(&s), 15);
	bus_span_finish(&s, 15);
	/* A gap as long as a log costs no memory when nothing is open. */
	cr_assert(bus_span_see(&s, INT64_C(1) << 40));
	cr_assert_eq(bus_span_position(&s), INT64_C(1) << 40);
	cr_assert_leq(s.capacity, 1024);
	bus_span_free(&s);
}

Test(bus_span, log_begins_anew)
{
	struct bus_span s;
	bus_span_init(&s);
	for (int64_t o = 1000; o < 1010; o++)
		cr_assert(bus_span_see(&s, o));
	cr_assert(bus_span_see(&s, 3));
	cr_assert(s.unfinished == 1 && bus_span_position(&s) == 3);
	bus_span_finish(&s, 1005);
	cr_assert_eq(s.unfinished, 1);
	bus_span_free(&s);
}

Test(bus_span, grows_and_keeps)
{
	struct bus_span s;
	bus_span_init(&s);
	for (int64_t o = 777; o < 777 + 5000; o++) {
		cr_assert(bus_span_see(&s, o));
		if (o != 777)
			bus_span_finish(&s, o);
	}
	cr_assert(bus_span_position(&s) == 777 && s.unfinished == 1 && bus_span_length(&s) == 5000);
	bus_span_finish(&s, 777);
	cr_assert_eq(bus_span_position(&s), 777 + 5000);
	bus_span_free(&s);
}

Test(bus_span, as_a_simple_model_says)
{
	enum { N = 20000 };
	struct bus_span s;
	static bool seen[N], finished[N];
	int64_t next = 0;
	bus_span_init(&s);
	srand(7);
	while (next < N) {
		if (rand() % 2) {
			next += rand() % 50 ? 0 : 3;
			if (next >= N)
				break;
			cr_assert(bus_span_see(&s, next));
			seen[next++] = true;
		} else if (next > 0) {
			int64_t o = next - 1 - rand() % (next < 300 ? next : 300);
			bus_span_finish(&s, o);
			finished[o] = true;
		}
		int64_t low = 0;
		size_t open = 0;
		if (next % 97)
			continue;
		while (low < next && (!seen[low] || finished[low]))
			low++;
		for (int64_t o = low; o < next; o++)
			open += seen[o] && !finished[o];
		cr_assert_eq(s.unfinished, open);
		cr_assert(next == 0 || open == 0 || bus_span_position(&s) == low);
	}
	bus_span_free(&s);
}
