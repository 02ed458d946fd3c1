/* schema_compile.h - JSON Schema (the part that schema.h names) to tables.
 *
 * Shared by the generator and by the tests that run the official suite. Every keyword that is not enforced is refused, so a
 * schema never promises what nobody checks. The tables have no C structs yet: members, sizes and offsets are the
 * generator's work; without them a table can check but not decode. $ref is the name of a source.
 */
#ifndef COMMON_SCHEMA_COMPILE_H
#define COMMON_SCHEMA_COMPILE_H

#include <jansson.h>

#include "common/arena.h"
#include "common/error.h"
#include "common/schema_table.h"

struct schema_source {
	const char *name;
	const json_t *value;
};

struct schema_complaint {
	const char *name; /* of the source */
	const char *pointer, *message;
};

/* *schemas_r is an array of n, in the order of the sources; it and all in it live in the arena, which must outlive them. On ERROR_invalid *why_r is
 * the first thing that is wrong. */
MUST_CHECK enum error schema_compile(struct arena *a, const struct schema_source *sources, size_t n, struct schema **schemas_r, struct schema_complaint *why_r);

/* The pattern's table, or NULL when it has another form. */
const struct schema_pattern *schema_compile_pattern(struct arena *a, const char *text);

#endif
