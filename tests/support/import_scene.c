/* import_scene.c - see import_scene.h. */
#include "tests/support/import_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/stack_internal.h"

#define SLUG "olive-ember"

/* No test has more of these. */
static char *keep(const char *text)
{
	static char *kept[500];
	static size_t next;
	char **place = &kept[next++ % 500];
	free(*place);
	*place = strdup(text);
	return *place;
}

void import_scene_open(struct import_scene *s, const struct stack_options *options)
{
	*s = (struct import_scene){ .stack = stack_start(options) };
	stack_query(s->stack, "UPDATE restaurant SET currency = 'EUR' WHERE slug = '" SLUG "'");
	stack_query(s->stack, "UPDATE menu_item i SET deleted_at = now() FROM restaurant r WHERE r.id = i.restaurant_id AND r.slug = '" SLUG "'");
	stack_query(s->stack, "UPDATE menu_category i SET deleted_at = now() FROM restaurant r WHERE r.id = i.restaurant_id AND r.slug = '" SLUG "'");
	snprintf(s->restaurant_id, sizeof(s->restaurant_id), "%s", stack_query(s->stack, "SELECT id FROM restaurant WHERE slug = '" SLUG "'"));
	s->kit = import_kit_new(stack_brokers(s->stack), stack_topic_prefix(s->stack), s->restaurant_id);
}

void import_scene_close(struct import_scene *s)
{
	import_kit_free(&s->kit);
	stack_stop(&s->stack);
}

void import_scene_upload(struct import_scene *s, const struct import_file_sent *file)
{
	s->import[0] = '\0';
	import_kit_send(s->kit, file, s->import);
}

static void expect(struct import_scene *s, const char *format, const char *id, const char *value)
{
	char sql[400];
	snprintf(sql, sizeof(sql), format, id);
	stack_expect(s->stack, sql, value, IMPORT_SCENE_MS);
}

void import_scene_status(struct import_scene *s, const char *status)
{
	expect(s, "SELECT status FROM menu_import WHERE id = '%s'", s->import, status);
}

void import_scene_preview(struct import_scene *s, const char *mode, const char *on_error, const char *csv)
{
	import_scene_upload(s, &(struct import_file_sent){ .mode = mode, .on_error = on_error, .bytes = csv, .len = strlen(csv) });
	import_scene_status(s, "ready");
}

int import_scene_edit(struct import_scene *s, const char *action, const char *target_id, const char *body)
{
	char sql[200];
	s->operation[0] = '\0';
	import_kit_edit(s->kit, action, target_id, body, s->operation);
	expect(s, "SELECT count(*) FROM operation WHERE id = '%s'", s->operation, "1");
	snprintf(sql, sizeof(sql), "SELECT status FROM operation WHERE id = '%s'", s->operation);
	return (int)stack_count(s->stack, sql);
}

int import_scene_apply(struct import_scene *s, const char *body)
{
	return import_scene_edit(s, "import_apply", s->import, body);
}

int import_scene_undo(struct import_scene *s)
{
	return import_scene_edit(s, "import_undo", s->import, NULL);
}

const char *import_scene_told(struct import_scene *s)
{
	char sql[300];
	snprintf(sql, sizeof(sql), "SELECT concat(detail, ' ', (SELECT string_agg(p ->> 'message', ' ') FROM jsonb_array_elements(problems) p)) FROM operation WHERE id = '%s'",
	         s->operation);
	return keep(stack_query(s->stack, sql));
}

const char *import_scene_counts(struct import_scene *s)
{
	return import_scene_value(s, "SELECT string_agg(key || ' ' || value, ', ' ORDER BY key) FROM menu_import, jsonb_each_text(counts) WHERE id = '%s' AND value <> '0'");
}

const char *import_scene_value(struct import_scene *s, const char *sql)
{
	char text[2000];
	snprintf(text, sizeof(text), sql, s->import);
	return keep(stack_query(s->stack, text));
}

const char *import_scene_menu(struct import_scene *s)
{
	char sql[1500];
	snprintf(sql, sizeof(sql),
	         "SELECT md5(coalesce(string_agg(t, '|' ORDER BY t), '')) FROM (SELECT concat_ws(',', i.id, c.name, i.external_id, i.name, i.description, i.price, i.image_url, i.is_signature,"
	         " i.spice_level, i.allergen_info, i.tags, i.display_order, i.is_available, i.available_again_at, (SELECT string_agg(g.name, '+' ORDER BY x.display_order) FROM"
	         " menu_item_ingredient x JOIN ingredient g ON g.id = x.ingredient_id WHERE x.menu_item_id = i.id)) FROM menu_item i JOIN menu_category c ON c.id = i.category_id"
	         " WHERE i.restaurant_id = '%s' AND i.deleted_at IS NULL UNION ALL SELECT concat('category ', c.id, c.name, c.display_order) FROM menu_category c"
	         " WHERE c.restaurant_id = '%s' AND c.deleted_at IS NULL UNION ALL SELECT concat('ingredient ', g.id, g.name) FROM ingredient g WHERE g.restaurant_id = '%s'"
	         " AND g.deleted_at IS NULL) x(t)",
	         s->restaurant_id, s->restaurant_id, s->restaurant_id);
	return keep(stack_query(s->stack, sql));
}

char *import_scene_file(size_t rows, int price, size_t *len_r)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, len_r);
	if (!out)
		stack_fail("open_memstream");
	fputs("external_id,category,name,description,price,spice_level,contains,may_contain,tags,is_available\n", out);
	for (size_t i = 1; i <= rows; i++)
		fprintf(out, "SKU%zu,Category %zu,Dish number %zu,A fine dish with number %zu and sauce,%d.90,%zu,\"gluten, milk\",soy,vegan|new,yes\n", i, i % 40, i, i, price + (int)(i % 20),
		        i % 5);
	fclose(out);
	return text;
}
