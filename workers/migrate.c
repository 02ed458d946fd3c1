/* migrate.c - see migrate.h. */
#include "workers/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/arena.h"
#include "common/pg.h"
#include "common/pg_script.h"

#define LOCK_KEY "7310466925741" /* any number, but always this one */
#define CHECKSUM_TEXT (2 * crypto_hash_sha256_BYTES + 1)
#define GRANT_TRIES 5

struct migration {
	const char *name, *sql;
	char checksum[CHECKSUM_TEXT];
};

struct migrate {
	const char *dir;
	struct arena *arena;
	struct pg_script *script;
	struct migration *files;
	size_t count;
	size_t applied;
};

static bool say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Always false: "that did not work". */
static bool say(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fputs("migrate: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	return false;
}

/* --- files --- */

static int is_sql(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);
	return length > 4 && entry->d_name[0] != '.' && strcmp(entry->d_name + length - 4, ".sql") == 0;
}

static char *read_all(struct arena *a, int fd, size_t size)
{
	char *text = arena_alloc(a, size + 1);
	for (size_t got = 0; got < size;) {
		ssize_t n = read(fd, text + got, size - got);
		if (n <= 0)
			return NULL;
		got += (size_t)n;
	}
	return text;
}

static bool load(struct migrate *m, struct migration *file, const char *name)
{
	struct stat st;
	int fd = open(arena_printf(m->arena, "%s/%s", m->dir, name), O_RDONLY | O_CLOEXEC);
	bool fits = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= MIGRATE_FILE_MAX;
	file->name = arena_strdup(m->arena, name);
	file->sql = fits ? read_all(m->arena, fd, (size_t)st.st_size) : NULL;
	if (fd >= 0)
		close(fd);
	if (!file->sql)
		return say("%s/%s cannot be read", m->dir, name);
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256(digest, (const unsigned char *)file->sql, strlen(file->sql));
	sodium_bin2hex(file->checksum, sizeof(file->checksum), digest, sizeof(digest));
	return true;
}

static bool load_all(struct migrate *m)
{
	struct dirent **names;
	int n = scandir(m->dir, &names, is_sql, alphasort);
	if (n < 0)
		return say("the folder %s cannot be read: %s", m->dir, strerror(errno));
	m->files = arena_array(m->arena, (size_t)n, sizeof(*m->files));
	bool fine = true;
	for (int i = 0; i < n; i++) {
		fine = fine && load(m, &m->files[m->count++], names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return fine && n ? true : fine ? say("there are no *.sql files in %s", m->dir)
	                               : false;
}

/* --- the database --- */

static bool run(struct migrate *m, const char *sql)
{
	return pg_script_run(m->script, sql) == ERROR_none || say("%s", pg_script_error(m->script));
}

static bool begin(struct migrate *m)
{
	const char *wait = arena_printf(m->arena, "SET lock_timeout = %d; SELECT pg_advisory_lock(" LOCK_KEY "); SET lock_timeout = 0", MIGRATE_WAIT_MS);
	return run(m, wait) && run(m, "CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, checksum text NOT NULL,"
	                              " applied_at timestamptz NOT NULL DEFAULT now())");
}

static const struct migration *find(const struct migrate *m, const char *name)
{
	for (size_t i = 0; i < m->count; i++)
		if (strcmp(m->files[i].name, name) == 0)
			return &m->files[i];
	return NULL;
}

/* `name` was applied as `checksum`. */
static bool check_applied(const struct migrate *m, const char *name, const char *checksum)
{
	const struct migration *file = find(m, name);
	if (!file) {
		say("%s was applied to this database but is not in %s: the schema is newer than this program", name, m->dir);
		return true;
	}
	if (strcmp(file->checksum, checksum) == 0)
		return true;
	return say("%s was changed after it was applied; put it back and write a new file instead", name);
}

/* The applied files that are there are the first ones: then m->applied is their number. */
static bool check_order(struct migrate *m, const char *last)
{
	while (m->applied < m->count && strcmp(m->files[m->applied].name, last) <= 0)
		m->applied++;
	return true;
}

static bool check_known(struct migrate *m)
{
	if (!run(m, "SELECT name, checksum FROM schema_migration ORDER BY name COLLATE \"C\""))
		return false;
	size_t rows = pg_script_rows(m->script), here = 0;
	for (size_t i = 0; i < rows; i++) {
		const char *name = pg_script_cell(m->script, i, 0);
		if (!check_applied(m, name, pg_script_cell(m->script, i, 1)))
			return false;
		here += find(m, name) != NULL;
	}
	check_order(m, rows ? pg_script_cell(m->script, rows - 1, 0) : "");
	if (here == m->applied)
		return true;
	for (size_t i = 0; i < m->applied; i++) {
		bool known = false;
		for (size_t k = 0; k < rows && !known; k++)
			known = strcmp(pg_script_cell(m->script, k, 0), m->files[i].name) == 0;
		if (!known)
			return say("%s is new but sorts before a file that was applied; give it a higher number", m->files[i].name);
	}
	return true;
}

static bool apply(struct migrate *m, const struct migration *file)
{
	const char *params[] = { file->name, file->checksum };
	bool fine = pg_script_run(m->script, "BEGIN") == ERROR_none && pg_script_run(m->script, file->sql) == ERROR_none &&
	            pg_script_query(m->script, "INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)", params, 2) == ERROR_none &&
	            pg_script_run(m->script, "COMMIT") == ERROR_none;
	if (!fine)
		return say("%s: %s", file->name, pg_script_error(m->script));
	printf("applied %s\n", file->name);
	fflush(stdout);
	return true;
}

static bool apply_all(struct migrate *m)
{
	for (size_t i = m->applied; i < m->count; i++)
		if (!apply(m, &m->files[i]))
			return false;
	if (m->applied == m->count)
		printf("nothing to do: %zu migrations are applied\n", m->count);
	return true;
}

/* Role memberships belong to the cluster: another database's migration may grant the same at this moment, and one of the two fails. */
static bool grant_role(struct migrate *m)
{
	for (int i = 0; i < GRANT_TRIES; i++) {
		if (pg_script_run(m->script, "SET ROLE restaurant_app") == ERROR_none)
			return run(m, "RESET ROLE");
		if (pg_script_run(m->script, "GRANT restaurant_app TO CURRENT_USER") == ERROR_none)
			continue;
	}
	return say("the role restaurant_app cannot be granted to this login: %s", pg_script_error(m->script));
}

static bool migrate(struct migrate *m, const char *conninfo)
{
	if (pg_script_open(conninfo, "migrate", &m->script))
		return say("%s", pg_script_error(m->script));
	return begin(m) && check_known(m) && apply_all(m) && grant_role(m);
}

int migrate_command(const struct config *config, int argc, char **argv)
{
	(void)argv;
	if (argc) {
		say("takes no arguments");
		return 2;
	}
	struct migrate m = { .dir = config->migrations_dir, .arena = arena_new() };
	bool fine = load_all(&m) && migrate(&m, pg_conninfo(config));
	pg_script_close(&m.script);
	arena_free(&m.arena);
	return fine ? 0 : 1;
}
