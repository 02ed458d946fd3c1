/* pg_session.c - see pg_session.h. */
#include "common/pg_session.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/pg_conn.h"

/* The role comes last: what comes before it might need more rights. Plans here are made for the tables as they are now. */
static const char settings_sql[] =
	"SELECT set_config('timezone', 'UTC', false), set_config('jit', 'off', false), set_config('work_mem', '64MB', false),"
	" set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $2, false),"
	" set_config('client_connection_check_interval', '1000', false), set_config('app.tenant', $3, false), set_config('role', 'restaurant_app', false)";

enum state {
	OPENING,  /* connecting, or setting the session up */
	IDLE,     /* waits for an operation */
	RUNNING,  /* a statement */
	STARTING, /* a COPY that the server has not agreed to yet */
	COPYING,  /* waits for the next piece */
	PUTTING,  /* a piece is on its way */
	ENDING,   /* the COPY's answer is awaited */
	LOST
};

struct pg_session {
	struct pg_link link; /* first: a link is its session */
	enum state state;
	uv_timer_t deadline, soon; /* soon: tells of what is over already */
	int64_t statement_ms;
	uint64_t open_until;
	char tenant[PG_TENANT_TEXT];
	pg_session_fn *done;
	void *ctx;
	PGresult *answer;              /* of the operation; the first error stays */
	const struct query_row *query; /* of pg_session_query() */
	struct arena *arena;           /* for its rows */
	enum error error;              /* without an answer */
	char why[PG_DETAIL_MAX];
	int handles;
	bool closing;
};

static struct pg_session *session_of(struct pg_link *link)
{
	return (struct pg_session *)link;
}

/* --- the end of an operation --- */

const char *pg_session_cell(const struct pg_session_result *result, size_t row, size_t column)
{
	const PGresult *r = result->cells;
	if (row >= result->rows || column >= result->columns || PQgetisnull(r, (int)row, (int)column))
		return NULL;
	return PQgetvalue(r, (int)row, (int)column);
}

static struct pg_session_result result_of(const struct pg_session *s)
{
	const PGresult *r = s->answer;
	struct pg_session_result result = { .error = s->error, .sqlstate = "", .detail = s->why, .cells = r };
	if (s->error || !r)
		return result;
	ExecStatusType status = PQresultStatus(r);
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_COPY_IN) {
		const char *sqlstate = PQresultErrorField(r, PG_DIAG_SQLSTATE);
		result.sqlstate = sqlstate ? sqlstate : "";
		result.error = pg_error_of(result.sqlstate);
		result.detail = PQresultErrorMessage(r);
		return result;
	}
	result.detail = "";
	result.columns = (size_t)PQnfields(r);
	result.rows = status == PGRES_TUPLES_OK ? (size_t)PQntuples(r) : (size_t)strtoull(PQcmdTuples((PGresult *)r), NULL, 10);
	return result;
}

static void decode(struct pg_session *s, struct pg_session_result *result)
{
	const struct query_row *query = s->query;
	s->query = NULL;
	if (!query || result->error)
		return;
	result->error = pg_decode(s->arena, query, s->answer, &result->decoded, &result->detail);
}

static void finish(struct pg_session *s, enum state next)
{
	pg_session_fn *done = s->done;
	PGresult *answer = s->answer;
	struct pg_session_result result = result_of(s);
	decode(s, &result);
	char why[PG_DETAIL_MAX];
	memcpy(why, s->why, sizeof(why));
	if (result.detail == s->why)
		result.detail = why;
	uv_timer_stop(&s->deadline);
	s->done = NULL;
	s->answer = NULL;
	s->state = s->state == LOST ? LOST : next;
	if (done)
		done(s->ctx, &result); /* may close the session */
	PQclear(answer);
}

static void take_answers(struct pg_session *s);

static void on_soon(uv_timer_t *timer)
{
	struct pg_session *s = timer->data;
	if (s->closing || !s->done)
		return;
	if (s->state == ENDING)
		take_answers(s);
	else
		finish(s, s->state == PUTTING ? COPYING : IDLE);
}

static void finish_soon(struct pg_session *s)
{
	uv_timer_start(&s->soon, on_soon, 0, 0);
}

static void lose(struct pg_session *s, enum error error, const char *why)
{
	s->state = LOST;
	s->error = error;
	pg_copy_text(s->why, sizeof(s->why), why);
	if (s->done)
		finish_soon(s);
}

static void on_deadline(uv_timer_t *timer)
{
	struct pg_session *s = timer->data;
	lose(s, ERROR_deadline, "no answer in time; the outcome is not known");
	pg_link_drop(&s->link, "deadline");
}

static void begin(struct pg_session *s, enum state state, pg_session_fn *done)
{
	assert(!s->done && !s->closing);
	s->done = done;
	if (s->state != LOST)
		s->error = ERROR_none;
	if (s->state == LOST) {
		finish_soon(s);
		return;
	}
	s->state = state;
	uv_timer_start(&s->deadline, on_deadline, (uint64_t)(s->statement_ms + PG_SESSION_GRACE_MS), 0);
}

/* --- out --- */

/* `sent`: everything before went well. A piece is on its way until nothing is left. */
static void flush(struct pg_session *s, bool sent)
{
	int left = sent ? PQflush(s->link.conn) : -1;
	if (left >= 0)
		pg_link_want_write(&s->link, left > 0);
	if (!pg_link_alive(&s->link) || left < 0) {
		pg_link_drop(&s->link, PQerrorMessage(s->link.conn));
		return;
	}
	if (s->state == PUTTING && left == 0)
		finish_soon(s);
}

void pg_session_run(struct pg_session *s, const char *sql, const char *const *params, size_t n, pg_session_fn *done)
{
	assert(s->state == IDLE || s->state == LOST);
	begin(s, RUNNING, done);
	if (s->state == RUNNING)
		flush(s, PQsendQueryParams(s->link.conn, sql, (int)n, NULL, params, NULL, NULL, 0));
}

void pg_session_query(struct pg_session *s, struct arena *arena, const struct pg_statement *statement, pg_session_fn *done)
{
	const struct query_row *query = &query_rows[statement->query];
	struct pg_bound b;
	Oid types[PG_SESSION_PARAMS_MAX];
	assert(s->state == IDLE || s->state == LOST);
	assert(query->param_count <= PG_SESSION_PARAMS_MAX);
	begin(s, RUNNING, done);
	if (s->state != RUNNING)
		return;
	const char *why = "";
	s->arena = arena;
	s->query = query;
	if (pg_bind(arena, query, statement->params, &b, &why)) {
		s->error = ERROR_db_failed;
		pg_copy_text(s->why, sizeof(s->why), why);
		finish_soon(s);
		return;
	}
	for (size_t i = 0; i < query->param_count; i++)
		types[i] = pg_type_oid(query->params[i].type);
	flush(s, PQsendQueryParams(s->link.conn, query->sql, b.n, types, b.values, b.lengths, b.formats, 1));
}

void pg_session_copy(struct pg_session *s, const char *sql, pg_session_fn *ready)
{
	assert(s->state == IDLE || s->state == LOST);
	begin(s, STARTING, ready);
	if (s->state == STARTING)
		flush(s, PQsendQuery(s->link.conn, sql));
}

void pg_session_put(struct pg_session *s, const char *bytes, size_t len, pg_session_fn *sent)
{
	assert(s->state == COPYING || s->state == LOST);
	begin(s, PUTTING, sent);
	if (s->state == PUTTING)
		flush(s, PQputCopyData(s->link.conn, bytes, (int)len) == 1);
}

void pg_session_copy_end(struct pg_session *s, pg_session_fn *done)
{
	assert(s->state == COPYING || s->state == LOST);
	begin(s, ENDING, done);
	if (s->state != ENDING)
		return;
	flush(s, PQputCopyEnd(s->link.conn, NULL) == 1);
	finish_soon(s); /* what the server refused it has said already, perhaps */
}

/* --- in --- */

static void on_up(struct pg_link *link)
{
	struct pg_session *s = session_of(link);
	char statement[24], idle[24];
	const char *values[] = { statement, idle, s->tenant };
	if (s->state != OPENING) {
		pg_link_drop(link, "too late");
		return;
	}
	snprintf(statement, sizeof(statement), "%lld", (long long)s->statement_ms);
	snprintf(idle, sizeof(idle), "%d", PG_SESSION_IDLE_MS);
	flush(s, PQsendQueryParams(link->conn, settings_sql, 3, NULL, values, NULL, NULL, 0));
}

static void take(struct pg_session *s, PGresult *r)
{
	if (s->answer && PQresultStatus(s->answer) == PGRES_FATAL_ERROR) {
		PQclear(r);
		return;
	}
	PQclear(s->answer);
	s->answer = r;
}

/* All answers of the operation are there. */
static void answered(struct pg_session *s)
{
	bool opened = s->state == OPENING && s->answer && PQresultStatus(s->answer) == PGRES_TUPLES_OK;
	if (s->state == OPENING && !opened) {
		pg_link_drop(&s->link, s->answer ? PQresultErrorMessage(s->answer) : "no answer");
		return;
	}
	if (opened)
		pg_link_good(&s->link);
	finish(s, IDLE);
}

static bool awaits(const struct pg_session *s)
{
	return !s->closing && s->done && (s->state == OPENING || s->state == RUNNING || s->state == STARTING || s->state == ENDING);
}

/* Takes what has arrived. */
static void take_answers(struct pg_session *s)
{
	while (awaits(s) && s->link.state == PG_LINK_UP && !PQisBusy(s->link.conn)) {
		PGresult *r = PQgetResult(s->link.conn);
		if (!r) {
			answered(s);
			return;
		}
		take(s, r);
		if (s->state == STARTING && PQresultStatus(r) == PGRES_COPY_IN) {
			finish(s, COPYING);
			return;
		}
	}
}

static void on_readable(struct pg_session *s)
{
	bool open = PQconsumeInput(s->link.conn);
	if (open)
		take_answers(s);
	if (s->link.state == PG_LINK_UP && !s->closing && (!open || !pg_link_alive(&s->link)))
		pg_link_drop(&s->link, PQerrorMessage(s->link.conn));
}

static void on_ready(struct pg_link *link, bool readable, bool writable)
{
	struct pg_session *s = session_of(link);
	if (writable)
		flush(s, true);
	if (readable && link->state == PG_LINK_UP)
		on_readable(s);
}

/* --- beginning and end --- */

/* While opening the link tries again; a lost session stays lost. */
static void on_down(struct pg_link *link, const char *why)
{
	struct pg_session *s = session_of(link);
	log_event(LOG_debug, "db.session_connection", LOG_S("detail", why));
	PQclear(s->answer);
	s->answer = NULL;
	if (s->state == OPENING && uv_now(link->loop) < s->open_until)
		return;
	uv_timer_stop(&link->timer);
	link->state = PG_LINK_IDLE;
	if (s->state != LOST)
		lose(s, ERROR_db_unavailable, why);
}

static void handle_closed(struct pg_session *s)
{
	if (--s->handles == 0)
		free(s);
}

static void on_ended(struct pg_link *link)
{
	handle_closed(session_of(link));
}

static void on_timer_closed(uv_handle_t *handle)
{
	handle_closed(handle->data);
}

static const struct pg_link_calls session_calls = { on_up, on_ready, on_down, on_ended };

static void init_timer(struct pg_session *s, uv_timer_t *timer)
{
	uv_timer_init(s->link.loop, timer);
	timer->data = s;
	s->handles++;
}

enum error pg_session_open(const struct pg_session_config *config, pg_session_fn *opened, void *ctx, struct pg_session **session_r)
{
	struct pg_session *s = calloc(1, sizeof(*s));
	if (!s)
		return ERROR_internal;
	pg_copy_text(s->tenant, sizeof(s->tenant), config->tenant);
	s->statement_ms = config->statement_ms;
	s->open_until = uv_now(config->pg->loop) + (uint64_t)config->open_ms;
	s->ctx = ctx;
	s->done = opened;
	pg_link_init(&s->link, config->pg->loop, &config->pg->target, &session_calls);
	s->handles = 1;
	init_timer(s, &s->deadline);
	init_timer(s, &s->soon);
	uv_timer_start(&s->deadline, on_deadline, (uint64_t)config->open_ms, 0);
	pg_link_start(&s->link);
	*session_r = s;
	return ERROR_none;
}

bool pg_session_usable(const struct pg_session *s)
{
	return s->state != OPENING && s->state != LOST;
}

void pg_session_close(struct pg_session **session)
{
	struct pg_session *s = *session;
	*session = NULL;
	if (!s)
		return;
	s->closing = true;
	s->done = NULL;
	PQclear(s->answer);
	s->answer = NULL;
	uv_close((uv_handle_t *)&s->deadline, on_timer_closed);
	uv_close((uv_handle_t *)&s->soon, on_timer_closed);
	pg_link_end(&s->link);
}
