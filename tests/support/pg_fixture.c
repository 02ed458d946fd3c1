/* pg_fixture.c - see pg_fixture.h. */
#include "tests/support/pg_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/config.h"
#include "common/log.h"
#include "tests/support/test_database.h"
#include "workers/migrate.h"
#include "workers/seed.h"

#define SAID_BYTES 8192

static void die(const char *what, const char *why)
{
	fprintf(stderr, "pg_fixture: %s: %s\n", what, why);
	abort();
}

static const char *need(const char *name)
{
	const char *value = getenv(name);
	if (!value || !*value)
		die(name, "is not set: run the tests by tests/run.sh");
	return value;
}

/* --- the database --- */

static struct pg_script *connect_to(const char *url)
{
	struct pg_script *script = NULL;
	if (pg_script_open(url, "test", &script))
		die("cannot connect", pg_script_error(script));
	return script;
}

static void open_database(struct pg_fixture *f, void (*make)(const char *name))
{
	char random[17];
	*f = (struct pg_fixture){ 0 };
	log_init("test", LOG_error);
	id_random_hex(random, 8);
	snprintf(f->name, sizeof(f->name), "test_%s", random);
	snprintf(f->url, sizeof(f->url), "%s", test_database_url(f->name));
	make(f->name);
	f->owner = connect_to(f->url);
	f->arena = arena_new();
	if (uv_loop_init(&f->loop))
		die("uv_loop_init", "failed");
}

void pg_fixture_empty(struct pg_fixture *f)
{
	open_database(f, test_database_create);
}

void pg_fixture_pool(struct pg_fixture *f, int connections)
{
	const struct pg_config config = { .loop = &f->loop, .conninfo = f->url, .pool = connections, .program = "test" };
	pg_free(&f->pg);
	if (pg_new(&config, &f->pg))
		die("pg_new", f->url);
}

static void copy_id(struct pg_fixture *f, char out[ID_TEXT], const char *slug)
{
	char sql[100];
	snprintf(sql, sizeof(sql), "SELECT id FROM restaurant WHERE slug = '%s'", slug);
	snprintf(out, ID_TEXT, "%s", pg_fixture_value(f, sql));
}

void pg_fixture_open(struct pg_fixture *f)
{
	open_database(f, test_database_copy);
	copy_id(f, f->olive, "olive-ember");
	copy_id(f, f->jar, "the-cookie-jar");
	pg_fixture_pool(f, 2);
}

void pg_fixture_close(struct pg_fixture *f)
{
	pg_free(&f->pg);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&f->loop))
		die("uv_loop_close", "a handle was left open");
	arena_free(&f->arena);
	pg_script_close(&f->owner);
	test_database_drop(f->name);
}

const char *pg_fixture_value(struct pg_fixture *f, const char *sql)
{
	if (pg_script_run(f->owner, sql))
		die(sql, pg_script_error(f->owner));
	const char *value = pg_script_cell(f->owner, 0, 0);
	return value ? value : "";
}

struct pg_script *pg_fixture_script(struct pg_fixture *f)
{
	return connect_to(f->url);
}

/* --- runs --- */

static void on_wait_over(uv_timer_t *timer)
{
	*(bool *)timer->data = true;
}

static void on_turn(uv_timer_t *timer)
{
	(void)timer;
}

bool pg_fixture_until(struct pg_fixture *f, bool (*done)(void *ctx), void *ctx)
{
	bool over = false;
	uv_timer_t limit, turn;
	uv_timer_init(&f->loop, &limit);
	uv_timer_init(&f->loop, &turn);
	limit.data = &over;
	uv_timer_start(&limit, on_wait_over, PG_FIXTURE_WAIT_MS, 0);
	uv_timer_start(&turn, on_turn, 10, 10);
	bool fine;
	while (!(fine = done(ctx)) && !over)
		uv_run(&f->loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&limit, NULL);
	uv_close((uv_handle_t *)&turn, NULL);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	return fine;
}

struct answer {
	struct pg_fixture *fixture;
	struct pg_result *result;
};

static void on_answer(void *ctx, const struct pg_result *result)
{
	struct answer *answer = ctx;
	struct arena *a = answer->fixture->arena;
	answer->result = arena_new_of(a, struct pg_result);
	*answer->result = *result;
	answer->result->sqlstate = arena_strdup(a, result->sqlstate);
	answer->result->detail = arena_strdup(a, result->detail);
}

static bool is_answered(void *ctx)
{
	return ((struct answer *)ctx)->result;
}

const struct pg_result *pg_fixture_run(struct pg_fixture *f, const char *tenant, const struct pg_statement *statements, size_t n)
{
	struct answer answer = { .fixture = f };
	pg_run(f->pg, f->arena, tenant, statements, n, on_answer, &answer);
	if (answer.result)
		die("pg_run", "called back before it returned");
	if (!pg_fixture_until(f, is_answered, &answer))
		die(query_rows[statements[0].query].name, "no answer");
	return answer.result;
}

const void *pg_fixture_first(const struct pg_result *result)
{
	if (result->error)
		die(error_row(result->error)->name, result->detail);
	if (!result->rows[0].n)
		die("query", "no rows");
	return result->rows[0].v;
}

/* --- commands in a process of their own --- */

static char *read_back(int fd)
{
	static char said[SAID_BYTES];
	size_t length = 0;
	ssize_t n;
	while (length < sizeof(said) - 1 && (n = read(fd, said + length, sizeof(said) - 1 - length)) > 0)
		length += (size_t)n;
	said[length] = '\0';
	return said;
}

static void in_child(int fd, const char *url, const char *migrations)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	setenv("DATABASE_URL", url, 1);
	if (migrations)
		setenv("MIGRATIONS_DIR", migrations, 1);
	alarm(60);
}

/* _exit: the child shares the test's sanitizer and Criterion, which must not report twice. */
static void child_command(int (*command)(const struct config *, int, char **), int argc, char **argv)
{
	struct config *config;
	const char *why;
	if (config_load(CONFIG_WORKER, &config, &why))
		die("config", why);
	int code = command(config, argc, argv);
	fflush(stdout);
	_exit(code);
}

static int finish(pid_t pid, int fd, const char **said_r)
{
	int status;
	*said_r = read_back(fd);
	close(fd);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid", *said_r);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int run_command(const struct pg_fixture *f, const char *dir, int (*command)(const struct config *, int, char **), int argc,
                       char **argv, const char **said_r)
{
	int fds[2];
	if (pipe2(fds, O_CLOEXEC))
		die("pipe2", "failed");
	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		in_child(fds[1], f->url, dir);
		child_command(command, argc, argv);
	}
	close(fds[1]);
	return finish(pid, fds[0], said_r);
}

int pg_fixture_migrate(const struct pg_fixture *f, const char *dir, const char **said_r)
{
	return run_command(f, dir, migrate_command, 0, NULL, said_r);
}

int pg_fixture_seed(const struct pg_fixture *f, char **files, int count, const char **said_r)
{
	return run_command(f, NULL, seed_command, count, files, said_r);
}

void pg_fixture_server(const char *command)
{
	int status, null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	const char *dir = need("TEST_POSTGRES_DIR");
	pid_t pid = fork();
	if (pid == 0) {
		dup2(null, STDOUT_FILENO);
		execl("deploy/dev/postgres.sh", "postgres.sh", command, dir, (char *)NULL);
		_exit(127);
	}
	close(null);
	if (waitpid(pid, &status, 0) != pid || status)
		die("postgres.sh", command);
}
