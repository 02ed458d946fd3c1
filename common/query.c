/* query.c - the table of query.h, from queries.def. */
#include "common/query.h"

#define P(type, name) { #name, QT_##type },
#define C(type, name) { #name, QT_##type },

#define QUERY(id, scope, params, columns, sql) \
	static const struct query_field id##_fields_in[] = { params{ NULL, 0 } }; \
	static const struct query_field id##_fields_out[] = { columns{ NULL, 0 } };
#include "common/queries.def"
#undef QUERY

#define COUNT(fields) (sizeof(fields) / sizeof((fields)[0]) - 1)

const struct query_row query_rows[QUERY_COUNT] = {
#define QUERY(id, scope_, params_, columns_, sql_) \
	[QUERY_##id] = { \
		.name = #id, \
		.scope = QUERY_##scope_, \
		.sql = sql_, \
		.params = id##_fields_in, \
		.columns = id##_fields_out, \
		.param_count = COUNT(id##_fields_in), \
		.column_count = COUNT(id##_fields_out), \
		.params_size = sizeof(struct id##_params), \
		.row_size = sizeof(struct id##_row), \
	},
#include "common/queries.def"
#undef QUERY
};
