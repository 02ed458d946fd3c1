/* config_print.c - the table of settings for people: --help, docs/config.md, .env.example, one log line; see config.h. */
#include <stdio.h>
#include <string.h>

#include "common/arena.h"
#include "common/config.h"
#include "common/config_table.h"
#include "common/log.h"

/* Those of the original document come first in .env.example, in its order. */
static const char *const original[] = {
	"POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD", "AI_PROVIDER",
	"GROQ_API_KEY", "OPENAI_API_KEY", "GROK_API_KEY", "JWT_SECRET_KEY", "CORS_ORIGINS"
};
#define ORIGINALS (sizeof(original) / sizeof(*original))

static const char *type_name(enum config_type type)
{
	static const char *const names[CONFIG_TYPES] = { "text", "secret", "number", "yes/no", "rate", "list" };

	return names[type];
}

static const char *default_of(const struct config_row *row)
{
	return row->type == CONFIG_SECRET ? "" : row->def;
}

void config_help(enum config_program program, void *file)
{
	fprintf(file, "Settings come from the environment; an empty variable counts as not set.\n\n");
	for (size_t i = 0; i < CONFIG_ROWS; i++) {
		const struct config_row *row = &config_rows[i];
		if (!(row->program & program))
			continue;
		fprintf(file, "  %-20s %-7s", row->name, type_name(row->type));
		fprintf(file, *default_of(row) ? " %s\n" : "%s -\n", default_of(row));
		fprintf(file, "  %-20s %s", "", row->doc);
		if (row->type == CONFIG_INT)
			fprintf(file, " (%lld to %lld)", (long long)row->min, (long long)row->max);
		fprintf(file, "\n");
	}
}

void config_markdown(void *file)
{
	static const char *const programs[] = { "", "api", "worker", "api, worker" };

	fprintf(file, "# Settings\n\nRead from the environment when a program starts; an empty variable counts as not set, and a bad value stops the start\n"
	              "with one line that names it. Printed from `common/config.def` by `make docs`.\n\n"
	              "| setting | type | default | allowed | for | meaning |\n|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < CONFIG_ROWS; i++) {
		const struct config_row *row = &config_rows[i];
		char allowed[120];
		config_allowed(row, allowed, sizeof(allowed));
		const char *tick = *default_of(row) ? "`" : "";
		fprintf(file, "| `%s` | %s | %s%s%s | %s | %s | %s |\n", row->name, type_name(row->type), tick, default_of(row), tick, allowed,
		        programs[row->program], row->doc);
	}
}

static bool is_original(const struct config_row *row)
{
	for (size_t i = 0; i < ORIGINALS; i++)
		if (strcmp(row->name, original[i]) == 0)
			return true;
	return false;
}

static void print_env(FILE *file, const struct config_row *row)
{
	fprintf(file, "# %s (%s)\n#%s=%s\n\n", row->doc, type_name(row->type), row->name, default_of(row));
}

void config_env_example(void *file)
{
	fprintf(file, "# Copy to .env and take away the # of what you change; every line shows the default. Printed by `make docs`.\n\n");
	for (size_t i = 0; i < ORIGINALS; i++)
		for (size_t j = 0; j < CONFIG_ROWS; j++)
			if (strcmp(config_rows[j].name, original[i]) == 0)
				print_env(file, &config_rows[j]);
	for (size_t j = 0; j < CONFIG_ROWS; j++)
		if (!is_original(&config_rows[j]))
			print_env(file, &config_rows[j]);
}

static const char *unit_name(int64_t per_ms)
{
	return per_ms == 1000 ? "second" : per_ms == 60000 ? "minute"
	                           : per_ms == 3600000     ? "hour"
	                                                   : "day";
}

static const char *joined(struct arena *a, const struct config_list *list)
{
	const char *text = "";

	for (size_t i = 0; i < list->n; i++)
		text = arena_printf(a, "%s%s%s", text, i ? "," : "", list->v[i]);
	return text;
}

/* The value as text, as one would write it. */
static const char *value_text(struct arena *a, const struct config *c, const struct config_row *row)
{
	const void *member = (const char *)c + row->offset;

	switch (row->type) {
	case CONFIG_INT:
		return arena_printf(a, "%lld", (long long)*(const int64_t *)member);
	case CONFIG_FLAG:
		return *(const bool *)member ? "yes" : "no";
	case CONFIG_RATE: {
		const struct config_rate *rate = member;
		return rate->off ? "off" : arena_printf(a, "%lld/%s", (long long)rate->count, unit_name(rate->per_ms));
	}
	case CONFIG_LIST:
		return joined(a, member);
	default:
		return *(const char *const *)member;
	}
}

/* A password may also stand in a connection URL, and an e-mail address is somebody's: nothing is shown that has room for one. */
static bool may_hold_secret(const struct config_row *row, const char *value)
{
	return row->type == CONFIG_SECRET || strstr(value, "password") || strchr(value, '@');
}

void config_log(const struct config *c, enum config_program program)
{
	struct arena *a = arena_new();
	struct log_field fields[CONFIG_ROWS + 1];
	size_t n = 0;

	for (size_t i = 0; i < CONFIG_ROWS; i++) {
		const struct config_row *row = &config_rows[i];
		const char *value = value_text(a, c, row);
		if (!(row->program & program) || strcmp(value, row->def) == 0)
			continue;
		fields[n++] = LOG_S(row->name, may_hold_secret(row, value) ? "(set)" : value);
	}
	fields[n] = (struct log_field){ .kind = LOG_END };
	if (log_level() >= LOG_info)
		log_write(LOG_info, "config", fields);
	arena_free(&a);
}
