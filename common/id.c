/* id.c - see id.h. */
#include "common/id.h"

#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"

#define COUNTER_MAX 0xfff

static const char hex_digits[] = "0123456789abcdef";

/* Random bytes are taken from the kernel 512 at a time: one system call for each id would be most of its cost. */
static void random_bytes(unsigned char *out, size_t n)
{
	static unsigned char pool[512];
	static size_t left;

	if (n > sizeof(pool)) {
		randombytes_buf(out, n);
		return;
	}
	if (left < n) {
		if (sodium_init() < 0)
			abort();
		randombytes_buf(pool, sizeof(pool));
		left = sizeof(pool);
	}
	left -= n;
	memcpy(out, pool + left, n);
	sodium_memzero(pool + left, n);
}

static char *put_hex(char *out, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		*out++ = hex_digits[bytes[i] >> 4];
		*out++ = hex_digits[bytes[i] & 15];
	}
	*out = '\0';
	return out;
}

void id_random_hex(char *out, size_t bytes)
{
	unsigned char part[64];

	*out = '\0';
	while (bytes) {
		size_t n = bytes < sizeof(part) ? bytes : sizeof(part);
		random_bytes(part, n);
		out = put_hex(out, part, n);
		bytes -= n;
	}
	sodium_memzero(part, sizeof(part));
}

/* Time and counter of the next id: both only ever ascend, also when the wall clock steps back. */
static void next_tick(uint64_t *ms_r, unsigned *counter_r)
{
	static uint64_t last_ms;
	static unsigned counter;
	uint64_t now = (uint64_t)clock_wall_ms();

	if (now <= last_ms && counter < COUNTER_MAX) {
		counter++;
	} else {
		unsigned char start[2];
		random_bytes(start, sizeof(start));
		last_ms = now > last_ms ? now : last_ms + 1;
		counter = (start[0] << 8 | start[1]) & (COUNTER_MAX >> 1); /* leaves half of the counter to count */
	}
	*ms_r = last_ms;
	*counter_r = counter;
}

static void put_uuid(char out[ID_TEXT], const unsigned char bytes[16])
{
	static const unsigned char groups[] = { 4, 2, 2, 2, 6 };
	for (size_t g = 0; g < sizeof(groups); bytes += groups[g++]) {
		if (g)
			*out++ = '-';
		out = put_hex(out, bytes, groups[g]);
	}
}

void id_uuid(char out[ID_TEXT])
{
	unsigned char b[16];
	uint64_t ms;
	unsigned counter;

	next_tick(&ms, &counter);
	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	random_bytes(b + 8, 8);
	b[6] = (unsigned char)(0x70 | counter >> 8);
	b[7] = (unsigned char)counter;
	b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
	put_uuid(out, b);
}

void id_derive(char out[ID_TEXT], const char *text)
{
	unsigned char b[16];

	crypto_generichash(b, sizeof(b), (const unsigned char *)text, strlen(text), NULL, 0);
	b[6] = (unsigned char)(0x80 | (b[6] & 0x0f));
	b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
	put_uuid(out, b);
}

static bool is_hex(char c, bool upper)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (upper && c >= 'A' && c <= 'F');
}

bool id_is_uuid(const char *s, size_t len)
{
	if (len != ID_TEXT - 1)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (dash ? s[i] != '-' : !is_hex(s[i], true))
			return false;
	}
	return true;
}

/* `n` lower-case hex digits, not all zero. */
static bool is_trace_part(const char *s, size_t n)
{
	bool some = false;

	for (size_t i = 0; i < n; i++) {
		if (!is_hex(s[i], false))
			return false;
		some |= s[i] != '0';
	}
	return some;
}

bool id_is_trace(const char *s, size_t len)
{
	return len == TRACEPARENT_TEXT - 1 && memcmp(s, "00-", 3) == 0 && s[35] == '-' && s[52] == '-' &&
	       is_trace_part(s + 3, 32) && is_trace_part(s + 36, 16) && is_hex(s[53], false) && is_hex(s[54], false);
}

void id_trace(char out[TRACEPARENT_TEXT], const char *parent)
{
	char trace[33], span[17];

	if (parent && id_is_trace(parent, strlen(parent))) {
		memcpy(trace, parent + 3, 32);
		trace[32] = '\0';
	} else {
		id_random_hex(trace, 16);
	}
	id_random_hex(span, 8);
	memcpy(out, "00-", 3);
	memcpy(out + 3, trace, 32);
	out[35] = '-';
	memcpy(out + 36, span, 16);
	memcpy(out + 52, "-01", 4);
}
