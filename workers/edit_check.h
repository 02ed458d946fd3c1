/* edit_check.h - is a body what its edit takes? All that can be said without looking at rows. Pure.
 *
 * What it does: the schema of edits.def (again: not only our api writes to the topic), texts (edit_texts.def), the names of allergens. Every problem is named by JSON pointer.
 * What it does not do: prices against the restaurant's limit and currency, ids of other objects, time zones: SQL does, under the restaurant's lock. It changes no text;
 * numbers are not taken from here either: PostgreSQL reads them from the body as it was written.
 */
#ifndef WORKERS_EDIT_CHECK_H
#define WORKERS_EDIT_CHECK_H

#include "common/arena.h"
#include "common/edits.h"

struct edit_checked {
	const char *allergens; /* JSON text {"allergen_info": ...} with the taxonomy's names; NULL when the body says nothing of them */
	struct schema_problems problems;
};

/* ERROR_none, ERROR_malformed_json or ERROR_invalid with at least one problem. */
MUST_CHECK enum error edit_check(struct arena *a, enum edit_id edit, const char *restaurant_id, const char *body, struct edit_checked *checked_r);

#endif
