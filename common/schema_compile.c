/* schema_compile.c - one row for each keyword; see schema_compile.h. */
#include "common/schema_compile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct compiler {
	struct arena *a;
	const struct schema_source *sources;
	size_t n;
	struct schema *schemas;
	const char *name; /* of the source at hand */
	struct schema_complaint *why;
	bool failed;
};

static const struct schema *compile_inner(struct compiler *c, const json_t *v, const char *at);

/* Keeps the first complaint. Returns false, for the functions of keywords to return. */
static bool refuse(struct compiler *c, const char *at, const char *message)
{
	if (!c->failed)
		*c->why = (struct schema_complaint){ c->name, at, message };
	c->failed = true;
	return false;
}

/* Pointer of a key below `at`. */
static const char *below(struct compiler *c, const char *at, const char *key)
{
	char *text = arena_alloc(c->a, strlen(at) + 2 * strlen(key) + 2), *p = text + strlen(at);

	memcpy(text, at, strlen(at));
	*p++ = '/';
	for (; *key; key++) {
		*p++ = *key == '~' || *key == '/' ? '~' : *key;
		if (*key == '~' || *key == '/')
			*p++ = *key == '~' ? '0' : '1';
	}
	return text;
}

static bool has_nul(const json_t *v)
{
	return json_is_string(v) && strlen(json_string_value(v)) != json_string_length(v);
}

/* --- keywords ------------------------------------------------------------------------------------------------------ */

typedef bool keyword_fn(struct compiler *c, struct schema *s, const json_t *v, const char *at);

static unsigned type_bits(const char *name)
{
	static const struct {
		const char *name;
		unsigned bits;
	} types[] = {
		{ "null", SCHEMA_NULL },
		{ "boolean", SCHEMA_BOOLEAN },
		{ "integer", SCHEMA_INTEGER },
		{ "number", SCHEMA_NUMBER | SCHEMA_INTEGER },
		{ "string", SCHEMA_STRING },
		{ "array", SCHEMA_ARRAY },
		{ "object", SCHEMA_OBJECT },
	};

	for (size_t i = 0; name && i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i].name, name) == 0)
			return types[i].bits;
	return 0;
}

static bool key_type(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	unsigned types = type_bits(json_string_value(v));
	size_t i;
	const json_t *one;

	json_array_foreach((json_t *)v, i, one)
	{
		unsigned bits = type_bits(json_string_value(one));
		if (!bits)
			return refuse(c, at, "is not a list of types");
		types |= bits;
	}
	if (!types)
		return refuse(c, at, "is not the name of a type");
	s->types &= types;
	return true;
}

static struct schema_field *field_add(struct compiler *c, struct schema *s, const char *name)
{
	struct schema_field *f = (struct schema_field *)s->fields + s->field_count++;

	*f = (struct schema_field){ .name = arena_strdup(c->a, name), .name_len = strlen(name) };
	return f;
}

static bool key_properties(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	const char *key;
	json_t *one;

	if (!json_is_object(v))
		return refuse(c, at, "is not an object");
	json_object_foreach((json_t *)v, key, one)
	{
		struct schema_field *f = field_add(c, s, key);
		f->declared = true;
		f->schema = compile_inner(c, one, below(c, at, key));
		if (!f->schema)
			return false;
	}
	return true;
}

static struct schema_field *field_find(struct schema *s, const char *name)
{
	struct schema_field *fields = (struct schema_field *)s->fields;

	for (size_t i = 0; i < s->field_count; i++)
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	return NULL;
}

/* Comes behind `properties` in the table of keywords: the names are looked up there. */
static bool key_required(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	size_t i;
	const json_t *one;

	if (!json_is_array(v))
		return refuse(c, at, "is not a list of names");
	json_array_foreach((json_t *)v, i, one)
	{
		if (!json_is_string(one) || has_nul(one))
			return refuse(c, at, "is not a list of names");
		struct schema_field *f = field_find(s, json_string_value(one));
		if (!f) {
			f = field_add(c, s, json_string_value(one));
			f->schema = compile_inner(c, json_true(), at);
		}
		f->required = true;
	}
	return true;
}

static bool key_additional(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	if (!json_is_boolean(v))
		return refuse(c, at, "must be true or false: a schema for other properties is not enforced");
	if (json_is_false(v))
		s->limits |= SCHEMA_CLOSED;
	return true;
}

static bool choice_of(struct compiler *c, struct schema_choice *choice, const json_t *v, const char *at)
{
	static const unsigned types[] = {
		[JSON_OBJECT] = SCHEMA_OBJECT,
		[JSON_ARRAY] = SCHEMA_ARRAY,
		[JSON_STRING] = SCHEMA_STRING,
		[JSON_INTEGER] = SCHEMA_INTEGER,
		[JSON_REAL] = SCHEMA_NUMBER,
		[JSON_TRUE] = SCHEMA_BOOLEAN,
		[JSON_FALSE] = SCHEMA_BOOLEAN,
		[JSON_NULL] = SCHEMA_NULL
	};

	*choice = (struct schema_choice){ .type = types[json_typeof(v)] };
	if (has_nul(v))
		return refuse(c, at, "holds NUL");
	if (json_is_string(v)) {
		choice->len = json_string_length(v);
		choice->text = arena_strdup(c->a, json_string_value(v));
	} else if (json_is_number(v)) {
		choice->number = json_is_integer(v) ? (long double)json_integer_value(v) : (long double)json_real_value(v);
		if (choice->number == floorl(choice->number))
			choice->type = SCHEMA_INTEGER;
	} else if (json_is_object(v) || json_is_array(v)) {
		char *text = json_dumps(v, JSON_COMPACT | JSON_REAL_PRECISION(17));
		choice->text = arena_strdup(c->a, text);
		choice->len = strlen(choice->text);
		free(text);
	} else {
		choice->number = json_is_true(v);
	}
	return true;
}

/* What no choice is of, no value can be. */
static void narrow(struct schema *s)
{
	unsigned types = 0;

	for (size_t i = 0; i < s->choice_count; i++)
		types |= s->choices[i].type == SCHEMA_NUMBER ? SCHEMA_NUMBER | SCHEMA_INTEGER : s->choices[i].type;
	s->types &= types;
}

static bool choices(struct compiler *c, struct schema *s, const json_t *const *values, size_t n, const char *at)
{
	if (s->choices)
		return refuse(c, at, "enum and const together are not enforced");
	struct schema_choice *v = arena_array(c->a, n, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		if (!choice_of(c, &v[i], values[i], at))
			return false;
	s->choices = v;
	s->choice_count = n;
	narrow(s);
	return true;
}

static bool key_enum(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	size_t n = json_array_size(v);
	const json_t **values = arena_array(c->a, n, sizeof(*values));

	if (n == 0)
		return refuse(c, at, "is not a list of values");
	for (size_t i = 0; i < n; i++)
		values[i] = json_array_get(v, i);
	return choices(c, s, values, n, at);
}

static bool key_const(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	return choices(c, s, &v, 1, at);
}

static bool number_limit(struct compiler *c, struct schema *s, const json_t *v, const char *at, unsigned limit, long double *limit_r)
{
	if (!json_is_number(v))
		return refuse(c, at, "is not a number");
	*limit_r = json_is_integer(v) ? (long double)json_integer_value(v) : (long double)json_real_value(v);
	s->limits |= limit;
	return true;
}

static bool count_limit(struct compiler *c, struct schema *s, const json_t *v, const char *at, unsigned limit, size_t *limit_r)
{
	double n = json_number_value(v);

	if (!json_is_number(v) || n < 0 || n != floor(n) || n > 1e9)
		return refuse(c, at, "is not a whole number from 0 to 1000000000");
	*limit_r = (size_t)n;
	s->limits |= limit;
	return true;
}

#define LIMIT(fn, kind, bit, member) \
	static bool fn(struct compiler *c, struct schema *s, const json_t *v, const char *at) \
	{ \
		return kind##_limit(c, s, v, at, bit, &s->member); \
	}
LIMIT(key_minimum, number, SCHEMA_MINIMUM, minimum)
LIMIT(key_maximum, number, SCHEMA_MAXIMUM, maximum)
LIMIT(key_exclusive_minimum, number, SCHEMA_ABOVE, above)
LIMIT(key_exclusive_maximum, number, SCHEMA_BELOW, below)
LIMIT(key_min_length, count, SCHEMA_MIN_LENGTH, min_length)
LIMIT(key_max_length, count, SCHEMA_MAX_LENGTH, max_length)
LIMIT(key_min_items, count, SCHEMA_MIN_ITEMS, min_items)
LIMIT(key_max_items, count, SCHEMA_MAX_ITEMS, max_items)

static bool key_items(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	s->items = compile_inner(c, v, at);
	return s->items != NULL;
}

static bool key_format(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	const char *name = json_string_value(v);

	if (name && strcmp(name, "uuid") == 0)
		s->format = SCHEMA_UUID;
	else if (name && strcmp(name, "date-time") == 0)
		s->format = SCHEMA_DATE_TIME;
	else
		return refuse(c, at, "is a format that is not enforced; uuid and date-time are");
	return true;
}

static bool key_pattern(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	if (json_is_string(v) && !has_nul(v))
		s->pattern = schema_compile_pattern(c->a, json_string_value(v));
	return s->pattern ? true : refuse(c, at, "is a pattern that is not enforced; ^[class]{m,n}$, ^[class]+$ and ^[class]*$ are");
}

static bool key_note(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	(void)c, (void)s, (void)v, (void)at;
	return true;
}

/* In the order in which they are read: `required` needs `properties`. */
static const struct keyword {
	const char *name;
	keyword_fn *read;
} keywords[] = {
	{ "$schema", key_note },
	{ "$id", key_note },
	{ "$comment", key_note },
	{ "title", key_note },
	{ "description", key_note },
	{ "examples", key_note },
	{ "type", key_type },
	{ "properties", key_properties },
	{ "required", key_required },
	{ "additionalProperties", key_additional },
	{ "enum", key_enum },
	{ "const", key_const },
	{ "minimum", key_minimum },
	{ "maximum", key_maximum },
	{ "exclusiveMinimum", key_exclusive_minimum },
	{ "exclusiveMaximum", key_exclusive_maximum },
	{ "minLength", key_min_length },
	{ "maxLength", key_max_length },
	{ "minItems", key_min_items },
	{ "maxItems", key_max_items },
	{ "items", key_items },
	{ "format", key_format },
	{ "pattern", key_pattern },
};
#define KEYWORDS (sizeof(keywords) / sizeof(*keywords))

static const struct keyword *keyword_find(const char *name)
{
	for (size_t i = 0; i < KEYWORDS; i++)
		if (strcmp(keywords[i].name, name) == 0)
			return &keywords[i];
	return NULL;
}

/* --- schemas ------------------------------------------------------------------------------------------------------- */

static bool compile_keywords(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	const char *key;
	json_t *one;

	json_object_foreach((json_t *)v, key, one)
	{
		if (!keyword_find(key))
			return refuse(c, below(c, at, key), "is a keyword that is not enforced");
	}
	size_t fields = json_object_size(json_object_get(v, "properties")) + json_array_size(json_object_get(v, "required"));
	s->fields = arena_array(c->a, fields, sizeof(*s->fields));
	for (size_t i = 0; i < KEYWORDS; i++) {
		one = json_object_get(v, keywords[i].name);
		if (one && !keywords[i].read(c, s, one, below(c, at, keywords[i].name)))
			return false;
	}
	return true;
}

static bool compile_into(struct compiler *c, struct schema *s, const json_t *v, const char *at)
{
	s->types = json_is_false(v) ? 0 : SCHEMA_ANY;
	if (json_is_boolean(v))
		return true;
	return json_is_object(v) ? compile_keywords(c, s, v, at) : refuse(c, at, "is not a schema");
}

/* What a schema says beside $ref must be a note. */
static const struct schema *follow(struct compiler *c, const json_t *v, const json_t *ref, const char *at)
{
	const char *key, *name = json_string_value(ref);
	json_t *one;

	json_object_foreach((json_t *)v, key, one)
	{
		const struct keyword *k = keyword_find(key);
		if (strcmp(key, "$ref") != 0 && (!k || k->read != key_note))
			return refuse(c, below(c, at, key), "stands beside $ref, where it is not enforced"), NULL;
	}
	for (size_t i = 0; name && i < c->n; i++)
		if (strcmp(c->sources[i].name, name) == 0)
			return &c->schemas[i];
	return refuse(c, below(c, at, "$ref"), "is not the name of a schema"), NULL;
}

static const struct schema *compile_inner(struct compiler *c, const json_t *v, const char *at)
{
	const json_t *ref = json_object_get(v, "$ref");

	if (ref)
		return follow(c, v, ref, at);
	struct schema *s = arena_new_of(c->a, struct schema);
	return compile_into(c, s, v, at) ? s : NULL;
}

enum error schema_compile(struct arena *a, const struct schema_source *sources, size_t n, struct schema **schemas_r, struct schema_complaint *why_r)
{
	struct compiler c = { .a = a, .sources = sources, .n = n, .why = why_r };

	c.schemas = arena_array(a, n, sizeof(*c.schemas));
	for (size_t i = 0; i < n; i++) {
		c.name = sources[i].name;
		c.schemas[i].name = arena_strdup(a, sources[i].name);
		if (!compile_into(&c, &c.schemas[i], sources[i].value, ""))
			return ERROR_invalid;
	}
	*schemas_r = c.schemas;
	return ERROR_none;
}
