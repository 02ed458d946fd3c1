/* pg_session.h - one connection to PostgreSQL of one's own, for what a pool in pipeline mode cannot do: COPY, temporary tables, transactions of several
 * steps, statements that take minutes.
 *
 * A session is opened for one restaurant (row-level security as in pg.h: role restaurant_app, tenant set for the whole session), runs one operation at a time, and
 * is closed; it is never used again for another restaurant. Statements are those of the query table,
 * or the caller's own with parameters and answers as text. Everything short stays with pg_run().
 *
 * Deadlines: opening takes at most `open_ms` (tries again meanwhile); each statement, a whole COPY included, at most `statement_ms`, by the server's
 * statement_timeout, and PG_SESSION_GRACE_MS more by our own clock: ERROR_deadline. A transaction left idle for PG_SESSION_IDLE_MS is undone by the server.
 * Who dies, or closes the session with an operation under way, has it undone: the server looks every second whether its client is still there.
 *
 * A lost connection ends the operation with ERROR_db_unavailable, *outcome unknown*, and every later one at once; open another session then.
 * Back-pressure: pg_session_put() is over when the bytes have left for the server, so a caller that waits for it holds one piece at most in memory.
 *
 * Loop thread only. A callback is never called before its start returned, exactly once, and never after pg_session_close(). Sessions are closed before pg_free().
 */
#ifndef COMMON_PG_SESSION_H
#define COMMON_PG_SESSION_H

#include "common/pg.h"

#define PG_SESSION_GRACE_MS 3000
#define PG_SESSION_IDLE_MS 60000
#define PG_SESSION_PARAMS_MAX 32

struct pg_session;

struct pg_session_result {
	enum error error;              /* as pg_run() */
	const char *sqlstate, *detail; /* "" when none; detail may quote data */
	size_t rows, columns;
	const void *cells;      /* pg_session_cell() */
	struct pg_rows decoded; /* of pg_session_query() */
};
/* The result is valid during the callback. */
typedef void pg_session_fn(void *ctx, const struct pg_session_result *result);
const char *pg_session_cell(const struct pg_session_result *result, size_t row, size_t column); /* NULL: SQL NULL */

struct pg_session_config {
	struct pg *pg;
	const char *tenant; /* a restaurant's id */
	int64_t open_ms, statement_ms;
};

/* `opened` tells whether it can be used. `ctx` is that of all callbacks. */
MUST_CHECK enum error pg_session_open(const struct pg_session_config *config, pg_session_fn *opened, void *ctx, struct pg_session **session_r);
/* One statement of the query table, its rows decoded into the arena. */
void pg_session_query(struct pg_session *s, struct arena *arena, const struct pg_statement *statement, pg_session_fn *done);
/* One statement of the caller's own. */
void pg_session_run(struct pg_session *s, const char *sql, const char *const *params, size_t n, pg_session_fn *done);

/* COPY ... FROM STDIN: begin, put pieces, end. After an error of put, `end` tells why. Rows are what the server counted, in `rows` of the end's result. */
void pg_session_copy(struct pg_session *s, const char *sql, pg_session_fn *ready);
void pg_session_put(struct pg_session *s, const char *bytes, size_t len, pg_session_fn *sent);
void pg_session_copy_end(struct pg_session *s, pg_session_fn *done);

bool pg_session_usable(const struct pg_session *s); /* open, and not lost since */
/* Forgets an operation under way. NULL is fine; sets *s to NULL. Memory is freed on a later turn of the loop. */
void pg_session_close(struct pg_session **s);

#endif
