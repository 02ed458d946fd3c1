/* target.h - a request target taken apart: "/api/v1/restaurants/cookies?limit=3". Pure.
 *
 * Segments are views into the target, still percent-encoded; nothing is resolved ("." and ".." are segments like any other, and match no route).
 * Refused (false): what does not begin with "/" or "http://host/", an escape that is not % and two hex digits, an encoded or plain NUL,
 * other control characters or spaces, bytes above 127 that are not escaped. Paths with more than TARGET_SEGMENTS_MAX segments have `too_deep` set.
 */
#ifndef API_TARGET_H
#define API_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#define TARGET_SEGMENTS_MAX 8

struct target_part {
	const char *at;
	size_t len;
};

struct target {
	struct target_part path, query; /* query without its "?" */
	struct target_part segments[TARGET_SEGMENTS_MAX];
	size_t segment_count; /* "/" has none */
	bool too_deep;
	bool asterisk; /* "*", of OPTIONS */
};

bool target_parse(const char *text, size_t len, struct target *target_r);
/* Decodes escapes ("+" to a space too when `plus`) into out, which holds len + 1 bytes; terminates it. Returns the length, or -1 on a bad escape or a NUL. */
long target_decode(const char *text, size_t len, bool plus, char *out);
/* The raw value of a query parameter: the first of that name. False when absent. Names are compared as they stand. */
bool target_query(const struct target *t, const char *name, struct target_part *value_r);

#endif
