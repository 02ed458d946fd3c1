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
