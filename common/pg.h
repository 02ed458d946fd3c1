/* pg.h - PostgreSQL without blocking the loop: a pool of connections in pipeline mode.
 *
 * One pg_run() is one transaction: the tenant is set, then up to PG_STATEMENTS_MAX statements of the query table run, then a sync;
 * the callback comes after the sync's answer, so success means committed. Many runs share a connection at once (pipeline), each with its own sync, so one that
 * fails harms no other. Statements are prepared on each connection at connect, from queries.def.
 *
 * Roles: each connection does SET ROLE restaurant_app (not the owner of the tables), so row-level security applies to everything. TENANT
 * queries need `tenant`; without it they see nothing. PUBLIC and PLATFORM queries go through SECURITY DEFINER functions.
 *
 * When the database is away: runs wait in a queue of at most PG_QUEUE_MAX (then ERROR_overloaded) while connections are made again with
 * back-off (0.1 s to 5 s), and end with ERROR_db_unavailable after PG_DEADLINE_MS. A run whose connection breaks under way ends with ERROR_db_unavailable too,
 * *outcome unknown*: it may have been committed. All our writes carry their ids and may be repeated. The same error tells of a server that is stopping, starting,
 * read only, out of memory, disk or connections, and of a statement that a migration made stale (the connection is then made anew).
 * ERROR_deadline: the server stopped a statement that took longer than 12 s (it is undone), or no answer came within PG_DEADLINE_MS (outcome unknown).
 *
 * A pool becomes ready only when every statement of the table could be prepared: before `worker migrate` it tries again and again, and the log says what is missing.
 *
 * Not here: COPY, transactions across several runs, statements that take long (pg_session.h has them), LISTEN, cursors.
 * Loop thread only. The callback is never called before pg_run() returned, and exactly once unless pg_cancel() came first.
 */
#ifndef COMMON_PG_H
#define COMMON_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/arena.h"
#include "common/error.h"
#include "common/query.h"

#define PG_STATEMENTS_MAX 4
#define PG_QUEUE_MAX 20000
#define PG_DEADLINE_MS 15000

struct pg;
struct pg_call;

struct pg_config {
	uv_loop_t *loop;
	const char *conninfo; /* URL or keywords, see pg_conninfo() */
	int pool;             /* connections */
	const char *program;  /* application_name */
};

struct pg_statement {
	enum query_id query;
	const void *params; /* struct <query>_params; copied before pg_run() returns */
};

struct pg_rows {
	const void *v; /* array of struct <query>_row, in the caller's arena */
	size_t n;
};

struct pg_result {
	enum error error;     /* none, db_unavailable, db_conflict (unique or foreign key), db_failed, deadline, overloaded */
	const char *sqlstate; /* "" when none */
	const char *detail;   /* the server's message, for the log; may quote data */
	struct pg_rows rows[PG_STATEMENTS_MAX];
};

typedef void pg_done_fn(void *ctx, const struct pg_result *result);

MUST_CHECK enum error pg_new(const struct pg_config *config, struct pg **pg_r); /* does not wait for a connection */
void pg_free(struct pg **pg);                                                   /* open calls are dropped without a callback; close handles need one more loop turn */

/* `tenant` is a restaurant's id or NULL (anything but a uuid fails); parameters are copied and rows decoded into `arena`, which must live until the callback
 * or pg_cancel(). On an error all rows are empty. */
struct pg_call *pg_run(struct pg *pg, struct arena *arena, const char *tenant, const struct pg_statement *statements, size_t n, pg_done_fn *done, void *ctx);
/* The usual case of one statement: pg_query(pg, arena, tenant, restaurant_by_slug, &(struct restaurant_by_slug_params){ .slug = s }, done, ctx) */
#define pg_query(pg, arena, tenant, name, params_, done, ctx) \
	pg_run((pg), (arena), (tenant), &(struct pg_statement){ QUERY_##name, (const struct name##_params *)(params_) }, 1, (done), (ctx))
/* Forget about the answer: the callback will not come. The statement may still be carried out. NULL is fine; sets *call to NULL. */
void pg_cancel(struct pg_call **call);

bool pg_ready(const struct pg *pg); /* is at least one connection up? */
size_t pg_waiting(const struct pg *pg);

/* conninfo from DATABASE_URL or the POSTGRES_ settings; static until the next call. */
struct config;
const char *pg_conninfo(const struct config *c);

/* A session-level advisory lock on a connection of its own, held until released or the process ends. Tries keys first..first+count-1 in this order and
 * calls back with the key it got, or -1: all are taken, or there was no database for PG_DEADLINE_MS. Used to claim a partition of the replies topic. When the
 * connection is lost the lock is too: `lost` is called once, and the lock stays lost. Release it in any case, and before pg_free(). */
struct pg_lock;
typedef void pg_lock_fn(void *ctx, int key);
MUST_CHECK enum error pg_lock_claim(struct pg *pg, int space, int first, int count, pg_lock_fn *got, pg_lock_fn *lost, void *ctx, struct pg_lock **lock_r);
void pg_lock_release(struct pg_lock **lock);

#endif
