/* pg_conninfo.c - where the database is, from the settings. */
#include "common/buf.h"
#include "common/config.h"
#include "common/pg.h"

#define CONNINFO_BYTES 4096

/* keyword='value', as libpq's conninfo wants it quoted. */
static void add_word(struct buf *b, const char *keyword, const char *value)
{
	if (!*value)
		return;
	buf_printf(b, "%s%s='", b->len ? " " : "", keyword);
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			buf_char(b, '\\');
		buf_char(b, *value);
	}
	buf_char(b, '\'');
}

const char *pg_conninfo(const struct config *c)
{
	static struct buf text = { .max_bytes = CONNINFO_BYTES };
	if (*c->database_url)
		return c->database_url;
	buf_reset(&text);
	add_word(&text, "host", c->postgres_host);
	buf_printf(&text, " port=%d", (int)c->postgres_port);
	add_word(&text, "dbname", c->postgres_db);
	add_word(&text, "user", c->postgres_user);
	add_word(&text, "password", c->postgres_password);
	return buf_text(&text);
}
