/* bus_span.c - see bus_span.h. */
#include "common/bus_span.h"

#include <stdio.h>
#include <stdlib.h>

#define CAPACITY_FIRST 1024

void bus_span_init(struct bus_span *s)
{
	*s = (struct bus_span){ .low = -1, .next = -1 };
}

void bus_span_free(struct bus_span *s)
{
	free(s->bits);
	bus_span_init(s);
}

static uint64_t mask(int64_t offset)
{
	return (uint64_t)1 << (offset & 63);
}

static uint64_t *word(const struct bus_span *s, int64_t offset)
{
	return &s->bits[((size_t)offset & (s->capacity - 1)) / 64];
}

static bool is_finished(const struct bus_span *s, int64_t offset)
{
	return *word(s, offset) & mask(offset);
}

static void set_finished(struct bus_span *s, int64_t offset, bool finished)
{
	if (finished)
		*word(s, offset) |= mask(offset);
	else
		*word(s, offset) &= ~mask(offset);
}

static void reserve(struct bus_span *s, size_t need)
{
	if (need <= s->capacity)
		return;
	struct bus_span grown = *s;
	grown.capacity = s->capacity ? s->capacity : CAPACITY_FIRST;
	while (grown.capacity < need)
		grown.capacity *= 2;
	grown.bits = calloc(grown.capacity / 64, sizeof(uint64_t));
	if (!grown.bits) {
		fputs("{\"level\":\"error\",\"event\":\"memory.exhausted\"}\n", stderr);
		abort();
	}
	for (int64_t o = s->low; o < s->next; o++)
		set_finished(&grown, o, is_finished(s, o));
	free(s->bits);
	*s = grown;
}

static void advance(struct bus_span *s)
{
	while (s->low < s->next && is_finished(s, s->low))
		s->low++;
}

bool bus_span_see(struct bus_span *s, int64_t offset)
{
	if (s->low >= 0 && offset >= s->low && offset < s->next)
		return false;
	/* Nothing is open: a gap of any length costs nothing. A first record and a log that was restarted begin here too. */
	if (s->low < 0 || offset < s->low || s->low == s->next) {
		s->low = s->next = offset;
		s->unfinished = 0;
	}
	reserve(s, (size_t)(offset + 1 - s->low));
	for (; s->next < offset; s->next++)
		set_finished(s, s->next, true);
	set_finished(s, offset, false);
	s->next = offset + 1;
	s->unfinished++;
	return true;
}

void bus_span_finish(struct bus_span *s, int64_t offset)
{
	if (offset < s->low || offset >= s->next || is_finished(s, offset))
		return;
	set_finished(s, offset, true);
	s->unfinished--;
	advance(s);
}

int64_t bus_span_position(const struct bus_span *s)
{
	return s->low;
}

size_t bus_span_length(const struct bus_span *s)
{
	return s->low < 0 ? 0 : (size_t)(s->next - s->low);
}
