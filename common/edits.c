/* edits.c - see edits.h. */
#include "common/edits.h"

#include <string.h>

#include "schemas.h"

struct none {
	char nothing;
};
#define schema_none (*(const struct schema *)NULL)

const struct edit_row edit_rows[EDIT_COUNT] = {
#define EDIT(id, schema, target, doc) [EDIT_##id] = { #id, &schema_##schema, sizeof(struct schema), EDIT_TARGET_##target, doc },
#include "common/edits.def"
#undef EDIT
};

bool edit_find(const char *name, enum edit_id *id_r)
{
	for (size_t i = 0; i < EDIT_COUNT; i++) {
		if (strcmp(edit_rows[i].name, name) != 0)
			continue;
		*id_r = (enum edit_id)i;
		return true;
	}
	return false;
}
