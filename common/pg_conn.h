/* pg_conn.h - the inside of common/pg: calls, and the connections that carry them through libpq's pipeline. For the files of common/pg only.
 *
 * A call is in exactly one list: waiting (of the pool), sent (of the connection that carries it, in pipeline order), or ended (its callback comes
 * on the next turn). All open calls are also in `by_age`. A call that was cancelled or ran into its deadline while sent stays in its lists, without `done`,
 * until its place in the pipeline has passed.
 */
#ifndef COMMON_PG_CONN_H
#define COMMON_PG_CONN_H

#include <sys/queue.h>

#include "common/pg.h"
#include "common/pg_bind.h"
#include "common/pg_link.h"

#define PG_PIPELINE_MAX 256   /* calls on one connection at once; more wait */
#define PG_STATEMENT_MS 12000 /* the server stops a statement that takes longer */
#define PG_DETAIL_MAX 500
#define PG_TENANT_TEXT 37
#define PG_STATE_TEXT 6

struct pg_conn;

enum pg_place { PG_WAITING,
	        PG_SENT,
	        PG_ENDED };

struct pg_call {
	struct pg *pg;
	struct pg_conn *conn; /* carries it, when SENT */
	enum pg_place place;
	TAILQ_ENTRY(pg_call)
	order; /* in the list of its place */
	TAILQ_ENTRY(pg_call)
	age;
	struct arena *arena;
	pg_done_fn *done; /* NULL: nobody wants to know any more */
	void *ctx;
	char tenant[PG_TENANT_TEXT]; /* "": none */
	size_t n;
	const struct query_row *queries[PG_STATEMENTS_MAX];
	struct pg_bound bound[PG_STATEMENTS_MAX];
	size_t answered;   /* statements, that of the tenant included */
	uint64_t deadline; /* uv_now */
	int64_t began_us;
	char sqlstate[PG_STATE_TEXT], detail[PG_DETAIL_MAX];
	struct pg_result result;
};
TAILQ_HEAD(pg_calls, pg_call);

enum pg_conn_state { PG_CONN_DOWN,
	             PG_CONN_PREPARING,
	             PG_CONN_UP };

struct pg_conn {
	struct pg_link link; /* first: a link is its connection */
	struct pg *pg;
	enum pg_conn_state state;
	struct pg_calls sent;
	size_t sent_count;
	uint64_t progress; /* uv_now when something was last heard, or the pipeline was empty */
	size_t prepared;   /* answers while PREPARING */
	bool broken;       /* to be dropped on the next turn, and why */
	char why[PG_DETAIL_MAX];
};

struct pg {
	uv_loop_t *loop;
	struct pg_target target;
	struct pg_calls waiting, ended, by_age;
	size_t waiting_count;
	uv_timer_t soon; /* ends `ended`, drops broken connections */
	uv_timer_t deadlines;
	bool closing, told; /* told: the log knows that no connection can be made */
	int handles;        /* still to be closed */
	int count;
	struct pg_conn conns[];
};

/* pg_conn.c */
extern const struct pg_link_calls pg_conn_calls;
void pg_conn_send(struct pg_conn *conn, struct pg_call *call); /* call is in no list of a place; it is in conn->sent afterwards, whatever happens */
void pg_conn_break(struct pg_conn *conn, const char *why);     /* on the next turn */

/* pg.c */
void pg_soon(struct pg *pg);
void pg_pump(struct pg *pg);                                                                         /* sends what waits */
void pg_call_fail(struct pg_call *call, enum error error, const char *sqlstate, const char *detail); /* remembers the first failure */
void pg_call_end(struct pg_call *call);                                                              /* out of all lists, callback, freed */
void pg_count_connections(struct pg *pg);
void pg_handle_closed(struct pg *pg);

#endif
