/* test_config.c - the environment becomes a struct or one clear line; and what is printed of the table. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/config.h"
#include "common/config_table.h"
#include "common/log.h"

extern char **environ;

static struct config *config;
static const char *why;

/* A test's settings are its own, whatever the one who runs it has set. */
static void setup(void)
{
	static char *none[] = { NULL };

	environ = none;
	config = NULL;
}

static void teardown(void)
{
	config_free(&config);
	config_free(&config);
	config_free(NULL);
}

TestSuite(config, .init = setup, .fini = teardown);

static enum error load(enum config_program program)
{
	config_free(&config);
	return config_load(program, &config, &why);
}

Test(config, defaults_of_every_row_are_allowed)
{
	cr_assert_eq(load(CONFIG_BOTH), ERROR_none);
	cr_expect_null(why);
	for (size_t i = 0; i < CONFIG_ROWS; i++) {
		if (!*config_rows[i].def)
			continue;
		setenv(config_rows[i].name, config_rows[i].def, 1);
		cr_expect_eq(load(CONFIG_BOTH), ERROR_none, "%s", why);
		unsetenv(config_rows[i].name);
	}
	cr_expect_eq(config->chat_rate_limit.count, 10);
	cr_expect_eq(config->chat_rate_limit.per_ms, 60000);
	cr_expect_eq(config->api_ports.n, 4);
	cr_expect_str_eq(config->api_ports.v[3], "8003");
	cr_expect_str_eq(config->postgres_host, "localhost");
	cr_expect_eq(config->postgres_port, 5432);
	cr_expect_not(config->kafka_embedded);
}

Test(config, values_are_read)
{
	setenv("POSTGRES_HOST", "db", 1);
	setenv("POSTGRES_PORT", "", 1);
	setenv("KAFKA_EMBEDDED", "yes", 1);
	setenv("CHAT_RATE_LIMIT", "off", 1);
	setenv("CHAT_ADDRESS_LIMIT", "5/second", 1);
	setenv("CORS_ORIGINS", " https://a , ,https://b,", 1);
	setenv("API_REPLY_PARTITION", "-1", 1);
	cr_assert_eq(load(CONFIG_BOTH), ERROR_none, "%s", why);
	cr_expect_str_eq(config->postgres_host, "db");
	cr_expect_eq(config->postgres_port, 5432);
	cr_expect(config->kafka_embedded);
	cr_expect(config->chat_rate_limit.off);
	cr_expect(!config->chat_address_limit.off && config->chat_address_limit.count == 5 && config->chat_address_limit.per_ms == 1000);
	cr_assert_eq(config->cors_origins.n, 2);
	cr_expect_str_eq(config->cors_origins.v[0], "https://a");
	cr_expect_str_eq(config->cors_origins.v[1], "https://b");
	cr_expect_eq(config->api_reply_partition, -1);
}

Test(config, bad_values_are_one_clear_line)
{
	static const struct {
		const char *name, *value, *line;
	} rows[] = {
		{ "CHAT_RATE_LIMIT", "ten", "CHAT_RATE_LIMIT is \"ten\": expected a rate such as 10/minute, or off" },
		{ "CHAT_RATE_LIMIT", "10/fortnight", "CHAT_RATE_LIMIT is \"10/fortnight\": expected a rate such as 10/minute, or off" },
		{ "CHAT_RATE_LIMIT", "0/minute", "CHAT_RATE_LIMIT is \"0/minute\": expected a rate such as 10/minute, or off" },
		{ "CHAT_RATE_LIMIT", "99999999999999999999/minute", "CHAT_RATE_LIMIT is \"99999999999999999999/minute\": expected a rate such as 10/minute, or off" },
		{ "CHAT_RATE_LIMIT", "/minute", "CHAT_RATE_LIMIT is \"/minute\": expected a rate such as 10/minute, or off" },
		{ "POSTGRES_PORT", "54x", "POSTGRES_PORT is \"54x\": expected a whole number from 1 to 65535" },
		{ "POSTGRES_PORT", "0", "POSTGRES_PORT is \"0\": expected a whole number from 1 to 65535" },
		{ "POSTGRES_PORT", "65536", "POSTGRES_PORT is \"65536\": expected a whole number from 1 to 65535" },
		{ "POSTGRES_PORT", " 5432", "POSTGRES_PORT is \" 5432\": expected a whole number from 1 to 65535" },
		{ "POSTGRES_PORT", "99999999999999999999", "POSTGRES_PORT is \"99999999999999999999\": expected a whole number from 1 to 65535" },
		{ "KAFKA_EMBEDDED", "maybe", "KAFKA_EMBEDDED is \"maybe\": expected yes or no" },
		{ "WEB_DIR", "a\nb", "WEB_DIR holds control characters or invalid UTF-8: expected at most 1000 bytes of text in one line" },
		{ "WEB_DIR", "a\xff", "WEB_DIR holds control characters or invalid UTF-8: expected at most 1000 bytes of text in one line" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		setenv(rows[i].name, rows[i].value, 1);
		cr_expect_eq(load(CONFIG_BOTH), ERROR_invalid);
		cr_expect_null(config);
		cr_expect_str_eq(why, rows[i].line);
		unsetenv(rows[i].name);
	}
}

Test(config, long_and_secret_values_are_not_repeated)
{
	char value[3000];

	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	setenv("WEB_DIR", value, 1);
	cr_expect_eq(load(CONFIG_API), ERROR_invalid);
	cr_expect_lt(strlen(why), 250);
	cr_expect(strstr(why, "(2999 bytes)"));
	unsetenv("WEB_DIR");
	setenv("JWT_SECRET_KEY", value, 1);
	cr_expect_eq(load(CONFIG_API), ERROR_invalid);
	cr_expect_str_eq(why, "JWT_SECRET_KEY does not fit: expected at most 500 bytes of text in one line");
}

Test(config, a_bad_value_of_the_other_program_is_its_default)
{
	setenv("AI_TOTAL_MS", "soon", 1);
	cr_expect_eq(load(CONFIG_WORKER), ERROR_invalid);
	cr_assert_eq(load(CONFIG_API), ERROR_none);
	cr_expect_eq(config->ai_total_ms, 60000);
}

/* What `print` writes, as text. */
static char *printed(void (*print)(void *file))
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	print(f);
	fclose(f);
	return text;
}

static void help_of_api(void *file)
{
	config_help(CONFIG_API, file);
}

Test(config, documents_name_every_setting_and_no_secret)
{
	char *help = printed(help_of_api), *markdown = printed(config_markdown), *env = printed(config_env_example);
	char needle[100];

	for (size_t i = 0; i < CONFIG_ROWS; i++) {
		const struct config_row *row = &config_rows[i];
		snprintf(needle, sizeof(needle), "| `%s` |", row->name);
		cr_expect(strstr(markdown, needle), "%s", row->name);
		snprintf(needle, sizeof(needle), "\n#%s=%s\n", row->name, row->type == CONFIG_SECRET ? "" : row->def);
		const char *once = strstr(env, needle);
		cr_expect(once && !strstr(once + 1, needle), "%s", row->name);
		snprintf(needle, sizeof(needle), "\n  %s ", row->name);
		cr_expect_eq(strstr(help, needle) != NULL, (row->program & CONFIG_API) != 0, "%s", row->name);
	}
	cr_expect_lt(strstr(env, "#POSTGRES_HOST="), strstr(env, "#JWT_SECRET_KEY="));
	cr_expect_lt(strstr(env, "#CORS_ORIGINS="), strstr(env, "#DATABASE_URL="));
	free(help);
	free(markdown);
	free(env);
}

/* The log line goes to a file in place of stderr. */
static char *logged(void)
{
	FILE *f = tmpfile();
	int saved = dup(STDERR_FILENO);
	static char text[8200];

	dup2(fileno(f), STDERR_FILENO);
	config_log(config, CONFIG_BOTH);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return text;
}

Test(config, the_log_line_has_what_differs_and_hides_secrets)
{
	log_init("test", LOG_info);
	setenv("POSTGRES_PASSWORD", "hunter2", 1);
	setenv("DATABASE_URL", "postgresql://u:hunter2@h/d", 1);
	setenv("CHAT_RATE_LIMIT", "20/hour", 1);
	setenv("CORS_ORIGINS", "https://a, https://b", 1);
	setenv("POSTGRES_PORT", "5432", 1);
	setenv("KAFKA_EMBEDDED", "1", 1);
	cr_assert_eq(load(CONFIG_BOTH), ERROR_none);
	const char *line = logged();
	cr_expect(strstr(line, "\"POSTGRES_PASSWORD\":\"(set)\""));
	cr_expect(strstr(line, "\"DATABASE_URL\":\"(set)\""));
	cr_expect(strstr(line, "\"CHAT_RATE_LIMIT\":\"20/hour\""));
	cr_expect(strstr(line, "\"CORS_ORIGINS\":\"https://a,https://b\""));
	cr_expect(strstr(line, "\"KAFKA_EMBEDDED\":\"yes\""));
	cr_expect_null(strstr(line, "hunter2"));
	cr_expect_null(strstr(line, "POSTGRES_PORT"));
	log_init("test", LOG_error);
	cr_expect_str_eq(logged(), "");
}
