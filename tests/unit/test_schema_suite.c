/* test_schema_suite.c - the official JSON Schema tests (draft 2020-12) of every keyword that schema_compile() keeps.
 *
 * A group whose schema uses a keyword that is not kept must be refused as a whole; of the others every case must come out as the suite says. How
 * many groups and cases a file has is part of the test: fewer would mean that something is refused that should not be.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <string.h>

#include "common/schema.h"
#include "common/schema_compile.h"

#define FOLDER "tests/data/json-schema-test-suite/tests/draft2020-12/"

struct file {
	char name[40];
	size_t kept, refused, cases; /* groups, groups, cases of the kept groups */
};

#define DEFS_MAX 10

/* "#/$defs/x" becomes "x" wherever it is a reference and no mere value. */
static void name_references(json_t *schema)
{
	static const char start[] = "#/$defs/";
	const char *key, *ref = json_string_value(json_object_get(schema, "$ref"));
	json_t *one;
	size_t i;

	if (ref && strncmp(ref, start, strlen(start)) == 0)
		json_object_set_new(schema, "$ref", json_string(ref + strlen(start)));
	json_object_foreach(schema, key, one)
	{
		if (strcmp(key, "enum") != 0 && strcmp(key, "const") != 0)
			name_references(one);
	}
	json_array_foreach(schema, i, one)
	{
		name_references(one);
	}
}

/* The suite puts shared schemas into $defs; here each is a source of its own. Returns how many sources there are. */
static size_t sources_of(struct arena *a, const json_t *schema, struct schema_source sources[DEFS_MAX + 1])
{
	json_t *value = json_deep_copy(schema), *defs = json_incref(json_object_get(value, "$defs")), *def;
	const char *name;
	size_t n = 1;

	name_references(value);
	sources[0] = (struct schema_source){ "", value };
	json_object_foreach(defs, name, def)
	{
		cr_assert(n <= DEFS_MAX);
		sources[n++] = (struct schema_source){ arena_strdup(a, name), json_incref(def) };
	}
	json_decref(defs);
	json_object_del(value, "$defs");
	return n;
}

static bool compile(struct arena *a, const json_t *schema, struct schema **s_r)
{
	struct schema_source sources[DEFS_MAX + 1];
	struct schema_complaint why = { "", "", "" };
	size_t n = sources_of(a, schema, sources);
	bool ok = schema_compile(a, sources, n, s_r, &why) == ERROR_none;

	cr_assert(ok || *why.message);
	while (n > 0)
		json_decref((json_t *)sources[--n].value);
	return ok;
}

static void count_group(const struct file *file, const json_t *group, struct file *seen)
{
	struct arena *a = arena_new();
	struct schema *s;
	size_t i;
	const json_t *one;

	seen->kept++;
	if (!compile(a, json_object_get(group, "schema"), &s)) {
		seen->kept--;
		seen->refused++;
		arena_free(&a);
		return;
	}
	json_array_foreach(json_object_get(group, "tests"), i, one)
	{
		struct schema_problems problems;
		bool valid = schema_valid(a, s, json_object_get(one, "data"), &problems);
		cr_expect_eq(valid, json_is_true(json_object_get(one, "valid")), "%s: %s: %s: %s", file->name, json_string_value(json_object_get(group, "description")),
		             json_string_value(json_object_get(one, "description")), valid ? "valid" : problems.v[0].message);
		cr_expect(valid || problems.n > 0);
		seen->cases++;
	}
	arena_free(&a);
}

ParameterizedTestParameters(schema_suite, official)
{
	static struct file files[] = {
		{ "additionalProperties", 1, 8, 1 },
		{ "boolean_schema", 2, 0, 18 },
		{ "const", 16, 1, 52 },
		{ "enum", 13, 2, 43 },
		{ "exclusiveMaximum", 1, 0, 4 },
		{ "exclusiveMinimum", 1, 0, 4 },
		{ "items", 5, 5, 12 },
		{ "maxItems", 2, 0, 6 },
		{ "maxLength", 2, 0, 7 },
		{ "maximum", 2, 0, 8 },
		{ "minItems", 2, 0, 6 },
		{ "minLength", 2, 0, 7 },
		{ "minimum", 2, 0, 11 },
		{ "pattern", 1, 2, 8 },
		{ "properties", 5, 1, 20 },
		{ "ref", 7, 29, 15 },
		{ "required", 5, 0, 18 },
		{ "type", 11, 0, 80 },
		{ "optional/format/uuid", 1, 0, 28 },
		{ "optional/format/date-time", 1, 0, 33 },
	};

	return cr_make_param_array(struct file, files, sizeof(files) / sizeof(*files));
}

ParameterizedTest(struct file *file, schema_suite, official)
{
	char path[200];
	struct file seen = { .kept = 0 };
	json_error_t error;
	size_t i;
	const json_t *group;

	snprintf(path, sizeof(path), FOLDER "%s.json", file->name);
	json_t *groups = json_load_file(path, JSON_ALLOW_NUL, &error);
	cr_assert(groups, "%s: %s", path, error.text);
	json_array_foreach(groups, i, group)
	{
		count_group(file, group, &seen);
	}
	json_decref(groups);
	printf("%-26s %zu cases of %zu groups pass, %zu groups use other keywords\n", file->name, seen.cases, seen.kept, seen.refused);
	cr_expect_eq(seen.kept, file->kept);
	cr_expect_eq(seen.refused, file->refused);
	cr_expect_eq(seen.cases, file->cases);
}
