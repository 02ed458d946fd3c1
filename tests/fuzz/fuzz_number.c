/* fuzz_number.c - any text as a price, a whole number, yes or no. A price that is taken has the currency's decimals, is above 0 and within the limit, and is taken again as
 * the same. The first byte chooses the currency.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "workers/import_number.h"

static const struct {
	const char *currency;
	int decimals;
	const char *max;
} menus[] = { { "EUR", 2, "1000.000" }, { "USD", 2, "250000" }, { "JPY", 0, "100000" }, { "KWD", 3, "1000" } };

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_price(struct arena *a, const struct import_money *m, const struct import_price *p)
{
	if (!p->ok) {
		must(p->problem < IMPORT_CODE_COUNT && import_code_rows[p->problem].severity == IMPORT_ERROR);
		return;
	}
	if (p->market)
		return;
	size_t n = strlen(p->text), whole = strspn(p->text, "0123456789");
	must(whole > 0 && n < IMPORT_PRICE_MAX);
	must(m->decimals ? n == whole + 1 + (size_t)m->decimals && p->text[whole] == '.' : n == whole);
	must(strspn(p->text, "0.") < n);
	must(strtod(p->text, NULL) * 1000 <= (double)m->max + 0.5);
	struct import_price again = import_price_read(a, m, p->text, n);
	must(again.ok && !again.market && !again.thousands && !strcmp(again.text, p->text));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct import_money m;
	struct arena *a = arena_new();
	if (size < 2 || !utf8_valid(bytes + 1, size - 1) || memchr(bytes + 1, 0, size - 1)) {
		arena_free(&a);
		return 0;
	}
	size_t menu = bytes[0] % (sizeof(menus) / sizeof(*menus));
	const char *text = arena_strndup(a, (const char *)bytes + 1, size - 1);
	must(import_money_init(&m, menus[menu].currency, menus[menu].decimals, menus[menu].max));
	struct import_price price = import_price_read(a, &m, text, size - 1);
	check_price(a, &m, &price);
	int32_t value = 0;
	if (import_integer_read(text, size - 1, 0, 5, &value))
		must(value >= 0 && value <= 5);
	int yes = import_boolean_read(a, text, size - 1);
	must(yes >= -1 && yes <= 1);
	(void)import_money_init(&m, "EUR", 2, text);
	arena_free(&a);
	return 0;
}
