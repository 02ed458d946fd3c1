/* test_json_suite.c - JSONTestSuite: what is JSON parses, what is not does not, and nothing of it does harm.
 *
 * Four texts are JSON but refused on purpose: they hold NUL or the same key twice (schema.h).
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/schema.h"
#include "common/schema_json.h"
#include "schemas.h"

#define FOLDER "tests/data/json-test-suite/test_parsing"

static const char *const refused_on_purpose[] = {
	"y_object_duplicated_key.json",
	"y_object_duplicated_key_and_value.json",
	"y_object_escaped_null_in_key.json",
	"y_string_null_escape.json",
};
#define ON_PURPOSE (sizeof(refused_on_purpose) / sizeof(*refused_on_purpose))

static bool is_refused_on_purpose(const char *name)
{
	for (size_t i = 0; i < ON_PURPOSE; i++)
		if (strcmp(refused_on_purpose[i], name) == 0)
			return true;
	return false;
}

/* Exactly as long as the file, so that a read behind the end is seen. */
static char *read_file(const char *name, size_t *len_r)
{
	char path[300];

	snprintf(path, sizeof(path), FOLDER "/%s", name);
	FILE *f = fopen(path, "rb");
	cr_assert(f, "%s", path);
	fseek(f, 0, SEEK_END);
	*len_r = (size_t)ftell(f);
	rewind(f);
	char *text = malloc(*len_r ? *len_r : 1);
	cr_assert_eq(fread(text, 1, *len_r, f), *len_r);
	fclose(f);
	return text;
}

/* What was parsed can be written, and reads back as the same. */
static void check_round_trip(struct arena *a, const char *name, const json_t *value)
{
	struct buf b;
	json_t *again;

	buf_init(&b, 1 << 20);
	cr_assert_eq(schema_json_write(&b, value, SCHEMA_MAX_DEPTH), ERROR_none, "%s", name);
	cr_assert_eq(schema_parse(a, b.data, b.len, &again, NULL), ERROR_none, "%s: %s", name, b.data);
	cr_assert(schema_json_equal(value, again), "%s: %s", name, b.data);
	json_decref(again);
	buf_free(&b);
}

static void check_file(const char *name)
{
	struct arena *a = arena_new();
	struct schema_problems problems;
	struct chat_message frame;
	json_t *value;
	size_t len;
	char *text = read_file(name, &len);
	enum error e = schema_parse(a, text, len, &value, &problems);

	cr_expect(e == ERROR_none || e == ERROR_malformed_json);
	if (name[0] == 'y' && !is_refused_on_purpose(name))
		cr_expect_eq(e, ERROR_none, "%s: %s", name, problems.n ? problems.v[0].message : "");
	else if (name[0] != 'i')
		cr_expect_eq(e, ERROR_malformed_json, "%s", name);
	cr_expect_eq(e == ERROR_none, value != NULL);
	cr_expect_eq(e == ERROR_none, problems.n == 0);
	if (value)
		check_round_trip(a, name, value);
	json_decref(value);
	cr_expect_neq(schema_decode(a, &schema_chat_message, text, len, &frame, &problems), ERROR_none, "%s", name);
	cr_expect_gt(problems.n, 0);
	free(text);
	arena_free(&a);
}

Test(json_suite, every_text)
{
	DIR *folder = opendir(FOLDER);
	size_t n = 0;

	cr_assert(folder);
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		check_file(entry->d_name);
		n++;
	}
	closedir(folder);
	printf("%zu JSON texts, %zu of them refused on purpose\n", n, ON_PURPOSE);
	cr_assert_eq(n, 318);
}
