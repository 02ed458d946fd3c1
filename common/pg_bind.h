/* pg_bind.h - C structs to PostgreSQL's binary parameters, binary results to C structs, by the query table. For the files of common/pg only. */
#ifndef COMMON_PG_BIND_H
#define COMMON_PG_BIND_H

#include "common/arena.h"
#include "common/pg.h"
#include "common/pg_libpq.h"
#include "common/query.h"

/* The parameters of one statement, as PQsendQueryPrepared() takes them; all in an arena. */
struct pg_bound {
	int n;
	const char *const *values;
	const int *lengths, *formats;
};

Oid pg_type_oid(enum query_type type);
/* ERROR_db_failed with *why_r (static text) when a value cannot be what its type says: a uuid that is none, an int4 that is too big. */
MUST_CHECK enum error pg_bind(struct arena *a, const struct query_row *query, const void *params, struct pg_bound *bound_r, const char **why_r);
/* ERROR_db_failed when the result has other columns than the query's row. */
MUST_CHECK enum error pg_decode(struct arena *a, const struct query_row *query, const PGresult *result, struct pg_rows *rows_r, const char **why_r);

#endif
