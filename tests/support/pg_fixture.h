/* pg_fixture.h - a migrated database of a test's own, made in the server of TEST_DATABASE_URL and dropped at the end, with a pool on a loop.
 *
 * Blocking: pg_fixture_run() runs the loop until its answer is there. Both sample restaurants are loaded; `olive` and `jar` are their ids.
 * What cannot be had ends the test at once with a message (abort).
 */
#ifndef TESTS_PG_FIXTURE_H
#define TESTS_PG_FIXTURE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/arena.h"
#include "common/id.h"
#include "common/pg.h"
#include "common/pg_script.h"

#define PG_FIXTURE_WAIT_MS 30000

/* Values of array parameters: .session_ids = TEXTS("a", "b") */
#define PG_FIXTURE_LIST(type, ...) \
	{ \
		(type[]){ __VA_ARGS__ }, sizeof((type[]){ __VA_ARGS__ }) / sizeof(type) \
	}
#define TEXTS(...) PG_FIXTURE_LIST(const char *const, __VA_ARGS__)
#define INTS(...) PG_FIXTURE_LIST(const int64_t, __VA_ARGS__)
#define BOOLS(...) PG_FIXTURE_LIST(const bool, __VA_ARGS__)

struct pg_fixture {
	char name[64], url[700];
	uv_loop_t loop;
	struct pg *pg;
	struct arena *arena;     /* of all answers; lives until the end */
	struct pg_script *owner; /* the login role: owner of the tables */
	char olive[ID_TEXT], jar[ID_TEXT];
};

void pg_fixture_open(struct pg_fixture *f);  /* migrated, seeded, pool of two connections */
void pg_fixture_empty(struct pg_fixture *f); /* only the empty database; no pool (pg NULL) */
void pg_fixture_close(struct pg_fixture *f);
void pg_fixture_pool(struct pg_fixture *f, int connections); /* another pool in place of the one there is */

const struct pg_result *pg_fixture_run(struct pg_fixture *f, const char *tenant, const struct pg_statement *statements, size_t n);
#define pg_fixture_query(f, tenant, name, ...) \
	pg_fixture_run((f), (tenant), &(struct pg_statement){ QUERY_##name, &(struct name##_params){ __VA_ARGS__ } }, 1)
/* The first row; the test fails when there is none. */
#define pg_fixture_row(f, tenant, name, ...) ((const struct name##_row *)pg_fixture_first(pg_fixture_query(f, tenant, name, __VA_ARGS__)))
const void *pg_fixture_first(const struct pg_result *result);

/* Turns of the loop until `done(ctx)`; false after PG_FIXTURE_WAIT_MS. */
bool pg_fixture_until(struct pg_fixture *f, bool (*done)(void *ctx), void *ctx);

/* As the owner; the first value as text, "" for NULL or no row. Fails the test when the statement fails. */
const char *pg_fixture_value(struct pg_fixture *f, const char *sql);
/* One more blocking connection. */
struct pg_script *pg_fixture_script(struct pg_fixture *f);

/* `worker migrate` in a process of its own: its exit code; both outputs are in *said_r (until the next call). dir NULL: the product's migrations. */
int pg_fixture_migrate(const struct pg_fixture *f, const char *dir, const char **said_r);
int pg_fixture_seed(const struct pg_fixture *f, char **files, int count, const char **said_r);
/* deploy/dev/postgres.sh stop|start|kill of TEST_POSTGRES_DIR. */
void pg_fixture_server(const char *command);

#endif
