#include "api/target.h"

#include <string.h>
#include <strings.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at `s` stands for, -1 when it is none. */
static int escaped(const char *s, size_t left)
{
	if (left < 3)
		return -1;
	int high = hex_digit(s[1]), low = hex_digit(s[2]);
	return high < 0 || low < 0 ? -1 : high << 4 | low;
}

static bool text_allowed(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c <= ' ' || c >= 0x7f)
			return false;
		if (c == '%' && escaped(s + i, len - i) <= 0)
			return false;
	}
	return true;
}

/* "http://host/path": the part from the path on. A proxy's form, which servers must understand too. */
static void skip_origin(const char **s, size_t *len)
{
	static const char scheme[] = "http://";
	size_t n = sizeof(scheme) - 1;
	if (*len <= n || strncasecmp(*s, scheme, n))
		return;
	const char *slash = memchr(*s + n, '/', *len - n);
	if (!slash)
		return;
	*len -= (size_t)(slash - *s);
	*s = slash;
}

static void split(struct target *t)
{
	const char *at = t->path.at + 1, *end = t->path.at + t->path.len;
	if (at == end)
		return;
	for (;;) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		const char *stop = slash ? slash : end;
		if (t->segment_count == TARGET_SEGMENTS_MAX) {
			t->too_deep = true;
			return;
		}
		t->segments[t->segment_count++] = (struct target_part){ at, (size_t)(stop - at) };
		if (!slash)
			return;
		at = slash + 1;
	}
}

bool target_parse(const char *text, size_t len, struct target *target_r)
{
	*target_r = (struct target){ 0 };
	if (len == 1 && *text == '*') {
		target_r->asterisk = true;
		target_r->path = (struct target_part){ text, len };
		return true;
	}
	skip_origin(&text, &len);
	if (!len || *text != '/' || !text_allowed(text, len))
		return false;
	const char *mark = memchr(text, '?', len);
	target_r->path = (struct target_part){ text, mark ? (size_t)(mark - text) : len };
	target_r->query = (struct target_part){ mark ? mark + 1 : text + len, mark ? len - target_r->path.len - 1 : 0 };
	split(target_r);
	return true;
}

long target_decode(const char *text, size_t len, bool plus, char *out)
{
	long n = 0;
	for (size_t i = 0; i < len; i++) {
		int c = (unsigned char)text[i];
		if (c == '%') {
			c = escaped(text + i, len - i);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (c <= 0)
			return -1;
		out[n++] = (char)c;
	}
	out[n] = 0;
	return n;
}

bool target_query(const struct target *t, const char *name, struct target_part *value_r)
{
	size_t name_len = strlen(name);
	const char *at = t->query.at, *end = at + t->query.len;
	while (at < end) {
		const char *amp = memchr(at, '&', (size_t)(end - at));
		const char *stop = amp ? amp : end;
		const char *equals = memchr(at, '=', (size_t)(stop - at));
		const char *name_end = equals ? equals : stop;
		if ((size_t)(name_end - at) == name_len && !memcmp(at, name, name_len)) {
			const char *value = equals ? equals + 1 : stop;
			*value_r = (struct target_part){ value, (size_t)(stop - value) };
			return true;
		}
		at = stop + 1;
	}
	return false;
}
