/* config.h - settings from the environment, by the table config.def.
 *
 * One immutable struct for the life of the process. A bad value is one clear line naming the setting, what was found and what is allowed.
 * An empty variable counts as not set. Strings live in the struct's own arena.
 */
#ifndef COMMON_CONFIG_H
#define COMMON_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"

struct config_rate {
	bool off;
	int64_t count;  /* tokens ... */
	int64_t per_ms; /* ... in this time; the bucket holds `count` */
};

struct config_list {
	const char **v; /* trimmed, no empty entries */
	size_t n;
};

struct config {
#define CONFIG(type, name, field, def, min, max, program, doc) CONFIG_TYPE_##type field;
#define CONFIG_TYPE_TEXT const char *
#define CONFIG_TYPE_SECRET const char *
#define CONFIG_TYPE_INT int64_t
#define CONFIG_TYPE_FLAG bool
#define CONFIG_TYPE_RATE struct config_rate
#define CONFIG_TYPE_LIST struct config_list
#include "common/config.def"
#undef CONFIG
	struct arena *arena;
};

enum config_program { CONFIG_API = 1,
	              CONFIG_WORKER = 2,
	              CONFIG_BOTH = 3 };

/* Reads the environment (`getenv`). On ERROR_invalid, *why_r is one line for people. NULL `why_r` is not allowed; the line is
 * static memory, until the next call.
 * All rows are read whatever the program is; only the rows of `program` can fail (the others take
 * their default then). */
MUST_CHECK enum error config_load(enum config_program program, struct config **config_r, const char **why_r);
void config_free(struct config **c);

/* `--help`: name, type, default, meaning of each setting of `program`; secrets show no default. */
void config_help(enum config_program program, void *file /* FILE * */);
/* The same as Markdown (docs/config.md) and as .env.example. */
void config_markdown(void *file);
void config_env_example(void *file);
/* A log line (level info) with every setting of `program` that differs from its default; secrets, and URLs that may hold one, as "(set)". */
void config_log(const struct config *c, enum config_program program);

#endif
