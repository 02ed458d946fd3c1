/* stack_database.c - the database of a stack; see stack.h. */
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "tests/support/stack_internal.h"
#include "tests/support/test_database.h"

void stack_make_database(struct stack *s)
{
	test_database_copy(s->name);
	snprintf(s->url, sizeof(s->url), "%s", test_database_url(s->name));
}

static PGresult *try_query(struct stack *s, const char *sql)
{
	if (!s->db || PQstatus(s->db) != CONNECTION_OK) {
		PQfinish(s->db);
		s->db = PQconnectdb(s->url);
	}
	if (PQstatus(s->db) != CONNECTION_OK)
		return NULL;
	PGresult *result = PQexec(s->db, sql);
	ExecStatusType status = PQresultStatus(result);
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
		return result;
	CHECK(PQstatus(s->db) != CONNECTION_OK, "%s: %s", sql, PQerrorMessage(s->db));
	PQclear(result);
	return NULL;
}

static const char *keep_text(struct stack *s, const char *text)
{
	free(s->text);
	s->text = strdup(text);
	return s->text;
}

const char *stack_query(struct stack *s, const char *sql)
{
	PGresult *result = NULL;
	for (int64_t until = clock_ms() + STACK_READY_MS; !(result = try_query(s, sql)); stack_nap())
		CHECK(clock_ms() < until, "the database did not come back: %s", PQerrorMessage(s->db));
	keep_text(s, PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
	PQclear(result);
	return s->text;
}

int64_t stack_count(struct stack *s, const char *sql)
{
	return strtoll(stack_query(s, sql), NULL, 10);
}

void stack_expect(struct stack *s, const char *sql, const char *value, int64_t ms)
{
	for (int64_t until = clock_ms() + ms; strcmp(stack_query(s, sql), value) != 0; stack_nap())
		CHECK(clock_ms() < until, "%s is \"%s\", expected \"%s\"; see %s", sql, s->text, value, s->dir);
}

void stack_drop_database(struct stack *s)
{
	PQfinish(s->db);
	s->db = NULL;
	test_database_drop(s->name);
}
