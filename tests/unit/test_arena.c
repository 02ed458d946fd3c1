/* test_arena.c - pieces are zeroed, aligned, apart from each other, and bounded. */
#include <criterion/criterion.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"

Test(arena, pieces_are_zeroed_aligned_and_apart)
{
	struct arena *a = arena_new();
	unsigned char *pieces[500];
	size_t sizes[500];

	srand(3);
	for (size_t i = 0; i < 500; i++) {
		sizes[i] = (size_t)rand() % (i % 50 == 0 ? 20000 : 300);
		pieces[i] = arena_alloc(a, sizes[i]);
		cr_assert_eq((uintptr_t)pieces[i] % 16, 0);
		for (size_t j = 0; j < sizes[i]; j++)
			cr_assert_eq(pieces[i][j], 0);
		memset(pieces[i], (int)(i & 0xff), sizes[i]);
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t j = 0; j < sizes[i]; j++)
			cr_assert_eq(pieces[i][j], i & 0xff, "piece %zu was written over", i);
	arena_free(&a);
	cr_assert_null(a);
	arena_free(&a);
	arena_free(NULL);
}

Test(arena, strings)
{
	struct arena *a = arena_new();
	char *long_text = arena_printf(a, "%0*d", 5000, 7);

	cr_expect_null(arena_strdup(a, NULL));
	cr_expect_str_eq(arena_strdup(a, "x"), "x");
	cr_expect_str_eq(arena_strndup(a, "abc", 2), "ab");
	cr_expect_str_eq(arena_strndup(a, NULL, 0), "");
	cr_expect_str_eq(arena_printf(a, "%s-%d", "n", 5), "n-5");
	cr_expect_eq(strlen(long_text), 5000);
	cr_expect_eq(long_text[4999], '7');
	cr_expect_not_null(arena_alloc(a, 0));
	cr_expect_not_null(arena_array(a, 0, 8));
	arena_free(&a);
}

Test(arena, used_counts_what_was_handed_out)
{
	struct arena *a = arena_new_max(1000);

	cr_expect_eq(arena_used(a), 0);
	arena_alloc(a, 1);
	arena_alloc(a, 16);
	cr_expect_eq(arena_used(a), 32);
	arena_alloc(a, 1000 - 32 - 8);
	cr_expect_eq(arena_used(a), 992);
	arena_free(&a);
}

Test(arena, more_than_the_maximum_aborts, .signal = SIGABRT)
{
	struct arena *a = arena_new_max(1000);

	arena_alloc(a, 500);
	arena_alloc(a, 501);
}

Test(arena, a_product_that_overflows_aborts, .signal = SIGABRT)
{
	arena_array(arena_new(), SIZE_MAX / 4, 8);
}

Test(arena, a_size_that_wraps_aborts, .signal = SIGABRT)
{
	arena_alloc(arena_new_max(SIZE_MAX - 64), SIZE_MAX - 3);
}
