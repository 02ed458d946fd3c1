/* test_error.c - every row of errors.def is fit to be shown to people and machines. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/error.h"

Test(error, rows_are_sane)
{
	static const char *const wires[] = { "invalid_frame", "invalid_message", "rate_limited", "overloaded", "not_found", "internal" };

	for (int i = 0; i < ERROR_COUNT; i++) {
		const struct error_row *row = error_row((enum error)i);
		cr_expect_eq(row, &error_rows[i]);
		cr_expect(i == 0 ? row->http == 200 : row->http >= 400 && row->http <= 599, "%s", row->name);
		cr_expect_eq(row->title[strlen(row->title) - 1], '.', "%s", row->name);
		bool known = false;
		for (size_t w = 0; w < sizeof(wires) / sizeof(*wires); w++)
			known |= strcmp(wires[w], row->wire) == 0;
		cr_expect(known, "%s", row->name);
		cr_expect(row->policy != ERROR_CALLER || row->http < 500, "%s: not the caller's fault", row->name);
	}
}

Test(error, an_impossible_value_is_internal)
{
	cr_expect_eq(error_row((enum error)ERROR_COUNT), &error_rows[ERROR_internal]);
	cr_expect_eq(error_row((enum error) - 1), &error_rows[ERROR_internal]);
}
