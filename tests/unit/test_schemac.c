/* test_schemac.c - the generator as a program: what it makes of small files, and how it refuses. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/arena.h"

extern char **environ;

static struct arena *a;
static char folder[] = "/tmp/schemac.XXXXXX";
static const char *said, *complained;
static const char *files[8];
static size_t file_count;

static void setup(void)
{
	a = arena_new();
	cr_assert(mkdtemp(folder));
	file_count = 0;
}

static void teardown(void)
{
	for (size_t i = 0; i < file_count; i++)
		unlink(files[i]);
	unlink(arena_printf(a, "%s/out", folder));
	unlink(arena_printf(a, "%s/err", folder));
	cr_expect_eq(rmdir(folder), 0);
	arena_free(&a);
}

TestSuite(schemac, .init = setup, .fini = teardown);

static void write_schema(const char *name, const char *text)
{
	const char *path = arena_printf(a, "%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	cr_assert(f);
	fputs(text, f);
	fclose(f);
	files[file_count++] = path;
}

static const char *read_back(const char *path)
{
	static const size_t max = 100000;
	char *text = arena_alloc(a, max);
	FILE *f = fopen(path, "r");

	cr_assert(f);
	text[fread(text, 1, max - 1, f)] = '\0';
	fclose(f);
	return text;
}

/* Exit status; what it wrote is in `said` and `complained`. */
static int run(const char *output)
{
	const char *build = getenv("BUILD"), *program = arena_printf(a, "%s/schemac", build ? build : "build");
	const char *out = arena_printf(a, "%s/out", folder), *err = arena_printf(a, "%s/err", folder);
	char *argv[12] = { (char *)program, (char *)output };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;

	memcpy(argv + 2, files, file_count * sizeof(*files));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	cr_assert_eq(posix_spawn(&pid, program, &actions, NULL, argv, environ), 0, "%s", program);
	posix_spawn_file_actions_destroy(&actions);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	said = read_back(out);
	complained = read_back(err);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define OBJECT(properties) "{\"type\":\"object\",\"properties\":{" properties "}}"

Test(schemac, members)
{
	write_schema("thing.json", "{\"description\":\"A */ thing.\",\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"a\",\"b\"],\"properties\":{"
	                           "\"a\":{\"type\":\"integer\"},\"b\":{\"type\":[\"number\",\"null\"]},\"c\":{\"type\":\"boolean\"},\"d\":{\"enum\":[\"x\",\"y\"]},\"e\":{},"
	                           "\"f\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},\"g\":{\"type\":\"array\",\"items\":{\"$ref\":\"other\"}},\"h\":{\"$ref\":\"other\"},"
	                           "\"i\":{\"type\":[\"array\",\"null\"],\"items\":{\"type\":\"integer\"}},\"j\":{\"type\":\"object\"},"
	                           "\"k\":{\"type\":\"array\",\"items\":{\"enum\":[\"x\",\"y\"]}},\"l\":{\"description\":\"Words.\",\"const\":true}}}");
	write_schema("other.json", OBJECT("\"x\":{\"type\":\"string\"}"));
	cr_assert_eq(run("c-header"), 0, "%s", complained);
	cr_expect(strstr(said, "/* A * / thing. */\nstruct thing {\n"
	                       "\tint64_t a;\n"
	                       "\tdouble b;\n\tbool has_b;\n"
	                       "\tbool c;\n\tbool has_c;\n"
	                       "\tconst char *d;\n"
	                       "\tconst char *e;\n"
	                       "\tstruct { const char *const *v; size_t n; } f;\n"
	                       "\tstruct { const struct other *const *v; size_t n; } g;\n"
	                       "\tconst struct other *h;\n"
	                       "\tstruct { const int64_t *v; size_t n; } i;\n"
	                       "\tconst char *j;\n"
	                       "\tstruct { const char *const *v; size_t n; } k;\n"
	                       "\tbool l;\n\tbool has_l;\n};\n"
	                       "extern const struct schema schema_thing;\n"),
	          "%s", said);
	cr_assert_eq(run("typescript"), 0);
	cr_expect(strstr(said, "/** A * / thing. */\nexport interface Thing {\n"
	                       "  a: number;\n  b: number | null;\n  c?: boolean;\n  d?: 'x' | 'y';\n  e?: unknown;\n  f?: string[];\n  g?: Other[];\n  h?: Other;\n"
	                       "  i?: number[] | null;\n  j?: Record<string, unknown>;\n  k?: ('x' | 'y')[];\n  /** Words. */\n  l?: true;\n}\n"),
	          "%s", said);
	cr_expect(strstr(said, "export interface Other {\n  x?: string;\n  [key: string]: unknown;\n}\n"));
}

Test(schemac, nested_objects_get_names)
{
	write_schema("a.json", OBJECT("\"list\":{\"type\":\"array\",\"items\":" OBJECT("\"deep\":" OBJECT("\"x\":{\"type\":\"string\"}")) "}"));
	cr_assert_eq(run("c-header"), 0, "%s", complained);
	cr_expect(strstr(said, "struct { const struct a_list *const *v; size_t n; } list;"));
	cr_expect(strstr(said, "struct a_list {\n\tconst struct a_list_deep *deep;\n};"));
	cr_expect(strstr(said, "struct a_list_deep {\n\tconst char *x;\n};"));
	cr_assert_eq(run("c-source"), 0);
	cr_expect(strstr(said, "{\\\"$ref\\\":\\\"#/components/schemas/a_list\\\"}"));
}

Test(schemac, frames_are_unions)
{
	write_schema("hello.json", "{\"$comment\":\"frame from server\",\"type\":\"object\",\"properties\":{\"type\":{\"const\":\"hello\"}}}");
	write_schema("bye.json", "{\"$comment\":\"frame from server\",\"type\":\"object\",\"properties\":{\"type\":{\"const\":\"bye\"}}}");
	cr_assert_eq(run("typescript"), 0);
	cr_expect(strstr(said, "export type ServerFrame =\n  | Bye\n  | Hello;\n"));
	cr_expect(strstr(said, "export type ClientFrame = never;\n"));
}

Test(schemac, a_limit_stands_in_the_table_exactly)
{
	write_schema("a.json", OBJECT("\"x\":{\"type\":\"integer\",\"minimum\":-9223372036854775808,\"maximum\":9223372036854775807}"));
	cr_assert_eq(run("c-source"), 0);
	cr_expect(strstr(said, ".minimum = -0x8p+60L, .maximum = 0xf.ffffffffffffffep+59L"), "%s", said);
}

Test(schemac, what_is_not_enforced_is_refused)
{
	static const struct {
		const char *text, *where;
	} rows[] = {
		{ OBJECT("\"x\":{\"type\":\"string\",\"format\":\"email\"}"), "/properties/x/format is a format that is not enforced; uuid and date-time are" },
		{ OBJECT("\"x\":{\"type\":\"string\",\"pattern\":\"a+\"}"), "/properties/x/pattern is a pattern that is not enforced; ^[class]{m,n}$, ^[class]+$ and ^[class]*$ are" },
		{ OBJECT("\"x\":{\"type\":\"number\",\"multipleOf\":2}"), "/properties/x/multipleOf is a keyword that is not enforced" },
		{ OBJECT("\"x\":{\"oneOf\":[]}"), "/properties/x/oneOf is a keyword that is not enforced" },
		{ OBJECT("\"x\":{\"type\":\"array\",\"items\":{\"uniqueItems\":true}}"), "/properties/x/items/uniqueItems is a keyword that is not enforced" },
		{ OBJECT("\"x\":{\"$ref\":\"nobody\"}"), "/properties/x/$ref is not the name of a schema" },
		{ OBJECT("\"x\":{\"$ref\":\"a\",\"minimum\":1}"), "/properties/x/minimum stands beside $ref, where it is not enforced" },
		{ OBJECT("\"x\":{\"type\":\"text\"}"), "/properties/x/type is not the name of a type" },
		{ OBJECT("\"x\":{\"type\":[\"string\",\"integer\"]}"), "/properties/x cannot be a member of a C struct: give it one type (or one and null)" },
		{ OBJECT("\"x\":{\"minLength\":1}"), "/properties/x cannot be a member of a C struct: give it one type (or one and null)" },
		{ OBJECT("\"x\":{\"type\":\"array\"}"), "/properties/x cannot be a member of a C struct: give it one type (or one and null)" },
		{ OBJECT("\"x\":{\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"null\"]}}"), "/properties/x cannot be a member of a C struct: give it one type (or one and null)" },
		{ OBJECT("\"int\":{\"type\":\"string\"}"), "/properties/int is not a name that C could use" },
		{ OBJECT("\"x y\":{\"type\":\"string\"}"), "/properties/x y is not a name that C could use" },
		{ OBJECT("\"x\":{\"type\":\"string\",\"minLength\":-1}"), "/properties/x/minLength is not a whole number from 0 to 1000000000" },
		{ OBJECT("\"x\":{\"enum\":[]}"), "/properties/x/enum is not a list of values" },
		{ "{\"type\":\"object\",\"properties\":{\"x\":{}},\"required\":[\"y\"]}", "/required names y, which is not a property" },
		{ "{\"type\":\"object\",\"properties\":{\"x\":{}},\"additionalProperties\":{}}", "/additionalProperties must be true or false: a schema for other properties is not enforced" },
		{ "{\"type\":\"string\"}", "the document is not an object with properties" },
		{ "{\"$id\":\"b\",\"type\":\"object\",\"properties\":{\"x\":{}}}", "/$id is not the file's name" },
		{ "{\"$comment\":\"frame from server\",\"type\":\"object\",\"properties\":{\"x\":{}}}", "/$comment says that this is a frame, but its first property is not a constant type" },
		{ "{\"type\":\"object\",", "the document is not valid JSON: line 1, column 17: string or '}' expected near end of file" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		file_count = 0;
		write_schema("a.json", rows[i].text);
		cr_expect_eq(run("c-source"), 1);
		cr_expect_str_eq(said, "");
		cr_expect_str_eq(complained, arena_printf(a, "%s: %s\n", files[0], rows[i].where));
	}
}

Test(schemac, names_of_files)
{
	write_schema("Thing.json", OBJECT("\"x\":{}"));
	cr_expect_eq(run("c-header"), 1);
	cr_expect(strstr(complained, "has a name that is not"));
	file_count--;
	unlink(files[0]);
	write_schema("a.json", OBJECT("\"b\":" OBJECT("\"x\":{}")));
	write_schema("a_b.json", OBJECT("\"x\":{}"));
	cr_expect_eq(run("c-header"), 1);
	cr_expect(strstr(complained, "makes a struct whose name is taken"), "%s", complained);
}

Test(schemac, usage)
{
	cr_expect_eq(run("c-header"), 2);
	cr_expect(strstr(complained, "usage: schemac"));
	write_schema("a.json", OBJECT("\"x\":{}"));
	cr_expect_eq(run("rust"), 2);
}
