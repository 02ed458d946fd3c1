/* test_schema_pattern.c - which patterns are kept, and that they match what the POSIX engine matches. */
#include <criterion/criterion.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "common/schema_compile.h"
#include "common/schema_json.h"

Test(schema_pattern, kept_and_refused)
{
	static const struct {
		const char *text;
		bool kept;
	} rows[] = {
		{ "^[A-Za-z0-9_-]{1,100}$", true },
		{ "^[a-z]+$", true },
		{ "^[a-z]*$", true },
		{ "^a*$", true },
		{ "^[ -~]{3}$", true },
		{ "^[a\\]\\\\]{2,}$", true },
		{ "^[a-]{0,0}$", true },
		{ "", false },
		{ "a", false },
		{ "^", false },
		{ "^[a-z]+", false },
		{ "[a-z]+$", false },
		{ "^[^a]+$", false },
		{ "^[]+$", false },
		{ "^[z-a]+$", false },
		{ "^[a-z]$", false },
		{ "^[a-z]?$", false },
		{ "^[a-z]{2,1}$", false },
		{ "^[a-z]{}$", false },
		{ "^[a-z]{1$", false },
		{ "^[a-z]{9999999}$", false },
		{ "^[a-z]+[0-9]+$", false },
		{ "^[\\d]+$", false },
		{ "^[\xc3\xa9]+$", false },
		{ "^.*$", false },
		{ "^[a-z", false },
		{ "^[a-z\\", false },
	};
	struct arena *a = arena_new();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		cr_expect_eq(schema_compile_pattern(a, rows[i].text) != NULL, rows[i].kept, "%s", rows[i].text);
	arena_free(&a);
}

Test(schema_pattern, as_the_posix_engine)
{
	static const struct {
		const char *text;
		char one; /* a character of its class */
	} patterns[] = { { "^[A-Za-z0-9_-]{1,5}$", 'Q' }, { "^[a-c]+$", 'b' }, { "^[x-z0]*$", '0' }, { "^[-a]{2,}$", '-' }, { "^b{3}$", 'b' } };
	static const char alphabet[] = "abcxyzABZ019_-~ \n\x80";
	struct arena *a = arena_new();

	srand(11);
	for (size_t p = 0; p < sizeof(patterns) / sizeof(*patterns); p++) {
		const struct schema_pattern *ours = schema_compile_pattern(a, patterns[p].text);
		regex_t theirs;
		cr_assert(ours && regcomp(&theirs, patterns[p].text, REG_EXTENDED | REG_NOSUB) == 0);
		size_t matched = 0;
		for (int i = 0; i < 20000; i++) {
			char s[8] = "";
			size_t len = (size_t)rand() % 7, some = 1 + (size_t)rand() % (sizeof(alphabet) - 1);
			for (size_t j = 0; j < len; j++)
				s[j] = i % 3 ? patterns[p].one : alphabet[(size_t)rand() % some];
			bool match = schema_pattern_matches(ours, s, len);
			cr_assert_eq(match, regexec(&theirs, s, 0, NULL, 0) == 0, "%s and \"%s\"", patterns[p].text, s);
			matched += match;
		}
		cr_expect_gt(matched, 100);
		regfree(&theirs);
	}
	arena_free(&a);
}

Test(schema_pattern, a_nul_never_matches)
{
	struct arena *a = arena_new();

	cr_expect_not(schema_pattern_matches(schema_compile_pattern(a, "^[ -~]+$"), "a\0b", 3));
	arena_free(&a);
}
