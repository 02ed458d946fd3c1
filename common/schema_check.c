/* schema_check.c - one walk over a value and its schema: checks, and stores what it checked.
 *
 * Checking and storing are one walk, so nothing can be stored that was not checked; schema_valid() is the same walk without a place to
 * store. All problems are found, not only the first.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/id.h"
#include "common/schema_json.h"
#include "common/schema_walk.h"
#include "common/text.h"

#define JSON_MEMBER_MAX_BYTES ((size_t)4 << 20)

/* The JSON types that a value belongs to. Whole reals are integers too (1.0 is 1), as far as an int64 can hold them. */
static unsigned types_of(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return SCHEMA_OBJECT;
	case JSON_ARRAY:
		return SCHEMA_ARRAY;
	case JSON_STRING:
		return SCHEMA_STRING;
	case JSON_INTEGER:
		return SCHEMA_INTEGER | SCHEMA_NUMBER;
	case JSON_REAL: {
		double x = json_real_value(v);
		return x == floor(x) && x >= -0x1p63 && x < 0x1p63 ? SCHEMA_INTEGER | SCHEMA_NUMBER : SCHEMA_NUMBER;
	}
	case JSON_NULL:
		return SCHEMA_NULL;
	default:
		return SCHEMA_BOOLEAN;
	}
}

/* "a string, a number or null" */
static void wrong_type(struct schema_walk *w, const struct schema *s, const struct schema_place *at)
{
	static const struct {
		unsigned bit;
		const char *words;
	} types[] = {
		{ SCHEMA_STRING, "a string" },
		{ SCHEMA_NUMBER, "a number" },
		{ SCHEMA_INTEGER, "a whole number" },
		{ SCHEMA_BOOLEAN, "true or false" },
		{ SCHEMA_ARRAY, "an array" },
		{ SCHEMA_OBJECT, "an object" },
		{ SCHEMA_NULL, "null" },
	};
	unsigned left = s->types & SCHEMA_NUMBER ? s->types & ~(unsigned)SCHEMA_INTEGER : s->types;
	char text[120] = "is not allowed";
	size_t len = 0;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (!(left & types[i].bit))
			continue;
		left &= ~types[i].bit;
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", len == 0 ? "must be " : left ? ", "
		                                                                                             : " or ",
		                        types[i].words);
	}
	walk_problem(w, at, "%s", text);
}

/* --- enum and const ------------------------------------------------------------------------------------------------ */

static bool equals_text(const struct schema_choice *choice, const json_t *v)
{
	json_t *other = json_loadb(choice->text, choice->len, JSON_DECODE_ANY, NULL);
	bool same = other && schema_json_equal(v, other);

	json_decref(other);
	return same;
}

static bool is_choice(const struct schema_choice *choice, const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_STRING:
		return choice->type == SCHEMA_STRING && choice->len == json_string_length(v) && memcmp(choice->text, json_string_value(v), choice->len) == 0;
	case JSON_INTEGER:
		return choice->type == SCHEMA_INTEGER && choice->number == (long double)json_integer_value(v);
	case JSON_REAL:
		return (choice->type & (SCHEMA_INTEGER | SCHEMA_NUMBER)) && choice->number == (long double)json_real_value(v);
	case JSON_NULL:
		return choice->type == SCHEMA_NULL;
	case JSON_OBJECT:
	case JSON_ARRAY:
		return (choice->type & (SCHEMA_OBJECT | SCHEMA_ARRAY)) && equals_text(choice, v);
	default:
		return choice->type == SCHEMA_BOOLEAN && choice->number == json_is_true(v);
	}
}

static const struct schema_choice *choice_find(const struct schema *s, const json_t *v)
{
	for (size_t i = 0; i < s->choice_count; i++)
		if (is_choice(&s->choices[i], v))
			return &s->choices[i];
	return NULL;
}

static void choice_text(struct buf *b, const struct schema_choice *choice)
{
	if (choice->type == SCHEMA_STRING)
		buf_json_string_n(b, choice->text, choice->len);
	else if (choice->text)
		buf_str(b, choice->text);
	else if (choice->type == SCHEMA_BOOLEAN)
		buf_str(b, choice->number != 0 ? "true" : "false");
	else if (choice->type == SCHEMA_NULL)
		buf_str(b, "null");
	else
		schema_json_double(b, (double)choice->number);
}

static void wrong_choice(struct schema_walk *w, const struct schema *s, const struct schema_place *at)
{
	struct buf b;

	buf_init(&b, 4096);
	for (size_t i = 0; i < s->choice_count; i++) {
		if (i)
			buf_str(&b, i + 1 < s->choice_count ? ", " : " or ");
		choice_text(&b, &s->choices[i]);
	}
	walk_problem(w, at, "must be %s", buf_text(&b));
	buf_free(&b);
}

/* --- one value ----------------------------------------------------------------------------------------------------- */

static void check_length(struct schema_walk *w, const struct schema *s, size_t n, const struct schema_place *at)
{
	if (s->limits & SCHEMA_MIN_LENGTH && n < s->min_length) {
		if (s->min_length == 1)
			walk_problem(w, at, "must not be empty");
		else
			walk_problem(w, at, "must be at least %zu characters long", s->min_length);
	}
	if (s->limits & SCHEMA_MAX_LENGTH && n > s->max_length)
		walk_problem(w, at, "must be at most %zu characters long", s->max_length);
}

static void check_pattern(struct schema_walk *w, const struct schema_pattern *p, const char *text, size_t len, const struct schema_place *at)
{
	if (schema_pattern_matches(p, text, len))
		return;
	if (p->most == SIZE_MAX)
		walk_problem(w, at, "must be %s%s", p->least ? "one or more characters of " : "characters of ", p->name);
	else if (p->least == p->most)
		walk_problem(w, at, "must be %zu characters of %s", p->least, p->name);
	else
		walk_problem(w, at, "must be %zu to %zu characters of %s", p->least, p->most, p->name);
}

static void check_string(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at)
{
	const char *text = json_string_value(v);
	size_t len = json_string_length(v);

	if (memchr(text, '\0', len)) {
		walk_problem(w, at, "must not hold NUL");
		return;
	}
	if (s->limits & (SCHEMA_MIN_LENGTH | SCHEMA_MAX_LENGTH))
		check_length(w, s, utf8_length(text, len), at);
	if (s->pattern)
		check_pattern(w, s->pattern, text, len, at);
	if (s->format == SCHEMA_UUID && !id_is_uuid(text, len))
		walk_problem(w, at, "must be a UUID");
	if (s->format == SCHEMA_DATE_TIME && !schema_is_date_time(text, len))
		walk_problem(w, at, "must be a time such as 2026-01-02T03:04:05Z");
}

/* A limit as people write it. */
static void check_limit(struct schema_walk *w, const struct schema_place *at, bool broken, const char *words, long double limit)
{
	if (broken && limit == floorl(limit))
		walk_problem(w, at, "must be %s %.0Lf", words, limit);
	else if (broken)
		walk_problem(w, at, "must be %s %.15Lg", words, limit);
}

static void check_number(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at)
{
	unsigned limits = s->limits;

	if (!(limits & (SCHEMA_MINIMUM | SCHEMA_MAXIMUM | SCHEMA_ABOVE | SCHEMA_BELOW)))
		return;
	long double x = json_is_integer(v) ? (long double)json_integer_value(v) : (long double)json_real_value(v);
	check_limit(w, at, limits & SCHEMA_MINIMUM && x < s->minimum, "at least", s->minimum);
	check_limit(w, at, limits & SCHEMA_MAXIMUM && x > s->maximum, "at most", s->maximum);
	check_limit(w, at, limits & SCHEMA_ABOVE && x <= s->above, "greater than", s->above);
	check_limit(w, at, limits & SCHEMA_BELOW && x >= s->below, "less than", s->below);
}

/* Members are written by memcpy: a list's element type is not known here. */
static void store_list(const void *v, size_t n, void *member)
{
	memcpy(member, &v, sizeof(v));
	memcpy((char *)member + sizeof(v), &n, sizeof(n));
}

static size_t member_size(enum schema_member member)
{
	switch (member) {
	case SCHEMA_INT_MEMBER:
		return sizeof(int64_t);
	case SCHEMA_DOUBLE_MEMBER:
		return sizeof(double);
	case SCHEMA_BOOL_MEMBER:
		return sizeof(bool);
	default:
		return sizeof(void *);
	}
}

static void check_array(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at, void *member)
{
	size_t n = json_array_size(v);

	if (s->limits & SCHEMA_MIN_ITEMS && n < s->min_items)
		walk_problem(w, at, "must have at least %zu %s", s->min_items, s->min_items == 1 ? "entry" : "entries");
	if (s->limits & SCHEMA_MAX_ITEMS && n > s->max_items)
		walk_problem(w, at, "must have at most %zu %s", s->max_items, s->max_items == 1 ? "entry" : "entries");
	if (!s->items || (s->limits & SCHEMA_MAX_ITEMS && n > s->max_items))
		return;
	size_t size = member_size(s->items->member);
	char *entries = member ? arena_array(w->a, n, size) : NULL;
	for (size_t i = 0; i < n; i++) {
		struct schema_place place = { .parent = at, .index = i, .depth = at->depth + 1 };
		schema_check(w, s->items, json_array_get(v, i), &place, entries ? entries + i * size : NULL);
	}
	if (member)
		store_list(entries, n, member);
}

/* --- objects ------------------------------------------------------------------------------------------------------- */

static void check_unknown(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at)
{
	const char *key;
	json_t *one;

	json_object_foreach((json_t *)v, key, one)
	{
		bool known = false;
		for (size_t i = 0; i < s->field_count && !known; i++)
			known = s->fields[i].declared && strcmp(s->fields[i].name, key) == 0;
		if (!known)
			walk_problem_key(w, at, key, "unknown field");
	}
}

static void check_field(struct schema_walk *w, const struct schema_field *f, const json_t *v, const struct schema_place *at, void *base)
{
	struct schema_place place = { .parent = at, .key = f->name, .depth = at->depth + 1 };

	schema_check(w, f->schema, v, &place, base && f->declared ? (char *)base + f->offset : NULL);
	if (base && f->has && !json_is_null(v))
		*(bool *)((char *)base + f->has_offset) = true;
}

static void check_object(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at, void *base)
{
	size_t known = 0;

	for (size_t i = 0; i < s->field_count; i++) {
		const struct schema_field *f = &s->fields[i];
		const json_t *one = json_object_getn(v, f->name, f->name_len);
		if (one) {
			known += f->declared;
			check_field(w, f, one, at, base);
		} else if (f->required) {
			walk_problem_key(w, at, f->name, "is required");
		}
	}
	if (s->limits & SCHEMA_CLOSED && known != json_object_size(v))
		check_unknown(w, s, v, at);
}

/* --- storing ------------------------------------------------------------------------------------------------------- */

static const char *copy_json(struct schema_walk *w, const json_t *v, const struct schema_place *at)
{
	struct buf b;
	const char *copy = NULL;

	buf_init(&b, JSON_MEMBER_MAX_BYTES);
	enum error e = schema_json_write(&b, v, SCHEMA_MAX_DEPTH);
	if (e)
		walk_problem(w, at, e == ERROR_invalid ? "is nested too deep" : "is too large");
	else
		copy = arena_strndup(w->a, b.data, b.len);
	buf_free(&b);
	return copy;
}

/* Of a value that passed. */
static void store_scalar(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_choice *choice, void *member)
{
	switch (s->member) {
	case SCHEMA_TEXT_MEMBER:
		*(const char **)member = choice ? choice->text : arena_strndup(w->a, json_string_value(v), json_string_length(v));
		break;
	case SCHEMA_INT_MEMBER:
		*(int64_t *)member = json_is_integer(v) ? json_integer_value(v) : (int64_t)json_real_value(v);
		break;
	case SCHEMA_DOUBLE_MEMBER:
		*(double *)member = json_number_value(v);
		break;
	case SCHEMA_BOOL_MEMBER:
		*(bool *)member = json_is_true(v);
		break;
	default:
		break;
	}
}

/* Type and choices: what everything else presumes. *choice_r is the choice that the value is, NULL when there are none. */
static bool check_kind(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at, const struct schema_choice **choice_r)
{
	*choice_r = NULL;
	if (!(types_of(v) & s->types)) {
		wrong_type(w, s, at);
		return false;
	}
	if (!s->choices)
		return true;
	*choice_r = choice_find(s, v);
	if (!*choice_r)
		wrong_choice(w, s, at);
	return *choice_r != NULL;
}

void schema_check_struct(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at, void *base)
{
	const struct schema_choice *choice;

	if (check_kind(w, s, v, at, &choice))
		check_object(w, s, v, at, base);
}

static void check_composite(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at, void *member)
{
	void *base = NULL;

	if (at->depth >= SCHEMA_MAX_DEPTH) {
		walk_problem(w, at, "is nested too deep");
	} else if (json_is_array(v)) {
		check_array(w, s, v, at, s->member == SCHEMA_LIST_MEMBER ? member : NULL);
	} else {
		if (member && s->member == SCHEMA_STRUCT_MEMBER) {
			base = arena_alloc(w->a, s->size);
			memcpy(member, &base, sizeof(base));
		}
		check_object(w, s, v, at, base);
	}
}

void schema_check(struct schema_walk *w, const struct schema *s, const json_t *v, const struct schema_place *at, void *member)
{
	const struct schema_choice *choice;

	if (!check_kind(w, s, v, at, &choice))
		return;
	if (json_is_string(v))
		check_string(w, s, v, at);
	else if (json_is_number(v))
		check_number(w, s, v, at);
	else if (json_is_array(v) || json_is_object(v))
		check_composite(w, s, v, at, member);
	if (!member)
		return;
	if (s->member == SCHEMA_JSON_MEMBER && (s->types == SCHEMA_ANY || !json_is_null(v)))
		*(const char **)member = copy_json(w, v, at);
	else if (!json_is_null(v))
		store_scalar(w, s, v, choice, member);
}
