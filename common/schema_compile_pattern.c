/* schema_compile_pattern.c - ^[class]{m,n}$ and its short forms; see schema_compile.h.
 *
 * So small a part of regular expressions needs no engine, takes linear time, and can be told to people in words.
 */
#include <stdlib.h>
#include <string.h>

#include "common/schema_compile.h"

static void add(struct schema_pattern *p, unsigned char c)
{
	p->set[c / 64] |= UINT64_C(1) << (c % 64);
}

static bool printable(char c)
{
	return c >= 0x20 && c < 0x7f;
}

/* One character of a class, perhaps escaped; NULL when it is none. */
static const char *class_character(const char *s, char *c_r)
{
	if (*s == '\\') {
		s++;
		if (!*s || !strchr("\\]-^[.", *s))
			return NULL;
	} else if (*s == ']' || *s == '[') {
		return NULL;
	}
	*c_r = *s;
	return printable(*s) ? s + 1 : NULL;
}

/* [A-Za-z0-9_-] from behind its bracket; what comes behind it, or NULL. */
static const char *read_class(const char *s, struct schema_pattern *p)
{
	if (*s == '^' || *s == ']')
		return NULL;
	while (*s != ']') {
		char low, high;
		s = class_character(s, &low);
		if (!s)
			return NULL;
		high = low;
		if (*s == '-' && s[1] != ']')
			s = class_character(s + 1, &high);
		if (!s || high < low)
			return NULL;
		for (int c = low; c <= high; c++)
			add(p, (unsigned char)c);
	}
	return s + 1;
}

static const char *read_count(const char *s, size_t *count_r)
{
	if (*s < '0' || *s > '9')
		return NULL;
	char *end;
	unsigned long n = strtoul(s, &end, 10);
	*count_r = n;
	return n <= 1000000 ? end : NULL;
}

/* + * {n} {m,} {m,n}; what comes behind it, or NULL. */
static const char *read_quantity(const char *s, struct schema_pattern *p)
{
	p->most = SIZE_MAX;
	if (*s == '+' || *s == '*') {
		p->least = *s == '+';
		return s + 1;
	}
	if (*s != '{')
		return NULL;
	s = read_count(s + 1, &p->least);
	if (s && *s == '}')
		p->most = p->least;
	else if (s && *s == ',')
		s = s[1] == '}' ? s + 1 : read_count(s + 1, &p->most);
	else
		return NULL;
	return s && *s == '}' && p->least <= p->most ? s + 1 : NULL;
}

const struct schema_pattern *schema_compile_pattern(struct arena *a, const char *text)
{
	struct schema_pattern *p = arena_new_of(a, struct schema_pattern);
	const char *s = text + 1, *end = NULL;

	if (*text != '^')
		return NULL;
	if (*s == '[') {
		end = read_class(s + 1, p);
	} else if (printable(*s) && !strchr("\\^$.|?*+(){}]", *s)) {
		add(p, (unsigned char)*s);
		end = s + 1;
	}
	if (!end)
		return NULL;
	p->name = arena_strndup(a, s, (size_t)(end - s));
	end = read_quantity(end, p);
	return end && strcmp(end, "$") == 0 ? p : NULL;
}
