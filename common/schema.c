/* schema.c - the doors of schema.h: parse, decode, look up. The checking itself is in schema_check.c. */
#include "common/schema.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/schema_table.h"
#include "common/schema_walk.h"
#include "common/text.h"

#define KEY_SHOWN_BYTES 200 /* of a name that a client made up */

/* --- problems ------------------------------------------------------------------------------------------------------ */

static void pointer_key(struct buf *b, const char *key)
{
	size_t len = utf8_cut(key, strlen(key), KEY_SHOWN_BYTES);

	buf_char(b, '/');
	for (size_t i = 0; i < len; i++) {
		if (key[i] == '~' || key[i] == '/')
			buf_str(b, key[i] == '~' ? "~0" : "~1");
		else
			buf_char(b, key[i]);
	}
}

static void pointer_of(struct buf *b, const struct schema_place *at)
{
	if (!at->parent)
		return;
	pointer_of(b, at->parent);
	if (at->key) {
		pointer_key(b, at->key);
	} else {
		buf_char(b, '/');
		buf_int(b, (int64_t)at->index);
	}
}

static void keep(struct schema_walk *w, const struct schema_place *at, const char *key, const char *message)
{
	w->found++;
	if (!w->problems || w->problems->n == SCHEMA_MAX_PROBLEMS)
		return;
	struct buf b;
	buf_init(&b, (SCHEMA_MAX_DEPTH + 2) * (2 * KEY_SHOWN_BYTES + 1));
	pointer_of(&b, at);
	if (key)
		pointer_key(&b, key);
	w->problems->v[w->problems->n++] = (struct schema_problem){ arena_strndup(w->a, buf_text(&b), b.len), arena_strdup(w->a, message) };
	buf_free(&b);
}

void walk_problem(struct schema_walk *w, const struct schema_place *at, const char *format, ...)
{
	char message[300];
	va_list args;

	va_start(args, format);
	int n = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	if (n >= (int)sizeof(message))
		message[utf8_cut(message, sizeof(message) - 1, sizeof(message) - 4)] = '\0';
	keep(w, at, NULL, message);
}

void walk_problem_key(struct schema_walk *w, const struct schema_place *at, const char *key, const char *message)
{
	keep(w, at, key, message);
}

static const struct schema_place whole = { .depth = 0 };

/* --- text to value ------------------------------------------------------------------------------------------------- */

/* Deepest nesting of a text that may be anything. jansson recurses, so this is looked at first. */
static int nesting(const char *s, size_t len)
{
	int depth = 0, deepest = 0;
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		char c = s[i];
		if (in_string) {
			i += c == '\\';
			in_string = c != '"';
		} else if (c == '"') {
			in_string = true;
		} else if (c == '[' || c == '{') {
			depth++;
			deepest = depth > deepest ? depth : deepest;
		} else if (c == ']' || c == '}') {
			depth--;
		}
	}
	return deepest;
}

/* What jansson says, without the piece of the text that it quotes (that may be cut within a character) and without its own flags. */
static int what_broke(const json_error_t *error)
{
	const char *quote = strstr(error->text, " near "), *flag = strstr(error->text, " without JSON_");
	const char *end = flag ? flag : quote;

	return end ? (int)(end - error->text) : (int)strlen(error->text);
}

enum error schema_parse(struct arena *a, const char *json, size_t len, json_t **value_r, struct schema_problems *problems)
{
	static bool seeded;
	struct schema_walk w = { .a = a, .problems = problems };
	json_error_t error;

	if (!seeded)
		json_object_seed(0);
	seeded = true;
	*value_r = NULL;
	if (problems)
		problems->n = 0;
	if (len == 0)
		json = ""; /* may be NULL */
	if (nesting(json, len) > SCHEMA_MAX_DEPTH) {
		walk_problem(&w, &whole, "is nested more than %d levels deep", SCHEMA_MAX_DEPTH);
		return ERROR_malformed_json;
	}
	if (memchr(json, '\0', len)) { /* jansson takes it for the end of the text */
		walk_problem(&w, &whole, "is not valid JSON: it holds a NUL byte");
		return ERROR_malformed_json;
	}
	*value_r = json_loadb(json, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (*value_r)
		return ERROR_none;
	walk_problem(&w, &whole, "is not valid JSON: line %d, column %d: %.*s", error.line, error.column, what_broke(&error), error.text);
	return ERROR_malformed_json;
}

/* --- value to struct ----------------------------------------------------------------------------------------------- */

static struct schema_walk walk_begin(struct arena *a, struct schema_problems *problems)
{
	if (problems)
		problems->n = 0;
	return (struct schema_walk){ .a = a, .problems = problems };
}

enum error schema_decode_value(struct arena *a, const struct schema *s, const json_t *value, void *out_r, struct schema_problems *problems)
{
	struct schema_walk w = walk_begin(a, problems);

	memset(out_r, 0, s->size);
	schema_check_struct(&w, s, value, &whole, out_r);
	return w.found ? ERROR_invalid : ERROR_none;
}

enum error schema_decode(struct arena *a, const struct schema *s, const char *json, size_t len, void *out_r, struct schema_problems *problems)
{
	json_t *value;
	enum error e = schema_parse(a, json, len, &value, problems);

	if (e) {
		memset(out_r, 0, s->size);
		return e;
	}
	e = schema_decode_value(a, s, value, out_r, problems);
	json_decref(value);
	return e;
}

static enum error decode_entries(struct arena *a, const struct schema *s, const json_t *list, void *const **v_r, size_t *n_r, struct schema_problems *problems)
{
	struct schema_walk w = walk_begin(a, problems);

	if (!json_is_array(list)) {
		walk_problem(&w, &whole, "must be an array");
		return ERROR_invalid;
	}
	size_t n = json_array_size(list);
	void **v = arena_array(a, n, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		struct schema_place at = { .parent = &whole, .index = i, .depth = 1 };
		v[i] = arena_alloc(a, s->size);
		schema_check_struct(&w, s, json_array_get(list, i), &at, v[i]);
	}
	if (w.found)
		return ERROR_invalid;
	*v_r = v;
	*n_r = n;
	return ERROR_none;
}

enum error schema_decode_list(struct arena *a, const struct schema *s, const char *json, size_t len, void *const **v_r, size_t *n_r, struct schema_problems *problems)
{
	json_t *list;
	enum error e = schema_parse(a, json, len, &list, problems);

	*v_r = NULL;
	*n_r = 0;
	if (e)
		return e;
	e = decode_entries(a, s, list, v_r, n_r, problems);
	json_decref(list);
	return e;
}

bool schema_valid(struct arena *a, const struct schema *s, const json_t *value, struct schema_problems *problems)
{
	struct schema_walk w = walk_begin(a, problems);

	schema_check(&w, s, value, &whole, NULL);
	return w.found == 0;
}

/* --- the tables ---------------------------------------------------------------------------------------------------- */

bool schema_requires(const struct schema *s)
{
	for (size_t i = 0; i < s->field_count; i++)
		if (s->fields[i].required)
			return true;
	return false;
}

const char *schema_text_member(const struct schema *s, const void *in, const char *name)
{
	for (size_t i = 0; i < s->field_count; i++) {
		const struct schema_field *f = &s->fields[i];
		const char *value;
		if (strcmp(f->name, name) != 0 || !f->schema || f->schema->member != SCHEMA_TEXT_MEMBER)
			continue;
		memcpy(&value, (const char *)in + f->offset, sizeof(value));
		return value;
	}
	return NULL;
}

const char *schema_text(const struct schema *s)
{
	return s->text;
}

const char *schema_name(const struct schema *s)
{
	return s->name;
}

const struct schema *schema_find(const char *name)
{
	for (const struct schema *const *s = schema_all; *s; s++)
		if (strcmp((*s)->name, name) == 0)
			return *s;
	return NULL;
}
