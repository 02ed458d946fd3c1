#include <string.h>

#include "api/page.h"

/* Text in an element or between double quotes. */
static void put_text(struct buf *b, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			buf_str(b, "&amp;");
			break;
		case '<':
			buf_str(b, "&lt;");
			break;
		case '>':
			buf_str(b, "&gt;");
			break;
		case '"':
			buf_str(b, "&quot;");
			break;
		default:
			buf_char(b, *text);
		}
	}
}

/* JSON inside a script element: without < and > it can neither end the element nor begin a comment. They occur in strings only. */
static void put_data(struct buf *b, const char *json)
{
	for (; *json; json++) {
		if (*json == '<')
			buf_str(b, "\\u003c");
		else if (*json == '>')
			buf_str(b, "\\u003e");
		else
			buf_char(b, *json);
	}
}

static void put_meta(struct buf *b, const char *attribute, const char *name, const char *content)
{
	buf_printf(b, "<meta %s=\"%s\" content=\"", attribute, name);
	put_text(b, content);
	buf_str(b, "\"/>");
}

static void put_words(struct buf *b, const struct page_words *w)
{
	buf_str(b, "<title>");
	put_text(b, w->title);
	buf_str(b, "</title>");
	put_meta(b, "property", "og:title", w->title);
	put_meta(b, "property", "og:type", "website");
	put_meta(b, "property", "og:url", w->path);
	if (w->description) {
		put_meta(b, "name", "description", w->description);
		put_meta(b, "property", "og:description", w->description);
	}
	if (w->menu) {
		buf_str(b, "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"");
		put_text(b, w->menu);
		buf_str(b, "\"/>");
	}
	buf_str(b, "<script type=\"application/ld+json\">");
	put_data(b, w->data);
	buf_str(b, "</script>");
}

/* The element that begins with `open` and ends with `close`; NULL: there is none before `end`. */
static const char *element(const char *at, const char *end, const char *open, const char *close, const char **behind_r)
{
	const char *from = memmem(at, (size_t)(end - at), open, strlen(open));
	const char *to = from ? memmem(from, (size_t)(end - from), close, strlen(close)) : NULL;
	if (!to)
		return NULL;
	*behind_r = to + strlen(close);
	return from;
}

/* --- the words where the form has braces for them --- */

static void put_color(struct buf *b, const char *name, const char *color)
{
	size_t digits = color && *color == '#' ? strspn(color + 1, "0123456789abcdefABCDEF") : 0;
	if ((digits == 3 || digits == 6) && !color[1 + digits])
		buf_printf(b, "--shop-%s:%s;", name, color);
}

static void put_name(struct buf *b, const struct page_words *w)
{
	put_text(b, w->title);
}

static void put_cuisine(struct buf *b, const struct page_words *w)
{
	put_text(b, w->cuisine ? w->cuisine : "");
}

static void put_description(struct buf *b, const struct page_words *w)
{
	put_text(b, w->description ? w->description : "");
}

static void put_hours(struct buf *b, const struct page_words *w)
{
	buf_str(b, w->tells_hours ? "yes" : "no");
}

static void put_colors(struct buf *b, const struct page_words *w)
{
	put_color(b, "primary", w->primary);
	put_color(b, "secondary", w->secondary);
	put_color(b, "background", w->background);
}

static const struct {
	const char *mark;
	void (*put)(struct buf *b, const struct page_words *w);
} places[] = {
	{ "{{name}}", put_name },
	{ "{{cuisine}}", put_cuisine },
	{ "{{description}}", put_description },
	{ "{{hours}}", put_hours },
	{ "{{colors}}", put_colors },
};

/* How many bytes of the mark at `at` were replaced; 0: it is none. */
static size_t put_place(struct buf *b, const char *at, const char *end, const struct page_words *w)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		size_t len = strlen(places[i].mark);
		if ((size_t)(end - at) < len || memcmp(at, places[i].mark, len) != 0)
			continue;
		places[i].put(b, w);
		return len;
	}
	return 0;
}

static void put_filled(struct buf *b, const char *at, const char *end, const struct page_words *w)
{
	const char *mark;
	while ((mark = memmem(at, (size_t)(end - at), "{{", 2))) {
		buf_append(b, at, (size_t)(mark - at));
		size_t len = put_place(b, mark, end, w);
		if (!len)
			buf_append(b, mark, len = 2);
		at = mark + len;
	}
	buf_append(b, at, (size_t)(end - at));
}

/* The head without its own title, and without its own description when there is another. */
static void put_head(struct buf *b, const char *at, const char *end, const struct page_words *w)
{
	while (at < end) {
		const char *behind, *title_behind;
		const char *cut = element(at, end, "<title>", "</title>", &behind);
		const char *meta = w->description ? element(at, end, "<meta name=\"description\"", ">", &title_behind) : NULL;
		if (meta && (!cut || meta < cut)) {
			cut = meta;
			behind = title_behind;
		}
		put_filled(b, at, cut ? cut : end, w);
		at = cut ? behind : end;
	}
}

void page_write(struct buf *out, const char *form, size_t len, const struct page_words *words)
{
	const char *end = form + len;
	const char *head_end = memmem(form, len, "</head>", strlen("</head>"));
	if (!head_end) {
		buf_append(out, form, len);
		return;
	}
	put_head(out, form, head_end, words);
	put_words(out, words);
	put_filled(out, head_end, end, words);
}
