/* schemac_plan.c - from files to what the printers print; see schemac.h. */
#include <stdlib.h>
#include <string.h>

#include "schemas/schemac.h"

static bool refuse(struct plan *p, const char *file, const char *pointer, const char *message)
{
	p->why = (struct schema_complaint){ file, pointer, message };
	return false;
}

static bool is_identifier(const char *s)
{
	static const char *const taken[] = {
		"auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float", "for",
		"goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct",
		"switch", "typedef", "typeof", "asm", "union", "unsigned", "void", "volatile", "while", "bool", "true", "false"
	};

	if (!*s || strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(s) || (*s >= '0' && *s <= '9'))
		return false;
	for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		if (strcmp(s, taken[i]) == 0)
			return false;
	return true;
}

/* --- files --------------------------------------------------------------------------------------------------------- */

/* "dir/thing.json" -> "thing"; NULL when it is no such name. */
static const char *name_of(struct plan *p, const char *file)
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file, *dot = strrchr(base, '.');

	if (!dot || strcmp(dot, ".json") != 0)
		return NULL;
	const char *name = arena_strndup(p->a, base, (size_t)(dot - base));
	return is_identifier(name) ? name : NULL;
}

static bool add(struct plan *p, const char *name, const char *file, json_t *value)
{
	if (p->n == PLAN_MAX) {
		json_decref(value);
		return refuse(p, file, "", "is one schema too many");
	}
	p->source[p->n].name = name;
	p->source[p->n].file = file;
	p->source[p->n++].value = value;
	return true;
}

bool plan_add_file(struct plan *p, const char *file)
{
	json_error_t error;
	const char *name = name_of(p, file);

	if (!name)
		return refuse(p, file, "", "has a name that is not a_z0_9.json, or a keyword of C");
	json_t *value = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
	if (!value)
		return refuse(p, file, "", arena_printf(p->a, "is not valid JSON: line %d, column %d: %s", error.line, error.column, error.text));
	if (!add(p, name, file, value))
		return false;
	const char *id = json_string_value(json_object_get(value, "$id"));
	if (id && strcmp(id, name) != 0)
		return refuse(p, file, "/$id", "is not the file's name");
	return true;
}

void plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++)
		json_decref(p->source[i].value);
	arena_free(&p->a);
}

/* --- nested objects get names of their own ------------------------------------------------------------------------- */

/* The schema of a property or of its entries: an object with properties becomes a source of its own, and a $ref stays in its place. */
static bool lift(struct plan *p, size_t owner, json_t *holder, const char *key, const char *name)
{
	json_t *node = json_object_get(holder, key);

	if (json_object_get(node, "items"))
		return lift(p, owner, node, "items", name);
	const char *type = json_string_value(json_object_get(node, "type"));
	if (!json_object_get(node, "properties") || !type || strcmp(type, "object") != 0)
		return true;
	if (!add(p, name, p->source[owner].file, json_incref(node)))
		return false;
	json_object_set_new(holder, key, json_pack("{ss}", "$ref", name));
	return true;
}

/* Also walks what it adds: p->n grows meanwhile. */
static bool lift_all(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		json_t *properties = json_object_get(p->source[i].value, "properties"), *copy = json_copy(properties), *one;
		const char *key;
		bool ok = true;
		json_object_foreach(copy, key, one)
		{
			ok = ok && lift(p, i, properties, key, arena_printf(p->a, "%s_%s", p->source[i].name, key));
		}
		json_decref(copy);
		if (!ok)
			return false;
	}
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool sort(struct plan *p)
{
	qsort(p->source, p->n, sizeof(*p->source), by_name);
	for (size_t i = 1; i < p->n; i++)
		if (strcmp(p->source[i].name, p->source[i - 1].name) == 0)
			return refuse(p, p->source[i].file, "", "makes a struct whose name is taken");
	return true;
}

/* --- how values stand in their struct ------------------------------------------------------------------------------ */

bool plan_is_named(const struct plan *p, const struct schema *s)
{
	return s >= p->schemas && s < p->schemas + p->n;
}

static enum schema_member member_of(const struct plan *p, struct schema *s);

static enum schema_member list_member(const struct plan *p, const struct schema *s)
{
	struct schema *items = (struct schema *)s->items;

	if (!items)
		return SCHEMA_NO_MEMBER;
	enum schema_member member = member_of(p, items);
	bool pointer = member == SCHEMA_TEXT_MEMBER || member == SCHEMA_JSON_MEMBER;
	if (member == SCHEMA_LIST_MEMBER || (items->types & SCHEMA_NULL && !pointer))
		return SCHEMA_NO_MEMBER;
	return member ? SCHEMA_LIST_MEMBER : SCHEMA_NO_MEMBER;
}

static enum schema_member member_by_type(const struct plan *p, const struct schema *s)
{
	switch (s->types & ~(unsigned)SCHEMA_NULL) {
	case SCHEMA_STRING:
		return SCHEMA_TEXT_MEMBER;
	case SCHEMA_INTEGER:
		return SCHEMA_INT_MEMBER;
	case SCHEMA_NUMBER:
	case SCHEMA_NUMBER | SCHEMA_INTEGER:
		return SCHEMA_DOUBLE_MEMBER;
	case SCHEMA_BOOLEAN:
		return SCHEMA_BOOL_MEMBER;
	case SCHEMA_ARRAY:
		return list_member(p, s);
	case SCHEMA_OBJECT:
		return s->field_count ? SCHEMA_NO_MEMBER : SCHEMA_JSON_MEMBER;
	default:
		return s->types == SCHEMA_ANY && !s->limits && !s->field_count && !s->items && !s->pattern && !s->format ? SCHEMA_JSON_MEMBER
		                                                                                                         : SCHEMA_NO_MEMBER;
	}
}

static enum schema_member member_of(const struct plan *p, struct schema *s)
{
	if (!s->member)
		s->member = member_by_type(p, s);
	return s->member;
}

static bool plan_field(struct plan *p, size_t i, struct schema_field *f)
{
	const char *pointer = arena_printf(p->a, "/properties/%s", f->name), *file = p->source[i].file;
	struct schema *s = (struct schema *)f->schema;

	if (!f->declared)
		return refuse(p, file, "/required", arena_printf(p->a, "names %s, which is not a property", f->name));
	if (!is_identifier(f->name))
		return refuse(p, file, pointer, "is not a name that C could use");
	if (!member_of(p, s))
		return refuse(p, file, pointer, "cannot be a member of a C struct: give it one type (or one and null)");
	bool scalar = s->member == SCHEMA_INT_MEMBER || s->member == SCHEMA_DOUBLE_MEMBER || s->member == SCHEMA_BOOL_MEMBER;
	f->has = scalar && (!f->required || s->types & SCHEMA_NULL);
	return true;
}

static bool plan_struct(struct plan *p, size_t i)
{
	struct schema *s = &p->schemas[i];

	if (s->types != SCHEMA_OBJECT || !s->field_count)
		return refuse(p, p->source[i].file, "", "is not an object with properties");
	for (size_t f = 0; f < s->field_count; f++)
		if (!plan_field(p, i, (struct schema_field *)&s->fields[f]))
			return false;
	if (plan_frame_from(p, i) && (strcmp(s->fields[0].name, "type") != 0 || s->fields[0].schema->choice_count != 1))
		return refuse(p, p->source[i].file, "/$comment", "says that this is a frame, but its first property is not a constant type");
	return true;
}

const char *plan_frame_from(const struct plan *p, size_t i)
{
	static const char start[] = "frame from ";
	const char *comment = json_string_value(json_object_get(p->source[i].value, "$comment"));

	return comment && strncmp(comment, start, sizeof(start) - 1) == 0 ? comment + sizeof(start) - 1 : NULL;
}

static bool compile(struct plan *p)
{
	struct schema_source *sources = arena_array(p->a, p->n, sizeof(*sources));

	for (size_t i = 0; i < p->n; i++)
		sources[i] = (struct schema_source){ p->source[i].name, p->source[i].value };
	if (!schema_compile(p->a, sources, p->n, &p->schemas, &p->why))
		return true;
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->source[i].name, p->why.name) == 0)
			p->why.name = p->source[i].file;
	return false;
}

bool plan_make(struct plan *p)
{
	if (!lift_all(p) || !sort(p) || !compile(p))
		return false;
	for (size_t i = 0; i < p->n; i++)
		p->schemas[i].member = SCHEMA_STRUCT_MEMBER;
	for (size_t i = 0; i < p->n; i++)
		if (!plan_struct(p, i))
			return false;
	return true;
}
