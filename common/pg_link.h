/* pg_link.h - one connection to PostgreSQL, made without blocking the loop: name look-up on libuv's pool, connecting step by step, back-off.
 *
 * For the files of common/pg only. The owner embeds a struct pg_link and is told when the connection is up, when its socket is ready, and when
 * it is lost or could not be made; after each loss the link connects again by itself, later each time (PG_BACKOFF_MIN_MS to PG_BACKOFF_MAX_MS).
 * Host names are looked up for every attempt, so a database that moved is found. Several hosts in one conninfo, or a service file, are left to libpq, which looks
 * them up itself and blocks meanwhile: give addresses there.
 */
#ifndef COMMON_PG_LINK_H
#define COMMON_PG_LINK_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "common/pg_libpq.h"

#define PG_BACKOFF_MIN_MS 100
#define PG_BACKOFF_MAX_MS 5000
#define PG_CONNECT_MS 5000 /* for one attempt */
#define PG_WORDS_MAX 64

/* A conninfo taken apart, with our defaults added. */
struct pg_target {
	PQconninfoOption *options;                                 /* owner of the texts */
	const char *keywords[PG_WORDS_MAX], *values[PG_WORDS_MAX]; /* end with NULL; the first two are host and hostaddr */
	const char *lookup;                                        /* host name to look up; NULL: libpq needs no look-up */
	char program[64];
};

MUST_CHECK enum error pg_target_parse(const char *conninfo, const char *program, struct pg_target *target);
void pg_target_free(struct pg_target *target);

enum pg_link_state {
	PG_LINK_IDLE,  /* not started, or ended */
	PG_LINK_PAUSE, /* back-off */
	PG_LINK_LOOKUP,
	PG_LINK_CONNECTING,
	PG_LINK_UP
};

struct pg_link;
struct pg_link_calls {
	void (*up)(struct pg_link *link);
	void (*ready)(struct pg_link *link, bool readable, bool writable); /* may call pg_link_drop() */
	void (*down)(struct pg_link *link, const char *why);               /* after a loss or a failed attempt; `why` is valid during the call */
	void (*ended)(struct pg_link *link);                               /* the last call: the memory may be freed */
};

struct pg_link {
	uv_loop_t *loop;
	const struct pg_target *target;
	const struct pg_link_calls *calls;
	enum pg_link_state state;
	PGconn *conn; /* only while CONNECTING or UP */
	uv_poll_t *poll;
	int events;
	uv_timer_t timer;
	uv_getaddrinfo_t *lookup;
	unsigned failures;
	bool ending;
};

void pg_link_init(struct pg_link *link, uv_loop_t *loop, const struct pg_target *target, const struct pg_link_calls *calls);
void pg_link_start(struct pg_link *link);
/* libpq may find while sending that the connection is gone, close the socket, and report success. Ask after everything that sends; on false the socket is not
 * watched any more (its number may already be another's) and the owner must drop the link. */
bool pg_link_alive(struct pg_link *link);
void pg_link_want_write(struct pg_link *link, bool write); /* reading is always wanted */
/* The owner's own beginning is over and it works: the next loss begins with the shortest pause. Without it, up to PG_CONNECT_MS after `up`, the link is dropped. */
void pg_link_good(struct pg_link *link);
/* Closes the connection, calls `down`, connects again after a pause. No effect unless CONNECTING or UP. */
void pg_link_drop(struct pg_link *link, const char *why);
/* For good, without `down`; `ended` comes on a later turn. */
void pg_link_end(struct pg_link *link);

/* What a refusal of the server comes to. "": there was none, the connection is gone. */
enum error pg_error_of(const char *sqlstate);

/* Copies as much as fits, without a line's end. */
void pg_copy_text(char *out, size_t size, const char *text);

#endif
