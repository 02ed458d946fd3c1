/* schemac.c - makes C tables and TypeScript types from the files of schemas/. See common/schema.h for what comes out.
 *
 *   schemac c-header|c-source|typescript FILE...
 *
 * Any keyword that nobody enforces, and any value that cannot be a C member, ends it with the file and the JSON pointer.
 */
#include <stdio.h>
#include <string.h>

#include "schemas/schemac.h"

static const struct output {
	const char *name;
	void (*print)(const struct plan *p, FILE *out);
} outputs[] = {
	{ "c-header", print_c_header },
	{ "c-source", print_c_source },
	{ "typescript", print_typescript },
};

static const struct output *output_find(const char *name)
{
	for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++)
		if (strcmp(outputs[i].name, name) == 0)
			return &outputs[i];
	return NULL;
}

void print_words(FILE *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '*' && s[1] == '/')
			fputs("* ", out);
		else
			fputc(*s == '\n' ? ' ' : *s, out);
	}
}

static bool make(struct plan *p, char **files)
{
	for (; *files; files++)
		if (!plan_add_file(p, *files))
			return false;
	return plan_make(p);
}

int main(int argc, char **argv)
{
	static struct plan p;
	const struct output *output = argc > 2 ? output_find(argv[1]) : NULL;

	if (!output) {
		fprintf(stderr, "usage: schemac c-header|c-source|typescript FILE...\n");
		return 2;
	}
	p.a = arena_new();
	bool ok = make(&p, argv + 2);
	if (ok)
		output->print(&p, stdout);
	else
		fprintf(stderr, "%s: %s %s\n", p.why.name, *p.why.pointer ? p.why.pointer : "the document", p.why.message);
	plan_free(&p);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "schemac: cannot write\n");
		ok = false;
	}
	return ok ? 0 : 1;
}
