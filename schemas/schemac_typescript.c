/* schemac_typescript.c - the types of the web app. */
#include <string.h>

#include "schemas/schemac.h"

/* error_frame -> ErrorFrame */
static void print_pascal(FILE *out, const char *s)
{
	bool upper = true;

	for (; *s; s++) {
		if (*s == '_')
			upper = true;
		else
			fputc(upper && *s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s, out);
		upper = *s == '_';
	}
}

static void print_literal(FILE *out, const struct schema_choice *c)
{
	if (c->type == SCHEMA_STRING) {
		fputc('\'', out);
		for (const char *s = c->text; *s; s++)
			fprintf(out, *s == '\'' || *s == '\\' ? "\\%c" : "%c", *s);
		fputc('\'', out);
	} else if (c->type == SCHEMA_BOOLEAN) {
		fputs(c->number != 0 ? "true" : "false", out);
	} else if (c->type == SCHEMA_NULL) {
		fputs("null", out);
	} else if (c->text) {
		fputs("unknown", out);
	} else {
		fprintf(out, "%.17Lg", c->number);
	}
}

static void print_type(FILE *out, const struct schema *s);

static void print_array(FILE *out, const struct schema *items)
{
	bool is_union = items->choice_count > 1 || (items->types & SCHEMA_NULL && items->types != SCHEMA_ANY);

	fputs(is_union ? "(" : "", out);
	print_type(out, items);
	fputs(is_union ? ")[]" : "[]", out);
}

static void print_plain(FILE *out, const struct schema *s)
{
	switch (s->member) {
	case SCHEMA_TEXT_MEMBER:
		fputs("string", out);
		break;
	case SCHEMA_INT_MEMBER:
	case SCHEMA_DOUBLE_MEMBER:
		fputs("number", out);
		break;
	case SCHEMA_BOOL_MEMBER:
		fputs("boolean", out);
		break;
	case SCHEMA_STRUCT_MEMBER:
		print_pascal(out, s->name);
		break;
	case SCHEMA_LIST_MEMBER:
		print_array(out, s->items);
		break;
	default:
		fputs(s->types == SCHEMA_ANY ? "unknown" : "Record<string, unknown>", out);
	}
}

static void print_type(FILE *out, const struct schema *s)
{
	for (size_t i = 0; i < s->choice_count; i++) {
		fputs(i ? " | " : "", out);
		print_literal(out, &s->choices[i]);
	}
	if (s->choices)
		return;
	print_plain(out, s);
	if (s->types & SCHEMA_NULL && s->types != SCHEMA_ANY)
		fputs(" | null", out);
}

static void print_doc(FILE *out, const char *indent, const json_t *v)
{
	const char *description = json_string_value(json_object_get(v, "description"));

	if (!description)
		return;
	fprintf(out, "%s/** ", indent);
	print_words(out, description);
	fputs(" */\n", out);
}

static void print_interface(const struct plan *p, size_t i, FILE *out)
{
	const struct schema *s = &p->schemas[i];
	const json_t *value = p->source[i].value, *properties = json_object_get(value, "properties");

	fputc('\n', out);
	print_doc(out, "", value);
	fputs("export interface ", out);
	print_pascal(out, s->name);
	fputs(" {\n", out);
	for (size_t f = 0; f < s->field_count; f++) {
		const struct schema_field *field = &s->fields[f];
		print_doc(out, "  ", json_object_get(properties, field->name));
		fprintf(out, "  %s%s: ", field->name, field->required ? "" : "?");
		print_type(out, field->schema);
		fputs(";\n", out);
	}
	fputs(s->limits & SCHEMA_CLOSED ? "}\n" : "  [key: string]: unknown;\n}\n", out);
}

static void print_frames(const struct plan *p, const char *from, const char *doc, const char *name, FILE *out)
{
	bool some = false;

	fprintf(out, "\n/** %s */\nexport type %s =", doc, name);
	for (size_t i = 0; i < p->n; i++) {
		const char *direction = plan_frame_from(p, i);
		if (!direction || strcmp(direction, from) != 0)
			continue;
		fputs("\n  | ", out);
		print_pascal(out, p->schemas[i].name);
		some = true;
	}
	fputs(some ? ";\n" : " never;\n", out);
}

void print_typescript(const struct plan *p, FILE *out)
{
	fputs("// Made by schemac from schemas/.\n", out);
	for (size_t i = 0; i < p->n; i++)
		print_interface(p, i, out);
	print_frames(p, "server", "Every frame that a socket may receive, told apart by `type`.", "ServerFrame", out);
	print_frames(p, "client", "Every frame that a client may send.", "ClientFrame", out);
}
