/* arena.c - chunks of memory in a list, the newest first; see arena.h.
 *
 * Pieces are cut from the newest chunk. A piece that does not fit gets a new chunk: of the usual size, or of its own
 * size when it is large (then what is left of the older chunk stays in use). Under AddressSanitizer each piece is a chunk
 * of its own, so that it finds reads and writes behind a piece.
 */
#include "common/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define CHUNK_FIRST 0
#define CHUNK_NEXT 0
#else
#define CHUNK_FIRST ((size_t)2 << 10)
#define CHUNK_NEXT ((size_t)16 << 10)
#endif
#define ALIGN ((size_t)16)

struct chunk {
	struct chunk *older;
	size_t size, used; /* of bytes */
	_Alignas(16) unsigned char bytes[];
};

struct arena {
	struct chunk *newest;
	size_t used, max_bytes;
};

/* Not log.c: the generator links this file without it, and a log line needs no arena. */
static _Noreturn void die(const char *event, size_t bytes, size_t max_bytes)
{
	fprintf(stderr, "{\"level\":\"error\",\"event\":\"%s\",\"bytes\":%zu,\"max_bytes\":%zu}\n", event, bytes, max_bytes);
	abort();
}

static size_t rounded(size_t bytes)
{
	return (bytes + ALIGN - 1) & ~(ALIGN - 1);
}

/* Chunks of the usual size come and go with every message: some are kept, each thread its own, instead of asking the system's allocator. */
#define SPARES_MAX 64

static _Thread_local struct chunk *spares;
static _Thread_local size_t spare_count;

static struct chunk *chunk_take(size_t size)
{
	struct chunk *c = spares;
	if (!c || size != CHUNK_NEXT)
		return malloc(sizeof(*c) + size);
	spares = c->older;
	spare_count--;
	return c;
}

static void chunk_give(struct chunk *c)
{
	if (!CHUNK_NEXT || c->size != CHUNK_NEXT || spare_count == SPARES_MAX) {
		free(c);
		return;
	}
	c->older = spares;
	spares = c;
	spare_count++;
}

static struct chunk *chunk_new(size_t size, struct chunk *older)
{
	struct chunk *c = chunk_take(size);

	if (!c)
		die("memory.exhausted", size, 0);
	c->older = older;
	c->size = size;
	c->used = 0;
	return c;
}

struct arena *arena_new_max(size_t max_bytes)
{
	size_t own = rounded(sizeof(struct arena));
	struct chunk *first = chunk_new(own + CHUNK_FIRST, NULL);
	struct arena *a = (struct arena *)first->bytes; /* the arena lives in its first chunk */

	first->used = own;
	*a = (struct arena){ .newest = first, .max_bytes = max_bytes };
	return a;
}

struct arena *arena_new(void)
{
	return arena_new_max(ARENA_MAX_DEFAULT);
}

void arena_free(struct arena **a)
{
	if (!a || !*a)
		return;
	struct chunk *c = (*a)->newest;
	*a = NULL;
	while (c) {
		struct chunk *older = c->older;
		chunk_give(c);
		c = older;
	}
}

/* A chunk with room for `size` bytes. */
static struct chunk *chunk_for(struct arena *a, size_t size)
{
	struct chunk *newest = a->newest;

	if (newest->size - newest->used >= size)
		return newest;
	if (size > CHUNK_NEXT / 4) {
		newest->older = chunk_new(size, newest->older);
		return newest->older;
	}
	a->newest = chunk_new(CHUNK_NEXT, newest);
	return a->newest;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	if (bytes > a->max_bytes || rounded(bytes) > a->max_bytes - a->used)
		die("arena.full", bytes, a->max_bytes);
	size_t size = bytes ? rounded(bytes) : ALIGN;
	if (CHUNK_NEXT == 0)
		size = bytes;
	struct chunk *c = chunk_for(a, size);
	void *piece = c->bytes + c->used;
	c->used += size;
	a->used += rounded(bytes);
	return memset(piece, 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t bytes)
{
	if (bytes && count > SIZE_MAX / bytes)
		die("arena.full", SIZE_MAX, a->max_bytes);
	return arena_alloc(a, count * bytes);
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	if (len == SIZE_MAX)
		die("arena.full", len, a->max_bytes);
	char *copy = arena_alloc(a, len + 1);
	if (len)
		memcpy(copy, s, len);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *format, va_list args)
{
	va_list again;
	char small[256];

	va_copy(again, args);
	int n = vsnprintf(small, sizeof(small), format, args);
	assert(n >= 0);
	char *text;
	if ((size_t)n < sizeof(small)) {
		text = arena_strndup(a, small, (size_t)n);
	} else {
		text = arena_alloc(a, (size_t)n + 1);
		vsnprintf(text, (size_t)n + 1, format, again);
	}
	va_end(again);
	return text;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *text = arena_vprintf(a, format, args);
	va_end(args);
	return text;
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
