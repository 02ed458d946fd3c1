/* schema.h - what comes in is checked once, here, by tables that schemac makes from the files of schemas/.
 *
 * The generator turns each schema file `schemas/thing.json` into (build/gen/schemas.h, schemas.c)
 *     struct thing { ... };                    one member for each property, in its order
 *     extern const struct schema schema_thing; the table: names, types, offsets, limits
 * and into TypeScript types for the web app. C members by JSON type:
 *     string            const char *x;                      NULL when absent or null
 *     integer           int64_t x;  [bool has_x;]           has_x only when it may be absent or null
 *     number            double x;   [bool has_x;]
 *     boolean           bool x;     [bool has_x;]
 *     {"$ref":"other"}  const struct other *x;              NULL when absent or null
 *     array of T        struct { const T *v; size_t n; } x; absent and empty look the same (n = 0) unless nullable
 *                       (T: const char *, int64_t, double, bool, or struct other * const for objects -> `const struct other *const *v`)
 *     {} (anything)     const char *x;                      compact JSON text; NULL when absent (JSON null is the text "null"). Members keep their
 *                                                           order; numbers may be written another way (1.50 as 1.5)
 *     object without    const char *x;                      the same; NULL when absent or null
 *       properties
 *     nested object     `struct thing_x`, as if it were a file of its own named thing_x
 * What fits none of these (several types at once, an array of arrays) the generator refuses, with the file and the JSON pointer.
 * A frame of the WebSocket says so in its $comment ("frame from server" or "frame from client"), and its first property is a constant `type`: the
 * TypeScript unions ServerFrame and ClientFrame are made of these.
 *
 * Keywords kept, all enforced: type (also ["T","null"]), properties, required, additionalProperties (false or true), enum, const,
 * minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength (code points), minItems, maxItems, items, $ref (a file's name),
 * format (uuid, date-time), pattern (only ^[class]{m,n}$, ^[class]+$ and ^[class]*$, of ASCII). title, description, examples, $comment, $id, $schema are notes. The
 * generator refuses every other keyword.
 *
 * A string that holds NUL or invalid UTF-8 never passes (the JSON parser refuses both). Depth is limited to SCHEMA_MAX_DEPTH, duplicate keys are refused.
 * Numbers: integers beyond int64 are refused; 1.0 is the integer 1. No function here keeps a pointer to its input: decoded things live in the arena.
 */
#ifndef COMMON_SCHEMA_H
#define COMMON_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/buf.h"
#include "common/error.h"

struct schema; /* a generated table; see schema_table.h for its members */

#define SCHEMA_MAX_DEPTH 32
#define SCHEMA_MAX_PROBLEMS 20

struct schema_problem {
	const char *pointer; /* JSON pointer of the field, "" is the whole document */
	const char *message; /* plain words: "must be at most 2000 characters long" */
};
struct schema_problems {
	struct schema_problem v[SCHEMA_MAX_PROBLEMS];
	size_t n; /* problems beyond the maximum are not kept */
};

/* Text -> jansson value: duplicates, NUL, bad UTF-8, trailing text, depth > SCHEMA_MAX_DEPTH refused with ERROR_malformed_json and one
 * problem (pointer "", message with line and column). The caller owns *value_r (json_decref). */
MUST_CHECK enum error schema_parse(struct arena *a, const char *json, size_t len, json_t **value_r, struct schema_problems *problems);

/* Text or value -> struct in *out_r (of the schema's struct type, zeroed here). ERROR_malformed_json, or ERROR_invalid with every problem found.
 * `problems` may be NULL. */
MUST_CHECK enum error schema_decode(struct arena *a, const struct schema *s, const char *json, size_t len, void *out_r, struct schema_problems *problems);
/* (An application's own value too: it may be nested SCHEMA_MAX_DEPTH deep.) */
MUST_CHECK enum error schema_decode_value(struct arena *a, const struct schema *s, const json_t *value, void *out_r, struct schema_problems *problems);
/* A JSON array of s: *v_r is an arena array of pointers to structs. The caller bounds the length of the array by that of the text. */
MUST_CHECK enum error schema_decode_list(struct arena *a, const struct schema *s, const char *json, size_t len, void *const **v_r, size_t *n_r, struct schema_problems *problems);

/* Only checks. */
bool schema_valid(struct arena *a, const struct schema *s, const json_t *value, struct schema_problems *problems);

/* Must an object have any of its members? */
bool schema_requires(const struct schema *s);
/* A member that is a text, by its JSON name; NULL when it is absent, or the schema has no such member. */
const char *schema_text_member(const struct schema *s, const void *in, const char *name);

/* Struct -> compact JSON. Members that are absent (NULL, !has_x) are left out when not required, and written as null when the type allows null and the property is
 * required; a required constant string that is NULL is written all the same. Empty arrays are written as [] when the property is required, left out otherwise. What is wrong in the struct (a required string NULL) is a bug: assertion. */
enum error schema_encode(struct buf *out, const struct schema *s, const void *in);

/* The schema itself as JSON Schema text with $ref "#/components/schemas/NAME" (for OpenAPI and AsyncAPI); static memory. */
const char *schema_text(const struct schema *s);
const char *schema_name(const struct schema *s);
/* All generated schemas, sorted by name; NULL at the end. */
extern const struct schema *const schema_all[];
const struct schema *schema_find(const char *name); /* NULL when there is none */

#endif
