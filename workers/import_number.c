/* import_number.c - see import_number.h. */
#include "workers/import_number.h"

#include <string.h>
#include <strings.h>

#include "common/phrases.h"

#define DIGITS_MAX 12 /* before the point: numeric(12, 3) has nine, max_price says less */
#define WORD_PHRASES_MAX 400

enum import_word {
	IMPORT_WORD_market,
	IMPORT_WORD_yes,
	IMPORT_WORD_no,
};

static const struct phrases *known(void)
{
	static struct phrases p;
	if (p.v)
		return &p;
	phrases_init(&p, WORD_PHRASES_MAX);
#define IMPORT_WORD(kind, phrases) phrases_add(&p, phrases, 0, IMPORT_WORD_##kind);
#include "workers/import_words.def"
#undef IMPORT_WORD
	phrases_sort(&p);
	return &p;
}

/* Which words the whole text is; -1 none. */
static int word_of(struct arena *a, const char *text, size_t len)
{
	struct words words = words_of(a, arena_strndup(a, text, len), WORDS_MAX);
	const struct phrase *x;
	if (!words.n)
		return -1;
	for (size_t at = phrases_first(known(), words.v); (x = phrases_next(known(), words.v, words.n, &at));)
		if (x->words == words.n)
			return x->id;
	return -1;
}

static const struct {
	const char *sign, *currencies;
} signs[] = {
#define IMPORT_CURRENCY(sign, currencies) { sign, currencies },
#include "workers/import_currencies.def"
#undef IMPORT_CURRENCY
};

/* A price being read: the text that is left, and what was taken off it. */
struct reading {
	const char *s;
	size_t n;
	bool money, foreign; /* a sign or a code was there; it is not of the menu's currency */
	bool negative;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Blanks of any kind at either end, also those that are more than one byte. */
static size_t blank_at(const char *s, size_t n)
{
	static const char *const blanks[] = { " ", "\t", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89" };
	for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++)
		if (n >= strlen(blanks[i]) && !memcmp(s, blanks[i], strlen(blanks[i])))
			return strlen(blanks[i]);
	return 0;
}

static void strip_blanks(struct reading *r)
{
	size_t k;
	while ((k = blank_at(r->s, r->n))) {
		r->s += k;
		r->n -= k;
	}
	for (k = 1; k <= 3 && k <= r->n; k++)
		if (blank_at(r->s + r->n - k, k) == k) {
			r->n -= k;
			k = 0;
		}
}

static bool lists_currency(const char *currencies, const char *currency)
{
	const char *at = strstr(currencies, currency);
	return at && strlen(currency) == 3;
}

/* Takes `length` bytes of money off the front or the end. */
static void take(struct reading *r, size_t length, bool front, bool own)
{
	r->s += front ? length : 0;
	r->n -= length;
	r->money = true;
	r->foreign = r->foreign || !own;
	strip_blanks(r);
}

static bool take_sign(struct reading *r, const struct import_money *m, bool front)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		size_t length = strlen(signs[i].sign);
		const char *at = front ? r->s : r->s + r->n - length;
		if (r->n < length || strncasecmp(at, signs[i].sign, length))
			continue;
		/* "kr" is no sign within "krone": a letter must not go on */
		const char *next = front ? at + length : at - 1;
		bool alone = r->n == length || !is_letter(*next) || !is_letter(front ? at[length - 1] : *at);
		if (!alone)
			continue;
		take(r, length, front, lists_currency(signs[i].currencies, m->currency));
		return true;
	}
	return false;
}

/* Three letters alone: a code of ISO 4217, ours or another's. */
static bool take_code(struct reading *r, const struct import_money *m, bool front)
{
	const char *at = front ? r->s : r->s + r->n - 3;
	if (r->n < 4 || !is_letter(at[0]) || !is_letter(at[1]) || !is_letter(at[2]) || is_letter(front ? at[3] : at[-1]))
		return false;
	take(r, 3, front, !strncasecmp(at, m->currency, 3));
	return true;
}

static bool take_minus(struct reading *r)
{
	static const char *const signs_of_minus[] = { "-", "\xe2\x88\x92", "\xe2\x80\x93" };
	for (size_t i = 0; i < sizeof(signs_of_minus) / sizeof(*signs_of_minus); i++) {
		size_t k = strlen(signs_of_minus[i]);
		if (r->n > k && !memcmp(r->s, signs_of_minus[i], k)) {
			r->s += k;
			r->n -= k;
			r->negative = true;
			strip_blanks(r);
			return true;
		}
	}
	return false;
}

/* What stands around the number: signs, codes, a minus, and the ",-" of round prices. */
static void strip(struct reading *r, const struct import_money *m)
{
	strip_blanks(r);
	if (!r->n || (is_digit(*r->s) && is_digit(r->s[r->n - 1])))
		return; /* nothing does */
	take_minus(r);
	if (!take_sign(r, m, true))
		take_code(r, m, true);
	if (!r->negative)
		take_minus(r);
	if (r->n && !take_sign(r, m, false))
		take_code(r, m, false);
	if (r->n > 2 && r->s[r->n - 1] == '-' && (r->s[r->n - 2] == ',' || r->s[r->n - 2] == '.'))
		r->n -= 2;
}

/* A number taken apart at its last separator. */
struct digits {
	char before[DIGITS_MAX + 1], behind[DIGITS_MAX + 1];
	size_t n_before, n_behind;
	enum { LAST_none, /* there is no separator */
	       LAST_decimal,
	       LAST_thousands,
	       LAST_either } last; /* a single point or comma */
};

enum split { SPLIT_fine,
	     SPLIT_no_number,
	     SPLIT_too_long };

#define GROUPS_MAX 6

/* Groups of digits, and which separator stands behind each but the last. */
struct groups {
	const char *s[GROUPS_MAX];
	size_t length[GROUPS_MAX];
	char separator[GROUPS_MAX]; /* its last byte tells them apart */
	size_t n;
};

static size_t separator_at(const char *s, size_t n)
{
	size_t blank = blank_at(s, n);
	if (blank)
		return blank;
	if (n >= 3 && !memcmp(s, "\xe2\x80\x99", 3))
		return 3;
	return *s == '.' || *s == ',' || *s == '\'';
}

static bool groups_of(const struct reading *r, struct groups *g)
{
	size_t at = 0;
	*g = (struct groups){ 0 };
	while (g->n < GROUPS_MAX) {
		size_t start = at;
		while (at < r->n && is_digit(r->s[at]))
			at++;
		g->s[g->n] = r->s + start;
		g->length[g->n++] = at - start;
		if (at == r->n)
			return true;
		size_t separator = separator_at(r->s + at, r->n - at);
		if (!separator)
			return false;
		at += separator;
		g->separator[g->n - 1] = r->s[at - 1];
	}
	return false;
}

/* Before the last separator: one to three digits, then threes, always with the same separator. */
static bool well_grouped(const struct groups *g)
{
	size_t last = g->n - 1;
	for (size_t i = 0; last > 1 && i < last; i++)
		if (i ? g->length[i] != 3 : !g->length[0] || g->length[0] > 3)
			return false;
	for (size_t i = 1; i + 1 < last; i++)
		if (g->separator[i] != g->separator[0])
			return false;
	bool point = !last || g->separator[last - 1] == '.' || g->separator[last - 1] == ',';
	return g->length[last] && (g->length[0] || (last == 1 && point));
}

static bool add_group(struct digits *d, const char *s, size_t n)
{
	if (d->n_before + n > DIGITS_MAX)
		return false;
	memcpy(d->before + d->n_before, s, n);
	d->n_before += n;
	return true;
}

static enum split split(const struct reading *r, struct digits *d)
{
	struct groups g;
	*d = (struct digits){ 0 };
	if (!groups_of(r, &g) || !well_grouped(&g))
		return SPLIT_no_number;
	size_t last = g.n - 1;
	for (size_t i = 0; i < last + !last; i++)
		if (!add_group(d, g.s[i], g.length[i]))
			return SPLIT_too_long;
	if (!last)
		return SPLIT_fine;
	char separator = g.separator[last - 1];
	bool point = separator == '.' || separator == ',';
	d->last = !point || (last > 1 && separator == g.separator[0]) ? LAST_thousands : last > 1 ? LAST_decimal
	                                                                                          : LAST_either;
	if (g.length[last] > DIGITS_MAX)
		return SPLIT_too_long;
	memcpy(d->behind, g.s[last], g.length[last]);
	d->n_behind = g.length[last];
	return d->last == LAST_thousands && d->n_behind != 3 ? SPLIT_no_number : SPLIT_fine;
}

static uint64_t value_of(const char *digits, size_t n)
{
	uint64_t value = 0;
	for (size_t i = 0; i < n; i++)
		value = value * 10 + (uint64_t)(digits[i] - '0');
	return value;
}

/* In thousandths; what is behind the third digit must be zeros. */
static uint64_t thousandths(const struct digits *d)
{
	uint64_t value = value_of(d->before, d->n_before) * 1000;
	char padded[3] = { '0', '0', '0' };
	memcpy(padded, d->behind, d->n_behind < 3 ? d->n_behind : 3);
	return value + value_of(padded, 3);
}

/* "1.200": thousands, decimals, or neither can be told. */
static enum import_code decide(struct digits *d, const struct import_money *m, bool *guessed_r)
{
	bool may = d->last == LAST_either && d->n_behind == 3 && d->n_before && d->n_before <= 3 && d->before[0] != '0';
	*guessed_r = false;
	if (!may || m->decimals == 3)
		return IMPORT_CODE_COUNT;
	uint64_t whole = (value_of(d->before, d->n_before) * 1000 + value_of(d->behind, 3)) * 1000;
	if (whole > m->max && m->decimals)
		return d->behind[2] == '0' ? IMPORT_CODE_price_ambiguous : IMPORT_CODE_price_decimals;
	d->last = LAST_thousands;
	*guessed_r = m->decimals != 0;
	return IMPORT_CODE_COUNT;
}

static enum import_code check(const struct digits *d, const struct import_money *m)
{
	for (size_t i = (size_t)m->decimals; i < d->n_behind; i++)
		if (d->behind[i] != '0')
			return IMPORT_CODE_price_decimals;
	uint64_t value = thousandths(d);
	if (!value)
		return IMPORT_CODE_price_zero;
	return value > m->max ? IMPORT_CODE_price_too_high : IMPORT_CODE_COUNT;
}

static void write_price(const struct digits *d, const struct import_money *m, char *out)
{
	const char *s = d->before;
	size_t n = d->n_before, at = 0;
	while (n > 1 && *s == '0') {
		s++;
		n--;
	}
	if (!n)
		out[at++] = '0';
	memcpy(out + at, s, n);
	at += n;
	if (m->decimals)
		out[at++] = '.';
	for (size_t i = 0; i < (size_t)m->decimals; i++)
		out[at++] = i < d->n_behind ? d->behind[i] : '0';
	out[at] = '\0';
}

/* "8-12", "8 – 12", "8/12", "8 to 12": two numbers with something between them. */
static bool is_range(const struct reading *r)
{
	size_t at = 0;
	while (at < r->n && (is_digit(r->s[at]) || separator_at(r->s + at, r->n - at)))
		at++;
	size_t end = at;
	while (end < r->n && !is_digit(r->s[end]))
		end++;
	if (!at || end == at || end == r->n || !is_digit(r->s[0]))
		return false;
	/* "1e9" is no range */
	return !(end - at <= 2 && (r->s[at] == 'e' || r->s[at] == 'E'));
}

static struct import_price problem(enum import_code code)
{
	return (struct import_price){ .problem = code };
}

static struct import_price read_digits(struct digits *d, const struct import_money *m)
{
	struct import_price price = { 0 };
	price.problem = decide(d, m, &price.thousands);
	if (price.problem != IMPORT_CODE_COUNT)
		return price;
	if (d->last == LAST_thousands) {
		if (!add_group(d, d->behind, d->n_behind))
			return problem(IMPORT_CODE_price_too_high);
		d->n_behind = 0;
	}
	price.problem = check(d, m);
	price.ok = price.problem == IMPORT_CODE_COUNT;
	if (price.ok)
		write_price(d, m, price.text);
	return price;
}

struct import_price import_price_read(struct arena *a, const struct import_money *m, const char *text, size_t len)
{
	struct reading r = { .s = text, .n = len };
	if (!is_digit(*text) && word_of(a, text, len) == IMPORT_WORD_market)
		return (struct import_price){ .ok = true, .market = true };
	strip(&r, m);
	if (is_range(&r))
		return problem(IMPORT_CODE_price_range);
	struct digits d;
	enum split result = split(&r, &d);
	if (result == SPLIT_no_number)
		return problem(IMPORT_CODE_price_not_a_number);
	if (r.foreign)
		return problem(IMPORT_CODE_price_currency);
	if (r.negative)
		return problem(IMPORT_CODE_price_negative);
	if (result == SPLIT_too_long)
		return problem(IMPORT_CODE_price_too_high);
	return read_digits(&d, m);
}

int import_boolean_read(struct arena *a, const char *text, size_t len)
{
	if (len == 4 && !strncasecmp(text, "true", 4))
		return 1;
	if (len == 5 && !strncasecmp(text, "false", 5))
		return 0;
	int word = word_of(a, text, len);
	return word == IMPORT_WORD_yes ? 1 : word == IMPORT_WORD_no ? 0
	                                                            : -1;
}

/* How long "." or "," with zeros behind is at the front: 0 when it is none. */
static size_t zeros_behind(const char *s, size_t n)
{
	size_t at = 1;
	if (n < 2 || (*s != '.' && *s != ','))
		return 0;
	while (at < n && s[at] == '0')
		at++;
	return at > 1 ? at : 0;
}

bool import_integer_read(const char *text, size_t len, int64_t least, int64_t most, int32_t *value_r)
{
	size_t at = len && (*text == '-' || *text == '+'), digits = at;
	int64_t value = 0;
	while (at < len && is_digit(text[at]) && at - digits < 10)
		value = value * 10 + (text[at++] - '0');
	if (at == digits)
		return false;
	at += zeros_behind(text + at, len - at);
	value = *text == '-' ? -value : value;
	if (at != len || value < least || value > most)
		return false;
	*value_r = (int32_t)value;
	return true;
}

bool import_money_init(struct import_money *m, const char *currency, int decimals, const char *max_price)
{
	struct reading r = { .s = max_price, .n = strlen(max_price) };
	struct digits d;
	*m = (struct import_money){ .currency = currency, .decimals = decimals };
	if (split(&r, &d) || d.n_behind > 3 || !d.n_before || d.last == LAST_thousands || d.last == LAST_decimal)
		return false;
	m->max = thousandths(&d);
	return true;
}
