/* fake_pg.c - pg.h by hand; see fakes.h. */
#include <stdlib.h>
#include <string.h>

#include "tests/flow/fakes.h"

#define CALLS_MAX 64

struct pg_call {
	struct pg_statement statements[PG_STATEMENTS_MAX];
	size_t n;
	pg_done_fn *done;
	void *ctx;
	bool open;
};

static struct pg_call calls[CALLS_MAX];
static size_t first, last;

void fake_pg_reset(void);
void fake_pg_reset(void)
{
	first = last = 0;
}

static struct pg_call *oldest(void)
{
	while (first < last && !calls[first].open)
		first++;
	if (first == last)
		abort();
	return &calls[first];
}

size_t fake_pg_open(void)
{
	size_t n = 0;
	for (size_t i = first; i < last; i++)
		n += calls[i].open;
	return n;
}

const struct pg_statement *fake_pg_statement(size_t i)
{
	return &oldest()->statements[i];
}

void fake_pg_answer_many(const struct pg_rows *rows, size_t statements)
{
	struct pg_call *call = oldest();
	struct pg_result result = { .sqlstate = "", .detail = "" };
	for (size_t i = 0; i < statements; i++)
		result.rows[i] = rows[i];
	call->open = false;
	call->done(call->ctx, &result);
}

void fake_pg_answer(enum error error, const void *rows, size_t n)
{
	struct pg_call *call = oldest();
	struct pg_result result = { .error = error, .sqlstate = "", .detail = error ? "made up" : "", .rows = { { rows, n } } };
	call->open = false;
	call->done(call->ctx, &result);
}

/* As pg_run() does: the caller's struct may be gone when a test looks at it. */
static const void *copy_params(struct arena *arena, const struct pg_statement *statement)
{
	size_t size = query_rows[statement->query].params_size;
	return statement->params && size ? memcpy(arena_alloc(arena, size), statement->params, size) : statement->params;
}

struct pg_call *pg_run(struct pg *pg, struct arena *arena, const char *tenant, const struct pg_statement *statements,
                       size_t n, pg_done_fn *done, void *ctx)
{
	(void)pg;
	(void)tenant;
	if (last == CALLS_MAX)
		abort();
	struct pg_call *call = &calls[last++];
	*call = (struct pg_call){ .n = n, .done = done, .ctx = ctx, .open = true };
	for (size_t i = 0; i < n; i++)
		call->statements[i] = (struct pg_statement){ statements[i].query, copy_params(arena, &statements[i]) };
	return call;
}

void pg_cancel(struct pg_call **call)
{
	if (*call)
		(*call)->open = false;
	*call = NULL;
}
