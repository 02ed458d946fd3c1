#include <criterion/criterion.h>
#include <string.h>

#include "api/target.h"

static const struct {
	const char *text;
	bool valid;
	const char *path, *query;
	size_t segments;
} cases[] = {
	{ "/", true, "/", "", 0 },
	{ "/a", true, "/a", "", 1 },
	{ "/a/", true, "/a/", "", 2 },
	{ "/a/b?c=d", true, "/a/b", "c=d", 2 },
	{ "/a?b?c", true, "/a", "b?c", 1 },
	{ "/a?", true, "/a", "", 1 },
	{ "//", true, "//", "", 2 },
	{ "/%41%2f", true, "/%41%2f", "", 1 },
	{ "http://host/a/b", true, "/a/b", "", 2 },
	{ "HTTP://host:80/?x", true, "/", "x", 0 },
	{ "http://host", false, "", "", 0 },
	{ "", false, "", "", 0 },
	{ "a", false, "", "", 0 },
	{ "/%", false, "", "", 0 },
	{ "/%4", false, "", "", 0 },
	{ "/%zz", false, "", "", 0 },
	{ "/%00", false, "", "", 0 },
	{ "/a?x=%0", false, "", "", 0 },
	{ "/a b", false, "", "", 0 },
	{ "/\x01", false, "", "", 0 },
	{ "/\xc3\xa4", false, "", "", 0 },
	{ "/\x7f", false, "", "", 0 },
};

Test(target, parse)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct target t;
		cr_assert_eq(target_parse(cases[i].text, strlen(cases[i].text), &t), cases[i].valid, "%s", cases[i].text);
		if (!cases[i].valid)
			continue;
		cr_assert(t.path.len == strlen(cases[i].path) && !memcmp(t.path.at, cases[i].path, t.path.len), "%s", cases[i].text);
		cr_assert(t.query.len == strlen(cases[i].query) && !memcmp(t.query.at, cases[i].query, t.query.len), "%s", cases[i].text);
		cr_assert_eq(t.segment_count, cases[i].segments, "%s", cases[i].text);
		cr_assert(!t.too_deep);
	}
}

Test(target, too_deep_and_asterisk)
{
	struct target t;
	cr_assert(target_parse("/1/2/3/4/5/6/7/8", 16, &t) && !t.too_deep && t.segment_count == 8);
	cr_assert(target_parse("/1/2/3/4/5/6/7/8/9", 18, &t) && t.too_deep);
	cr_assert(target_parse("*", 1, &t) && t.asterisk);
	cr_assert(!target_parse("**", 2, &t));
}

Test(target, decode)
{
	char out[40];
	cr_assert_eq(target_decode("a%20b+c", 7, false, out), 5);
	cr_assert_str_eq(out, "a b+c");
	cr_assert_eq(target_decode("a%20b+c", 7, true, out), 5);
	cr_assert_str_eq(out, "a b c");
	cr_assert_eq(target_decode("%c3%A4", 6, true, out), 2);
	cr_assert_str_eq(out, "\xc3\xa4");
	cr_assert_eq(target_decode("%00", 3, true, out), -1);
	cr_assert_eq(target_decode("%4", 2, true, out), -1);
	cr_assert_eq(target_decode("", 0, true, out), 0);
}

Test(target, query)
{
	struct target t;
	struct target_part value;
	const char *text = "/x?a=1&bb=&c&a=2&=d&e=f=g";
	cr_assert(target_parse(text, strlen(text), &t));
	cr_assert(target_query(&t, "a", &value) && value.len == 1 && *value.at == '1', "the first of that name");
	cr_assert(target_query(&t, "bb", &value) && value.len == 0);
	cr_assert(target_query(&t, "c", &value) && value.len == 0);
	cr_assert(target_query(&t, "e", &value) && value.len == 3 && !memcmp(value.at, "f=g", 3));
	cr_assert(!target_query(&t, "b", &value));
	cr_assert(!target_query(&t, "d", &value));
	cr_assert(target_parse("/x", 2, &t) && !target_query(&t, "a", &value));
}
