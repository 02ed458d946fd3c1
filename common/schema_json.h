/* schema_json.h - numbers and jansson values as JSON text, equality of values, forms of strings; for schema*.c, and for who checks one string by itself. */
#ifndef COMMON_SCHEMA_JSON_H
#define COMMON_SCHEMA_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"
#include "common/schema_table.h"

/* The shortest text that reads back as the same double, or close to shortest; `value` must be finite. */
enum error schema_json_double(struct buf *out, double value);
/* Compact JSON, members in the order in which they came. ERROR_invalid when nested deeper than `depth`. */
enum error schema_json_write(struct buf *out, const json_t *v, int depth);
/* As JSON Schema compares: 1 equals 1.0, the order of members does not matter. */
bool schema_json_equal(const json_t *a, const json_t *b);

bool schema_pattern_matches(const struct schema_pattern *p, const char *s, size_t len);
/* RFC 3339, with leap seconds where there can be some. */
bool schema_is_date_time(const char *s, size_t len);

#endif
