/* config_table.h - the table of settings, for config.c and config_print.c only. */
#ifndef COMMON_CONFIG_TABLE_H
#define COMMON_CONFIG_TABLE_H

#include "common/config.h"

enum config_type {
	CONFIG_TEXT,
	CONFIG_SECRET,
	CONFIG_INT,
	CONFIG_FLAG,
	CONFIG_RATE,
	CONFIG_LIST,
	CONFIG_TYPES,
};

struct config_row {
	enum config_type type;
	const char *name, *def;
	int64_t min, max; /* INT: of the value; else of its length in bytes */
	enum config_program program;
	const char *doc;
	size_t offset; /* in struct config */
};

enum {
#define CONFIG(type, name, field, def, min, max, program, doc) CONFIG_ROW_##field,
#include "common/config.def"
#undef CONFIG
	CONFIG_ROWS
};

extern const struct config_row config_rows[CONFIG_ROWS];

/* What a row allows, in words: "a whole number from 1 to 65535". Text of at most `size` bytes in `out`. */
void config_allowed(const struct config_row *row, char *out, size_t size);

#endif
