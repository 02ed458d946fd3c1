#include <criterion/criterion.h>

#include "api/compact.h"

Test(compact, only_what_stands_between_tokens_goes)
{
	static const struct {
		const char *json, *compact;
	} cases[] = {
		{ "", "" },
		{ "{}", "{}" },
		{ " { \"a b\" : [ 1 , 2.5,\tnull ] ,\n\"c\\\" d\": \"e : f , g\" } ", "{\"a b\":[1,2.5,null],\"c\\\" d\":\"e : f , g\"}" },
		{ "\"\\\\\" , \" x \"", "\"\\\\\",\" x \"" },
		{ "\"open", "\"open" },
		{ "\"open\\", "\"open\\" },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf b;
		buf_init(&b, 1000);
		compact_json(&b, cases[i].json);
		cr_assert_str_eq(buf_text(&b), cases[i].compact);
		buf_free(&b);
	}
}
