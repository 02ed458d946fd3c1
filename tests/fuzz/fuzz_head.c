/* The second look at a request's head, and the request target: any bytes, no crash, and what is let through keeps its promises. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/conditional.h"
#include "api/head.h"
#include "api/target.h"

static void check_target(const char *text, size_t len)
{
	struct target t;
	if (!target_parse(text, len, &t) || t.asterisk)
		return;
	char *out = malloc(t.path.len + t.query.len + 1);
	if (target_decode(t.path.at, t.path.len, false, out) < 0 || t.segment_count > TARGET_SEGMENTS_MAX)
		abort();
	struct target_part value;
	if (target_query(&t, "limit", &value) && target_decode(value.at, value.len, true, out) < 0)
		abort();
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1); /* exactly as long: reading on is found */
	memcpy(copy, data, size);
	head_check(copy, size, size & 1);
	check_target(copy, size);
	etag_listed(copy, size, "\"a\"");
	gzip_allowed(copy, size);
	free(copy);
	return 0;
}
