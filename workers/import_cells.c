/* import_cells.c - raw cells into the members of a row, each by the kind of its column; what is wrong becomes a note. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <utf8proc.h>

#include "common/csv_write.h"
#include "common/text.h"
#include "workers/import_internal.h"

/* Text. */

/* What is to be seen in one pass. */
struct look {
	bool ascii, control, tag, cr;
};

static bool opens_tag(const char *s)
{
	return (s[1] >= 'a' && s[1] <= 'z') || (s[1] >= 'A' && s[1] <= 'Z') || s[1] == '/' || s[1] == '!' || s[1] == '?';
}

static struct look look_at(const char *s, size_t n)
{
	struct look l = { .ascii = true };
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c >= 0x80)
			l.ascii = false;
		else if (c == '<')
			l.tag = l.tag || (i + 1 < n && opens_tag(s + i));
		else if (c < ' ' || c == 0x7f) {
			l.cr = l.cr || c == '\r';
			l.control = l.control || (c != '\r' && c != '\n' && c != '\t');
		}
	}
	if (!l.ascii && !l.control)
		l.control = !l.cr && !text_is_clean(s, n);
	return l;
}

/* CRLF and CR become LF. */
static size_t line_ends(char *s, size_t n)
{
	size_t to = 0;
	for (size_t i = 0; i < n; i++) {
		bool cr = s[i] == '\r';
		s[to++] = cr ? '\n' : s[i];
		i += cr && i + 1 < n && s[i + 1] == '\n';
	}
	s[to] = '\0';
	return to;
}

static const char *normal(struct arena *a, const char *text, size_t length, const struct look *l, size_t *length_r)
{
	char *copy = arena_strndup(a, text, length);
	if (l->cr)
		length = line_ends(copy, length);
	if (!l->ascii) {
		utf8proc_uint8_t *composed = utf8proc_NFC((const utf8proc_uint8_t *)copy);
		if (composed) {
			copy = arena_strdup(a, (char *)composed);
			length = strlen(copy);
		}
		free(composed);
	}
	*length_r = length;
	return copy;
}

/* Blanks at the front: one byte, or U+00A0 and U+FEFF. */
static size_t blank_before(const char *s, size_t n)
{
	if (!n)
		return 0;
	if (*s == ' ' || (*s >= '\t' && *s <= '\r'))
		return 1;
	if (n >= 2 && !memcmp(s, "\xc2\xa0", 2))
		return 2;
	return n >= 3 && !memcmp(s, "\xef\xbb\xbf", 3) ? 3 : 0;
}

static size_t blank_behind(const char *s, size_t n)
{
	for (size_t k = 1; k <= 3 && k <= n; k++)
		if (blank_before(s + n - k, k) == k)
			return k;
	return 0;
}

static size_t trim(const char **s, size_t n)
{
	size_t k;
	while ((k = blank_before(*s, n))) {
		*s += k;
		n -= k;
	}
	while ((k = blank_behind(*s, n)))
		n -= k;
	return n;
}

const char *import_cell_text(struct import_parser *p, enum import_column column, const char *text, size_t length)
{
	size_t max = import_column_rows[column].max;
	const char *name = import_column_names[column];
	length = trim(&text, length);
	struct look l = look_at(text, length);
	if (l.control || (l.cr && !l.ascii)) {
		text = normal(p->arena, text, length, &(struct look){ .ascii = true, .cr = l.cr }, &length);
		if (l.control || !text_is_clean(text, length)) {
			import_note(p, IMPORT_CODE_control_character, column, "The %s holds a control character.", name);
			return NULL;
		}
		l.cr = false;
	}
	if (l.tag) {
		import_note(p, IMPORT_CODE_markup, column, "The %s %s holds an HTML tag; only plain text is taken.", name, import_shown(p->arena, text));
		return NULL;
	}
	if (text[length] || !l.ascii || l.cr)
		text = normal(p->arena, text, length, &l, &length);
	size_t points = l.ascii ? length : utf8_length(text, length);
	if (points > max) {
		import_note(p, IMPORT_CODE_too_long, column, "The %s has %zu characters; at most %zu are allowed.", name, points, max);
		return NULL;
	}
	return text;
}

/* Addresses of images. */

static bool is_address(const char *s)
{
	size_t scheme = !strncasecmp(s, "https://", 8) ? 8 : !strncasecmp(s, "http://", 7) ? 7
	                                                                                   : 0;
	if (!scheme || !s[scheme] || strchr("/?#:@", s[scheme]))
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || strchr("\"<>\\^`{|}", *s))
			return false;
	return true;
}

static void read_url(struct import_parser *p, enum import_column column, const struct import_raw *raw)
{
	const char *text = import_cell_text(p, column, raw->text, raw->length);
	if (text && !is_address(text)) {
		import_note(p, IMPORT_CODE_url, column, "%s is no http or https address.", import_shown(p->arena, text));
		text = NULL;
	}
	p->row.text[column] = text;
}

/* Lists of texts. */

struct listing {
	const char **v;
	const char *keys[IMPORT_LIST_MAX];
	size_t n;
	bool failed;
};

static void add_value(struct import_parser *p, enum import_column column, struct listing *l, const char *s, size_t length)
{
	length = trim(&s, length);
	if (!length || l->failed)
		return;
	if (l->n == IMPORT_LIST_MAX) {
		import_note(p, IMPORT_CODE_list_too_long, column, "There are more than %d values in %s.", IMPORT_LIST_MAX, import_column_names[column]);
		l->failed = true;
		return;
	}
	const char *text = import_cell_text(p, column, s, length);
	if (!text) {
		l->failed = true;
		return;
	}
	const char *key = import_fold(p->arena, text);
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->keys[i], key))
			return;
	l->keys[l->n] = key;
	l->v[l->n++] = text;
}

/* Values end at , ; | but not at \, \; \| (csv_list). */
static void split_list(struct import_parser *p, enum import_column column, struct listing *l, const struct import_raw *raw)
{
	char *value = arena_alloc(p->arena, raw->length + 1);
	size_t n = 0;
	for (const char *s = raw->text; *s; s++) {
		bool escaped = *s == '\\' && s[1] && strchr(",;|\\", s[1]);
		if (!escaped && strchr(",;|", *s)) {
			add_value(p, column, l, value, n);
			value += n + 1;
			n = 0;
			continue;
		}
		s += escaped;
		value[n++] = *s;
	}
	add_value(p, column, l, value, n);
}

static void read_list(struct import_parser *p, enum import_column column, const struct import_raw *raw)
{
	struct listing l = { .v = arena_array(p->arena, IMPORT_LIST_MAX, sizeof(*l.v)) };
	for (size_t i = 0; i < raw->n; i++)
		add_value(p, column, &l, raw->v[i], strlen(raw->v[i]));
	if (!raw->v)
		split_list(p, column, &l, raw);
	if (l.failed)
		l.n = 0;
	*(column == IMPORT_COLUMN_tags ? &p->row.tags : &p->row.ingredients) = (struct import_list){ l.v, l.n };
}

/* Numbers. */

static void price_problem(struct import_parser *p, enum import_code code, const char *text)
{
	const char *shown = import_shown(p->arena, text), *currency = p->currency;
	static const char *const formats[IMPORT_CODE_COUNT] = {
		[IMPORT_CODE_price_not_a_number] = "The price %s is no number; write it like 14.90.",
		[IMPORT_CODE_price_range] = "The price %s is a range; an item has one price.",
		[IMPORT_CODE_price_negative] = "The price %s is below 0.",
		[IMPORT_CODE_price_zero] = "The price %s is 0; leave the cell empty or write MP when there is no fixed price.",
	};
	if (code == IMPORT_CODE_price_currency)
		import_note(p, code, IMPORT_COLUMN_price, "The price %s is not in %s, the menu's currency.", shown, currency);
	else if (code == IMPORT_CODE_price_too_high)
		import_note(p, code, IMPORT_COLUMN_price, "The price %s is above the restaurant's limit of %s %s.", shown, p->options.max_price, currency);
	else if (code == IMPORT_CODE_price_decimals)
		import_note(p, code, IMPORT_COLUMN_price, "The price %s has more decimals than %s has (%d).", shown, currency, p->options.decimals);
	else if (code == IMPORT_CODE_price_ambiguous)
		import_note(p, code, IMPORT_COLUMN_price, "The price %s may mean thousands, which is above the limit of %s %s, or decimals; write it with the decimals of %s.", shown,
		            p->options.max_price, currency, currency);
	else if (formats[code]) {
		const char *at = strstr(formats[code], "%s");
		import_note(p, code, IMPORT_COLUMN_price, "%.*s%s%s", (int)(at - formats[code]), formats[code], shown, at + 2);
	}
}

static void read_price(struct import_parser *p, const char *text, size_t length)
{
	struct import_price price = import_price_read(p->arena, &p->money, text, length);
	if (!price.ok) {
		price_problem(p, price.problem, text);
		return;
	}
	if (price.market) {
		import_note(p, IMPORT_CODE_price_market, IMPORT_COLUMN_price, "%s is taken as market price: the item will have no price.", import_shown(p->arena, text));
		return;
	}
	p->row.price = arena_strdup(p->arena, price.text);
	if (price.thousands)
		import_note(p, IMPORT_CODE_price_thousands, IMPORT_COLUMN_price, "The price %s was read as %s %s.", import_shown(p->arena, text), p->row.price, p->currency);
}

static void read_boolean(struct import_parser *p, enum import_column column, const char *text, size_t length)
{
	int value = import_boolean_read(p->arena, text, length);
	if (value < 0)
		import_note(p, IMPORT_CODE_boolean, column, "%s in %s is neither yes nor no.", import_shown(p->arena, text), import_column_names[column]);
	*(column == IMPORT_COLUMN_is_signature ? &p->row.is_signature : &p->row.is_available) = value > 0;
}

static void read_integer(struct import_parser *p, enum import_column column, const char *text, size_t length)
{
	bool spice = column == IMPORT_COLUMN_spice_level;
	int64_t least = spice ? 0 : INT32_MIN, most = spice ? (int64_t)import_column_rows[column].max : INT32_MAX;
	if (!import_integer_read(text, length, least, most, spice ? &p->row.spice_level : &p->row.display_order))
		import_note(p, IMPORT_CODE_integer, column, "%s in %s is no whole number from %lld to %lld.", import_shown(p->arena, text), import_column_names[column], (long long)least, (long long)most);
}

/* Rows. */

static bool may_be_cleared(enum import_column column)
{
	return column != IMPORT_COLUMN_name && column != IMPORT_COLUMN_category && column != IMPORT_COLUMN_external_id && import_column_rows[column].kind != IMPORT_KIND_BOOLEAN;
}

static enum import_cell cell_of(struct import_parser *p, enum import_column column, const struct import_raw_row *row, struct import_raw *raw)
{
	*raw = row->cell[column];
	if (!raw->text)
		return IMPORT_CELL_absent;
	raw->length = trim(&raw->text, raw->length);
	if (!raw->length)
		return IMPORT_CELL_empty;
	if (raw->length != strlen(CSV_CLEAR) || memcmp(raw->text, CSV_CLEAR, raw->length) != 0 || row->guarded[column])
		return IMPORT_CELL_value;
	if (may_be_cleared(column))
		return IMPORT_CELL_clear;
	import_note(p, IMPORT_CODE_clear_not_allowed, column, "The %s cannot be cleared.", import_column_names[column]);
	return IMPORT_CELL_empty;
}

static void read_cell(struct import_parser *p, enum import_column column, struct import_raw *raw)
{
	struct import_row *row = &p->row;
	enum import_column_kind kind = import_column_rows[column].kind;
	if (raw->text[raw->length]) /* blanks behind it */
		raw->text = arena_strndup(p->arena, raw->text, raw->length);
	row->text[column] = raw->text;
	if (kind == IMPORT_KIND_TEXT)
		row->text[column] = import_cell_text(p, column, raw->text, raw->length);
	else if (kind == IMPORT_KIND_URL)
		read_url(p, column, raw);
	else if (kind == IMPORT_KIND_LIST)
		read_list(p, column, raw);
	else if (kind == IMPORT_KIND_PRICE)
		read_price(p, raw->text, raw->length);
	else if (kind == IMPORT_KIND_BOOLEAN)
		read_boolean(p, column, raw->text, raw->length);
	else if (kind == IMPORT_KIND_INTEGER)
		read_integer(p, column, raw->text, raw->length);
}

/* Rows of a category come together: its key is kept. */
static const char *category_key(struct import_parser *p, const char *category)
{
	if (!category)
		return NULL;
	if (!p->category.data || strcmp(p->category.data, category) != 0) {
		buf_reset(&p->category);
		buf_reset(&p->category_key);
		buf_str(&p->category, category);
		buf_str(&p->category_key, import_fold(p->arena, category));
	}
	return buf_text(&p->category_key);
}

static void identify(struct import_parser *p)
{
	struct import_row *row = &p->row;
	const char *name = row->text[IMPORT_COLUMN_name], *category = row->text[IMPORT_COLUMN_category];
	row->category_key = category_key(p, category);
	if (name)
		row->identity = import_identity(p->arena, row->category_key, name);
	bool said = false; /* the name was refused for what is in it */
	for (size_t i = 0; i < row->n_notes; i++)
		said = said || row->notes[i].column == IMPORT_COLUMN_name;
	if (!name && !said)
		import_note(p, IMPORT_CODE_name_missing, IMPORT_COLUMN_name, "The row has no name.");
}

void import_cells(struct import_parser *p, const struct import_raw_row *raw)
{
	struct import_raw_row trimmed = *raw;
	if (raw->problem)
		import_note(p, raw->problem_code, IMPORT_COLUMN_none, "%s", raw->problem);
	for (int i = 0; i < IMPORT_COLUMN_COUNT; i++) {
		enum import_column column = (enum import_column)i;
		p->row.cell[i] = cell_of(p, column, raw, &trimmed.cell[i]);
		if (p->row.cell[i] == IMPORT_CELL_value)
			read_cell(p, column, &trimmed.cell[i]);
	}
	if (p->row.cell[IMPORT_COLUMN_price] == IMPORT_CELL_empty)
		import_note(p, IMPORT_CODE_price_empty, IMPORT_COLUMN_price, "There is no price; a new item will have none, an old one keeps its own.");
	import_cell_allergens(p, &trimmed);
	identify(p);
}
