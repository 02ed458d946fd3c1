/* pg_copy.c - see pg_copy.h. */
#include "common/pg_copy.h"

#include <string.h>

/* Runs of ordinary bytes as they are: few texts have any other. */
void pg_copy_escape(struct buf *out, const char *s)
{
	static const char special[] = "\\\t\n\r", letters[] = "\\tnr";
	for (;;) {
		size_t run = strcspn(s, special);
		buf_append(out, s, run);
		s += run;
		if (!*s)
			return;
		buf_char(out, '\\');
		buf_char(out, letters[strchr(special, *s++) - special]);
	}
}

void pg_copy_field(struct buf *out, const char *s)
{
	if (s)
		pg_copy_escape(out, s);
	else
		buf_str(out, PG_COPY_NULL);
	buf_char(out, '\t');
}
