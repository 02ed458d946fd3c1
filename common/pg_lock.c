/* pg_lock.c - a session-level advisory lock on a connection of its own. See pg.h. */
#include <stdio.h>
#include <stdlib.h>

#include "common/log.h"
#include "common/pg_conn.h"

struct pg_lock {
	struct pg_link link; /* first: a link is its lock */
	int space, first, count;
	int key;                /* -1: not held */
	pg_lock_fn *got, *lost; /* got NULL: was called */
	void *ctx;
	uint64_t deadline; /* of the claim */
};

static struct pg_lock *lock_of(struct pg_link *link)
{
	return (struct pg_lock *)link;
}

/* The function runs for one row after the other until one is got. */
static const char claim_sql[] = "SELECT key FROM generate_series($2::integer, $2::integer + $3::integer - 1) key WHERE pg_try_advisory_lock($1::integer, key) LIMIT 1";

static void flush(struct pg_link *link, bool sent)
{
	int left = sent ? PQflush(link->conn) : -1;
	pg_link_want_write(link, left > 0);
	if (!pg_link_alive(link) || left < 0)
		pg_link_drop(link, PQerrorMessage(link->conn));
}

static void on_up(struct pg_link *link)
{
	struct pg_lock *l = lock_of(link);
	char texts[3][12];
	const char *values[] = { texts[0], texts[1], texts[2] };
	snprintf(texts[0], sizeof(texts[0]), "%d", l->space);
	snprintf(texts[1], sizeof(texts[1]), "%d", l->first);
	snprintf(texts[2], sizeof(texts[2]), "%d", l->count);
	flush(link, PQsendQueryParams(link->conn, claim_sql, 3, NULL, values, NULL, NULL, 0));
}

static void tell_got(struct pg_lock *l, int key)
{
	pg_lock_fn *got = l->got;
	l->got = NULL;
	l->key = key;
	if (got)
		got(l->ctx, key);
}

static void take(struct pg_lock *l, const PGresult *r)
{
	if (PQresultStatus(r) != PGRES_TUPLES_OK) {
		pg_link_drop(&l->link, PQresultErrorMessage(r));
		return;
	}
	pg_link_good(&l->link);
	tell_got(l, PQntuples(r) ? (int)strtol(PQgetvalue(r, 0, 0), NULL, 10) : -1);
}

static void on_ready(struct pg_link *link, bool readable, bool writable)
{
	struct pg_lock *l = lock_of(link);
	if (writable)
		flush(link, true);
	if (!readable || link->state != PG_LINK_UP)
		return;
	if (!PQconsumeInput(link->conn)) {
		pg_link_drop(link, PQerrorMessage(link->conn));
		return;
	}
	while (link->state == PG_LINK_UP && l->got && !PQisBusy(link->conn)) {
		PGresult *r = PQgetResult(link->conn);
		if (!r)
			return;
		take(l, r);
		PQclear(r);
	}
}

/* Before the claim the link tries again until the deadline; a lost lock stays lost. */
static void on_down(struct pg_link *link, const char *why)
{
	struct pg_lock *l = lock_of(link);
	int key = l->key;
	log_event(key < 0 ? LOG_debug : LOG_warn, "db.lock_connection", LOG_S("detail", why), LOG_I("key", key));
	if (l->got && uv_now(link->loop) < l->deadline)
		return;
	bool claiming = l->got;
	uv_timer_stop(&link->timer);
	link->state = PG_LINK_IDLE;
	l->key = -1;
	if (claiming)
		tell_got(l, -1);
	else if (key >= 0 && l->lost)
		l->lost(l->ctx, key);
}

static void on_ended(struct pg_link *link)
{
	free(lock_of(link));
}

static const struct pg_link_calls lock_calls = { on_up, on_ready, on_down, on_ended };

enum error pg_lock_claim(struct pg *pg, int space, int first, int count, pg_lock_fn *got, pg_lock_fn *lost, void *ctx, struct pg_lock **lock_r)
{
	struct pg_lock *l = calloc(1, sizeof(*l));
	if (!l)
		return ERROR_internal;
	l->space = space;
	l->first = first;
	l->count = count;
	l->key = -1;
	l->got = got;
	l->lost = lost;
	l->ctx = ctx;
	l->deadline = uv_now(pg->loop) + PG_DEADLINE_MS;
	pg_link_init(&l->link, pg->loop, &pg->target, &lock_calls);
	pg_link_start(&l->link);
	*lock_r = l;
	return ERROR_none;
}

void pg_lock_release(struct pg_lock **lock)
{
	if (*lock)
		pg_link_end(&(*lock)->link);
	*lock = NULL;
}
