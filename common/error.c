/* error.c - the table of failures; see error.h. */
#include "common/error.h"

const struct error_row error_rows[ERROR_COUNT] = {
#define ERROR(id, http, policy, wire, title) { #id, http, ERROR_##policy, #wire, title },
#include "common/errors.def"
#undef ERROR
};

const struct error_row *error_row(enum error e)
{
	if ((unsigned)e >= ERROR_COUNT)
		e = ERROR_internal;
	return &error_rows[e];
}
