/* test_database.c - see test_database.h. */
#include "tests/support/test_database.h"

#include <glob.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/pg_script.h"

#define SERVER_MS 20000
#define LOCK "7310" /* advisory: who makes the template */

static void die(const char *what, const char *why)
{
	fprintf(stderr, "test_database: %s: %s\n", what, why);
	abort();
}

static const char *need(const char *name)
{
	const char *value = getenv(name);
	if (!value || !*value)
		die(name, "is not set: run the tests by tests/run.sh");
	return value;
}

const char *test_database_url(const char *name)
{
	static char text[700];
	const char *url = need("TEST_DATABASE_URL"), *slash = strrchr(url, '/');
	snprintf(text, sizeof(text), "%.*s/%s", (int)(slash - url), url, name);
	return text;
}

static struct pg_script *server(void)
{
	struct pg_script *script = NULL;
	if (pg_script_open(need("TEST_DATABASE_URL"), "test", &script))
		die("cannot connect", pg_script_error(script));
	return script;
}

/* Tried for a while: a database may not be copied, renamed or dropped while autovacuum looks at it, or while the one who used it is still leaving. */
static void run(struct pg_script *script, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void run(struct pg_script *script, const char *format, ...)
{
	char sql[300];
	va_list args;
	va_start(args, format);
	vsnprintf(sql, sizeof(sql), format, args);
	va_end(args);
	for (int64_t until = clock_ms() + SERVER_MS; pg_script_run(script, sql); usleep(20000))
		if (clock_ms() > until)
			die(sql, pg_script_error(script));
}

void test_database_create(const char *name)
{
	struct pg_script *script = server();
	run(script, "CREATE DATABASE %s", name);
	pg_script_close(&script);
}

void test_database_drop(const char *name)
{
	struct pg_script *script = server();
	run(script, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
	pg_script_close(&script);
}

/* --- the template --- */

static void worker(const char *url, char *const argv[])
{
	char path[400];
	int status;
	snprintf(path, sizeof(path), "%s/worker", need("BUILD"));
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setenv("DATABASE_URL", url, 1);
		setenv("KAFKA_EMBEDDED", "yes", 1); /* topics are another matter */
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		execv(path, argv);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid || status)
		die(path, argv[1]);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	return (hash ^ value) * 0x100000001b3u; /* FNV-1a's prime, a number at a time */
}

static void template_name(char *name, size_t size)
{
	glob_t files = { 0 };
	char program[400];
	uint64_t hash = 0xcbf29ce484222325u;
	snprintf(program, sizeof(program), "%s/worker", need("BUILD"));
	glob("migrations/*.sql", 0, NULL, &files);
	glob("deploy/dev/samples/*.json", GLOB_APPEND, NULL, &files);
	glob(program, GLOB_APPEND, NULL, &files);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct stat st;
		if (stat(files.gl_pathv[i], &st))
			die(files.gl_pathv[i], "cannot be read");
		hash = mix(mix(mix(mix(hash, (uint64_t)st.st_ino), (uint64_t)st.st_size), (uint64_t)st.st_mtim.tv_sec), (uint64_t)st.st_mtim.tv_nsec);
	}
	globfree(&files);
	snprintf(name, size, "template_%016llx", (unsigned long long)hash);
}

static void make_template(struct pg_script *script, const char *name)
{
	char raw[80];
	snprintf(raw, sizeof(raw), "%s_raw", name);
	run(script, "DROP DATABASE IF EXISTS %s WITH (FORCE)", raw);
	run(script, "CREATE DATABASE %s", raw);
	const char *url = test_database_url(raw);
	worker(url, (char *const[]){ (char *)"worker", (char *)"migrate", NULL });
	worker(url, (char *const[]){ (char *)"worker", (char *)"seed", TEST_SAMPLES, NULL });
	run(script, "ALTER DATABASE %s RENAME TO %s", raw, name);
}

static bool is_there(struct pg_script *script, const char *name)
{
	if (pg_script_query(script, "SELECT FROM pg_database WHERE datname = $1", &name, 1))
		die(name, pg_script_error(script));
	return pg_script_rows(script) > 0;
}

void test_database_copy(const char *name)
{
	char template[40];
	struct pg_script *script = server();
	template_name(template, sizeof(template));
	if (!is_there(script, template)) {
		run(script, "SELECT pg_advisory_lock(" LOCK ")");
		if (!is_there(script, template))
			make_template(script, template);
		run(script, "SELECT pg_advisory_unlock(" LOCK ")");
	}
	run(script, "CREATE DATABASE %s TEMPLATE %s", name, template);
	pg_script_close(&script);
}
