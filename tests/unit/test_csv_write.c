/* test_csv_write.c - cells and rows as RFC 4180 wants them, formulas neutralised so that the import can undo it. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/csv_write.h"

static struct buf out;

static void setup(void)
{
	buf_init(&out, 1 << 16);
}

static void teardown(void)
{
	buf_free(&out);
}
TestSuite(csv_write, .init = setup, .fini = teardown);

static const char *cell(const char *text)
{
	buf_reset(&out);
	cr_assert(!csv_cell(&out, text));
	return buf_text(&out);
}

Test(csv_write, cells)
{
	static const char *const rows[][2] = {
		{ "Soup", "Soup" },
		{ "", "" },
		{ "a,b", "\"a,b\"" },
		{ "5\" pan", "\"5\"\" pan\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ " a ", "\" a \"" },
		{ "=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"" },
		{ "+1", "'+1" },
		{ "-1", "'-1" },
		{ "@x", "'@x" },
		{ "\tx", "\"'\tx\"" },
		{ "\rx", "\"'\rx\"" },
		{ "'=1", "''=1" },
		{ "'tis", "'tis" },
		{ "CLEAR", "'CLEAR" },
		{ "CLEARLY", "CLEARLY" },
		{ "a=b", "a=b" },
		{ "'", "'" },
		{ "Crème 🍮", "Crème 🍮" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		cr_expect_str_eq(cell(rows[i][0]), rows[i][1], "%s: %s", rows[i][0], cell(rows[i][0]));
	cr_assert_str_eq(cell(NULL), "");
}

Test(csv_write, the_guard_comes_off_again)
{
	static const char *const texts[] = { "=1", "'=1", "''=1", "'tis", "'", "''", "CLEAR", "'CLEAR", "-", "\tx", "x", "" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		char written[40] = "";
		if (csv_needs_guard(texts[i], strlen(texts[i])))
			written[0] = '\'';
		strncat(written, texts[i], sizeof(written) - 2);
		cr_expect_str_eq(written + csv_guard(written, strlen(written)), texts[i]);
	}
}

Test(csv_write, rows)
{
	cr_assert(!csv_row(&out, (const char *[]){ "name", NULL, "price" }, 3));
	cr_assert(!csv_row(&out, (const char *[]){ "a;b", "", "1" }, 3));
	cr_assert(!csv_row(&out, (const char *[]){ "" }, 1));
	cr_assert_str_eq(buf_text(&out), "name,,price\r\n\"a;b\",,1\r\n\"\"\r\n");
}

Test(csv_write, a_full_buffer_is_remembered)
{
	struct buf small;
	buf_init(&small, 8);
	cr_assert_eq(csv_row(&small, (const char *[]){ "123456", "789" }, 2), ERROR_too_big_to_store);
	buf_free(&small);
}

Test(csv_write, lists)
{
	struct arena *a = arena_new();
	cr_assert_str_eq(csv_list(a, (const char *[]){ "salt", "pepper, black", "a|b\\c;d" }, 3), "salt|pepper\\, black|a\\|b\\\\c\\;d");
	cr_assert_str_eq(csv_list(a, NULL, 0), "");
	arena_free(&a);
}
