/* test_schema_all.c - every generated schema, without naming one: made-up values pass and come back the same, and whatever is taken
 * away from them or added to them is found.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/id.h"
#include "common/schema.h"
#include "common/schema_json.h"
#include "common/schema_table.h"
#include "common/text.h"

#define ROUNDS 300

static json_t *made_up(const struct schema *s, int depth);

/* Characters of the class, as many as there may be, but not very many. */
static json_t *made_up_pattern(const struct schema_pattern *p)
{
	char text[101] = "";
	size_t most = p->most < p->least + 40 ? p->most : p->least + 40, n = p->least + (size_t)rand() % (most - p->least + 1);

	cr_assert_lt(n, sizeof(text));
	for (size_t i = 0; i < n;) {
		unsigned c = (unsigned)rand() % 128;
		if (p->set[c / 64] >> c % 64 & 1)
			text[i++] = (char)c;
	}
	return json_string(text);
}

static json_t *made_up_text(const struct schema *s)
{
	static const char *const pieces[] = { "a", "\"", "\\", "\n", "\t", "/", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x8d\xaa", "\x1f", "\x7f", "</script>", " " };
	size_t least = s->limits & SCHEMA_MIN_LENGTH ? s->min_length : 0, most = s->limits & SCHEMA_MAX_LENGTH ? s->max_length : 40;
	char text[600] = "";
	size_t len = 0, units = least + (size_t)rand() % (most - least + 1 < 40 ? most - least + 1 : 40);

	if (s->format == SCHEMA_UUID) {
		id_uuid(text);
		return json_string(text);
	}
	if (s->format == SCHEMA_DATE_TIME)
		return json_string("2024-02-29T23:59:60Z");
	if (s->pattern)
		return made_up_pattern(s->pattern);
	for (size_t i = 0; i < units; i++) {
		const char *piece = pieces[(size_t)rand() % (sizeof(pieces) / sizeof(*pieces))];
		if (s->limits & SCHEMA_MAX_LENGTH && len + strlen(piece) > s->max_length)
			break;
		memcpy(text + len, piece, strlen(piece) + 1);
		len += strlen(piece);
	}
	return json_string(len == 0 && least ? "b" : text);
}

static json_t *made_up_number(const struct schema *s)
{
	long double least = s->limits & SCHEMA_MINIMUM ? s->minimum : s->limits & SCHEMA_ABOVE ? s->above
	                                                                                       : -1000,
		    most = s->limits & SCHEMA_MAXIMUM ? s->maximum : least + 100000;
	double share = (1 + (double)rand()) / (2 + (double)RAND_MAX); /* neither 0 nor 1: limits may be exclusive */

	if (s->member == SCHEMA_INT_MEMBER)
		return json_integer((json_int_t)(least + floorl((most - least) * share)));
	return json_real((double)(least + (most - least) * share));
}

static json_t *made_up_any(void)
{
	static const char *const texts[] = { "{\"b\":[1,2.5,{\"a\":null}],\"a\":\"\\u00e9\"}", "[]", "{}", "true", "-7", "0.1", "\"x\"", "[[[\"y\"]]]" };

	return json_loads(texts[(size_t)rand() % (sizeof(texts) / sizeof(*texts))], JSON_DECODE_ANY, NULL);
}

static json_t *made_up_choice(const struct schema *s)
{
	const struct schema_choice *c = &s->choices[(size_t)rand() % s->choice_count];

	if (c->type == SCHEMA_STRING)
		return json_stringn(c->text, c->len);
	return c->type == SCHEMA_BOOLEAN ? json_boolean(c->number != 0) : json_integer((json_int_t)c->number);
}

static json_t *made_up_list(const struct schema *s, int depth)
{
	json_t *list = json_array();
	size_t n = 1 + (size_t)rand() % 3;

	while (n-- > 0)
		json_array_append_new(list, made_up(s->items, depth));
	return list;
}

/* Optional properties may be left out, and are never null or empty: then what is encoded is what was decoded. */
static json_t *made_up_object(const struct schema *s, int depth)
{
	json_t *object = json_object();

	for (size_t i = 0; i < s->field_count; i++) {
		const struct schema_field *f = &s->fields[i];
		bool null = f->required && f->schema->types & SCHEMA_NULL && f->schema->types != SCHEMA_ANY && rand() % 3 == 0;
		if (f->required || (depth > 0 && rand() % 2))
			json_object_set_new(object, f->name, null ? json_null() : made_up(f->schema, depth - 1));
	}
	return object;
}

static json_t *made_up(const struct schema *s, int depth)
{
	if (s->choices)
		return made_up_choice(s);
	switch (s->member) {
	case SCHEMA_TEXT_MEMBER:
		return made_up_text(s);
	case SCHEMA_INT_MEMBER:
	case SCHEMA_DOUBLE_MEMBER:
		return made_up_number(s);
	case SCHEMA_BOOL_MEMBER:
		return json_boolean(rand() % 2);
	case SCHEMA_STRUCT_MEMBER:
		return made_up_object(s, depth);
	case SCHEMA_LIST_MEMBER:
		return made_up_list(s, depth);
	default:
		return s->types == SCHEMA_ANY ? made_up_any() : json_object();
	}
}

static void check_round_trip(const struct schema *s)
{
	struct arena *a = arena_new();
	struct schema_problems problems;
	json_t *value = made_up(s, 4), *again;
	void *in = arena_alloc(a, s->size);
	struct buf out;

	buf_init(&out, 1 << 20);
	cr_assert_eq(schema_decode_value(a, s, value, in, &problems), ERROR_none, "%s%s %s", s->name, problems.v[0].pointer, problems.v[0].message);
	cr_assert(schema_valid(a, s, value, NULL));
	cr_assert_eq(schema_encode(&out, s, in), ERROR_none);
	cr_assert_eq(schema_parse(a, out.data, out.len, &again, NULL), ERROR_none, "%s: %s", s->name, out.data);
	cr_assert(schema_json_equal(value, again), "%s: %s", s->name, out.data);
	buf_free(&out);
	json_decref(value);
	json_decref(again);
	arena_free(&a);
}

Test(schema_all, what_is_decoded_is_encoded)
{
	size_t n = 0;

	srand(1);
	for (const struct schema *const *s = schema_all; *s; s++, n++)
		for (int round = 0; round < ROUNDS; round++)
			check_round_trip(*s);
	printf("%zu schemas, %d made-up values each\n", n, ROUNDS);
	cr_assert_geq(n, 48);
}

static bool has_problem(const struct schema_problems *problems, const char *key, const char *message)
{
	for (size_t i = 0; i < problems->n; i++)
		if (problems->v[i].pointer[0] == '/' && strcmp(problems->v[i].pointer + 1, key) == 0 && strcmp(problems->v[i].message, message) == 0)
			return true;
	return false;
}

/* Without the field, and with a value of a type that no property has. */
static void check_field(struct arena *a, const struct schema *s, const struct schema_field *f)
{
	struct schema_problems problems;
	json_t *value = made_up(s, 4);

	json_object_del(value, f->name);
	cr_expect_eq(schema_valid(a, s, value, &problems), !f->required, "%s.%s", s->name, f->name);
	cr_expect_eq(has_problem(&problems, f->name, "is required"), f->required, "%s.%s", s->name, f->name);
	if (f->schema->types != SCHEMA_ANY) {
		json_object_set_new(value, f->name, json_loads(f->schema->types & SCHEMA_ARRAY ? "{\"x\":1}" : "[[]]", 0, NULL));
		cr_expect_not(schema_valid(a, s, value, &problems), "%s.%s", s->name, f->name);
	}
	json_decref(value);
}

Test(schema_all, what_is_missing_wrong_or_unknown_is_found)
{
	struct arena *a = arena_new();
	struct schema_problems problems;

	for (const struct schema *const *at = schema_all; *at; at++) {
		const struct schema *s = *at;
		json_t *value = made_up(s, 4);
		for (size_t i = 0; i < s->field_count; i++)
			check_field(a, s, &s->fields[i]);
		json_object_set_new(value, "surely_unknown", json_true());
		bool closed = s->limits & SCHEMA_CLOSED;
		cr_expect_eq(schema_valid(a, s, value, &problems), !closed, "%s", s->name);
		cr_expect_eq(has_problem(&problems, "surely_unknown", "unknown field"), closed, "%s", s->name);
		json_decref(value);
	}
	arena_free(&a);
}

Test(schema_all, texts_are_json_and_names_are_sorted)
{
	for (const struct schema *const *s = schema_all; *s; s++) {
		json_t *text = json_loads(schema_text(*s), JSON_REJECT_DUPLICATES, NULL);
		cr_assert(text, "%s", schema_name(*s));
		cr_expect_eq(json_object_size(json_object_get(text, "properties")), (*s)->field_count);
		cr_expect_eq(schema_find(schema_name(*s)), *s);
		cr_expect(!s[1] || strcmp(schema_name(s[0]), schema_name(s[1])) < 0);
		json_decref(text);
	}
}

Test(schema_all, naughty_strings_come_back_as_they_were)
{
	json_t *strings = json_load_file("tests/data/naughty-strings/blns.json", 0, NULL), *one;
	const struct schema *s = schema_find("problem_error");
	size_t i;

	cr_assert_gt(json_array_size(strings), 500);
	json_array_foreach(strings, i, one)
	{
		struct arena *a = arena_new();
		const char *in[2] = { 0 };
		json_t *value = json_pack("{s:s, s:O}", "pointer", "", "message", one), *again;
		struct buf out;
		buf_init(&out, 1 << 20);
		cr_assert_eq(s->size, sizeof(in));
		cr_assert_eq(schema_decode_value(a, s, value, in, NULL), ERROR_none);
		cr_assert_str_eq(in[1], json_string_value(one));
		cr_assert_eq(schema_encode(&out, s, in), ERROR_none);
		cr_assert(utf8_valid(out.data, out.len));
		cr_assert_eq(schema_parse(a, out.data, out.len, &again, NULL), ERROR_none);
		cr_assert(json_equal(value, again), "%s", out.data);
		json_decref(again);
		json_decref(value);
		buf_free(&out);
		arena_free(&a);
	}
	json_decref(strings);
}
