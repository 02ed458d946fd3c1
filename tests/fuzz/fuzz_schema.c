/* fuzz_schema.c - any bytes against every schema: what is accepted must be encoded to what is accepted again, and that must be stable; what is
 * refused must have a problem that is itself valid text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/schema.h"
#include "common/schema_table.h"
#include "common/text.h"

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_problems(const struct schema_problems *problems)
{
	must(problems->n > 0 && problems->n <= SCHEMA_MAX_PROBLEMS);
	for (size_t i = 0; i < problems->n; i++) {
		const char *pointer = problems->v[i].pointer, *message = problems->v[i].message;
		must(*pointer == '\0' || *pointer == '/');
		must(utf8_valid(pointer, strlen(pointer)) && utf8_valid(message, strlen(message)) && *message);
	}
}

static void check_stable(struct arena *a, const struct schema *s, const void *in)
{
	struct schema_problems problems;
	struct buf once, twice;
	void *again = arena_alloc(a, s->size);

	buf_init(&once, 1 << 20);
	buf_init(&twice, 1 << 20);
	must(schema_encode(&once, s, in) == ERROR_none);
	must(schema_decode(a, s, once.data, once.len, again, &problems) == ERROR_none);
	must(schema_encode(&twice, s, again) == ERROR_none);
	must(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
	buf_free(&once);
	buf_free(&twice);
}

/* The first byte chooses the schema. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static size_t schemas;
	struct schema_problems problems;

	while (schema_all[schemas])
		schemas++;
	if (size == 0 || size > 20000)
		return 0;
	const struct schema *s = schema_all[data[0] % schemas];
	struct arena *a = arena_new();
	void *in = arena_alloc(a, s->size);
	if (schema_decode(a, s, (const char *)data + 1, size - 1, in, &problems))
		check_problems(&problems);
	else
		check_stable(a, s, in);
	arena_free(&a);
	return 0;
}
