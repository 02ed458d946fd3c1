/* query.h - every SQL statement that a running program uses, by the table queries.def.
 *
 * A row makes `struct <id>_params` and `struct <id>_row`; pg.c prepares, binds and decodes by the same row, and a contract test
 * prepares each against the migrated schema and compares types. A .def row holds data only.
 *
 * QUERY(id, scope, parameters, columns, sql)
 *   scope       TENANT (row-level security to one restaurant), PUBLIC (what anybody may read), PLATFORM (before a tenant is known, or for the platform)
 *   parameters  P(type, name) ...   columns  C(type, name) ...
 * Types (C member, PostgreSQL type):
 *   text const char * text | uuid const char * uuid | json const char * jsonb or json | int8 int64_t bigint | int4 int64_t integer | float8 double double precision
 *   bool bool boolean | time const char * timestamptz (RFC 3339 text on the way in; columns: use int8 of epoch milliseconds) | numeric const char * numeric
 *   text_array, uuid_array, int8_array, int4_array, bool_array, json_array: struct { const T *v; size_t n; } (NULL elements allowed for pointers)
 * time and numeric are for parameters only: a column is cast to text (type text), or given in epoch milliseconds (int8). json parameters are jsonb.
 * bytes: struct { const void *v; size_t n; } bytea.
 * NULL: pointers NULL; a column of another type that is NULL decodes as 0, false or an empty array. A parameter pointer NULL is SQL NULL.
 */
#ifndef COMMON_QUERY_H
#define COMMON_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct query_texts {
	const char *const *v;
	size_t n;
};
struct query_ints {
	const int64_t *v;
	size_t n;
};
struct query_bools {
	const bool *v;
	size_t n;
};
struct query_bytes {
	const void *v;
	size_t n;
};

#define QUERY_MEMBER_text const char *
#define QUERY_MEMBER_uuid const char *
#define QUERY_MEMBER_json const char *
#define QUERY_MEMBER_time const char *
#define QUERY_MEMBER_numeric const char *
#define QUERY_MEMBER_int8 int64_t
#define QUERY_MEMBER_int4 int64_t
#define QUERY_MEMBER_float8 double
#define QUERY_MEMBER_bool bool
#define QUERY_MEMBER_bytes struct query_bytes
#define QUERY_MEMBER_text_array struct query_texts
#define QUERY_MEMBER_uuid_array struct query_texts
#define QUERY_MEMBER_json_array struct query_texts
#define QUERY_MEMBER_int8_array struct query_ints
#define QUERY_MEMBER_int4_array struct query_ints
#define QUERY_MEMBER_bool_array struct query_bools

#define P(type, name) QUERY_MEMBER_##type name;
#define C(type, name) QUERY_MEMBER_##type name;
#define QUERY(id, scope, params, columns, sql) \
	struct id##_params { \
		params \
	}; \
	struct id##_row { \
		columns \
	};
#include "common/queries.def"
#undef QUERY
#undef P
#undef C

enum query_id {
#define QUERY(id, scope, params, columns, sql) QUERY_##id,
#include "common/queries.def"
#undef QUERY
	QUERY_COUNT
};

enum query_type {
	QT_text,
	QT_uuid,
	QT_json,
	QT_time,
	QT_numeric,
	QT_int8,
	QT_int4,
	QT_float8,
	QT_bool,
	QT_text_array,
	QT_uuid_array,
	QT_json_array,
	QT_int8_array,
	QT_int4_array,
	QT_bool_array,
	QT_bytes
};
enum query_scope { QUERY_TENANT,
	           QUERY_PUBLIC,
	           QUERY_PLATFORM };

/* The members of a params or row struct are those of its fields, in their order, each aligned to its own alignment and nothing between. */
struct query_field {
	const char *name;
	enum query_type type;
};

struct query_row {
	const char *name; /* name of the prepared statement and label of metrics */
	enum query_scope scope;
	const char *sql;
	const struct query_field *params, *columns;
	size_t param_count, column_count;
	size_t params_size, row_size; /* of the structs */
};

extern const struct query_row query_rows[QUERY_COUNT];

#endif
