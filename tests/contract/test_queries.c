/* test_queries.c - every row of queries.def against the migrated schema: what PostgreSQL infers must be what the C structs hold. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/pg_bind.h"
#include "common/pg_libpq.h"
#include "common/query.h"
#include "tests/support/pg_fixture.h"

#define OID_JSON 114
#define OID_VARCHAR 1043

static PGconn *connect_as_app(const char *url)
{
	PGconn *conn = PQconnectdb(url);
	PGresult *r = PQexec(conn, "SET ROLE restaurant_app");
	cr_assert_eq(PQresultStatus(r), PGRES_COMMAND_OK, "%s", PQerrorMessage(conn));
	PQclear(r);
	return conn;
}

static bool column_fits(enum query_type type, Oid oid)
{
	return oid == pg_type_oid(type) || (type == QT_json && oid == OID_JSON);
}

static void check_parameters(const struct query_row *row, const PGresult *described)
{
	cr_assert_eq((size_t)PQnparams(described), row->param_count, "%s: %d parameters in SQL, %zu in the table", row->name,
	             PQnparams(described), row->param_count);
	for (size_t i = 0; i < row->param_count; i++)
		cr_expect_eq(PQparamtype(described, (int)i), pg_type_oid(row->params[i].type), "%s: parameter %s has type %u, the table wants %u",
		             row->name, row->params[i].name, PQparamtype(described, (int)i), pg_type_oid(row->params[i].type));
}

static void check_columns(const struct query_row *row, const PGresult *described)
{
	cr_assert_eq((size_t)PQnfields(described), row->column_count, "%s: %d columns in SQL, %zu in the table", row->name,
	             PQnfields(described), row->column_count);
	for (size_t i = 0; i < row->column_count; i++) {
		const struct query_field *field = &row->columns[i];
		cr_expect_str_eq(PQfname(described, (int)i), field->name, "%s: column %zu", row->name, i);
		cr_expect(column_fits(field->type, PQftype(described, (int)i)), "%s: column %s has type %u, the table wants %u", row->name,
		          field->name, PQftype(described, (int)i), pg_type_oid(field->type));
		cr_expect(field->type != QT_time && field->type != QT_numeric, "%s: column %s: cast it to text", row->name, field->name);
	}
}

static void check_row(PGconn *conn, const struct query_row *row)
{
	PGresult *r = PQprepare(conn, row->name, row->sql, 0, NULL);
	cr_assert_eq(PQresultStatus(r), PGRES_COMMAND_OK, "%s: %s", row->name, PQerrorMessage(conn));
	PQclear(r);
	r = PQdescribePrepared(conn, row->name);
	cr_assert_eq(PQresultStatus(r), PGRES_COMMAND_OK, "%s: %s", row->name, PQerrorMessage(conn));
	check_parameters(row, r);
	check_columns(row, r);
	PQclear(r);
}

Test(queries, prepare_and_have_the_types_of_their_structs)
{
	struct pg_fixture f;
	const char *said;
	pg_fixture_empty(&f);
	cr_assert_eq(pg_fixture_migrate(&f, NULL, &said), 0, "%s", said);
	PGconn *conn = connect_as_app(f.url);
	cr_assert_gt(QUERY_COUNT, 10);
	for (size_t i = 0; i < QUERY_COUNT; i++)
		check_row(conn, &query_rows[i]);
	PQfinish(conn);
	pg_fixture_close(&f);
}

static size_t walk(const struct query_field *fields, size_t n)
{
	static const size_t sizes[] = {
		[QT_bool] = sizeof(bool),
		[QT_text_array] = sizeof(struct query_texts),
		[QT_uuid_array] = sizeof(struct query_texts),
		[QT_json_array] = sizeof(struct query_texts),
		[QT_int8_array] = sizeof(struct query_ints),
		[QT_int4_array] = sizeof(struct query_ints),
		[QT_bool_array] = sizeof(struct query_bools),
		[QT_bytes] = sizeof(struct query_bytes),
	};
	size_t at = 0, widest = 1;
	for (size_t i = 0; i < n; i++) {
		bool array = fields[i].type >= QT_text_array;
		size_t size = array || fields[i].type == QT_bool ? sizes[fields[i].type] : 8, align = fields[i].type == QT_bool ? 1 : 8;
		widest = align > widest ? align : widest;
		at = (at + align - 1) / align * align + size;
	}
	return (at + widest - 1) / widest * widest;
}

Test(queries, structs_are_laid_out_as_bind_and_decode_assume)
{
	for (size_t i = 0; i < QUERY_COUNT; i++) {
		const struct query_row *row = &query_rows[i];
		cr_expect_eq(walk(row->params, row->param_count), row->params_size, "%s: parameters", row->name);
		cr_expect_eq(walk(row->columns, row->column_count), row->row_size, "%s: columns", row->name);
	}
}
