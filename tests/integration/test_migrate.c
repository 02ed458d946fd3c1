/* test_migrate.c - `worker migrate`: once, twice, two at once, and with files that are not what they were. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/pg_fixture.h"

#define COUNT_SQL "SELECT count(*) FROM schema_migration"
#define PARTIES 4

static struct pg_fixture f;
static char dir[64];
static const char *said;

static void open_fixture(void)
{
	pg_fixture_empty(&f);
	snprintf(dir, sizeof(dir), "/tmp/migrations.XXXXXX");
	cr_assert_not_null(mkdtemp(dir));
}

static void close_fixture(void)
{
	struct dirent **names;
	int n = scandir(dir, &names, NULL, NULL);
	for (int i = 0; i < n; i++) {
		remove(arena_printf(f.arena, "%s/%s", dir, names[i]->d_name));
		free(names[i]);
	}
	free(names);
	cr_expect_eq(rmdir(dir), 0);
	pg_fixture_close(&f);
}

TestSuite(migrate, .init = open_fixture, .fini = close_fixture, .timeout = 120);

static void file(const char *name, const char *sql)
{
	FILE *out = fopen(arena_printf(f.arena, "%s/%s", dir, name), "w");
	cr_assert_not_null(out);
	fputs(sql, out);
	cr_assert_eq(fclose(out), 0);
}

static int migrate(void)
{
	return pg_fixture_migrate(&f, dir, &said);
}

static void role_file(void)
{
	file("0001_role.sql", "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'restaurant_app') THEN CREATE ROLE restaurant_app; END IF;"
	                      " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; CREATE TABLE one (id int)");
}

Test(migrate, the_products_files_apply_once)
{
	cr_assert_eq(pg_fixture_migrate(&f, NULL, &said), 0, "%s", said);
	cr_expect(strstr(said, "applied 0001_") && strstr(said, "applied 0003_access.sql"), "%s", said);
	char *count = arena_strdup(f.arena, pg_fixture_value(&f, COUNT_SQL));
	cr_expect_geq(strtol(count, NULL, 10), 3);
	cr_assert_eq(pg_fixture_migrate(&f, NULL, &said), 0, "%s", said);
	cr_expect_null(strstr(said, "applied 0"), "%s", said);
	cr_expect_str_eq(pg_fixture_value(&f, COUNT_SQL), count);
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT pg_has_role(current_user, 'restaurant_app', 'MEMBER')"), "t");
}

/* Each party is a process of its own; half of them work on another database of the cluster, which shares the roles. */
static pid_t start_party(const struct pg_fixture *fixture)
{
	pid_t pid = fork();
	if (pid == 0) {
		int code = pg_fixture_migrate(fixture, NULL, &said);
		if (code)
			fprintf(stderr, "%s\n", said);
		_exit(code);
	}
	return pid;
}

Test(migrate, several_at_once_apply_each_file_once)
{
	struct pg_fixture g;
	pid_t pids[PARTIES];
	int status;
	pg_fixture_empty(&g);
	for (int i = 0; i < PARTIES; i++)
		pids[i] = start_party(i % 2 ? &f : &g);
	for (int i = 0; i < PARTIES; i++) {
		cr_assert_eq(waitpid(pids[i], &status, 0), pids[i]);
		cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "party %d", i);
	}
	char *count = arena_strdup(f.arena, pg_fixture_value(&f, COUNT_SQL));
	cr_expect_geq(strtol(count, NULL, 10), 3);
	cr_expect_str_eq(pg_fixture_value(&g, COUNT_SQL), count);
	pg_fixture_close(&g);
}

Test(migrate, a_changed_file_is_named)
{
	role_file();
	cr_assert_eq(migrate(), 0, "%s", said);
	file("0001_role.sql", "CREATE TABLE another (id int)");
	file("0002_more.sql", "CREATE TABLE two (id int)");
	cr_expect_eq(migrate(), 1);
	cr_expect(strstr(said, "0001_role.sql was changed"), "%s", said);
	cr_expect_str_eq(pg_fixture_value(&f, COUNT_SQL), "1", "nothing else is applied");
}

Test(migrate, a_failing_file_leaves_nothing_behind)
{
	role_file();
	file("0002_half.sql", "CREATE TABLE half (id int); CREATE TABLE half (id int);");
	file("0003_after.sql", "CREATE TABLE later (id int)");
	cr_expect_eq(migrate(), 1);
	cr_expect(strstr(said, "applied 0001_role.sql") && strstr(said, "0002_half.sql: ") && strstr(said, "already exists"), "%s", said);
	cr_expect_str_eq(pg_fixture_value(&f, COUNT_SQL), "1");
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT to_regclass('half') IS NULL AND to_regclass('later') IS NULL"), "t");
	file("0002_half.sql", "CREATE TABLE half (id int)");
	cr_expect_eq(migrate(), 0, "a file that was never applied may be repaired: %s", said);
	cr_expect_str_eq(pg_fixture_value(&f, COUNT_SQL), "3");
}

Test(migrate, forward_only)
{
	role_file();
	file("0003_third.sql", "CREATE TABLE three (id int)");
	cr_assert_eq(migrate(), 0, "%s", said);
	file("0002_late.sql", "CREATE TABLE two (id int)");
	cr_expect_eq(migrate(), 1);
	cr_expect(strstr(said, "0002_late.sql is new but sorts before"), "%s", said);
	cr_expect_str_eq(pg_fixture_value(&f, COUNT_SQL), "2");
}

Test(migrate, an_older_program_starts_on_a_newer_schema)
{
	role_file();
	file("0002_newer.sql", "CREATE TABLE two (id int)");
	cr_assert_eq(migrate(), 0, "%s", said);
	remove(arena_printf(f.arena, "%s/0002_newer.sql", dir));
	cr_expect_eq(migrate(), 0, "%s", said);
	cr_expect(strstr(said, "0002_newer.sql"), "%s", said);
}

Test(migrate, what_is_missing_is_said)
{
	cr_expect_eq(migrate(), 1);
	cr_expect(strstr(said, "no *.sql files"), "%s", said);
	cr_expect_eq(pg_fixture_migrate(&f, "/nonexistent/folder", &said), 1);
	cr_expect(strstr(said, "/nonexistent/folder"), "%s", said);
	struct pg_fixture nowhere = f;
	snprintf(nowhere.url, sizeof(nowhere.url), "postgresql://nobody@127.0.0.1:1/nothing");
	role_file();
	cr_expect_eq(pg_fixture_migrate(&nowhere, dir, &said), 1);
	cr_expect(strstr(said, "refused"), "%s", said);
}
