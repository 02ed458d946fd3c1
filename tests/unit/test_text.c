/* test_text.c - UTF-8 against its definition: every code point, every way to get it wrong. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/text.h"

static size_t put(char *out, unsigned c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3
	                                       : 4;
	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((0xf00 >> n) | c);
	return n;
}

Test(text, every_code_point)
{
	char s[4];

	for (unsigned c = 0; c < 0x120000; c++) {
		size_t n = put(s, c);
		bool valid = c < 0x110000 && (c < 0xd800 || c > 0xdfff);
		cr_assert_eq(utf8_valid(s, n), valid, "U+%04X", c);
		cr_assert_eq(utf8_step(s, n), valid ? n : 0, "U+%04X", c);
		if (valid)
			cr_assert_eq(utf8_length(s, n), 1);
		for (size_t cut = 1; cut < n; cut++)
			cr_assert_not(utf8_valid(s, cut), "U+%04X cut", c);
	}
}

Test(text, every_pair_of_bytes)
{
	for (int a = 0; a < 256; a++) {
		for (int b = 0; b < 256; b++) {
			char s[2] = { (char)a, (char)b };
			bool valid = (a < 0x80 && b < 0x80) || (a >= 0xc2 && a <= 0xdf && b >= 0x80 && b <= 0xbf);
			cr_assert_eq(utf8_valid(s, 2), valid, "%02x %02x", a, b);
		}
	}
}

Test(text, wrong_forms)
{
	static const char *const wrong[] = { "\xc0\xaf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\x80", "\xe2\x82", "a\xffz", "\xe2\x28\xa1", "\xf0\x9f\x8d" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char s[40];
		cr_expect_not(utf8_valid(wrong[i], strlen(wrong[i])), "%zu", i);
		for (size_t before = 0; before < 20; before++) { /* wherever it stands in the words of eight */
			memset(s, 'x', sizeof(s));
			memcpy(s + before, wrong[i], strlen(wrong[i]));
			cr_expect_not(utf8_valid(s, before + strlen(wrong[i])));
			cr_expect_not(text_is_clean(s, before + strlen(wrong[i])));
		}
	}
	cr_expect(utf8_valid("", 0));
	cr_expect(utf8_valid(NULL, 0));
}

Test(text, cuts_end_between_code_points)
{
	static const char s[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x8d\xaa";
	static const size_t cuts[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10 };

	for (size_t max = 0; max < sizeof(cuts) / sizeof(*cuts); max++)
		cr_expect_eq(utf8_cut(s, sizeof(s) - 1, max), cuts[max], "%zu", max);
	cr_expect_eq(utf8_length(s, sizeof(s) - 1), 4);
	cr_expect_eq(utf8_cut("", 0, 0), 0);
}

Test(text, clean_text_has_no_controls)
{
	char s[4];

	for (unsigned c = 0; c < 0x3000; c++) {
		bool control = (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c <= 0x9f);
		cr_assert_eq(text_is_clean(s, put(s, c)), !control, "U+%04X", c);
	}
	cr_expect(text_is_clean("a\tb\nc \xc3\xa9", 8));
	cr_expect_not(text_is_clean("a\0b", 3));
}

Test(text, what_nobody_should_read_is_refused)
{
	static const char *const fine[] = { "Mac & Cheese", "I <3 cookies", "a < b > c", "5<6", "<", "x <", "\xd8\xb4\xd8\xa7", "" };
	static const char *const bad[] = { "<b>", "x</", "<!--", "<?xml", "\x07", "\xc2\x85", "\x7f", "<Z" };
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
		cr_expect_null(text_refusal(fine[i], strlen(fine[i]), true), "%s", fine[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect(text_refusal(bad[i], strlen(bad[i]), false), "%s", bad[i]);
	cr_expect(text_refusal("a\nb", 3, true));
	cr_expect_null(text_refusal("a\nb\tc", 5, false));
	cr_expect(text_is_blank("", 0));
	cr_expect(text_is_blank(" \xc2\xa0\xe3\x80\x80\xef\xbb\xbf\t", 10));
	cr_expect_not(text_is_blank(" .", 2));
	cr_expect_not(text_is_blank("\xf0\x9f\x8d\xaa", 4));
}
