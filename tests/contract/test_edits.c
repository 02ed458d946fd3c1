/* test_edits.c - the table of edits against the schema of their event, and against the SQL that applies them. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/edits.h"

Test(edits, are_those_of_the_event)
{
	json_t *file = json_load_file("schemas/menu_edit.json", 0, NULL);
	const json_t *names = json_object_get(json_object_get(json_object_get(file, "properties"), "action"), "enum");
	cr_assert_eq(json_array_size(names), EDIT_COUNT);
	for (size_t i = 0; i < EDIT_COUNT; i++)
		cr_expect_str_eq(json_string_value(json_array_get(names, i)), edit_rows[i].name);
	json_decref(file);
}

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	cr_assert_not_null(file, "%s", path);
	char *text = calloc(1, 1 << 20);
	cr_assert_gt(fread(text, 1, (1 << 20) - 1, file), 0);
	fclose(file);
	return text;
}

/* Imports are applied by programs of their own. */
Test(edits, are_applied_by_the_migration)
{
	char *sql = read_file("migrations/0005_edits.sql");
	for (size_t i = 0; i < EDIT_COUNT; i++) {
		char quoted[80];
		snprintf(quoted, sizeof(quoted), "'%s'", edit_rows[i].name);
		if (strncmp(edit_rows[i].name, "import_", 7) != 0)
			cr_expect(strstr(sql, quoted), "%s", quoted);
	}
	free(sql);
}
