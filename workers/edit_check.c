/* edit_check.c - see edit_check.h. */
#include "workers/edit_check.h"

#include <string.h>
#include <strings.h>

#include "common/schema_json.h"
#include "common/text.h"
#include "schemas.h"
#include "workers/edit_allergens.h"


enum form { FORM_LINE,
	    FORM_LINES,
	    FORM_URL,
	    FORM_ORIGIN,
	    FORM_TIME,
	    FORM_HOURS,
	    FORM_OBJECT,
	    FORM_ALLERGENS,
	    FORM_SAME };

static const struct {
	const char *member;
	enum form form;
} checks[] = {
#define CHECK(member, form) { #member, FORM_##form },
#include "workers/edit_texts.def"
#undef CHECK
};

struct checking {
	struct arena *a;
	const char *restaurant_id;
	struct edit_checked *checked;
};

void edit_problem(struct arena *a, struct schema_problems *problems, const char *pointer, const char *message)
{
	if (problems->n < SCHEMA_MAX_PROBLEMS)
		problems->v[problems->n++] = (struct schema_problem){ arena_strdup(a, pointer), arena_strdup(a, message) };
}

/* --- texts --- */

static const char *url_refusal(const char *s)
{
	bool address = strncasecmp(s, "https://", 8) == 0 || strncasecmp(s, "http://", 7) == 0 || (*s == '/' && s[1] != '/');
	if (!address)
		return "must be an address that begins with https:// or http://, or a path of this site";
	return s[strcspn(s, " \"'<>\\^`{|}\x7f")] ? "must have special characters percent-encoded" : NULL;
}

static const char *origin_refusal(const char *s)
{
	size_t scheme = strncmp(s, "https://", 8) == 0 ? 8 : strncmp(s, "http://", 7) == 0 ? 7
	                                                                                   : 0;
	const char *host = s + scheme;
	if (!scheme || !*host || host[strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:[]")])
		return "must be an origin, as \"https://example.com\": no path, no slash at the end";
	return NULL;
}

/* A local time is one that an offset would make complete. */
static bool is_time(struct arena *a, const char *s)
{
	const char *with_seconds = arena_printf(a, "%sZ", s), *with_minutes = arena_printf(a, "%s:00Z", s);
	return schema_is_date_time(s, strlen(s)) || schema_is_date_time(with_seconds, strlen(with_seconds)) || schema_is_date_time(with_minutes, strlen(with_minutes));
}

static const char *text_problem(const struct checking *c, enum form form, const char *s, size_t len)
{
	const char *refusal = text_refusal(s, len, form != FORM_LINES);
	if (refusal)
		return refusal;
	switch (form) {
	case FORM_LINE:
		return len && text_is_blank(s, len) ? "must not be blank" : NULL;
	case FORM_URL:
		return url_refusal(s);
	case FORM_ORIGIN:
		return origin_refusal(s);
	case FORM_TIME:
		return is_time(c->a, s) ? NULL : "must be a time, as \"2026-05-01T18:00:00+02:00\" or, by the restaurant's clock, \"2026-05-01T18:00\"";
	case FORM_SAME:
		return strcasecmp(s, c->restaurant_id) == 0 ? NULL : "must be the restaurant that this belongs to: nothing moves to another one";
	default:
		return NULL;
	}
}

/* --- members --- */

static bool is_clock(const char *s)
{
	return strlen(s) == 5 && s[2] == ':' && strspn(s, "0123456789") == 2 && strspn(s + 3, "0123456789") == 2 && (s[0] - '0') * 10 + s[1] - '0' <= 24 && s[3] <= '5';
}

static void check_span(struct checking *c, const char *pointer, const json_t *span)
{
	const char *ends[] = { "from", "to" };
	for (size_t i = 0; i < 2; i++) {
		const char *clock = json_string_value(json_object_get(span, ends[i]));
		if (clock && !is_clock(clock))
			edit_problem(c->a, &c->checked->problems, arena_printf(c->a, "%s/%s", pointer, ends[i]), "must be a time of day, as \"18:00\"");
	}
}

static void check_hours(struct checking *c, const char *pointer, const json_t *hours)
{
	struct schema_problems found = { .n = 0 };
	const char *day;
	json_t *spans;
	size_t i;
	schema_valid(c->a, &schema_opening_hours, hours, &found);
	for (i = 0; i < found.n; i++)
		edit_problem(c->a, &c->checked->problems, arena_printf(c->a, "%s%s", pointer, found.v[i].pointer), found.v[i].message);
	if (found.n)
		return;
	json_object_foreach((json_t *)hours, day, spans)
	{
		json_t *span;
		json_array_foreach(spans, i, span)
			check_span(c, arena_printf(c->a, "%s/%s/%zu", pointer, day, i), span);
	}
}

static void check_members(struct checking *c, const char *pointer, const json_t *object);

static void check_value(struct checking *c, enum form form, const char *pointer, const json_t *value)
{
	const char *problem = json_is_string(value) && form != FORM_ALLERGENS ? text_problem(c, form, json_string_value(value), json_string_length(value)) : NULL;
	if (problem)
		edit_problem(c->a, &c->checked->problems, pointer, problem);
	else if (form == FORM_HOURS)
		check_hours(c, pointer, value);
	else if (form == FORM_OBJECT)
		check_members(c, pointer, value);
	else if (form == FORM_ALLERGENS)
		c->checked->allergens = edit_allergens(c->a, value, &c->checked->problems);
}

static void check_member(struct checking *c, enum form form, const char *pointer, const json_t *value)
{
	size_t i;
	json_t *entry;
	if (!json_is_array(value) || form == FORM_ALLERGENS) {
		check_value(c, form, pointer, value);
		return;
	}
	json_array_foreach(value, i, entry)
		check_value(c, form, arena_printf(c->a, "%s/%zu", pointer, i), entry);
}

static void check_members(struct checking *c, const char *pointer, const json_t *object)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		const json_t *value = json_object_get(object, checks[i].member);
		if (value && (!json_is_null(value) || checks[i].form == FORM_ALLERGENS))
			check_member(c, checks[i].form, arena_printf(c->a, "%s/%s", pointer, checks[i].member), value);
	}
}

enum error edit_check(struct arena *a, enum edit_id edit, const char *restaurant_id, const char *body, struct edit_checked *checked_r)
{
	*checked_r = (struct edit_checked){ .allergens = NULL };
	const struct edit_row *row = &edit_rows[edit];
	json_t *value = NULL;
	if (!row->schema)
		return ERROR_none;
	enum error error = schema_parse(a, body ? body : "", body ? strlen(body) : 0, &value, &checked_r->problems);
	if (error)
		return error;
	error = schema_decode_value(a, row->schema, value, arena_alloc(a, row->body_size), &checked_r->problems);
	if (!error || checked_r->problems.n) {
		struct checking c = { a, restaurant_id, checked_r };
		check_members(&c, "", value);
	}
	json_decref(value);
	return checked_r->problems.n ? ERROR_invalid : error;
}
