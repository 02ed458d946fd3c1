/* edits.h - the table of edits (edits.def): what somebody with rights may ask to be changed. */
#ifndef COMMON_EDITS_H
#define COMMON_EDITS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/schema.h"

#define EDIT_BODY_MAX ((size_t)256 << 10) /* bytes of a request's body: the event that carries it as text must fit into a record */

enum edit_id {
#define EDIT(id, schema, target, doc) EDIT_##id,
#include "common/edits.def"
#undef EDIT
	EDIT_COUNT
};

enum edit_target { EDIT_TARGET_NEW,
	           EDIT_TARGET_PATH,
	           EDIT_TARGET_RESTAURANT };

struct edit_row {
	const char *name;
	const struct schema *schema; /* NULL: no body */
	size_t body_size;            /* of the schema's struct */
	enum edit_target target;
	const char *doc;
};
extern const struct edit_row edit_rows[EDIT_COUNT];

bool edit_find(const char *name, enum edit_id *id_r);

#endif
