/* imports.c - see imports.h. Both sides end with the same rows in the same table with the same indexes, in restaurants of their own, as the same role. */
#include "tests/bench/imports.h"

#include <postgresql/libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "tests/bench/table.h"
#include "tests/support/import_kit.h"
#include "tests/support/import_scene.h"
#include "tests/support/stack_internal.h"

#define ROWS 100000
#define ROUNDS 3
#define WAIT_MS 120000

static double seconds_since(int64_t us)
{
	return (double)(clock_us() - us) / 1e6;
}

static void make_restaurant(struct stack *stack, const char *slug, char id[ID_TEXT])
{
	char sql[300];
	id_uuid(id);
	snprintf(sql, sizeof(sql), "INSERT INTO restaurant (id, name, slug, currency) VALUES ('%s', '%s', '%s', 'EUR')", id, slug, slug);
	stack_query(stack, sql);
}

/* --- the floor --- */

static void run(PGconn *db, const char *sql)
{
	PGresult *r = PQexec(db, sql);
	ExecStatusType status = PQresultStatus(r);
	CHECK(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN, "%s: %s", sql, PQerrorMessage(db));
	PQclear(r);
}

static void copy(PGconn *db, const char *file, size_t len)
{
	run(db, "COPY up FROM STDIN (FORMAT csv, HEADER)");
	for (size_t at = 0; at < len; at += 1 << 16)
		CHECK(PQputCopyData(db, file + at, (int)(len - at < 1 << 16 ? len - at : 1 << 16)) == 1);
	CHECK(PQputCopyEnd(db, NULL) == 1);
	for (PGresult *r; (r = PQgetResult(db)); PQclear(r))
		CHECK(PQresultStatus(r) == PGRES_COMMAND_OK, "%s", PQerrorMessage(db));
}

static double floor_seconds(struct stack *stack, const char *slug, const char *file, size_t len)
{
	char id[ID_TEXT], sql[200];
	make_restaurant(stack, slug, id);
	PGconn *db = PQconnectdb(stack_database_url(stack));
	snprintf(sql, sizeof(sql), "SELECT set_config('app.tenant', '%s', false), set_config('jit', 'off', false), set_config('work_mem', '64MB', false)", id);
	run(db, sql);
	run(db, "SET ROLE restaurant_app");
	int64_t began = clock_us();
	run(db, "CREATE TEMP TABLE up (external_id text, category text, name text, description text, price numeric, spice_level smallint, contains text, may_contain text, tags text,"
	        " is_available boolean)");
	copy(db, file, len);
	run(db, "BEGIN");
	run(db, "INSERT INTO menu_category (restaurant_id, id, name) SELECT app_tenant(), gen_random_uuid(), x.category FROM (SELECT DISTINCT category FROM up) x");
	run(db, "INSERT INTO menu_item AS i (restaurant_id, id, category_id, external_id, name, description, price, spice_level, allergen_info, tags, is_available)"
	        " SELECT app_tenant(), gen_random_uuid(), c.id, u.external_id, u.name, u.description, u.price, u.spice_level, jsonb_build_object('contains',"
	        " to_jsonb(string_to_array(u.contains, ', ')), 'may_contain', to_jsonb(string_to_array(u.may_contain, ', ')), 'free_of', '[]'::jsonb, 'reviewed_at', NULL, 'reviewed_by', NULL),"
	        " string_to_array(u.tags, '|'), u.is_available FROM up u JOIN menu_category c ON c.restaurant_id = app_tenant() AND c.name = u.category"
	        " ON CONFLICT (external_id, restaurant_id) WHERE deleted_at IS NULL DO UPDATE SET name = excluded.name, description = excluded.description, price = excluded.price,"
	        " spice_level = excluded.spice_level, allergen_info = excluded.allergen_info, tags = excluded.tags, is_available = excluded.is_available");
	run(db, "COMMIT");
	double seconds = seconds_since(began);
	PQfinish(db);
	return seconds;
}

/* --- ours --- */

static void await(struct stack *stack, const char *import, const char *status)
{
	char sql[200];
	snprintf(sql, sizeof(sql), "SELECT status FROM menu_import WHERE id = '%s'", import);
	for (int64_t until = clock_ms() + WAIT_MS; strcmp(stack_query(stack, sql), status) != 0; stack_nap())
		CHECK(clock_ms() < until, "the import is not %s", status);
}

static double our_seconds(struct stack *stack, const char *slug, const char *file, size_t len, double *preview_r)
{
	char id[ID_TEXT], import[ID_TEXT] = "", operation[ID_TEXT] = "";
	make_restaurant(stack, slug, id);
	struct import_kit *kit = import_kit_new(stack_brokers(stack), stack_topic_prefix(stack), id);
	int64_t began = clock_us();
	import_kit_send(kit, &(struct import_file_sent){ .bytes = file, .len = len }, import);
	await(stack, import, "ready");
	*preview_r = seconds_since(began);
	import_kit_edit(kit, "import_apply", import, "{}", operation);
	await(stack, import, "applied");
	double seconds = seconds_since(began);
	import_kit_free(&kit);
	return seconds;
}

void bench_imports(struct stack *stack)
{
	size_t len;
	char *file = import_scene_file(ROWS, 5, &len), slug[40];
	double ours[ROUNDS], floors[ROUNDS], preview = 0;
	for (int i = 0; i < ROUNDS; i++) {
		snprintf(slug, sizeof(slug), "bench-upsert-%d", i);
		floors[i] = floor_seconds(stack, slug, file, len);
		snprintf(slug, sizeof(slug), "bench-import-%d", i);
		ours[i] = our_seconds(stack, slug, file, len, &preview);
		printf("  import of %d rows: %.2f s, of which preview %.2f s; COPY and upsert %.2f s\n", ROWS, ours[i], preview, floors[i]);
	}
	free(file);
	table_sort(ours, ROUNDS);
	table_sort(floors, ROUNDS);
	table_add(&(struct table_row){ .id = "import_ratio", .what = "import of 100,000 rows against plain COPY + upsert", .unit = "x", .value = ours[ROUNDS / 2] / floors[ROUNDS / 2], .floor = 1, .floor_what = "x, COPY + upsert", .original = -1, .goal = 2, .direction = TABLE_AT_MOST });
	table_add(&(struct table_row){ .id = "import_seconds", .what = "import of 100,000 rows: file to preview to live menu", .unit = "s", .value = ours[ROUNDS / 2], .floor = floors[ROUNDS / 2], .floor_what = "s, COPY + upsert", .original = 2.5, .goal = 2.5, .direction = TABLE_AT_MOST });
}
