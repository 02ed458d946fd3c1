/* pg_conn.c - one connection and its pipeline. See pg_conn.h.
 *
 * What a call puts into the pipeline: the tenant's setting, its statements, a sync. What comes back: for each statement a result and a NULL, then
 * the sync's result, which alone says that the transaction is committed. After a failure the rest up to the sync is answered as "aborted".
 */
#include "common/pg_conn.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"

#define TENANT_STATEMENT "tenant"

/* Plans are made once, perhaps while the tables are still empty, and must be good for full ones: no scans of whole tables.
 * The role comes last: what comes before it might need more rights. */
static const char settings_sql[] =
	"SELECT set_config('timezone', 'UTC', false), set_config('jit', 'off', false),"
	" set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false),"
	" set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $1, false), set_config('role', 'restaurant_app', false)";

static struct pg_conn *conn_of(struct pg_link *link)
{
	return (struct pg_conn *)link;
}

void pg_conn_break(struct pg_conn *c, const char *why)
{
	if (c->broken)
		return;
	c->broken = true;
	pg_copy_text(c->why, sizeof(c->why), why);
	pg_soon(c->pg);
}

/* --- out --- */

/* `sent`: everything before went well. */
static void flush(struct pg_conn *c, bool sent)
{
	int left = sent ? PQflush(c->link.conn) : -1;
	if (left >= 0)
		pg_link_want_write(&c->link, left > 0);
	if (!pg_link_alive(&c->link) || left < 0)
		pg_conn_break(c, PQerrorMessage(c->link.conn));
}

static bool send_tenant(PGconn *conn, const struct pg_call *call)
{
	const char *values[] = { call->tenant };
	return !call->tenant[0] || PQsendQueryPrepared(conn, TENANT_STATEMENT, 1, values, NULL, NULL, 0);
}

void pg_conn_send(struct pg_conn *c, struct pg_call *call)
{
	if (!c->sent_count)
		c->progress = uv_now(c->link.loop);
	call->conn = c;
	call->place = PG_SENT;
	TAILQ_INSERT_TAIL(&c->sent, call, order);
	c->sent_count++;
	PGconn *conn = c->link.conn;
	bool sent = send_tenant(conn, call);
	for (size_t i = 0; sent && i < call->n; i++) {
		const struct pg_bound *b = &call->bound[i];
		sent = PQsendQueryPrepared(conn, call->queries[i]->name, b->n, b->values, b->lengths, b->formats, 1);
	}
	flush(c, sent && PQpipelineSync(conn));
}

static bool send_prepares(PGconn *conn)
{
	static const Oid tenant_type = 25;
	if (!PQsendPrepare(conn, TENANT_STATEMENT, "SELECT set_config('app.tenant', $1, true)", 1, &tenant_type))
		return false;
	for (size_t q = 0; q < QUERY_COUNT; q++) {
		const struct query_row *row = &query_rows[q];
		Oid types[32] = { 0 };
		for (size_t i = 0; i < row->param_count; i++)
			types[i] = pg_type_oid(row->params[i].type);
		if (!PQsendPrepare(conn, row->name, row->sql, (int)row->param_count, types))
			return false;
	}
	return true;
}

static void on_up(struct pg_link *link)
{
	struct pg_conn *c = conn_of(link);
	char timeout[16];
	snprintf(timeout, sizeof(timeout), "%d", PG_STATEMENT_MS);
	const char *values[] = { timeout };
	c->state = PG_CONN_PREPARING;
	c->broken = false;
	c->prepared = 0;
	c->progress = uv_now(link->loop);
	flush(c, PQenterPipelineMode(link->conn) && PQsendQueryParams(link->conn, settings_sql, 1, NULL, values, NULL, NULL, 0) &&
	                 send_prepares(link->conn) && PQpipelineSync(link->conn));
}

/* --- in --- */

static const char *field(const PGresult *r, int code)
{
	const char *s = PQresultErrorField(r, code);
	return s ? s : "";
}

/* The connection must be made anew although it still works. */
static bool is_stale(const char *sqlstate, const char *text)
{
	return strcmp(sqlstate, "26000") == 0 || strcmp(sqlstate, "25006") == 0 ||
	       (strcmp(sqlstate, "0A000") == 0 && strstr(text, "cached plan must not change result type"));
}

static void take_error(struct pg_conn *c, struct pg_call *call, const PGresult *r)
{
	const char *sqlstate = field(r, PG_DIAG_SQLSTATE), *text = PQresultErrorMessage(r);
	bool stale = is_stale(sqlstate, text);
	pg_call_fail(call, stale ? ERROR_db_unavailable : pg_error_of(sqlstate), sqlstate, text);
	if (stale)
		pg_conn_break(c, text);
}

static void take_rows(struct pg_call *call, const PGresult *r)
{
	size_t i = call->answered++ - (call->tenant[0] ? 1 : 0);
	const char *why = "";
	if (i >= call->n || !call->done || call->result.error)
		return;
	if (pg_decode(call->arena, call->queries[i], r, &call->result.rows[i], &why))
		pg_call_fail(call, ERROR_db_failed, "", why);
}

static void take_sync(struct pg_conn *c, struct pg_call *call)
{
	if (!call->result.error && call->answered != call->n + (call->tenant[0] ? 1 : 0))
		pg_call_fail(call, ERROR_db_failed, "", "answers are missing");
	TAILQ_REMOVE(&c->sent, call, order);
	c->sent_count--;
	call->conn = NULL;
	pg_call_end(call);
}

static void take(struct pg_conn *c, struct pg_call *call, const PGresult *r)
{
	switch (PQresultStatus(r)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		take_rows(call, r);
		break;
	case PGRES_PIPELINE_SYNC:
		take_sync(c, call);
		break;
	case PGRES_PIPELINE_ABORTED:
		break;
	case PGRES_FATAL_ERROR:
		take_error(c, call, r);
		break;
	default:
		pg_conn_break(c, "a result that nobody asked for");
	}
}

static void take_prepared(struct pg_conn *c, const PGresult *r)
{
	switch (PQresultStatus(r)) {
	case PGRES_TUPLES_OK:
	case PGRES_COMMAND_OK:
		c->prepared++;
		break;
	case PGRES_PIPELINE_SYNC:
		if (c->broken)
			break;
		c->state = PG_CONN_UP;
		pg_link_good(&c->link);
		c->pg->told = false;
		pg_count_connections(c->pg);
		log_event(LOG_debug, "db.connected", LOG_I("server", PQserverVersion(c->link.conn)));
		break;
	case PGRES_FATAL_ERROR: {
		/* In order: the settings, the tenant's statement, the table's. */
		const char *name = c->prepared < 2 ? "settings" : c->prepared - 2 < QUERY_COUNT ? query_rows[c->prepared - 2].name
		                                                                                : "";
		char why[PG_DETAIL_MAX];
		snprintf(why, sizeof(why), "%s: %s", name, PQresultErrorMessage(r));
		pg_conn_break(c, why);
		break;
	}
	default:
		break;
	}
}

/* A callback may run calls, cancel them, or close the pool; the loops below look again each time. */
static bool alive(const struct pg_conn *c)
{
	return c->link.state == PG_LINK_UP && !c->broken && PQstatus(c->link.conn) == CONNECTION_OK;
}

/* False when there is nothing more to take now. */
static bool take_next(struct pg_conn *c, int *nulls)
{
	if (c->state == PG_CONN_UP && TAILQ_EMPTY(&c->sent))
		return false;
	PGresult *r = PQgetResult(c->link.conn);
	if (!r)
		return ++*nulls < 2;
	*nulls = 0;
	if (c->state == PG_CONN_PREPARING)
		take_prepared(c, r);
	else
		take(c, TAILQ_FIRST(&c->sent), r);
	PQclear(r);
	return true;
}

static void on_readable(struct pg_conn *c)
{
	int nulls = 0;
	bool open = PQconsumeInput(c->link.conn);
	c->progress = uv_now(c->link.loop);
	while (open && alive(c) && !PQisBusy(c->link.conn) && take_next(c, &nulls))
		;
	if (c->pg->closing)
		return;
	/* At once: libpq has closed the socket, and its number may be given to another one that is opened on this turn. */
	if (c->link.state == PG_LINK_UP && (!open || !pg_link_alive(&c->link)))
		pg_link_drop(&c->link, PQerrorMessage(c->link.conn));
	if (!c->pg->closing)
		pg_pump(c->pg);
}

static void on_ready(struct pg_link *link, bool readable, bool writable)
{
	struct pg_conn *c = conn_of(link);
	if (readable)
		on_readable(c);
	if (writable && alive(c))
		flush(c, true);
}

/* --- the end of a connection --- */

static void on_down(struct pg_link *link, const char *why)
{
	struct pg_conn *c = conn_of(link);
	struct pg *pg = c->pg;
	struct pg_calls lost = TAILQ_HEAD_INITIALIZER(lost);
	struct pg_call *call;
	c->state = PG_CONN_DOWN;
	c->broken = false;
	log_event(pg->told ? LOG_debug : LOG_warn, "db.connection_lost", LOG_S("detail", why), LOG_I("calls", c->sent_count));
	pg->told = true;
	TAILQ_CONCAT(&lost, &c->sent, order);
	c->sent_count = 0;
	pg_count_connections(pg);
	while ((call = TAILQ_FIRST(&lost))) {
		TAILQ_REMOVE(&lost, call, order);
		pg_call_fail(call, ERROR_db_unavailable, "", why);
		if (pg->closing)
			call->done = NULL;
		call->conn = NULL;
		pg_call_end(call);
	}
}

static void on_ended(struct pg_link *link)
{
	pg_handle_closed(conn_of(link)->pg);
}

const struct pg_link_calls pg_conn_calls = { on_up, on_ready, on_down, on_ended };
