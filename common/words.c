/* words.c - see words.h. */
#include "common/words.h"

#include <string.h>
#include <utf8proc.h>

#define FOLDED_POINTS_MAX 20 /* of one code point: U+FDFA becomes 18 */

struct folding {
	char text[WORD_BYTES_MAX + 8];
	size_t length;
};

static bool is_symbol(int32_t point)
{
	return utf8proc_category(point) == UTF8PROC_CATEGORY_SO && point > 0x2000;
}

static bool in_word(int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);
	return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

static void add_point(struct folding *f, int32_t point)
{
	unsigned char bytes[4];
	size_t n = (size_t)utf8proc_encode_char(point, bytes);
	if (f->length + n > WORD_BYTES_MAX)
		return;
	memcpy(f->text + f->length, bytes, n);
	f->length += n;
}

/* Letters that Unicode does not take apart, though people type them without their stroke. */
static const struct {
	int32_t point;
	const char *plain;
} unaccented[] = { { 0x131, "i" }, { 0xe6, "ae" }, { 0xc6, "ae" }, { 0x153, "oe" }, { 0x152, "oe" }, { 0xf8, "o" }, { 0xd8, "o" }, { 0x142, "l" }, { 0x141, "l" }, { 0x111, "d" }, { 0x110, "d" } };

static bool fold_by_hand(struct folding *f, int32_t point)
{
	for (size_t i = 0; i < sizeof(unaccented) / sizeof(*unaccented); i++) {
		if (unaccented[i].point != point)
			continue;
		for (const char *c = unaccented[i].plain; *c; c++)
			add_point(f, *c);
		return true;
	}
	return false;
}

static void fold_point(struct folding *f, int32_t point)
{
	if (fold_by_hand(f, point))
		return;
	int32_t folded[FOLDED_POINTS_MAX];
	int boundary = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char(point, folded, FOLDED_POINTS_MAX,
	                                             UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
	                                                     UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
	                                             &boundary);
	for (utf8proc_ssize_t i = 0; i < n && i < FOLDED_POINTS_MAX; i++)
		if (in_word(folded[i]) || is_symbol(folded[i]))
			add_point(f, folded[i]);
}

/* How much of `s` the next code point takes, and what it is for words: -1 separates. */
static size_t next_point(const unsigned char *s, size_t len, int32_t *point_r)
{
	utf8proc_ssize_t n = utf8proc_iterate(s, (utf8proc_ssize_t)len, point_r);
	if (n <= 0) {
		*point_r = -1;
		return 1;
	}
	return (size_t)n;
}

static bool fold_ascii(struct folding *f, unsigned char c)
{
	bool upper = c >= 'A' && c <= 'Z';
	if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
		return false;
	if (f->length < WORD_BYTES_MAX)
		f->text[f->length++] = (char)(upper ? c + 32 : c);
	return true;
}

/* One word from the front of s; its length in bytes, 0 when what comes first is no part of a word. */
static size_t fold_word(const unsigned char *s, size_t len, struct folding *f)
{
	size_t at = 0;
	bool symbol = false;
	f->length = 0;
	while (at < len && !symbol) {
		int32_t point;
		if (s[at] < 0x80) {
			if (!fold_ascii(f, s[at]))
				break;
			at++;
			continue;
		}
		size_t step = next_point(s + at, len - at, &point);
		symbol = !at && point >= 0 && is_symbol(point);
		if (point < 0 || (!symbol && !in_word(point)))
			break;
		fold_point(f, point);
		at += step;
	}
	f->text[f->length] = '\0';
	return at;
}

static bool ends_with(const char *s, size_t n, const char *end)
{
	size_t length = strlen(end);
	return n >= length && !memcmp(s + n - length, end, length);
}

static size_t without_plural(const char *s, size_t n)
{
	if (n > 3 && s[n - 1] == 's' && !ends_with(s, n, "ss") && !ends_with(s, n, "us") && !ends_with(s, n, "is"))
		n--;
	if (n > 3 && (ends_with(s, n, "che") || ends_with(s, n, "she") || ends_with(s, n, "xe") || ends_with(s, n, "sse") || ends_with(s, n, "oe")))
		n--;
	return n;
}

static const char *stem_of(struct arena *a, const char *text, size_t length, uint32_t *length_r)
{
	size_t n = without_plural(text, length);
	char *stem = arena_strndup(a, text, n);
	if (n > 3 && ends_with(stem, n, "ie"))
		stem[--n] = '\0';
	else if (n > 2 && stem[n - 1] == 'y' && !strchr("aeiou", stem[n - 2]))
		stem[n - 1] = 'i';
	*length_r = (uint32_t)n;
	return stem;
}

/* Where the second word of a compound begins ("erdnuss|allergie", "gluten|frei"); 0 when it is none. */
static size_t compound(const struct folding *f)
{
	static const char *const ends[] = { "allergie", "allergiker", "allergisch", "intoleranz", "intolerant", "intolerantie", "frei", "vrij" };
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (f->length > strlen(ends[i]) + 1 && ends_with(f->text, f->length, ends[i]))
			return f->length - strlen(ends[i]);
	return 0;
}

static void add_word(struct arena *a, struct word *word, const char *text, size_t length, size_t from, size_t to)
{
	word->from = (uint32_t)from;
	word->to = (uint32_t)to;
	word->text = arena_strndup(a, text, length);
	word->stem = stem_of(a, word->text, length, &word->length);
}

struct words words_of(struct arena *a, const char *text, size_t max)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len = strlen(text), n = 0;
	if (max > len / 2 + 1)
		max = len / 2 + 1; /* a word takes two bytes with its blank, a symbol three */
	struct word *v = arena_array(a, max + 1, sizeof(*v));
	struct folding f;
	for (size_t at = 0; at < len && n < max;) {
		size_t taken = fold_word(s + at, len - at, &f);
		int32_t point;
		size_t from = at;
		at += taken ? taken : next_point(s + at, len - at, &point);
		if (!f.length)
			continue;
		/* Both words of a compound stand in the same place. */
		size_t second = compound(&f);
		if (second)
			add_word(a, &v[n++], f.text, second, from, at);
		add_word(a, &v[n++], f.text + second, f.length - second, from, at);
	}
	return (struct words){ v, n };
}

const char *words_line(struct arena *a, struct words words)
{
	size_t length = 1;
	for (size_t i = 0; i < words.n; i++)
		length += strlen(words.v[i].text) + 1;
	char *line = arena_alloc(a, length + 1);
	char *at = line;
	*at++ = ' ';
	for (size_t i = 0; i < words.n; i++) {
		size_t n = strlen(words.v[i].text);
		memcpy(at, words.v[i].text, n);
		at += n;
		*at++ = ' ';
	}
	return line;
}

uint64_t words_letters(const char *text)
{
	uint64_t letters = 0;
	for (; *text; text++)
		letters |= (uint64_t)1 << ((unsigned char)*text & 63);
	return letters;
}

static unsigned least(unsigned x, unsigned y)
{
	return x < y ? x : y;
}

/* The next row of the table of edits; the least number in it. */
static unsigned edit_row(const char *x, size_t i, const char *y, size_t y_length, unsigned rows[3][WORD_BYTES_MAX + 1])
{
	unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3], best = (unsigned)i;
	now[0] = (unsigned)i;
	for (size_t j = 1; j <= y_length; j++) {
		bool same = x[i - 1] == y[j - 1];
		now[j] = least(before[j - 1] + !same, least(before[j], now[j - 1]) + 1);
		if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
			now[j] = least(now[j], earlier[j - 2] + 1);
		best = least(best, now[j]);
	}
	return best;
}

unsigned words_edits(const char *x, size_t x_length, const char *y, size_t y_length, unsigned most)
{
	unsigned rows[3][WORD_BYTES_MAX + 1];
	size_t apart = x_length > y_length ? x_length - y_length : y_length - x_length;
	if (apart > most || x_length > WORD_BYTES_MAX || y_length > WORD_BYTES_MAX)
		return most + 1;
	for (size_t j = 0; j <= y_length; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= x_length; i++)
		if (edit_row(x, i, y, y_length, rows) > most)
			return most + 1;
	return rows[x_length % 3][y_length];
}

unsigned words_tolerance(size_t length)
{
	return length < 4 ? 0 : length < 7 ? 1
	                                   : 2;
}
