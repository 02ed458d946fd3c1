/* test_schema.c - decode, encode and the words of problems, with real payloads and with one schema that has every kind of member. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "common/schema.h"
#include "common/schema_json.h"
#include "common/schema_table.h"
#include "schemas.h"

#define ID "01a20ba4-b0bf-7116-ac7d-1dd327197584"

static struct arena *a;
static struct schema_problems problems;
static struct buf out;

static void setup(void)
{
	a = arena_new();
	buf_init(&out, 1 << 20);
}

static void teardown(void)
{
	buf_free(&out);
	arena_free(&a);
}

TestSuite(schema, .init = setup, .fini = teardown);

/* --- every kind of member: what schemac would make of such a file -------------------------------------------------- */

struct leaf {
	const char *name;
};

struct every {
	const char *text, *maybe_text;
	int64_t whole, maybe_whole;
	bool has_maybe_whole;
	double real;
	bool flag, maybe_flag, has_maybe_flag;
	const struct leaf *leaf;
	const char *any;
	struct {
		const char *const *v;
		size_t n;
	} texts, maybe_texts;
	struct {
		const int64_t *v;
		size_t n;
	} wholes;
	struct {
		const double *v;
		size_t n;
	} reals;
	struct {
		const bool *v;
		size_t n;
	} flags;
	struct {
		const struct leaf *const *v;
		size_t n;
	} leaves;
};

#define INNER(id, ...) static const struct schema id = { __VA_ARGS__ };
#define LIST(id, type, entry) INNER(id, .member = SCHEMA_LIST_MEMBER, .types = type, .items = &entry, .limits = SCHEMA_MAX_ITEMS, .max_items = 3)
INNER(text, .member = SCHEMA_TEXT_MEMBER, .types = SCHEMA_STRING, .limits = SCHEMA_MIN_LENGTH | SCHEMA_MAX_LENGTH, .min_length = 1, .max_length = 5)
INNER(maybe_text, .member = SCHEMA_TEXT_MEMBER, .types = SCHEMA_STRING | SCHEMA_NULL)
INNER(whole, .member = SCHEMA_INT_MEMBER, .types = SCHEMA_INTEGER, .limits = SCHEMA_MINIMUM | SCHEMA_MAXIMUM, .minimum = 0, .maximum = 10)
INNER(maybe_whole, .member = SCHEMA_INT_MEMBER, .types = SCHEMA_INTEGER | SCHEMA_NULL)
INNER(real, .member = SCHEMA_DOUBLE_MEMBER, .types = SCHEMA_NUMBER | SCHEMA_INTEGER, .limits = SCHEMA_ABOVE | SCHEMA_BELOW, .above = 0.5L, .below = 100)
INNER(flag, .member = SCHEMA_BOOL_MEMBER, .types = SCHEMA_BOOLEAN)
INNER(any, .member = SCHEMA_JSON_MEMBER, .types = SCHEMA_ANY)
INNER(any_real, .member = SCHEMA_DOUBLE_MEMBER, .types = SCHEMA_NUMBER | SCHEMA_INTEGER)
LIST(texts, SCHEMA_ARRAY, maybe_text)
LIST(maybe_texts, SCHEMA_ARRAY | SCHEMA_NULL, text)
LIST(wholes, SCHEMA_ARRAY, whole)
LIST(reals, SCHEMA_ARRAY, any_real)
LIST(flags, SCHEMA_ARRAY, flag)
#define FIELD(of, id, schema_, ...) \
	{ \
		.name = #id, .name_len = sizeof(#id) - 1, .key = "\"" #id "\":", .key_len = sizeof(#id) + 2, .schema = &schema_, .declared = true, .offset = offsetof(struct of, id), __VA_ARGS__ \
	}
static const struct schema_field leaf_fields[] = { FIELD(leaf, name, text, .required = true) };
INNER(leaf, .name = "leaf", .member = SCHEMA_STRUCT_MEMBER, .types = SCHEMA_OBJECT, .size = sizeof(struct leaf), .limits = SCHEMA_CLOSED, .fields = leaf_fields, .field_count = 1)
LIST(leaves, SCHEMA_ARRAY, leaf)
static const struct schema_field every_fields[] = {
	FIELD(every, text, text, .required = true),
	FIELD(every, maybe_text, maybe_text),
	FIELD(every, whole, whole, .required = true),
	FIELD(every, maybe_whole, maybe_whole, .required = true, .has = true, .has_offset = offsetof(struct every, has_maybe_whole)),
	FIELD(every, real, real, .required = true),
	FIELD(every, flag, flag, .required = true),
	FIELD(every, maybe_flag, flag, .has = true, .has_offset = offsetof(struct every, has_maybe_flag)),
	FIELD(every, leaf, leaf),
	FIELD(every, any, any),
	FIELD(every, texts, texts, .required = true),
	FIELD(every, maybe_texts, maybe_texts, .required = true),
	FIELD(every, wholes, wholes),
	FIELD(every, reals, reals),
	FIELD(every, flags, flags),
	FIELD(every, leaves, leaves),
};
INNER(every, .name = "every", .member = SCHEMA_STRUCT_MEMBER, .types = SCHEMA_OBJECT, .size = sizeof(struct every), .limits = SCHEMA_CLOSED, .fields = every_fields,
      .field_count = sizeof(every_fields) / sizeof(*every_fields))

static enum error decode_every(const char *json, struct every *e)
{
	return schema_decode(a, &every, json, strlen(json), e, &problems);
}

static const char *encoded(const struct schema *s, const void *in)
{
	buf_reset(&out);
	cr_assert_eq(schema_encode(&out, s, in), ERROR_none);
	return buf_text(&out);
}

#define FULL \
	"{\"text\":\"h\xc3\xa9llo\",\"maybe_text\":\"x\",\"whole\":7,\"maybe_whole\":-9223372036854775808,\"real\":9.95,\"flag\":true,\"maybe_flag\":false," \
	"\"leaf\":{\"name\":\"l\"},\"any\":{\"z\":[1,2.5,null,true],\"a\":\"\\\"\"},\"texts\":[\"a\",null,\"b\"],\"maybe_texts\":[\"c\"],\"wholes\":[1,2,3]," \
	"\"reals\":[0,-1.25,1e+300],\"flags\":[true,false],\"leaves\":[{\"name\":\"p\"},{\"name\":\"q\"}]}"
#define LEAST "{\"text\":\"t\",\"whole\":0,\"maybe_whole\":null,\"real\":1,\"flag\":false,\"texts\":[],\"maybe_texts\":null}"

Test(schema, every_member_is_decoded)
{
	struct every e;

	cr_assert_eq(decode_every(FULL, &e), ERROR_none, "%s", problems.n ? problems.v[0].message : "");
	cr_expect_str_eq(e.text, "h\xc3\xa9llo");
	cr_expect_str_eq(e.maybe_text, "x");
	cr_expect_eq(e.whole, 7);
	cr_expect(e.has_maybe_whole && e.maybe_whole == INT64_MIN);
	cr_expect_eq(e.real, 9.95);
	cr_expect(e.flag && e.has_maybe_flag && !e.maybe_flag);
	cr_expect_str_eq(e.leaf->name, "l");
	cr_expect_str_eq(e.any, "{\"z\":[1,2.5,null,true],\"a\":\"\\\"\"}");
	cr_expect(e.texts.n == 3 && !e.texts.v[1] && strcmp(e.texts.v[2], "b") == 0);
	cr_expect(e.wholes.n == 3 && e.wholes.v[2] == 3);
	cr_expect(e.reals.n == 3 && e.reals.v[2] == 1e300);
	cr_expect(e.flags.n == 2 && e.flags.v[0] && !e.flags.v[1]);
	cr_expect(e.leaves.n == 2 && strcmp(e.leaves.v[1]->name, "q") == 0);
	cr_expect_str_eq(encoded(&every, &e), FULL);
}

Test(schema, absent_and_null_members_are_empty)
{
	struct every e;

	memset(&e, 0xff, sizeof(e));
	cr_assert_eq(decode_every(LEAST, &e), ERROR_none, "%s", problems.n ? problems.v[0].message : "");
	cr_expect(!e.maybe_text && !e.leaf && !e.any && !e.has_maybe_whole && !e.has_maybe_flag && e.wholes.n == 0);
	cr_expect(e.texts.n == 0 && e.maybe_texts.n == 0 && !e.maybe_texts.v);
	cr_expect_str_eq(encoded(&every, &e), LEAST);
	cr_assert_eq(decode_every("{\"text\":\"t\",\"whole\":0.0,\"maybe_whole\":5.0,\"real\":1,\"flag\":false,\"texts\":[],\"maybe_texts\":[],\"any\":null,\"maybe_text\":null}", &e), ERROR_none);
	cr_expect(e.has_maybe_whole && e.maybe_whole == 5);
	cr_expect(e.maybe_texts.v && e.maybe_texts.n == 0);
	cr_expect_str_eq(e.any, "null");
	cr_expect_str_eq(encoded(&every, &e), "{\"text\":\"t\",\"whole\":0,\"maybe_whole\":5,\"real\":1,\"flag\":false,\"any\":null,\"texts\":[],\"maybe_texts\":[]}");
}

/* --- problems ------------------------------------------------------------------------------------------------------ */

static void expect_problem(const char *pointer, const char *message)
{
	for (size_t i = 0; i < problems.n; i++)
		if (strcmp(problems.v[i].pointer, pointer) == 0 && strcmp(problems.v[i].message, message) == 0)
			return;
	cr_expect_fail("no problem \"%s\" %s; the first of %zu is \"%s\" %s", pointer, message, problems.n, problems.n ? problems.v[0].pointer : "",
	               problems.n ? problems.v[0].message : "");
}

Test(schema, problems_name_the_field_in_plain_words)
{
	static const struct {
		const char *members, *pointer, *message;
	} rows[] = {
		{ "\"text\":\"\"", "/text", "must not be empty" },
		{ "\"text\":\"123456\"", "/text", "must be at most 5 characters long" },
		{ "\"text\":7", "/text", "must be a string" },
		{ "\"text\":null", "/text", "must be a string" },
		{ "\"maybe_text\":7", "/maybe_text", "must be a string or null" },
		{ "\"whole\":-1", "/whole", "must be at least 0" },
		{ "\"whole\":11", "/whole", "must be at most 10" },
		{ "\"whole\":1.5", "/whole", "must be a whole number" },
		{ "\"whole\":1e300", "/whole", "must be a whole number" },
		{ "\"maybe_whole\":\"1\"", "/maybe_whole", "must be a whole number or null" },
		{ "\"real\":0.5", "/real", "must be greater than 0.5" },
		{ "\"real\":100", "/real", "must be less than 100" },
		{ "\"real\":true", "/real", "must be a number" },
		{ "\"flag\":0", "/flag", "must be true or false" },
		{ "\"leaf\":null", "/leaf", "must be an object" },
		{ "\"leaf\":{}", "/leaf/name", "is required" },
		{ "\"leaf\":{\"name\":\"n\",\"x/~y\":1}", "/leaf/x~1~0y", "unknown field" },
		{ "\"texts\":{}", "/texts", "must be an array" },
		{ "\"texts\":[null,5]", "/texts/1", "must be a string or null" },
		{ "\"wholes\":[1,2,3,4]", "/wholes", "must have at most 3 entries" },
		{ "\"leaves\":[{\"name\":\"n\"},{\"name\":\"\"}]", "/leaves/1/name", "must not be empty" },
		{ "\"nope\":1", "/nope", "unknown field" },
		{ "\"a\":1", "/whole", "is required" },
	};
	struct every e;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *json = arena_printf(a, "{%s}", rows[i].members);
		cr_expect_eq(decode_every(json, &e), ERROR_invalid, "%s", json);
		expect_problem(rows[i].pointer, rows[i].message);
		cr_expect_eq(schema_decode(a, &every, json, strlen(json), &e, NULL), ERROR_invalid);
	}
}

Test(schema, words_of_real_schemas)
{
	static const char json[] = "{\"type\":\"x\",\"message\":\"\",\"session_id\":\"a b\",\"message_id\":\"u\"}";
	struct chat_message m;
	struct claim c;

	cr_assert_eq(schema_decode(a, &schema_chat_message, json, strlen(json), &m, &problems), ERROR_invalid);
	cr_expect_eq(problems.n, 4);
	expect_problem("/type", "must be \"chat_message\"");
	expect_problem("/message", "must not be empty");
	expect_problem("/session_id", "must be 1 to 100 characters of [A-Za-z0-9_-]");
	expect_problem("/message_id", "must be a UUID");
	cr_assert_eq(schema_decode(a, &schema_claim, "{\"field\":\"x\"}", 13, &c, &problems), ERROR_invalid);
	expect_problem("/field", "must be \"price\", \"allergen\", \"availability\" or \"existence\"");
	expect_problem("/value", "is required");
	cr_assert_eq(schema_decode(a, &schema_claim, "[]", 2, &c, &problems), ERROR_invalid);
	expect_problem("", "must be an object");
}

Test(schema, lengths_count_code_points)
{
	struct chat_message m;

	for (int n = 2000; n <= 2001; n++) {
		buf_reset(&out);
		buf_str(&out, "{\"type\":\"chat_message\",\"session_id\":\"s\",\"message\":\"");
		for (int i = 0; i < n; i++)
			buf_str(&out, "\xf0\x9f\x8d\xaa");
		buf_str(&out, "\"}");
		cr_expect_eq(schema_decode(a, &schema_chat_message, out.data, out.len, &m, &problems), n == 2000 ? ERROR_none : ERROR_invalid);
	}
	expect_problem("/message", "must be at most 2000 characters long");
}

Test(schema, problems_are_bounded)
{
	struct every e;

	buf_str(&out, "{\"text\":\"t\"");
	for (int i = 0; i < 5000; i++)
		buf_printf(&out, ",\"unknown%d\":1", i);
	buf_str(&out, ",\"");
	for (int i = 0; i < 5000; i++)
		buf_str(&out, "\xc3\xa9");
	buf_str(&out, "\":1}");
	cr_assert_eq(schema_decode(a, &every, out.data, out.len, &e, &problems), ERROR_invalid);
	cr_assert_eq(problems.n, SCHEMA_MAX_PROBLEMS);
	for (size_t i = 0; i < problems.n; i++)
		cr_expect_lt(strlen(problems.v[i].pointer), 1000);
}

/* --- text ---------------------------------------------------------------------------------------------------------- */

Test(schema, broken_text_is_malformed)
{
	static const struct {
		const char *json;
		size_t len;
		const char *message;
	} rows[] = {
#define TEXT(s, message) { s, sizeof(s) - 1, message }
		TEXT("", "is not valid JSON: line 1, column 0: unexpected token"),
		TEXT("{\"a\":1,\n\"a\":2}", "is not valid JSON: line 2, column 3: duplicate object key"),
		TEXT("{\"a\":\"\xff\"}", "is not valid JSON: line 1, column 6: unable to decode byte 0xff"),
		TEXT("{\"a\":\"\\ud800\"}", "is not valid JSON: line 1, column 13: invalid Unicode '\\uD800'"),
		TEXT("{\"a\":\"\\u0000\"}", "is not valid JSON: line 1, column 13: \\u0000 is not allowed"),
		TEXT("{}\0", "is not valid JSON: it holds a NUL byte"),
		TEXT("{\"a\":\"\0\"}", "is not valid JSON: it holds a NUL byte"),
		TEXT("{} x", "is not valid JSON: line 1, column 4: end of file expected"),
		TEXT("{\"a\":9223372036854775808}", "is not valid JSON: line 1, column 24: too big integer"),
		TEXT("{\"a\":1e999}", "is not valid JSON: line 1, column 10: real number overflow"),
	};
	struct every e;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		cr_expect_eq(schema_decode(a, &every, rows[i].json, rows[i].len, &e, &problems), ERROR_malformed_json);
		cr_expect_eq(problems.n, 1);
		cr_expect_str_eq(problems.v[0].pointer, "");
		cr_expect_str_eq(problems.v[0].message, rows[i].message);
	}
	cr_expect_eq(schema_decode(a, &every, NULL, 0, &e, NULL), ERROR_malformed_json);
}

static enum error parse_nested(size_t levels, char open, char close)
{
	json_t *value;

	buf_reset(&out);
	for (size_t i = 0; i < levels; i++)
		buf_str(&out, open == '[' ? "[" : i + 1 < levels ? "{\"\\\"[\":"
		                                                 : "{");
	for (size_t i = 0; i < levels; i++)
		buf_char(&out, close);
	enum error e = schema_parse(a, out.data, out.len, &value, &problems);
	json_decref(value);
	return e;
}

Test(schema, depth_is_bounded)
{
	cr_expect_eq(parse_nested(SCHEMA_MAX_DEPTH, '[', ']'), ERROR_none);
	cr_expect_eq(parse_nested(SCHEMA_MAX_DEPTH, '{', '}'), ERROR_none);
	cr_expect_eq(parse_nested(SCHEMA_MAX_DEPTH + 1, '[', ']'), ERROR_malformed_json);
	cr_expect_str_eq(problems.v[0].message, "is nested more than 32 levels deep");
	cr_expect_eq(parse_nested(SCHEMA_MAX_DEPTH + 1, '{', '}'), ERROR_malformed_json);
	cr_expect_eq(parse_nested(10000, '[', ']'), ERROR_malformed_json);
	cr_expect_eq(parse_nested(100000, '{', '}'), ERROR_malformed_json);
}

Test(schema, a_deep_value_is_refused_too)
{
	json_t *value = json_pack("{s:s, s:i, s:n, s:i, s:b, s:[], s:n}", "text", "t", "whole", 0, "maybe_whole", "real", 1, "flag", 1, "texts", "maybe_texts");
	json_t *deep = json_array();
	struct every e;

	for (int i = 0; i < 10000; i++) {
		json_t *outer = json_array();
		json_array_append_new(outer, deep);
		deep = outer;
	}
	json_object_set_new(value, "any", deep);
	cr_expect_eq(schema_decode_value(a, &every, value, &e, &problems), ERROR_invalid);
	expect_problem("/any", "is nested too deep");
	json_object_set_new(value, "any", json_stringn("a\0b", 3));
	cr_expect_eq(schema_decode_value(a, &every, value, &e, &problems), ERROR_invalid);
	expect_problem("/any", "must not hold NUL");
	json_decref(value);
}

/* --- lists and look-ups -------------------------------------------------------------------------------------------- */

Test(schema, lists)
{
	void *const *v;
	size_t n;
	static const char json[] = "[{\"id\":\"" ID "\",\"name\":\"x\"},{\"id\":\"" ID "\",\"name\":\"y\"}]", bad[] = "[{\"id\":\"" ID "\",\"name\":\"x\"},{\"name\":7}]";

	cr_assert_eq(schema_decode_list(a, &schema_ingredient_ref, json, strlen(json), &v, &n, &problems), ERROR_none);
	cr_assert_eq(n, 2);
	cr_expect_str_eq(((const struct ingredient_ref *)v[1])->name, "y");
	cr_expect_eq(schema_decode_list(a, &schema_ingredient_ref, "[]", 2, &v, &n, &problems), ERROR_none);
	cr_expect_eq(n, 0);
	cr_expect_eq(schema_decode_list(a, &schema_ingredient_ref, bad, strlen(bad), &v, &n, &problems), ERROR_invalid);
	expect_problem("/1/name", "must be a string");
	expect_problem("/1/id", "is required");
	cr_expect_eq(schema_decode_list(a, &schema_ingredient_ref, "{}", 2, &v, &n, &problems), ERROR_invalid);
	expect_problem("", "must be an array");
	cr_expect_eq(schema_decode_list(a, &schema_ingredient_ref, "[", 1, &v, &n, NULL), ERROR_malformed_json);
}

Test(schema, look_up)
{
	cr_expect_eq(schema_find("claim"), &schema_claim);
	cr_expect_null(schema_find("clai"));
	cr_expect_str_eq(schema_name(&schema_claim), "claim");
	cr_expect(strstr(schema_text(&schema_ai_message), "{\"$ref\":\"#/components/schemas/claim\"}"));
	cr_expect_null(strstr(schema_text(&schema_ai_message), "$id"));
}

/* --- encode -------------------------------------------------------------------------------------------------------- */

Test(schema, a_required_constant_needs_not_be_set)
{
	struct accepted accepted = { .session_id = "s", .message_id = ID };

	cr_expect_str_eq(encoded(&schema_accepted, &accepted), "{\"type\":\"accepted\",\"session_id\":\"s\",\"message_id\":\"" ID "\"}");
}

Test(schema, encode_into_a_full_buf_fails)
{
	struct accepted accepted = { .session_id = "s", .message_id = ID };
	struct buf small;

	buf_init(&small, 20);
	cr_expect_eq(schema_encode(&small, &schema_accepted, &accepted), ERROR_too_big_to_store);
	buf_free(&small);
}

Test(schema, doubles_read_back_as_they_were)
{
	static const struct {
		double value;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 9.95, "9.95" },
		{ -0.5, "-0.5" },
		{ 1, "1" },
		{ 0.1, "0.1" },
		{ 1e-6, "0.000001" },
		{ 4.35, "4.35" },
		{ 123456.789012, "123456.789012" },
		{ 0.30000000000000004, "0.30000000000000004" },
		{ 1e21, "1e+21" },
		{ 1e15, "1e+15" },
		{ 1e-7, "1e-07" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buf_reset(&out);
		schema_json_double(&out, rows[i].value);
		cr_expect_str_eq(buf_text(&out), rows[i].text);
	}
	srand(7);
	for (int i = 0; i < 200000; i++) {
		double value = i % 2 ? (rand() % 2000000 - 1000000) / 100.0 : ldexp((double)rand() / RAND_MAX - 0.5, rand() % 200 - 100);
		buf_reset(&out);
		schema_json_double(&out, value);
		cr_assert_eq(strtod(buf_text(&out), NULL), value, "%s", buf_text(&out));
	}
}
