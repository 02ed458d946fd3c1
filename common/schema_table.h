/* schema_table.h - what a schema looks like as a table: made by schemac (static memory) or schema_compile() (an arena),
 * read by schema*.c only. Everybody else sees schema.h.
 */
#ifndef COMMON_SCHEMA_TABLE_H
#define COMMON_SCHEMA_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* JSON types as bits. A whole number is both INTEGER and NUMBER. */
enum {
	SCHEMA_NULL = 1,
	SCHEMA_BOOLEAN = 2,
	SCHEMA_INTEGER = 4,
	SCHEMA_NUMBER = 8,
	SCHEMA_STRING = 16,
	SCHEMA_ARRAY = 32,
	SCHEMA_OBJECT = 64,
	SCHEMA_ANY = 127
};

/* Which limits are set. */
enum {
	SCHEMA_MINIMUM = 1,
	SCHEMA_MAXIMUM = 2,
	SCHEMA_ABOVE = 4, /* exclusiveMinimum */
	SCHEMA_BELOW = 8, /* exclusiveMaximum */
	SCHEMA_MIN_LENGTH = 16,
	SCHEMA_MAX_LENGTH = 32,
	SCHEMA_MIN_ITEMS = 64,
	SCHEMA_MAX_ITEMS = 128,
	SCHEMA_CLOSED = 256 /* additionalProperties: false */
};

enum schema_format {
	SCHEMA_PLAIN,
	SCHEMA_UUID,
	SCHEMA_DATE_TIME,
};

/* How a value stands in a C struct; see schema.h. */
enum schema_member {
	SCHEMA_NO_MEMBER,
	SCHEMA_TEXT_MEMBER,   /* const char * */
	SCHEMA_INT_MEMBER,    /* int64_t */
	SCHEMA_DOUBLE_MEMBER, /* double */
	SCHEMA_BOOL_MEMBER,   /* bool */
	SCHEMA_STRUCT_MEMBER, /* const struct x * */
	SCHEMA_LIST_MEMBER,   /* struct { const T *v; size_t n; } */
	SCHEMA_JSON_MEMBER    /* const char *, compact JSON */
};

/* One value of an enum, or a const. */
struct schema_choice {
	unsigned type;    /* one bit; a whole number is INTEGER */
	const char *text; /* of a string; the JSON of an array or object */
	size_t len;
	long double number; /* of a number (exact for int64 and double); 0 or 1 of a boolean */
};

/* ^[class]{least,most}$ with a class of ASCII characters. */
struct schema_pattern {
	uint64_t set[2];    /* bit c % 64 of set[c / 64] */
	size_t least, most; /* SIZE_MAX: no limit */
	const char *name;   /* the class as written, with its brackets */
};

struct schema;

struct schema_field {
	const char *name;
	size_t name_len;
	const char *key; /* "name": as it stands in JSON */
	size_t key_len;
	const struct schema *schema;
	bool required;
	bool declared; /* false: required without being a property */
	bool has;      /* a bool at has_offset tells whether it is there */
	size_t offset, has_offset;
};

struct schema {
	const char *name, *text; /* NULL for the inner ones */
	enum schema_member member;
	size_t size;    /* of its struct; 0: none */
	unsigned types; /* none at all: the schema `false` */
	unsigned limits;
	long double minimum, maximum, above, below;
	size_t min_length, max_length, min_items, max_items;
	enum schema_format format;
	const struct schema_pattern *pattern;
	const struct schema_choice *choices;
	size_t choice_count;
	const struct schema *items;
	const struct schema_field *fields;
	size_t field_count;
};

#endif
