#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "api/conditional.h"
#include "api/gzip.h"

Test(conditional, etag_listed)
{
	static const struct {
		const char *list;
		bool listed;
	} cases[] = {
		{ "\"a\"", true },
		{ "\"b\", \"a\"", true },
		{ "W/\"a\"", true },
		{ "*", true },
		{ " ,, \"a\"", true },
		{ "\"aa\"", false },
		{ "\"\"", false },
		{ "", false },
		{ "a", false },
		{ "\"a", false },
		{ "\"b\"", false },
		{ "W/", false },
		{ "\"b\" x \"a\"", false },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_assert_eq(etag_listed(cases[i].list, strlen(cases[i].list), "\"a\""), cases[i].listed, "%s", cases[i].list);
}

Test(conditional, gzip_allowed)
{
	static const struct {
		const char *list;
		bool allowed;
	} cases[] = {
		{ "gzip", true },
		{ "GZIP", true },
		{ "br, gzip", true },
		{ "br,gzip;q=0.5,x", true },
		{ "gzip ; q=1", true },
		{ "gzip;q=0.001", true },
		{ "", false },
		{ "gzipped", false },
		{ "x-gzip", false },
		{ "gzip;q=0", false },
		{ "gzip; q=0.000", false },
		{ "identity, br", false },
		{ "*", false },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_assert_eq(gzip_allowed(cases[i].list, strlen(cases[i].list)), cases[i].allowed, "%s", cases[i].list);
}

Test(gzip, round_trip_or_nothing)
{
	char text[20000], out[20000];
	size_t len;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "abcabcabd\n"[i % 10];
	char *packed = gzip_bytes(text, sizeof(text), 6, &len);
	cr_assert_not_null(packed);
	cr_assert_lt(len, sizeof(text) / 10);
	z_stream z = { .next_in = (Bytef *)packed, .avail_in = (uInt)len, .next_out = (Bytef *)out, .avail_out = sizeof(out) };
	cr_assert_eq(inflateInit2(&z, 31), Z_OK);
	cr_assert_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
	cr_assert_eq(z.total_out, sizeof(text));
	cr_assert_arr_eq(out, text, sizeof(text));
	inflateEnd(&z);
	free(packed);
	unsigned seed = 1;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)((seed = seed * 1103515245 + 12345) >> 16);
	cr_assert_null(gzip_bytes(text, sizeof(text), 9, &len), "noise does not get smaller");
	cr_assert_null(gzip_bytes("", 0, 9, &len));
	cr_assert_null(gzip_bytes("a", 1, 9, &len));
}
