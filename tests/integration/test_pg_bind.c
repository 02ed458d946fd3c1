/* test_pg_bind.c - values of every type go to PostgreSQL and come back as they were. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "common/pg_bind.h"
#include "common/pg_libpq.h"
#include "tests/support/pg_fixture.h"

struct all {
	const char *text, *uuid, *json;
	int64_t int8, int4;
	double float8;
	bool yes;
	struct query_texts texts, uuids, jsons;
	struct query_ints int8s, int4s;
	struct query_bools bools;
	struct query_bytes bytes;
};

static const struct query_field fields[] = {
	{ "text", QT_text },
	{ "uuid", QT_uuid },
	{ "json", QT_json },
	{ "int8", QT_int8 },
	{ "int4", QT_int4 },
	{ "float8", QT_float8 },
	{ "yes", QT_bool },
	{ "texts", QT_text_array },
	{ "uuids", QT_uuid_array },
	{ "jsons", QT_json_array },
	{ "int8s", QT_int8_array },
	{ "int4s", QT_int4_array },
	{ "bools", QT_bool_array },
	{ "bytes", QT_bytes },
};

static const struct query_row all_row = {
	.name = "all",
	.sql = "SELECT $1::text, $2::uuid, $3::jsonb, $4::bigint, $5::integer, $6::double precision, $7::boolean, $8::text[],"
	       " $9::uuid[], $10::jsonb[], $11::bigint[], $12::integer[], $13::boolean[], $14::bytea",
	.params = fields,
	.columns = fields,
	.param_count = 14,
	.column_count = 14,
	.params_size = sizeof(struct all),
	.row_size = sizeof(struct all),
};

static PGconn *conn;
static struct arena *arena;

static void connect_fixture(void)
{
	arena = arena_new();
	conn = PQconnectdb(getenv("TEST_DATABASE_URL"));
	cr_assert_eq(PQstatus(conn), CONNECTION_OK, "%s", PQerrorMessage(conn));
}

static void disconnect_fixture(void)
{
	PQfinish(conn);
	arena_free(&arena);
}

TestSuite(pg_bind, .init = connect_fixture, .fini = disconnect_fixture);

static PGresult *exchange(const struct query_row *row, const void *params)
{
	struct pg_bound b;
	const char *why = "";
	Oid types[16];
	cr_assert_eq(pg_bind(arena, row, params, &b, &why), ERROR_none, "%s", why);
	for (size_t i = 0; i < row->param_count; i++)
		types[i] = pg_type_oid(row->params[i].type);
	PGresult *r = PQexecParams(conn, row->sql, b.n, types, b.values, b.lengths, b.formats, 1);
	cr_assert_eq(PQresultStatus(r), PGRES_TUPLES_OK, "%s", PQerrorMessage(conn));
	return r;
}

static const struct all *round_trip(const struct all *in)
{
	struct pg_rows rows;
	const char *why = "";
	PGresult *r = exchange(&all_row, in);
	cr_assert_eq(pg_decode(arena, &all_row, r, &rows, &why), ERROR_none, "%s", why);
	PQclear(r);
	cr_assert_eq(rows.n, 1);
	return rows.v;
}

static void same_text(const char *a, const char *b)
{
	if (a && b)
		cr_expect_str_eq(a, b);
	else
		cr_expect_eq(a, b);
}

static void same_texts(const struct query_texts *a, const struct query_texts *b)
{
	cr_assert_eq(a->n, b->n);
	for (size_t i = 0; i < a->n; i++)
		same_text(a->v[i], b->v[i]);
}

static void same(const struct all *a, const struct all *b)
{
	same_text(a->text, b->text);
	same_text(a->uuid, b->uuid);
	same_text(a->json, b->json);
	cr_expect_eq(a->int8, b->int8);
	cr_expect_eq(a->int4, b->int4);
	cr_expect(memcmp(&a->float8, &b->float8, sizeof(double)) == 0);
	cr_expect_eq(a->yes, b->yes);
	same_texts(&a->texts, &b->texts);
	same_texts(&a->uuids, &b->uuids);
	same_texts(&a->jsons, &b->jsons);
	cr_assert_eq(a->int8s.n, b->int8s.n);
	cr_assert_eq(a->int4s.n, b->int4s.n);
	cr_assert_eq(a->bools.n, b->bools.n);
	for (size_t i = 0; i < a->int8s.n; i++)
		cr_expect_eq(a->int8s.v[i], b->int8s.v[i]);
	for (size_t i = 0; i < a->int4s.n; i++)
		cr_expect_eq(a->int4s.v[i], b->int4s.v[i]);
	for (size_t i = 0; i < a->bools.n; i++)
		cr_expect_eq(a->bools.v[i], b->bools.v[i]);
	cr_assert_eq(a->bytes.n, b->bytes.n);
	cr_expect(!a->bytes.n || memcmp(a->bytes.v, b->bytes.v, a->bytes.n) == 0);
}

#define N(list) (sizeof(list) / sizeof((list)[0]))

Test(pg_bind, every_type_comes_back)
{
	static const char *const texts[] = { "", NULL, "NULL", "a\"b", "c\\d", "{e,f}", "Küche 寿司 🍪", " ", "'; DROP TABLE message; --", "\t\n" };
	static const char *const uuids[] = { "018f3c2e-7d4a-7abc-8def-0123456789ab", NULL, "00000000-0000-0000-0000-000000000000",
		                             "ffffffff-ffff-ffff-ffff-ffffffffffff" };
	static const char *const jsons[] = { "{}", NULL, "[1, 2.50, \"x\"]", "{\"a\": {\"b\": null}}", "null", "\"\\\"\"" };
	static const int64_t int8s[] = { 0, -1, INT64_MAX, INT64_MIN }, int4s[] = { 0, -1, INT32_MAX, INT32_MIN };
	static const bool bools[] = { true, false, true };
	const struct all in = { "it's \"text\" \\ 寿司", uuids[0], "{\"a\": [1, 2]}", INT64_MIN, INT32_MAX, -0.1, true, { texts, N(texts) }, { uuids, N(uuids) }, { jsons, N(jsons) }, { int8s, N(int8s) }, { int4s, N(int4s) }, { bools, N(bools) }, { "a\0\xff\\b", 5 } };
	same(round_trip(&in), &in);
}

Test(pg_bind, nothing_comes_back_as_nothing)
{
	const struct all in = { .int8 = 0 };
	same(round_trip(&in), &in);
}

Test(pg_bind, long_arrays_and_texts)
{
	enum { MANY = 20000 };
	int64_t *ints = arena_array(arena, MANY, sizeof(*ints));
	const char **texts = arena_array(arena, MANY, sizeof(*texts));
	char *text = arena_alloc(arena, 1000001);
	memset(text, 'x', 1000000);
	for (int i = 0; i < MANY; i++) {
		ints[i] = (int64_t)i * 1000003;
		texts[i] = arena_printf(arena, "text %d", i);
	}
	const struct all in = { .text = text, .texts = { texts, MANY }, .int8s = { ints, MANY } };
	same(round_trip(&in), &in);
}

Test(pg_bind, upper_case_uuids_are_uuids)
{
	const struct all in = { .uuid = "018F3C2E-7D4A-7ABC-8DEF-0123456789AB" };
	cr_expect_str_eq(round_trip(&in)->uuid, "018f3c2e-7d4a-7abc-8def-0123456789ab");
}

static void refuse(const struct all *in)
{
	struct pg_bound b;
	const char *why = NULL;
	cr_expect_eq(pg_bind(arena, &all_row, in, &b, &why), ERROR_db_failed);
	cr_expect_not_null(why);
}

Test(pg_bind, what_does_not_fit_its_type_is_refused)
{
	static const char *const bad[] = { "", "x", "018f3c2e-7d4a-7abc-8def-0123456789a", "018f3c2e-7d4a-7abc-8def-0123456789abc",
		                           "018f3c2e07d4a-7abc-8def-0123456789ab", "g18f3c2e-7d4a-7abc-8def-0123456789ab", "018f3c2e-7d4a-7abc-8def-0123456789a-" };
	for (size_t i = 0; i < N(bad); i++) {
		refuse(&(struct all){ .uuid = bad[i] });
		refuse(&(struct all){ .uuids = { &bad[i], 1 } });
	}
	const int64_t big = (int64_t)INT32_MAX + 1;
	refuse(&(struct all){ .int4 = big });
	refuse(&(struct all){ .int4 = -big - 1 });
	refuse(&(struct all){ .int4s = { &big, 1 } });
}

static const struct query_field odd_in[] = { { "at", QT_time }, { "price", QT_numeric } };
static const struct query_field odd_out[] = { { "yes", QT_bool }, { "no", QT_bool }, { "ms", QT_int8 }, { "price", QT_text } };
static const struct query_row odd_row = {
	.name = "odd",
	.sql = "SELECT $1::timestamptz IS NULL, true, (extract(epoch FROM $1::timestamptz) * 1000)::bigint, $2::numeric::text",
	.params = odd_in,
	.columns = odd_out,
	.param_count = 2,
	.column_count = 4,
	.row_size = 24,
};

Test(pg_bind, times_and_numbers_go_in_as_text)
{
	struct {
		const char *at, *price;
	} in = { "2026-01-02T03:04:05.678Z", "14.90" };
	struct pg_rows rows;
	const char *why = "";
	PGresult *r = exchange(&odd_row, &in);
	cr_assert_eq(pg_decode(arena, &odd_row, r, &rows, &why), ERROR_none, "%s", why);
	PQclear(r);
	const struct {
		bool yes, no;
		int64_t ms;
		const char *price;
	} *row = rows.v;
	cr_expect_not(row->yes);
	cr_expect(row->no);
	cr_expect_eq(row->ms, 1767323045678);
	cr_expect_str_eq(row->price, "14.90");
}

Test(pg_bind, a_result_of_another_shape_is_refused)
{
	struct pg_rows rows;
	const char *why = "";
	struct query_row narrow = all_row, wrong = all_row;
	struct query_field changed[N(fields)];
	PGresult *r = exchange(&all_row, &(struct all){ .int8 = 1 });
	narrow.column_count = 12;
	cr_expect_eq(pg_decode(arena, &narrow, r, &rows, &why), ERROR_db_failed);
	memcpy(changed, fields, sizeof(fields));
	changed[3].type = QT_int4;
	wrong.columns = changed;
	cr_expect_eq(pg_decode(arena, &wrong, r, &rows, &why), ERROR_db_failed);
	PQclear(r);
}
