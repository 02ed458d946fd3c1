/* test_import_faults.c - imports whose worker is killed, and imports and edits that get in each other's way: one order, the old menu or the new one, never a mix. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "tests/support/import_scene.h"

#define ROWS 30000
#define ROWS_TEXT "30000"
#define LIVE "SELECT count(*) FROM menu_item WHERE deleted_at IS NULL AND restaurant_id = (SELECT id FROM restaurant WHERE slug = 'olive-ember')"
#define VERSION "SELECT menu_version FROM restaurant WHERE slug = 'olive-ember'"
#define BUSY_WITH(text) \
	"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%%" text "%%'"

static struct import_scene s;

static void open_scene(void)
{
	import_scene_open(&s, &(struct stack_options){ .env = { "KAFKA_SESSION_MS=1500", NULL } });
}

static void close_scene(void)
{
	import_scene_close(&s);
}

TestSuite(import_faults, .init = open_scene, .fini = close_scene, .timeout = 300);

static void send_rows(size_t rows, int price)
{
	size_t len;
	char *file = import_scene_file(rows, price, &len);
	import_scene_upload(&s, &(struct import_file_sent){ .bytes = file, .len = len });
	free(file);
}

/* Looks until it is so; the fault must hit in the middle, so what is over before it was seen fails the test. */
static void wait_until(const char *sql)
{
	for (int64_t until = clock_ms() + IMPORT_SCENE_MS; strcmp(import_scene_value(&s, sql), "0") == 0;)
		cr_assert_lt(clock_ms(), until, "%s", sql);
}

static void kill_worker(void)
{
	stack_kill(s.stack, STACK_WORKER, 0);
	stack_launch(s.stack, STACK_WORKER, 0);
}

Test(import_faults, a_worker_killed_while_it_previews)
{
	send_rows(ROWS, 5);
	wait_until(BUSY_WITH("COPY stage"));
	kill_worker();
	wait_until(BUSY_WITH("import_plan"));
	kill_worker();
	import_scene_status(&s, "ready");
	cr_expect_str_eq(import_scene_counts(&s), "create " ROWS_TEXT);
	cr_expect_str_eq(import_scene_value(&s, "SELECT count(*) FROM import_chunk WHERE import_id = '%s'"), "0");
	cr_expect_str_eq(import_scene_value(&s, "SELECT count(*) FROM import_row WHERE import_id = '%s'"), ROWS_TEXT);
	cr_expect_str_eq(import_scene_value(&s, LIVE), "0");
}

Test(import_faults, a_worker_killed_while_it_applies)
{
	send_rows(ROWS, 5);
	import_scene_status(&s, "ready");
	import_kit_edit(s.kit, "import_apply", s.import, "{}", s.operation);
	wait_until(BUSY_WITH("edit_apply"));
	stack_kill(s.stack, STACK_WORKER, 0);
	for (int i = 0; i < 20; i++) {
		const char *menu = import_scene_value(&s, "SELECT r.menu_version || '/' || (SELECT count(*) FROM menu_item i WHERE i.restaurant_id = r.id AND i.deleted_at IS NULL)"
		                                          " FROM restaurant r WHERE r.slug = 'olive-ember'");
		cr_assert(!strcmp(menu, "1/0") || !strcmp(menu, "2/" ROWS_TEXT), "%s", menu);
	}
	stack_launch(s.stack, STACK_WORKER, 0);
	import_scene_status(&s, "applied");
	cr_expect_str_eq(import_scene_value(&s, LIVE), ROWS_TEXT);
	cr_expect_str_eq(import_scene_value(&s, VERSION), "2");
	cr_expect_str_eq(import_scene_value(&s, "SELECT count(*) FROM audit WHERE action = 'import_apply' AND target_id = '%s'"), "1");
	cr_expect_eq(import_scene_undo(&s), 200, "%s", import_scene_told(&s));
	cr_expect_str_eq(import_scene_value(&s, LIVE), "0");
}

Test(import_faults, two_at_once_and_an_edit_in_between)
{
	char first[ID_TEXT];
	send_rows(100, 5);
	memcpy(first, s.import, sizeof(first));
	send_rows(200, 50);
	import_scene_status(&s, "ready");
	char second[ID_TEXT];
	memcpy(second, s.import, sizeof(second));
	memcpy(s.import, first, sizeof(first));
	import_scene_status(&s, "ready");
	cr_expect_eq(import_scene_edit(&s, "import_apply", first, "{}"), 200, "%s", import_scene_told(&s));
	cr_expect_eq(import_scene_edit(&s, "import_apply", second, "{}"), 409);
	cr_expect(strstr(import_scene_told(&s), "import_apply"), "%s", import_scene_told(&s));
	cr_expect_str_eq(import_scene_value(&s, LIVE), "100");
	const char *item = import_scene_value(&s, "SELECT id FROM menu_item WHERE external_id = 'SKU7' AND deleted_at IS NULL");
	cr_expect_eq(import_scene_edit(&s, "item_update", item, "{\"price\":99.5}"), 200, "%s", import_scene_told(&s));
	cr_expect_eq(import_scene_edit(&s, "import_undo", first, NULL), 409, "the edit would be lost");
	cr_expect(strstr(import_scene_told(&s), "item_update \"Dish number 7\""), "%s", import_scene_told(&s));
	cr_expect_str_eq(import_scene_value(&s, "SELECT price FROM menu_item WHERE external_id = 'SKU7' AND deleted_at IS NULL"), "99.500");
}

Test(import_faults, uploads_that_are_not_whole_are_rejected)
{
	import_scene_upload(&s, &(struct import_file_sent){ .bytes = "name,category\nTea,Drinks\n", .len = 24, .chunk = 8, .withheld = 1 });
	import_scene_status(&s, "rejected");
	cr_expect_str_eq(import_scene_value(&s, "SELECT reason FROM menu_import WHERE id = '%s'"), "upload_incomplete");
	import_scene_upload(&s, &(struct import_file_sent){ .bytes = "name,category\nTea,Drinks\n", .len = 24, .chunk = 8 });
	import_scene_status(&s, "ready");
	import_scene_upload(&s, &(struct import_file_sent){ .bytes = "price\n1\n", .len = 8 });
	import_scene_status(&s, "rejected");
	cr_expect_str_eq(import_scene_value(&s, "SELECT reason || ' ' || (notes -> 0 ->> 'code') FROM menu_import WHERE id = '%s'"), "file_refused column_missing");
	for (int i = 0; i < 4; i++)
		import_scene_upload(&s, &(struct import_file_sent){ .bytes = "name\n", .len = 5, .silent = true });
	import_scene_status(&s, "rejected");
	cr_expect_str_eq(import_scene_value(&s, "SELECT reason FROM menu_import WHERE id = '%s'"), "too_many_imports");
}
