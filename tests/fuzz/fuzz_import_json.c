/* fuzz_import_json.c - any bytes as JSON and as NDJSON: whole and in pieces they give the same rows. A document that an ordinary parser takes is taken or refused for its
 * shape, never called malformed by half; one that it refuses gives no good file. The first byte chooses the size of the pieces and the format.
 */
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/text.h"
#include "tests/support/import_told.h"

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* What is no JSON at all must be refused. (The other way round there are limits: depth, size, shape.) */
static void check_refused(const uint8_t *bytes, size_t size, const json_t *told)
{
	json_t *value = utf8_valid(bytes, size) ? json_loadb((const char *)bytes, size, JSON_DECODE_ANY, NULL) : NULL;
	bool refused = json_object_get(json_object_get(told, "file"), "refused_line");
	must(value || refused || !utf8_valid(bytes, size));
	json_decref(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct import_options options = import_told_options;
	if (size < 1 || sodium_init() < 0)
		return 0;
	options.format = bytes[0] & 1 ? IMPORT_FORMAT_ndjson : IMPORT_FORMAT_json;
	json_t *whole = import_told(&options, bytes + 1, size - 1, 0);
	json_t *pieces = import_told(&options, bytes + 1, size - 1, (size_t)(bytes[0] >> 1) % 32 + 1);
	must(json_equal(whole, pieces));
	bool plain = size < 4 || (bytes[1] && bytes[1] < 0x80 && bytes[2] && bytes[3]);
	if (options.format == IMPORT_FORMAT_json && plain)
		check_refused(bytes + 1, size - 1, whole);
	json_decref(pieces);
	json_decref(whole);
	return 0;
}
