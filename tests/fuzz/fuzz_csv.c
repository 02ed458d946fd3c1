/* fuzz_csv.c - any bytes as a CSV file: whole and in pieces it gives the same rows, all of them clean text within their limits, and what is good in it
 * is exported and read back as itself. The first byte chooses the size of the pieces.
 */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "tests/support/import_told.h"

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void all_clean(const json_t *v)
{
	const char *key;
	json_t *member;
	size_t i;
	if (json_is_string(v))
		must(utf8_valid(json_string_value(v), json_string_length(v)));
	json_array_foreach(v, i, member)
		all_clean(member);
	json_object_foreach((json_t *)v, key, member)
		all_clean(member);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < 1 || sodium_init() < 0)
		return 0;
	json_t *whole = import_told(&import_told_options, bytes + 1, size - 1, 0);
	json_t *pieces = import_told(&import_told_options, bytes + 1, size - 1, (size_t)bytes[0] % 32 + 1);
	must(json_equal(whole, pieces));
	all_clean(whole);
	json_decref(pieces);

	struct buf once, twice;
	buf_init(&once, 1 << 20);
	buf_init(&twice, 1 << 20);
	if (import_exported(&once, &import_told_options, bytes + 1, size - 1)) {
		must(import_exported(&twice, &import_told_options, once.data, once.len));
		must(!strcmp(buf_text(&once), buf_text(&twice)));
	}
	buf_free(&once);
	buf_free(&twice);
	json_decref(whole);
	return 0;
}
