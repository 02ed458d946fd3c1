/* test_buf.c - growth up to the maximum, and JSON strings. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/buf.h"

Test(buf, empty_is_empty_text)
{
	struct buf b;

	buf_init(&b, 10);
	cr_expect_str_eq(buf_text(&b), "");
	buf_consume(&b, 0);
	cr_expect_eq(buf_append(&b, NULL, 0), ERROR_none);
	cr_expect_str_eq(b.data, "");
	buf_free(&b);
	cr_expect_null(b.data);
	buf_free(&b);
	buf_free(NULL);
}

Test(buf, appends)
{
	struct buf b;

	buf_init(&b, 1000);
	buf_str(&b, "a");
	buf_char(&b, 'b');
	buf_int(&b, INT64_MIN);
	buf_int(&b, 0);
	buf_int(&b, INT64_MAX);
	buf_printf(&b, "<%s%05d>", "x", 42);
	buf_append(&b, "yz", 1);
	cr_expect_eq(buf_error(&b), ERROR_none);
	cr_expect_str_eq(b.data, "ab-922337203685477580809223372036854775807<x00042>y");
	buf_consume(&b, 2);
	cr_expect_eq(b.data[0], '-');
	buf_consume(&b, b.len);
	cr_expect_str_eq(b.data, "");
	buf_free(&b);
}

Test(buf, the_maximum_holds_and_what_fails_once_fails_on)
{
	struct buf b;

	buf_init(&b, 600);
	for (int i = 0; i < 600; i++)
		cr_assert_eq(buf_char(&b, 'x'), ERROR_none);
	cr_expect_leq(b.cap, 601);
	cr_expect_eq(buf_char(&b, 'y'), ERROR_too_big_to_store);
	cr_expect_eq(b.len, 600);
	cr_expect_eq(b.data[600], 0);
	buf_consume(&b, 300);
	cr_expect_eq(buf_char(&b, 'y'), ERROR_too_big_to_store);
	cr_expect_eq(buf_error(&b), ERROR_too_big_to_store);
	buf_reset(&b);
	cr_expect_eq(buf_error(&b), ERROR_none);
	cr_expect_str_eq(buf_text(&b), "");
	cr_expect_eq(buf_str(&b, "again"), ERROR_none);
	buf_free(&b);
}

Test(buf, cut_goes_back_and_heals)
{
	struct buf b;
	buf_init(&b, 10);
	buf_cut(&b, 0);
	cr_expect_str_eq(buf_text(&b), "");
	buf_str(&b, "12345678");
	buf_cut(&b, 9);
	cr_expect_str_eq(buf_text(&b), "12345678");
	cr_expect_neq(buf_str(&b, "901"), ERROR_none);
	buf_cut(&b, 3);
	cr_expect_str_eq(buf_text(&b), "123");
	cr_expect_eq(buf_str(&b, "4567890"), ERROR_none);
	buf_free(&b);
}

Test(buf, nothing_of_what_does_not_fit)
{
	struct buf b;

	buf_init(&b, 10);
	cr_expect_eq(buf_printf(&b, "%d", 12345678), ERROR_none);
	cr_expect_eq(buf_printf(&b, "%s", "abc"), ERROR_too_big_to_store);
	cr_expect_str_eq(b.data, "12345678");
	buf_reset(&b);
	cr_expect_eq(buf_json_string(&b, "123456789"), ERROR_too_big_to_store);
	cr_expect_eq(b.len, 0);
	buf_reset(&b);
	cr_expect_eq(buf_append(&b, "x", (size_t)-1), ERROR_too_big_to_store);
	buf_reset(&b);
	cr_expect_eq(buf_json_string(&b, "12345678"), ERROR_none);
	cr_expect_str_eq(b.data, "\"12345678\"");
	buf_free(&b);
}

Test(buf, json_strings)
{
	static const struct {
		const char *s, *json;
	} rows[] = {
		{ "", "\"\"" },
		{ "plain", "\"plain\"" },
		{ "\"\\/", "\"\\\"\\\\/\"" },
		{ "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"" },
		{ "\x01z\x1f", "\"\\u0001z\\u001f\"" },
		{ "\x7f\xc3\xa9", "\"\x7f\xc3\xa9\"" },
		{ "end\n", "\"end\\n\"" },
	};
	struct buf b;

	buf_init(&b, 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_reset(&b);
		buf_json_string(&b, rows[i].s);
		cr_expect_str_eq(buf_text(&b), rows[i].json);
	}
	buf_free(&b);
}

Test(buf, every_byte_survives_json)
{
	struct buf b;
	char s[127];

	for (int i = 0; i < 127; i++)
		s[i] = (char)(i + 1);
	buf_init(&b, 1000);
	buf_json_string_n(&b, s, sizeof(s));
	json_t *back = json_loadb(b.data, b.len, JSON_DECODE_ANY, NULL);
	cr_assert(json_is_string(back));
	cr_expect_eq(json_string_length(back), sizeof(s));
	cr_expect_arr_eq(json_string_value(back), s, sizeof(s));
	json_decref(back);
	buf_reset(&b);
	buf_json_string_n(&b, "a\0b", 3);
	cr_expect_str_eq(buf_text(&b), "\"a\\u0000b\"");
	buf_free(&b);
}

/* Strings are looked at eight bytes at a time: what needs an escape is found wherever it lies, and nothing else is taken for it. */
Test(buf, json_strings_of_any_length_with_any_byte_anywhere)
{
	static const unsigned char fill[] = { 'a', 0x20, 0x21, '#', '[', ']', 0x7f, 0x80, 0xa2, 0xdc, 0xff };
	struct buf b;
	char s[40], expected[60];

	buf_init(&b, 1000);
	for (size_t len = 1; len < sizeof(s); len++) {
		for (size_t at = 0; at < len; at++) {
			memset(s, fill[(len + at) % sizeof(fill)], len);
			s[at] = "\"\\\n"[(len ^ at) % 3];
			snprintf(expected, sizeof(expected), "\"%.*s\\%c%.*s\"", (int)at, s, s[at] == '\n' ? 'n' : s[at], (int)(len - at - 1), s + at + 1);
			buf_reset(&b);
			buf_json_string_n(&b, s, len);
			cr_assert_str_eq(buf_text(&b), expected, "%zu of %zu", at, len);
		}
		memset(s, fill[len % sizeof(fill)], len);
		buf_reset(&b);
		buf_json_string_n(&b, s, len);
		cr_assert(b.len == len + 2 && memcmp(b.data + 1, s, len) == 0);
	}
	buf_free(&b);
}
