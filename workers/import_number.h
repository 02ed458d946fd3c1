/* import_number.h - prices, whole numbers, yes and no, as people write them into cells. Pure.
 *
 * The rule for prices ("money" in docs/decisions/010): the last of two different separators is the decimal one; one that occurs again is not. A single one with
 * exactly three digits behind it separates thousands when the currency has not three decimals and the price is at most max_price that way
 * (said by `thousands`); with a currency of three decimals it is the decimal one. Anything else with more decimals than the currency has is an error.
 */
#ifndef WORKERS_IMPORT_NUMBER_H
#define WORKERS_IMPORT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "workers/import_parse.h"

#define IMPORT_PRICE_MAX 24 /* bytes of a price's text */

struct import_money {
	const char *currency; /* "EUR" */
	int decimals;
	uint64_t max; /* the greatest price, in thousandths */
};

/* false when max_price is no decimal number of at most 12 digits before the point and 3 behind it. */
bool import_money_init(struct import_money *m, const char *currency, int decimals, const char *max_price);

struct import_price {
	bool ok, market, thousands;
	enum import_code problem;    /* when not ok: one of price_... */
	char text[IMPORT_PRICE_MAX]; /* "14.90"; "" for a market price */
};
/* `text` has no blanks around and is not empty. */
struct import_price import_price_read(struct arena *a, const struct import_money *m, const char *text, size_t len);

/* 1 yes, 0 no, -1 neither. Any of the languages, digits, x and check marks. */
int import_boolean_read(struct arena *a, const char *text, size_t len);
/* A whole number within the limits; "3.0" is one (spreadsheets write it). */
bool import_integer_read(const char *text, size_t len, int64_t least, int64_t most, int32_t *value_r);

#endif
