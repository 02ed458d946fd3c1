/* schemac_c.c - the C header with the structs, and the source with the tables. */
#include <stdlib.h>
#include <string.h>

#include "schemas/schemac.h"

static const char note[] = "/* Made by schemac from schemas/. */\n";

/* --- header -------------------------------------------------------------------------------------------------------- */

/* The element type of a list, or the type of a member. */
static void print_type(FILE *out, const struct schema *s, bool element)
{
	switch (s->member) {
	case SCHEMA_INT_MEMBER:
		fputs(element ? "const int64_t *" : "int64_t ", out);
		break;
	case SCHEMA_DOUBLE_MEMBER:
		fputs(element ? "const double *" : "double ", out);
		break;
	case SCHEMA_BOOL_MEMBER:
		fputs(element ? "const bool *" : "bool ", out);
		break;
	case SCHEMA_STRUCT_MEMBER:
		fprintf(out, "const struct %s *%s", s->name, element ? "const *" : "");
		break;
	default:
		fputs(element ? "const char *const *" : "const char *", out);
	}
}

static void print_member(FILE *out, const struct schema_field *f)
{
	fputc('\t', out);
	if (f->schema->member == SCHEMA_LIST_MEMBER) {
		fputs("struct { ", out);
		print_type(out, f->schema->items, true);
		fprintf(out, "v; size_t n; } %s;\n", f->name);
		return;
	}
	print_type(out, f->schema, false);
	fprintf(out, "%s;\n", f->name);
	if (f->has)
		fprintf(out, "\tbool has_%s;\n", f->name);
}

static void print_struct(const struct plan *p, size_t i, FILE *out)
{
	const struct schema *s = &p->schemas[i];
	const char *description = json_string_value(json_object_get(p->source[i].value, "description"));

	fputc('\n', out);
	if (description) {
		fputs("/* ", out);
		print_words(out, description);
		fputs(" */\n", out);
	}
	fprintf(out, "struct %s {\n", s->name);
	for (size_t f = 0; f < s->field_count; f++)
		print_member(out, &s->fields[f]);
	fprintf(out, "};\nextern const struct schema schema_%s;\n", s->name);
}

void print_c_header(const struct plan *p, FILE *out)
{
	fprintf(out, "%s#ifndef GEN_SCHEMAS_H\n#define GEN_SCHEMAS_H\n\n", note);
	fputs("#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n#include \"common/schema.h\"\n\n", out);
	for (size_t i = 0; i < p->n; i++)
		fprintf(out, "struct %s;\n", p->schemas[i].name);
	for (size_t i = 0; i < p->n; i++)
		print_struct(p, i, out);
	fputs("\n#endif\n", out);
}

/* --- source -------------------------------------------------------------------------------------------------------- */

static void print_string(FILE *out, const char *s)
{
	if (!s) {
		fputs("NULL", out);
		return;
	}
	fputc('"', out);
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\%03o", c);
		else
			fprintf(out, c == '"' || c == '\\' ? "\\%c" : "%c", c);
	}
	fputc('"', out);
}

/* The schema as documents show it: a component, without what only files need. */
static json_t *component(const json_t *v)
{
	json_t *copy = json_copy((json_t *)v), *one;
	const char *key, *ref = json_string_value(json_object_get(v, "$ref"));

	if (!json_is_object(v))
		return copy;
	json_object_del(copy, "$schema");
	json_object_del(copy, "$id");
	json_object_del(copy, "$comment");
	if (ref)
		json_object_set_new(copy, "$ref", json_sprintf("#/components/schemas/%s", ref));
	if (json_object_get(v, "items"))
		json_object_set_new(copy, "items", component(json_object_get(v, "items")));
	json_t *properties = json_object();
	json_object_foreach(json_object_get(v, "properties"), key, one)
	{
		json_object_set_new(properties, key, component(one));
	}
	if (json_object_get(v, "properties"))
		json_object_set(copy, "properties", properties);
	json_decref(properties);
	return copy;
}

static void print_component(FILE *out, const json_t *v)
{
	json_t *shown = component(v);
	char *text = json_dumps(shown, JSON_COMPACT | JSON_REAL_PRECISION(15));

	print_string(out, text);
	free(text);
	json_decref(shown);
}

/* Inner tables have numbers; `id` is the next one. */
struct printer {
	const struct plan *p;
	FILE *out;
	int id;
};

static void print_choices(struct printer *pr, const struct schema *s, int id)
{
	if (!s->choices)
		return;
	fprintf(pr->out, "static const struct schema_choice choices_%d[] = {\n", id);
	for (size_t i = 0; i < s->choice_count; i++) {
		const struct schema_choice *c = &s->choices[i];
		fprintf(pr->out, "\t{ .type = %u, .text = ", c->type);
		print_string(pr->out, c->text);
		fprintf(pr->out, ", .len = %zu, .number = %LaL },\n", c->len, c->number);
	}
	fputs("};\n", pr->out);
}

static void print_pattern(struct printer *pr, const struct schema_pattern *pattern, int id)
{
	if (!pattern)
		return;
	fprintf(pr->out, "static const struct schema_pattern pattern_%d = { .set = { UINT64_C(%llu), UINT64_C(%llu) }, .least = %zu, .most = ", id,
	        (unsigned long long)pattern->set[0], (unsigned long long)pattern->set[1], pattern->least);
	fprintf(pr->out, pattern->most == SIZE_MAX ? "SIZE_MAX" : "%zu", pattern->most);
	fputs(", .name = ", pr->out);
	print_string(pr->out, pattern->name);
	fputs(" };\n", pr->out);
}

/* The members that inner and named tables share. */
static void print_rules(struct printer *pr, const struct schema *s, int id, const char *items)
{
	FILE *out = pr->out;

	fprintf(out, "\t.member = %d, .types = %u, .limits = %u, .format = %d,\n", (int)s->member, s->types, s->limits, (int)s->format);
	if (s->limits & (SCHEMA_MINIMUM | SCHEMA_MAXIMUM | SCHEMA_ABOVE | SCHEMA_BELOW))
		fprintf(out, "\t.minimum = %LaL, .maximum = %LaL, .above = %LaL, .below = %LaL,\n", s->minimum, s->maximum, s->above, s->below);
	if (s->limits & (SCHEMA_MIN_LENGTH | SCHEMA_MAX_LENGTH | SCHEMA_MIN_ITEMS | SCHEMA_MAX_ITEMS))
		fprintf(out, "\t.min_length = %zu, .max_length = %zu, .min_items = %zu, .max_items = %zu,\n", s->min_length, s->max_length, s->min_items,
		        s->max_items);
	if (s->pattern)
		fprintf(out, "\t.pattern = &pattern_%d,\n", id);
	if (s->choices)
		fprintf(out, "\t.choices = choices_%d, .choice_count = %zu,\n", id, s->choice_count);
	if (items)
		fprintf(out, "\t.items = &%s,\n", items);
}

/* Prints what `s` needs and `s` itself, unless it is a named one; its name in C comes back. */
static const char *print_inner(struct printer *pr, const struct schema *s)
{
	if (plan_is_named(pr->p, s))
		return arena_printf(pr->p->a, "schema_%s", s->name);
	const char *items = s->items ? print_inner(pr, s->items) : NULL;
	int id = pr->id++;
	print_choices(pr, s, id);
	print_pattern(pr, s->pattern, id);
	fprintf(pr->out, "static const struct schema inner_%d = {\n", id);
	print_rules(pr, s, id, items);
	fputs("};\n", pr->out);
	return arena_printf(pr->p->a, "inner_%d", id);
}

static void print_field(FILE *out, const struct schema *s, const struct schema_field *f, const char *type)
{
	fprintf(out, "\t{ .name = \"%s\", .name_len = %zu, .key = \"\\\"%s\\\":\", .key_len = %zu, .schema = &%s, .required = %d, .declared = 1,\n\t  ", f->name,
	        f->name_len, f->name, f->name_len + 3, type, f->required);
	if (f->has)
		fprintf(out, ".has = 1, .has_offset = offsetof(struct %s, has_%s), ", s->name, f->name);
	fprintf(out, ".offset = offsetof(struct %s, %s) },\n", s->name, f->name);
}

static void print_table(struct printer *pr, size_t i)
{
	const struct schema *s = &pr->p->schemas[i];
	const char **types = arena_array(pr->p->a, s->field_count, sizeof(*types));

	fputc('\n', pr->out);
	for (size_t f = 0; f < s->field_count; f++)
		types[f] = print_inner(pr, s->fields[f].schema);
	fprintf(pr->out, "static const struct schema_field fields_%s[] = {\n", s->name);
	for (size_t f = 0; f < s->field_count; f++)
		print_field(pr->out, s, &s->fields[f], types[f]);
	fprintf(pr->out, "};\nconst struct schema schema_%s = {\n\t.name = \"%s\", .size = sizeof(struct %s),\n\t.text = ", s->name, s->name, s->name);
	print_component(pr->out, pr->p->source[i].value);
	fputs(",\n", pr->out);
	print_rules(pr, s, 0, NULL);
	fprintf(pr->out, "\t.fields = fields_%s, .field_count = %zu,\n};\n", s->name, s->field_count);
}

void print_c_source(const struct plan *p, FILE *out)
{
	struct printer pr = { .p = p, .out = out, .id = 1 };

	fprintf(out, "%s#include \"schemas.h\"\n\n#include \"common/schema_table.h\"\n", note);
	for (size_t i = 0; i < p->n; i++)
		print_table(&pr, i);
	fputs("\nconst struct schema *const schema_all[] = {\n", out);
	for (size_t i = 0; i < p->n; i++)
		fprintf(out, "\t&schema_%s,\n", p->schemas[i].name);
	fputs("\tNULL\n};\n", out);
}
