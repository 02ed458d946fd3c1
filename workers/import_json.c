/* import_json.c - a scanner that knows where it is in the document, and cuts out values; see import_json.h. */
#include "workers/import_json.h"

#include <string.h>

#include "workers/import_parse.h"

enum place { PLACE_document,   /* the object around everything */
	     PLACE_categories, /* an array of categories */
	     PLACE_category,   /* an object */
	     PLACE_rows };     /* an array of rows */

enum state { STATE_value,       /* a value must come */
	     STATE_first_value, /* or the end of the array */
	     STATE_key,
	     STATE_first_key, /* or the end of the object */
	     STATE_colon,
	     STATE_behind, /* a comma or the end */
	     STATE_in_key,
	     STATE_in_value,
	     STATE_done };

void import_json_init(struct import_json *j, bool lines, import_value_fn *on_value, void *ctx)
{
	*j = (struct import_json){ .lines = lines, .line = 1, .on_value = on_value, .ctx = ctx, .state = STATE_value };
	buf_init(&j->value, IMPORT_ROW_BYTES_MAX);
}

void import_json_free(struct import_json *j)
{
	buf_free(&j->value);
}

static bool fail(struct import_json *j, enum import_json_problem problem)
{
	j->problem = problem;
	j->problem_line = problem == IMPORT_JSON_too_large ? j->value_line : j->line;
	return false;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Lines. */

static bool end_line(struct import_json *j)
{
	const char *text = buf_text(&j->value);
	size_t blank = strspn(text, " \t\r");
	if (blank < j->value.len)
		j->stopped = !j->on_value(j->ctx, IMPORT_VALUE_row, j->line, text, j->value.len);
	buf_reset(&j->value);
	return !j->stopped;
}

static bool feed_lines(struct import_json *j, const char *s, size_t len)
{
	while (len) {
		const char *end = memchr(s, '\n', len);
		size_t n = end ? (size_t)(end - s) : len;
		j->value_line = j->line;
		if (buf_append(&j->value, s, n))
			return fail(j, IMPORT_JSON_too_large);
		if (!end)
			return true;
		if (!end_line(j))
			return false;
		j->line++;
		s += n + 1;
		len -= n + 1;
	}
	return true;
}

/* Documents. */

static enum place here(const struct import_json *j)
{
	return (enum place)j->place[j->depth - 1];
}

static bool enter(struct import_json *j, enum place place)
{
	j->place[j->depth++] = place;
	j->state = place == PLACE_rows || place == PLACE_categories ? STATE_first_value : STATE_first_key;
	j->found = j->found || place == PLACE_rows || place == PLACE_categories;
	if (place == PLACE_category)
		j->named = j->begun = false;
	return true;
}

/* Behind a category no row belongs to it any more. */
static bool leave(struct import_json *j)
{
	if (here(j) == PLACE_category)
		j->stopped = !j->on_value(j->ctx, IMPORT_VALUE_category_name, j->line, "null", 4);
	j->depth--;
	j->state = j->depth ? STATE_behind : STATE_done;
	return !j->stopped;
}

/* A bracket that opens something to go into; false: the value is for others. */
static bool goes_in(struct import_json *j, char c)
{
	if (!j->depth)
		return c == '[' ? enter(j, PLACE_rows) : c == '{' && enter(j, PLACE_document);
	if (here(j) == PLACE_categories)
		return c == '{' && enter(j, PLACE_category);
	if (here(j) == PLACE_rows || c != '[')
		return false;
	if (!strcmp(j->key, "\"items\"")) {
		if (here(j) == PLACE_category) {
			j->begun = true;
			if (!j->named)
				return fail(j, IMPORT_JSON_late_name);
		}
		return enter(j, PLACE_rows);
	}
	return here(j) == PLACE_document && !strcmp(j->key, "\"categories\"") && enter(j, PLACE_categories);
}

static enum import_value what(const struct import_json *j)
{
	if (here(j) == PLACE_rows)
		return IMPORT_VALUE_row;
	return here(j) == PLACE_category && !strcmp(j->key, "\"name\"") ? IMPORT_VALUE_category_name : IMPORT_VALUE_other;
}

static bool end_value(struct import_json *j)
{
	enum import_value kind = what(j);
	j->state = STATE_behind;
	if (kind == IMPORT_VALUE_category_name) {
		j->named = true;
		if (j->begun)
			return fail(j, IMPORT_JSON_late_name);
	}
	j->stopped = !j->on_value(j->ctx, kind, j->value_line, buf_text(&j->value), j->value.len);
	return !j->stopped;
}

static bool begin_value(struct import_json *j, char c, int state)
{
	buf_reset(&j->value);
	j->value_line = j->line;
	j->nesting = c == '{' || c == '[';
	j->in_string = c == '"';
	j->escaped = false;
	j->scalar = !j->nesting && !j->in_string;
	j->state = state;
	return !buf_char(&j->value, c);
}

static bool add(struct import_json *j, char c)
{
	return !buf_char(&j->value, c) || fail(j, IMPORT_JSON_too_large);
}

/* Within a value or a key. *taken_r: false when the byte ends a number or a word and is looked at again. */
static bool in_value(struct import_json *j, char c, bool *taken_r)
{
	*taken_r = true;
	if (j->in_string) {
		j->in_string = j->escaped || c != '"';
		j->escaped = !j->escaped && c == '\\';
	} else if (j->scalar) {
		if (is_space(c) || strchr(",]}:", c)) {
			*taken_r = false;
			return end_value(j);
		}
	} else {
		j->in_string = c == '"';
		j->nesting += c == '{' || c == '[';
		j->nesting -= c == '}' || c == ']';
	}
	if (!add(j, c))
		return false;
	if (j->in_string || j->nesting || j->scalar)
		return true;
	if (j->state == STATE_in_value)
		return end_value(j);
	size_t n = j->value.len < sizeof(j->key) ? j->value.len : 0;
	memcpy(j->key, buf_text(&j->value), n);
	j->key[n] = '\0';
	j->state = STATE_colon;
	return true;
}

static bool at_value(struct import_json *j, char c)
{
	if (j->state == STATE_first_value && c == ']')
		return leave(j);
	if (strchr("]},:", c))
		return fail(j, IMPORT_JSON_malformed);
	if ((c == '[' || c == '{') && goes_in(j, c))
		return true;
	if (j->problem)
		return false;
	if (!j->depth || here(j) == PLACE_categories)
		return fail(j, IMPORT_JSON_no_rows);
	return begin_value(j, c, STATE_in_value);
}

static bool at_key(struct import_json *j, char c)
{
	if (j->state == STATE_first_key && c == '}')
		return leave(j);
	return c == '"' ? begin_value(j, c, STATE_in_key) : fail(j, IMPORT_JSON_malformed);
}

static bool behind(struct import_json *j, char c)
{
	bool object = here(j) == PLACE_document || here(j) == PLACE_category;
	if (c == ',') {
		j->state = object ? STATE_key : STATE_value;
		return true;
	}
	return c == (object ? '}' : ']') ? leave(j) : fail(j, IMPORT_JSON_malformed);
}

static bool between(struct import_json *j, char c)
{
	if (is_space(c))
		return true;
	if (j->state == STATE_value || j->state == STATE_first_value)
		return at_value(j, c);
	if (j->state == STATE_key || j->state == STATE_first_key)
		return at_key(j, c);
	if (j->state == STATE_behind)
		return behind(j, c);
	if (j->state == STATE_colon && c == ':') {
		j->state = STATE_value;
		return true;
	}
	return fail(j, IMPORT_JSON_malformed);
}

/* How much of a string or of what needs no look is at the front of the text, within a value. */
static size_t run(const struct import_json *j, const char *s, size_t len)
{
	size_t n = 0;
	if (!j->in_string || j->escaped)
		return 0;
	while (n < len && s[n] != '"' && s[n] != '\\' && s[n] != '\n')
		n++;
	return n;
}

static bool feed_document(struct import_json *j, const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		bool inside = j->state == STATE_in_value || j->state == STATE_in_key, taken = true;
		size_t n = inside ? run(j, s + i, len - i) : 0;
		if (n && buf_append(&j->value, s + i, n))
			return fail(j, IMPORT_JSON_too_large);
		i += n;
		if (i == len)
			return true;
		if (!(inside ? in_value(j, s[i], &taken) : between(j, s[i])))
			return false;
		j->line += taken && s[i] == '\n';
		i += taken;
	}
	return true;
}

bool import_json_feed(struct import_json *j, const char *text, size_t len)
{
	if (j->problem || j->stopped)
		return false;
	return j->lines ? feed_lines(j, text, len) : feed_document(j, text, len);
}

bool import_json_finish(struct import_json *j)
{
	if (j->problem || j->stopped)
		return false;
	if (j->lines)
		return end_line(j);
	if (j->state != STATE_done)
		return fail(j, IMPORT_JSON_malformed);
	return j->found || fail(j, IMPORT_JSON_no_rows);
}
