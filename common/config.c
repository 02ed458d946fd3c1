/* config.c - reads the environment by the table; see config.h. */
#include "common/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/arena.h"
#include "common/config_table.h"
#include "common/text.h"

const struct config_row config_rows[CONFIG_ROWS] = {
#define CONFIG(type, name, field, def, min, max, program, doc) \
	{ CONFIG_##type, name, def, min, max, CONFIG_##program, doc, offsetof(struct config, field) },
#include "common/config.def"
#undef CONFIG
};

void config_allowed(const struct config_row *row, char *out, size_t size)
{
	long long min = row->min, max = row->max;

	switch (row->type) {
	case CONFIG_INT:
		snprintf(out, size, "a whole number from %lld to %lld", min, max);
		break;
	case CONFIG_FLAG:
		snprintf(out, size, "yes or no");
		break;
	case CONFIG_RATE:
		snprintf(out, size, "a rate such as 10/minute, or off");
		break;
	case CONFIG_LIST:
		snprintf(out, size, "a list separated by commas, at most %lld bytes of text in one line", max);
		break;
	default:
		if (min > 1)
			snprintf(out, size, "%lld to %lld bytes of text in one line", min, max);
		else
			snprintf(out, size, "at most %lld bytes of text in one line", max);
	}
}

/* A whole decimal number and nothing else. */
static bool parse_int(const char *s, int64_t *value_r)
{
	char *end;

	if ((*s < '0' || *s > '9') && *s != '-')
		return false;
	errno = 0;
	long long value = strtoll(s, &end, 10);
	*value_r = value;
	return end != s && *end == '\0' && errno == 0;
}

static bool read_int(const struct config_row *row, const char *s, void *member)
{
	int64_t value;

	if (!parse_int(s, &value) || value < row->min || value > row->max)
		return false;
	*(int64_t *)member = value;
	return true;
}

static bool read_flag(const char *s, bool *member)
{
	static const char *const words[] = { "no", "yes", "false", "true", "0", "1", "off", "on" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(s, words[i]) == 0) {
			*member = i % 2;
			return true;
		}
	}
	return false;
}

static int64_t unit_ms(const char *unit)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = { { "second", 1000 }, { "minute", 60000 }, { "hour", 3600000 }, { "day", 86400000 } };

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(unit, units[i].name) == 0)
			return units[i].ms;
	return 0;
}

static bool read_rate(const char *s, struct config_rate *member)
{
	char count[16];
	const char *slash = strchr(s, '/');

	*member = (struct config_rate){ .off = strcmp(s, "off") == 0 };
	if (member->off)
		return true;
	if (!slash || (size_t)(slash - s) >= sizeof(count))
		return false;
	memcpy(count, s, (size_t)(slash - s));
	count[slash - s] = '\0';
	member->per_ms = unit_ms(slash + 1);
	return parse_int(count, &member->count) && member->count >= 1 && member->count <= 1000000000 && member->per_ms > 0;
}

/* One line of clean text of a length that the row allows. */
static bool fits(const struct config_row *row, const char *s)
{
	size_t len = strlen(s);

	return (int64_t)len >= row->min && (int64_t)len <= row->max && text_is_clean(s, len) && !strpbrk(s, "\n\t");
}

static void read_list(struct arena *a, const char *s, struct config_list *member)
{
	size_t max = 1;

	for (const char *p = s; *p; p++)
		max += *p == ',';
	member->v = arena_array(a, max, sizeof(*member->v));
	member->n = 0;
	for (; *s; s += *s == ',') {
		size_t len = strcspn(s, ",");
		const char *start = s + strspn(s, " "), *end = s + len;
		while (end > start && end[-1] == ' ')
			end--;
		if (end > start)
			member->v[member->n++] = arena_strndup(a, start, (size_t)(end - start));
		s += len;
	}
}

static bool read_row(struct config *c, const struct config_row *row, const char *s)
{
	void *member = (char *)c + row->offset;

	switch (row->type) {
	case CONFIG_INT:
		return read_int(row, s, member);
	case CONFIG_FLAG:
		return read_flag(s, member);
	case CONFIG_RATE:
		return read_rate(s, member);
	case CONFIG_LIST:
		read_list(c->arena, s, member);
		return fits(row, s);
	default:
		*(const char **)member = arena_strdup(c->arena, s);
		return fits(row, s);
	}
}

/* Nothing unfit for a terminal or a log gets into the line, and no secret. */
static const char *complaint(const struct config_row *row, const char *value)
{
	static char line[400];
	char allowed[120];

	config_allowed(row, allowed, sizeof(allowed));
	if (row->type == CONFIG_SECRET)
		snprintf(line, sizeof(line), "%s does not fit: expected %s", row->name, allowed);
	else if (!text_is_clean(value, strlen(value)) || strpbrk(value, "\n\t"))
		snprintf(line, sizeof(line), "%s holds control characters or invalid UTF-8: expected %s", row->name, allowed);
	else if (strlen(value) > 100)
		snprintf(line, sizeof(line), "%s is \"%.*s...\" (%zu bytes): expected %s", row->name, (int)utf8_cut(value, strlen(value), 80), value,
		         strlen(value), allowed);
	else
		snprintf(line, sizeof(line), "%s is \"%s\": expected %s", row->name, value, allowed);
	return line;
}

enum error config_load(enum config_program program, struct config **config_r, const char **why_r)
{
	struct arena *a = arena_new();
	struct config *c = arena_new_of(a, struct config);

	c->arena = a;
	*config_r = NULL;
	*why_r = NULL;
	for (size_t i = 0; i < CONFIG_ROWS; i++) {
		const struct config_row *row = &config_rows[i];
		const char *value = getenv(row->name);
		if (!value || !*value) {
			read_row(c, row, row->def);
		} else if (!read_row(c, row, value)) {
			if (row->program & program) {
				*why_r = complaint(row, value);
				arena_free(&a);
				return ERROR_invalid;
			}
			read_row(c, row, row->def);
		}
	}
	*config_r = c;
	return ERROR_none;
}

void config_free(struct config **c)
{
	if (!c || !*c)
		return;
	struct arena *a = (*c)->arena;
	*c = NULL;
	arena_free(&a);
}
