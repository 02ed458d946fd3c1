/* arena.h - memory of one request or one flow: given piece by piece, taken back at once.
 *
 * What it does: hands out zeroed, 16-byte aligned memory; frees all of it with the arena.
 * What it does not do: free single pieces, grow a piece in place (use buf.h), cross threads.
 * Limits: an arena may hold `max_bytes`; asking for more, or a machine without memory, aborts the
 * process with a line on stderr: a message that needs more than its bound is a bug, not an input.
 * (Input is bounded before it reaches an arena: frames 16 KiB, bodies by route.)
 */
#ifndef COMMON_ARENA_H
#define COMMON_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

#define ARENA_MAX_DEFAULT ((size_t)64 << 20)

struct arena *arena_new(void); /* with ARENA_MAX_DEFAULT */
struct arena *arena_new_max(size_t max_bytes);
void arena_free(struct arena **a); /* NULL is fine; sets *a to NULL */

void *arena_alloc(struct arena *a, size_t bytes);                /* zeroed; never NULL */
void *arena_array(struct arena *a, size_t count, size_t bytes);  /* checks the product */
char *arena_strdup(struct arena *a, const char *s);              /* NULL gives NULL */
char *arena_strndup(struct arena *a, const char *s, size_t len); /* always terminated */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args);
size_t arena_used(const struct arena *a); /* bytes handed out so far */

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))

#endif
