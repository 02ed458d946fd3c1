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
		buf_append(b, at, (size_t)((cut ? cut : end) - at));
		at = cut ? behind : end;
	}
}

void page_write(struct buf *out, const char *index, size_t len, const struct page_words *words)
{
	const char *end = index + len;
	const char *head_end = memmem(index, len, "</head>", strlen("</head>"));
	if (!head_end) {
		buf_append(out, index, len);
		return;
	}
	put_head(out, index, head_end, words);
	put_words(out, words);
	buf_append(out, head_end, (size_t)(end - head_end));
}
