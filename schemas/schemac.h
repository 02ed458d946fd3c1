/* schemac.h - the parts of the generator: the plan (what to make), and one printer for each language. */
#ifndef SCHEMAS_SCHEMAC_H
#define SCHEMAS_SCHEMAC_H

#include <jansson.h>
#include <stdio.h>

#include "common/arena.h"
#include "common/schema_compile.h"

#define PLAN_MAX 1000 /* schemas, with the lifted ones */

struct plan {
	struct arena *a;
	struct {
		const char *name; /* "chat_message": the file's name, and the struct's */
		const char *file; /* for complaints; of a lifted one the file that it stands in */
		json_t *value;    /* owned by plan_free() */
	} source[PLAN_MAX];
	size_t n;
	struct schema *schemas; /* in the order of source[], which is by name */
	struct schema_complaint why;
};

/* Reads a file. False: plan->why says what is wrong. */
bool plan_add_file(struct plan *p, const char *file);
/* Gives nested objects names of their own, compiles, decides how each value stands in its struct. False as above. */
bool plan_make(struct plan *p);
void plan_free(struct plan *p);

/* Has it a table and a struct of its own? Then a member of it is a pointer. */
bool plan_is_named(const struct plan *p, const struct schema *s);
/* Direction of a frame, by the file's $comment: "frame from server", "frame from client"; else NULL. */
const char *plan_frame_from(const struct plan *p, size_t i);

void print_c_header(const struct plan *p, FILE *out);
void print_c_source(const struct plan *p, FILE *out);
void print_typescript(const struct plan *p, FILE *out);

/* A description as the inside of a comment. */
void print_words(FILE *out, const char *s);

#endif
