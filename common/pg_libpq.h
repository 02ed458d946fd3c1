/* pg_libpq.h - libpq's header, for the files of common/pg and for tests. libpq calls the struct behind PGresult pg_result, as we call the outcome of a
 * run (pg.h); here it gets another name, so that the compiler can tell them apart. */
#ifndef COMMON_PG_LIBPQ_H
#define COMMON_PG_LIBPQ_H

#define pg_result libpq_result
#include <postgresql/libpq-fe.h>
#undef pg_result

#endif
