/* edit_allergens.h - what somebody writes as `allergen_info`, in the taxonomy's names. Pure.
 *
 * {"contains", "may_contain", "free_of", "reviewed"}, or a plain list, which is `contains`, or null. `reviewed_at` and `reviewed_by` are ignored: whoever reads an object may send
 * it back. Words that are not in the taxonomy (allergen_words.h) are problems, each with a suggestion.
 */
#ifndef WORKERS_EDIT_ALLERGENS_H
#define WORKERS_EDIT_ALLERGENS_H

#include <jansson.h>

#include "common/arena.h"
#include "common/schema.h"

/* JSON text {"allergen_info": {...}|null} with the lists that were given; NULL when there are problems, which are added. Pointers begin with /allergen_info. */
const char *edit_allergens(struct arena *a, const json_t *value, struct schema_problems *problems);

/* Both copied; beyond SCHEMA_MAX_PROBLEMS they are not kept. */
void edit_problem(struct arena *a, struct schema_problems *problems, const char *pointer, const char *message);

#endif
