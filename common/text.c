/* text.c - see text.h. */
#include "common/text.h"

#include <stdint.h>
#include <string.h>

static bool continues(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* How many bytes the sequence has that begins with these two, 0 when none may: RFC 3629, table 3-7 of Unicode. */
static size_t sequence(unsigned char first, unsigned char second)
{
	if (first >= 0xc2 && first <= 0xdf)
		return continues(second) ? 2 : 0;
	if ((first & 0xf0) == 0xe0) {
		unsigned char low = first == 0xe0 ? 0xa0 : 0x80, high = first == 0xed ? 0x9f : 0xbf;
		return second >= low && second <= high ? 3 : 0;
	}
	if (first >= 0xf0 && first <= 0xf4) {
		unsigned char low = first == 0xf0 ? 0x90 : 0x80, high = first == 0xf4 ? 0x8f : 0xbf;
		return second >= low && second <= high ? 4 : 0;
	}
	return 0;
}

size_t utf8_step(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	if (len == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	size_t n = len > 1 ? sequence(p[0], p[1]) : 0;
	if (n > len)
		return 0;
	for (size_t i = 2; i < n; i++)
		if (!continues(p[i]))
			return 0;
	return n;
}

/* Bytes of ASCII at the front, eight at a time: most of what passes is ASCII. */
static size_t ascii_prefix(const unsigned char *p, size_t len)
{
	size_t i = 0;

	for (; i + 8 <= len; i += 8) {
		uint64_t word;
		memcpy(&word, p + i, sizeof(word));
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	while (i < len && p[i] < 0x80)
		i++;
	return i;
}

bool utf8_valid(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;

	for (size_t i = 0;;) {
		if (i < len)
			i += ascii_prefix(p + i, len - i);
		if (i == len)
			return true;
		size_t n = utf8_step(p + i, len - i);
		if (n == 0)
			return false;
		i += n;
	}
}

size_t utf8_length(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += !continues((unsigned char)s[i]);
	return n;
}

size_t utf8_cut(const char *s, size_t len, size_t max_bytes)
{
	if (len <= max_bytes)
		return len;
	size_t n = max_bytes;
	while (n > 0 && continues((unsigned char)s[n]))
		n--;
	return n;
}

static bool is_control(const unsigned char *p, size_t n)
{
	if (n == 1)
		return (*p < 0x20 && *p != '\n' && *p != '\t') || *p == 0x7f;
	return n == 2 && p[0] == 0xc2 && p[1] < 0xa0;
}

bool text_is_clean(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;

	for (size_t i = 0; i < len;) {
		size_t n = utf8_step(p + i, len - i);
		if (n == 0 || is_control(p + i, n))
			return false;
		i += n;
	}
	return true;
}

static bool has_markup(const char *s, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++) {
		char next = s[i + 1];
		bool letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
		if (s[i] == '<' && (letter || next == '/' || next == '!' || next == '?'))
			return true;
	}
	return false;
}

const char *text_refusal(const char *s, size_t len, bool is_line)
{
	if (!text_is_clean(s, len))
		return "must not hold control characters";
	if (is_line && (memchr(s, '\n', len) || memchr(s, '\t', len)))
		return "must be one line, without tabs";
	if (has_markup(s, len))
		return "must not hold markup: \"<\" before a letter, \"/\", \"!\" or \"?\" begins a tag";
	return NULL;
}

/* White space of Unicode, and what has no width. */
static const struct {
	unsigned first, last;
} spaces[] = { { 0x09, 0x0d }, { 0x20, 0x20 }, { 0x85, 0x85 }, { 0xa0, 0xa0 }, { 0x1680, 0x1680 }, { 0x2000, 0x200b }, { 0x2028, 0x2029 }, { 0x202f, 0x202f }, { 0x205f, 0x205f }, { 0x3000, 0x3000 }, { 0xfeff, 0xfeff } };

/* The first code point of `n` bytes, which are a valid sequence. */
static unsigned code_point(const unsigned char *p, size_t n)
{
	unsigned point = n == 1 ? p[0] : p[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++)
		point = point << 6 | (p[i] & 0x3fu);
	return point;
}

static bool is_space(unsigned point)
{
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++)
		if (point >= spaces[i].first && point <= spaces[i].last)
			return true;
	return false;
}

bool text_is_blank(const char *s, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_step(s + i, len - i);
		if (!n || !is_space(code_point((const unsigned char *)s + i, n)))
			return false;
	}
	return true;
}
