#include "api/compact.h"

#include <string.h>

/* The end of the string that begins at `s` with its quote, behind the closing one. */
static const char *behind_string(const char *s)
{
	for (s++; *s && *s != '"'; s++)
		if (*s == '\\' && s[1])
			s++;
	return *s ? s + 1 : s;
}

void compact_json(struct buf *out, const char *json)
{
	const char *from = json, *at = json;
	while (*at) {
		if (*at == '"') {
			at = behind_string(at);
		} else if (strchr(" \t\r\n", *at)) {
			buf_append(out, from, (size_t)(at - from));
			at += strspn(at, " \t\r\n");
			from = at;
		} else {
			at++;
		}
	}
	buf_append(out, from, (size_t)(at - from));
}
