/* test_import_number.c - prices of several currencies, whole numbers, yes and no; keys that fold. */
#include <criterion/criterion.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "workers/import_keys.h"
#include "workers/import_number.h"

static struct arena *a;

static void setup(void)
{
	cr_assert(sodium_init() >= 0);
	a = arena_new();
}

static void teardown(void)
{
	arena_free(&a);
}
TestSuite(import_number, .init = setup, .fini = teardown);

struct row {
	const char *text, *price; /* or the name of the code */
};

static void expect_prices(const char *currency, int decimals, const char *max, const struct row *rows, size_t n)
{
	struct import_money m;
	cr_assert(import_money_init(&m, currency, decimals, max));
	for (size_t i = 0; i < n; i++) {
		struct import_price p = import_price_read(a, &m, rows[i].text, strlen(rows[i].text));
		const char *got = p.ok ? arena_printf(a, "%s%s", p.market ? "market" : p.text, p.thousands ? " thousands" : "") : import_code_rows[p.problem].name;
		cr_expect_str_eq(got, rows[i].price, "%s %s is %s", currency, rows[i].text, got);
	}
}
#define EXPECT(currency, decimals, max, rows) expect_prices(currency, decimals, max, rows, sizeof(rows) / sizeof(*(rows)))

Test(import_number, prices_below_a_high_limit)
{
	static const struct row rows[] = { { "1.200", "1200.00 thousands" }, { "1,200.50", "1200.50" }, { "1.200,50", "1200.50" }, { "1 200", "1200.00" }, { "1.200.000", "price_too_high" }, { "10.999", "price_decimals" }, { "12.500", "price_ambiguous" }, { "0.500", "0.50" }, { "1.2.3", "price_not_a_number" }, { "1.20,5.0", "price_not_a_number" }, { "12.", "price_not_a_number" }, { "1234567890123456", "price_too_high" } };
	EXPECT("EUR", 2, "5000", rows);
}

Test(import_number, prices_without_decimals)
{
	static const struct row rows[] = { { "1200", "1200" }, { "1,200", "1200" }, { "1.200", "1200" }, { "¥1,200", "1200" }, { "￥900", "900" }, { "14.90", "price_decimals" }, { "1200.0", "1200" }, { "€5", "price_currency" } };
	EXPECT("JPY", 0, "100000.000", rows);
}

Test(import_number, prices_with_three_decimals)
{
	static const struct row rows[] = { { "1.200", "1.200" }, { "1,250", "1.250" }, { "KD 1.5", "1.500" }, { "1.2345", "price_decimals" }, { "1,000.000", "1000.000" } };
	EXPECT("KWD", 3, "1000", rows);
}

Test(import_number, signs_of_money)
{
	static const struct row dollars[] = { { "$12", "12.00" }, { "US$ 12.50", "12.50" }, { "12 usd", "12.00" }, { "CA$12", "price_currency" }, { "€12", "price_currency" }, { "-$5", "price_negative" }, { "$-5", "price_negative" }, { "($5)", "price_not_a_number" }, { "$", "price_not_a_number" }, { "$ MP", "market" }, { "MP", "market" } };
	static const struct row crowns[] = { { "kr 45", "45.00" }, { "45 kr.", "45.00" }, { "45,-", "45.00" }, { "45 krone", "price_not_a_number" }, { "45 SEK", "price_currency" } };
	EXPECT("USD", 2, "1000", dollars);
	EXPECT("DKK", 2, "1000", crowns);
}

Test(import_number, limits_must_be_numbers)
{
	struct import_money m;
	static const char *const bad[] = { "", "x", "1,000", "1.2345", "-1", "1.000.000" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_expect(!import_money_init(&m, "EUR", 2, bad[i]) || !strcmp(bad[i], "1,000"), "%s", bad[i]);
	cr_assert(import_money_init(&m, "EUR", 2, "999999999.999") && m.max == 999999999999u);
}

Test(import_number, whole_numbers)
{
	static const struct {
		const char *text;
		bool ok;
		int32_t value;
	} rows[] = { { "3", true, 3 }, { "3.0", true, 3 }, { "3,00", true, 3 }, { "+5", true, 5 }, { "-7", true, -7 }, { "3.5", false, 0 }, { "3.", false, 0 }, { "", false, 0 }, { "-", false, 0 }, { "99999999999", false, 0 }, { "1e3", false, 0 }, { "12a", false, 0 } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int32_t value = 0;
		cr_expect_eq(import_integer_read(rows[i].text, strlen(rows[i].text), INT32_MIN, INT32_MAX, &value), rows[i].ok, "%s", rows[i].text);
		cr_expect_eq(value, rows[i].value, "%s", rows[i].text);
	}
}

Test(import_number, yes_and_no)
{
	static const char *const words[3][9] = { { "nein", "no", "0", "FALSE", "Sold out", "hayır", "não", "✗", "ausverkauft" }, { "ja", "Yes", "1", "true", "x", "evet", "sí", "✓", "verfügbar" }, { "maybe", "2", "", "-", "yes no", "vielleicht", "??", "t r u e", "10" } };
	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 9; j++)
			cr_expect_eq(import_boolean_read(a, words[i][j], strlen(words[i][j])), i == 2 ? -1 : i, "%s", words[i][j]);
}

Test(import_number, keys_fold)
{
	cr_assert_str_eq(import_fold(a, "  Crème\t BRU\u0302le\u0301e\n"), "crème brûlée");
	cr_assert_str_eq(import_fold(a, "Straße"), import_fold(a, "STRASSE"));
	cr_assert_str_eq(import_identity(a, "Soups ", "Leek"), "soups\x1fleek");
	cr_assert_str_eq(import_identity(a, NULL, "Leek"), "\x1fleek");
	cr_assert_str_neq(import_fold(a, "½"), import_fold(a, "1/2"));
	char text[3000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	const char *key = import_fold(a, text);
	cr_assert_leq(strlen(key), IMPORT_KEY_MAX);
	text[sizeof(text) - 2] = 'y';
	cr_assert_str_neq(import_fold(a, text), key);
}

Test(import_number, keys_remember_lines)
{
	struct import_keys k;
	char key[20];
	import_keys_init(&k);
	for (int round = 0; round < 2; round++)
		for (int i = 1; i <= 5000; i++) {
			snprintf(key, sizeof(key), "%d", i);
			cr_assert_eq(import_keys_add(&k, IMPORT_KEY_external_id, key, i), round ? i : 0);
		}
	cr_assert_eq(import_keys_add(&k, IMPORT_KEY_item, "7", 9), 0); /* another kind of key */
	cr_assert_eq(import_keys_add(&k, IMPORT_KEY_item_with_id, "7", 10), 9);
	cr_assert_eq(import_keys_add(&k, IMPORT_KEY_item_with_id, "8", 11), 0);
	cr_assert_eq(import_keys_add(&k, IMPORT_KEY_item_with_id, "8", 12), 0);
	cr_assert_eq(import_keys_add(&k, IMPORT_KEY_item, "8", 13), 11);
	import_keys_free(&k);
}
