/* import_text.c - see import_text.h. */
#include "workers/import_text.h"

#include <string.h>
#include <utf8proc.h>

#include "common/text.h"

#define PIECE 4096

const char *const import_encoding_names[] = { "utf-8", "utf-8", "utf-16le", "utf-16be", "windows-1252" };

/* 0x80 to 0x9f; 0: not assigned. Everything else is as in Unicode. */
static const uint16_t windows_1252[32] = {
	0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,
	0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178
};

void import_text_init(struct import_text *t, import_text_fn *on_text, void *ctx)
{
	*t = (struct import_text){ .on_text = on_text, .ctx = ctx };
}

static bool fail(struct import_text *t, enum import_text_problem problem, int64_t at, unsigned byte)
{
	t->problem = problem;
	t->problem_at = at;
	t->problem_byte = byte;
	return false;
}

static bool give(struct import_text *t, const char *text, size_t len)
{
	if (len && !t->on_text(t->ctx, text, len))
		t->stopped = true;
	return !t->stopped;
}

/* How many bytes at the front are ASCII and no NUL. */
static size_t plain_run(const unsigned char *s, size_t len)
{
	size_t n = 0;
	for (uint64_t eight; n + 8 <= len; n += 8) {
		memcpy(&eight, s + n, 8);
		if ((eight | (eight - 0x0101010101010101u)) & 0x8080808080808080u)
			break;
	}
	while (n < len && s[n] && s[n] < 0x80)
		n++;
	return n;
}

static bool feed_1252(struct import_text *t, const unsigned char *s, size_t len)
{
	unsigned char out[PIECE + 4];
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		int32_t point = s[i] >= 0x80 && s[i] < 0xa0 ? windows_1252[s[i] - 0x80] : s[i];
		if (!point) /* what came before it may have been reason enough to stop */
			return give(t, (char *)out, n) && fail(t, s[i] ? IMPORT_TEXT_invalid : IMPORT_TEXT_nul, t->at + (int64_t)i, s[i]);
		n += (size_t)utf8proc_encode_char(point, out + n);
		if (n < PIECE && i + 1 < len)
			continue;
		if (!give(t, (char *)out, n))
			return false;
		n = 0;
	}
	t->at += (int64_t)len;
	return true;
}

/* May what is there be the beginning of a sequence? `s` begins with a byte above ASCII. */
static bool may_go_on(const unsigned char *s, size_t len)
{
	unsigned char whole[4] = { 0 };
	if (len >= 4)
		return false;
	/* Each byte behind the second may be anything from 0x80 to 0xbf; the second one is bounded by the first at either end. */
	static const unsigned char fill[] = { 0x80, 0x90, 0xbf };
	for (size_t f = 0; f < sizeof(fill); f++) {
		memcpy(whole, s, len);
		memset(whole + len, fill[f], 4 - len);
		if (utf8_step(whole, 4) > len)
			return true;
	}
	return false;
}

/* How much of the text is whole and valid, plus whether what is behind may still become so. */
static size_t utf8_run(struct import_text *t, const unsigned char *s, size_t len, bool *open_r)
{
	size_t n = 0;
	*open_r = false;
	for (;;) {
		n += plain_run(s + n, len - n);
		if (n == len || !s[n])
			return n;
		size_t step = utf8_step(s + n, len - n);
		if (!step) {
			*open_r = may_go_on(s + n, len - n);
			return n;
		}
		t->multibyte = true;
		n += step;
	}
}

/* What cannot be UTF-8 at s[0]: another encoding, or the end. */
static bool not_utf8(struct import_text *t, const unsigned char *s, size_t len)
{
	if (!s[0])
		return fail(t, IMPORT_TEXT_nul, t->at, 0);
	if (t->multibyte || t->marked)
		return fail(t, IMPORT_TEXT_invalid, t->at, s[0]);
	t->encoding = IMPORT_ENCODING_windows_1252;
	return feed_1252(t, s, len);
}

static void hold(struct import_text *t, const unsigned char *s, size_t len)
{
	memcpy(t->held, s, len);
	t->n_held = len;
}

static bool feed_utf8(struct import_text *t, const unsigned char *s, size_t len)
{
	bool open;
	size_t n = utf8_run(t, s, len, &open);
	if (!give(t, (const char *)s, n))
		return false;
	t->at += (int64_t)n;
	if (n == len)
		return true;
	if (!open)
		return not_utf8(t, s + n, len - n);
	hold(t, s + n, len - n);
	return true;
}

static unsigned unit_at(const struct import_text *t, const unsigned char *s)
{
	return t->encoding == IMPORT_ENCODING_utf_16le ? s[0] | (unsigned)s[1] << 8 : s[1] | (unsigned)s[0] << 8;
}

/* One code point; how many bytes it took: 0 when more must come, -1 when it is none. */
static int point_of_utf16(const struct import_text *t, const unsigned char *s, size_t len, int32_t *point_r)
{
	if (len < 2)
		return 0;
	unsigned unit = unit_at(t, s);
	*point_r = (int32_t)unit;
	if (unit < 0xd800 || unit > 0xdfff)
		return 2;
	if (unit > 0xdbff)
		return -1;
	if (len < 4)
		return 0;
	unsigned low = unit_at(t, s + 2);
	*point_r = (int32_t)(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
	return low >= 0xdc00 && low <= 0xdfff ? 4 : -1;
}

static bool feed_utf16(struct import_text *t, const unsigned char *s, size_t len)
{
	unsigned char out[PIECE + 4];
	size_t n = 0, at = 0;
	int32_t point = 0;
	int took;
	while ((took = point_of_utf16(t, s + at, len - at, &point)) > 0 && point) {
		n += (size_t)utf8proc_encode_char(point, out + n);
		at += (size_t)took;
		if (n < PIECE)
			continue;
		if (!give(t, (char *)out, n))
			return false;
		n = 0;
	}
	if (!give(t, (char *)out, n))
		return false;
	t->at += (int64_t)at;
	if (took)
		return fail(t, took > 0 ? IMPORT_TEXT_nul : IMPORT_TEXT_invalid, t->at, s[at]);
	hold(t, s + at, len - at);
	return true;
}

static bool feed_known(struct import_text *t, const unsigned char *s, size_t len)
{
	if (t->encoding == IMPORT_ENCODING_utf_8)
		return feed_utf8(t, s, len);
	if (t->encoding == IMPORT_ENCODING_windows_1252)
		return feed_1252(t, s, len);
	return feed_utf16(t, s, len);
}

static const struct mark {
	const char *bytes;
	size_t length;
	enum import_encoding encoding;
} marks[] = { { "\xef\xbb\xbf", 3, IMPORT_ENCODING_utf_8 }, { "\xff\xfe", 2, IMPORT_ENCODING_utf_16le }, { "\xfe\xff", 2, IMPORT_ENCODING_utf_16be } };

/* By the first bytes: four, or as many as the file has. How many of them are a byte order mark. */
static size_t begin(struct import_text *t, const unsigned char *s, size_t len)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (len < marks[i].length || memcmp(s, marks[i].bytes, marks[i].length) != 0)
			continue;
		t->encoding = marks[i].encoding;
		t->marked = true;
		return marks[i].length;
	}
	bool zero[4];
	for (size_t i = 0; i < 4; i++)
		zero[i] = i >= len || !s[i];
	t->encoding = IMPORT_ENCODING_utf_8;
	if (!zero[0] && zero[1] && !zero[2] && len == 4 && zero[3])
		t->encoding = IMPORT_ENCODING_utf_16le;
	if (zero[0] && !zero[1] && zero[2] && !zero[3])
		t->encoding = IMPORT_ENCODING_utf_16be;
	return 0;
}

static bool feed_held(struct import_text *t)
{
	unsigned char bytes[4];
	size_t n = t->n_held, mark = 0;
	memcpy(bytes, t->held, n);
	t->n_held = 0;
	if (t->encoding == IMPORT_ENCODING_unknown)
		mark = begin(t, bytes, n);
	t->at += (int64_t)mark;
	return n == mark || feed_known(t, bytes + mark, n - mark);
}

/* Byte by byte until nothing is held, then all the rest at once. */
bool import_text_feed(struct import_text *t, const void *bytes, size_t len)
{
	const unsigned char *s = bytes;
	while (len && !t->problem && !t->stopped && (t->n_held || t->encoding == IMPORT_ENCODING_unknown)) {
		t->held[t->n_held++] = *s++;
		len--;
		if (t->n_held == 4 || t->encoding != IMPORT_ENCODING_unknown)
			feed_held(t);
	}
	if (t->problem || t->stopped)
		return false;
	return !len || feed_known(t, s, len);
}

bool import_text_finish(struct import_text *t)
{
	if (t->problem || t->stopped)
		return false;
	if (t->n_held && t->encoding == IMPORT_ENCODING_unknown && !feed_held(t))
		return false;
	if (!t->n_held)
		return true;
	size_t n = t->n_held;
	t->n_held = 0;
	if (t->encoding == IMPORT_ENCODING_utf_8)
		return not_utf8(t, t->held, n);
	return fail(t, IMPORT_TEXT_invalid, t->at, t->held[0]);
}
