/* schema_walk.h - problems and where they are, shared by schema.c and schema_check.c only. */
#ifndef COMMON_SCHEMA_WALK_H
#define COMMON_SCHEMA_WALK_H

#include "common/schema.h"
#include "common/schema_table.h"

/* Where a value is: a list from the value to the whole document, on the stack. The whole document has no parent. */
struct schema_place {
	const struct schema_place *parent;
	const char *key; /* NULL: an entry of an array */
	size_t index;
	int depth;
};

struct schema_walk {
	struct arena *a;
	struct schema_problems *problems; /* may be NULL */
	size_t found;
};

void walk_problem(struct schema_walk *w, const struct schema_place *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same for a key below `at`. */
void walk_problem_key(struct schema_walk *w, const struct schema_place *at, const char *key, const char *message);

/* Checks, and stores the value at `member` as its kind of member says; NULL: only checks. */
void schema_check(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at, void *member);
/* The same for an object whose struct is at `base`. */
void schema_check_struct(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at, void *base);

#endif
