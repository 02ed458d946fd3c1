/* pg_script.h - PostgreSQL for commands that have no loop: `worker migrate`, `worker seed`, tests. It blocks; never use it in a running server.
 *
 * One connection, as the role of the conninfo (the owner of the tables), not as restaurant_app. Statements fail with an enum error; the words are in
 * pg_script_error(). Results are text and live until the next call.
 */
#ifndef COMMON_PG_SCRIPT_H
#define COMMON_PG_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"

#define PG_SCRIPT_CONNECT_S "10"

struct pg_script;

/* On error too *script_r is an object (for pg_script_error()), unless memory is out; close it. */
MUST_CHECK enum error pg_script_open(const char *conninfo, const char *program, struct pg_script **script_r);
void pg_script_close(struct pg_script **script); /* NULL is fine */

/* Any number of statements separated by semicolons, without parameters. */
MUST_CHECK enum error pg_script_run(struct pg_script *script, const char *sql);
/* One statement; parameters as text, NULL is SQL NULL. */
MUST_CHECK enum error pg_script_query(struct pg_script *script, const char *sql, const char *const *params, size_t n);
size_t pg_script_rows(const struct pg_script *script);
const char *pg_script_cell(const struct pg_script *script, size_t row, size_t column); /* NULL for SQL NULL, and outside of the result */

const char *pg_script_error(const struct pg_script *script);    /* "" when the last call succeeded */
const char *pg_script_sqlstate(const struct pg_script *script); /* "" when there is none */

#endif
