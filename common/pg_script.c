/* pg_script.c - see pg_script.h. */
#include "common/pg_script.h"

#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/pg_link.h"

struct pg_script {
	PGconn *conn;
	PGresult *result;
	char error[1000], sqlstate[6];
};

static void on_notice(void *arg, const PGresult *result)
{
	(void)arg;
	log_event(LOG_debug, "db.notice", LOG_S("text", PQresultErrorMessage(result)));
}

enum error pg_script_open(const char *conninfo, const char *program, struct pg_script **script_r)
{
	const char *keywords[] = { "dbname", "fallback_application_name", "connect_timeout", "client_encoding", NULL };
	const char *values[] = { conninfo, program, PG_SCRIPT_CONNECT_S, "UTF8", NULL };
	struct pg_script *s = calloc(1, sizeof(*s));
	*script_r = s;
	if (!s)
		return ERROR_internal;
	s->conn = PQconnectdbParams(keywords, values, 1);
	if (PQstatus(s->conn) == CONNECTION_OK) {
		PQsetNoticeReceiver(s->conn, on_notice, NULL);
		return ERROR_none;
	}
	pg_copy_text(s->error, sizeof(s->error), PQerrorMessage(s->conn));
	return ERROR_db_unavailable;
}

void pg_script_close(struct pg_script **script)
{
	struct pg_script *s = *script;
	*script = NULL;
	if (!s)
		return;
	PQclear(s->result);
	PQfinish(s->conn);
	free(s);
}

static enum error take(struct pg_script *s, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	PQclear(s->result);
	s->result = result;
	s->error[0] = s->sqlstate[0] = '\0';
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY)
		return ERROR_none;
	const char *detail = result ? PQresultErrorMessage(result) : PQerrorMessage(s->conn);
	pg_copy_text(s->error, sizeof(s->error), *detail ? detail : PQerrorMessage(s->conn));
	pg_copy_text(s->sqlstate, sizeof(s->sqlstate), PQresultErrorField(result, PG_DIAG_SQLSTATE));
	if (PQstatus(s->conn) != CONNECTION_OK)
		return ERROR_db_unavailable;
	return strncmp(s->sqlstate, "23", 2) == 0 ? ERROR_db_conflict : ERROR_db_failed;
}

enum error pg_script_run(struct pg_script *s, const char *sql)
{
	return take(s, PQexec(s->conn, sql));
}

enum error pg_script_query(struct pg_script *s, const char *sql, const char *const *params, size_t n)
{
	return take(s, PQexecParams(s->conn, sql, (int)n, NULL, params, NULL, NULL, 0));
}

size_t pg_script_rows(const struct pg_script *s)
{
	return (size_t)PQntuples(s->result);
}

const char *pg_script_cell(const struct pg_script *s, size_t row, size_t column)
{
	if (row >= pg_script_rows(s) || column >= (size_t)PQnfields(s->result) || PQgetisnull(s->result, (int)row, (int)column))
		return NULL;
	return PQgetvalue(s->result, (int)row, (int)column);
}

const char *pg_script_error(const struct pg_script *s)
{
	return s ? s->error : "out of memory";
}

const char *pg_script_sqlstate(const struct pg_script *s)
{
	return s ? s->sqlstate : "";
}
