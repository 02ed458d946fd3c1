/* test_id.c - UUIDv7 in order, and trace ids. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/id.h"

Test(id, uuids_ascend_whatever_the_clock_does)
{
	char before[ID_TEXT] = "", now[ID_TEXT];

	clock_set(0, 1700000000000);
	for (int i = 0; i < 100000; i++) {
		if (i % 1000 == 999)
			clock_advance(i % 3 == 0 ? -50 : 20);
		id_uuid(now);
		cr_assert_lt(strcmp(before, now), 0, "%s then %s", before, now);
		memcpy(before, now, sizeof(now));
	}
	clock_unset();
}

Test(id, uuid_holds_time_version_and_variant)
{
	char s[ID_TEXT], time[14];

	clock_set(0, 0x0123456789abLL);
	id_uuid(s);
	clock_unset();
	snprintf(time, sizeof(time), "%.8s-%.4s", "01234567", "89ab");
	cr_expect_eq(strncmp(s, time, 13), 0, "%s", s);
	cr_expect_eq(s[14], '7');
	cr_expect(strchr("89ab", s[19]));
	cr_expect(id_is_uuid(s, strlen(s)));
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, 16);
}

Test(id, random_parts_do_not_repeat)
{
	static char ids[100000][16];
	char s[ID_TEXT];

	for (size_t i = 0; i < 100000; i++) {
		id_uuid(s);
		memcpy(ids[i], s + 20, 16);
	}
	qsort(ids, 100000, 16, compare);
	for (size_t i = 1; i < 100000; i++)
		cr_assert_neq(memcmp(ids[i - 1], ids[i], 16), 0);
}

Test(id, is_uuid)
{
	static const struct {
		const char *s;
		bool ok;
	} rows[] = {
		{ "01a20ba4-b0bf-7116-ac7d-1dd327197584", true },
		{ "00000000-0000-0000-0000-000000000000", true },
		{ "01A20BA4-B0BF-7116-AC7D-1DD327197584", true },
		{ "01a20ba4-b0bf-7116-ac7d-1dd32719758", false },
		{ "01a20ba4-b0bf-7116-ac7d-1dd3271975844", false },
		{ "01a20ba4-b0bf-7116-ac7d-1dd32719758g", false },
		{ "01a20ba4b0bf-7116-ac7d--1dd327197584", false },
		{ "{1a20ba4-b0bf-7116-ac7d-1dd32719758}", false },
		{ "", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		cr_expect_eq(id_is_uuid(rows[i].s, strlen(rows[i].s)), rows[i].ok, "%s", rows[i].s);
}

Test(id, traces)
{
	char root[TRACEPARENT_TEXT], child[TRACEPARENT_TEXT], other[TRACEPARENT_TEXT];

	id_trace(root, NULL);
	id_trace(child, root);
	id_trace(other, "00-nonsense");
	cr_expect(id_is_trace(root, strlen(root)) && id_is_trace(child, strlen(child)) && id_is_trace(other, strlen(other)));
	cr_expect_eq(strncmp(root, child, 35), 0);
	cr_expect_neq(strcmp(root, child), 0);
	cr_expect_neq(strncmp(root, other, 35), 0);
	memcpy(other, root, sizeof(root));
	id_trace(root, root); /* in place */
	cr_expect_eq(strncmp(root, other, 35), 0);
	cr_expect_neq(strcmp(root, other), 0);
}

Test(id, is_trace)
{
	static const char *const wrong[] = {
		"",
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
		"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
		"00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
	};

	cr_expect(id_is_trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", 55));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		cr_expect_not(id_is_trace(wrong[i], strlen(wrong[i])), "%s", wrong[i]);
}

Test(id, random_hex)
{
	char out[2001];

	id_random_hex(out, 0);
	cr_expect_str_eq(out, "");
	id_random_hex(out, 1000);
	cr_expect_eq(strlen(out), 2000);
	cr_expect_eq(strspn(out, "0123456789abcdef"), 2000);
}

Test(id, derived_ids_are_uuids_and_always_the_same)
{
	char a[ID_TEXT], b[ID_TEXT], c[ID_TEXT];
	id_derive(a, "one");
	id_derive(b, "one");
	id_derive(c, "two");
	cr_expect(id_is_uuid(a, strlen(a)));
	cr_expect_eq(a[14], '8');
	cr_expect(strchr("89ab", a[19]));
	cr_expect_str_eq(a, b);
	cr_expect_str_neq(a, c);
}
