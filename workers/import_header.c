/* import_header.c - see import_header.h. */
#include "workers/import_header.h"

#include <string.h>
#include <strings.h>

#include "common/phrases.h"
#include "workers/import_csv.h"

#define HEADER_PHRASES_MAX 1000
#define HEADER_WORDS_MAX 8
#define SAMPLE_ROWS 20

const char *const import_column_names[IMPORT_COLUMN_COUNT + 1] = {
#define IMPORT_COLUMN(id, kind, max, headers) #id,
#include "workers/import_columns.def"
#undef IMPORT_COLUMN
	""
};

const struct import_column_row import_column_rows[IMPORT_COLUMN_COUNT] = {
#define IMPORT_COLUMN(id, kind, max, headers) { IMPORT_KIND_##kind, max },
#include "workers/import_columns.def"
#undef IMPORT_COLUMN
};

static const struct phrases *known(void)
{
	static struct phrases p;
	if (p.v)
		return &p;
	phrases_init(&p, HEADER_PHRASES_MAX);
#define IMPORT_COLUMN(id, kind, max, headers) phrases_add(&p, headers, 0, IMPORT_COLUMN_##id);
#define IMPORT_IGNORED(headers) phrases_add(&p, headers, 0, IMPORT_COLUMN_none);
#include "workers/import_columns.def"
#undef IMPORT_COLUMN
	phrases_sort(&p);
	return &p;
}

static const struct phrase *whole(const struct word *v, size_t n)
{
	const struct phrase *x;
	for (size_t at = n ? phrases_first(known(), v) : 0; n && (x = phrases_next(known(), v, n, &at));)
		if (x->words == n)
			return x;
	return NULL;
}

/* Without "EUR" or "in EUR" at the end. */
static size_t without_currency(const struct word *v, size_t n, const char *currency)
{
	bool euro = !strcasecmp(currency, "EUR") && !strcmp(v[n - 1].stem, "euro");
	if (n < 2 || (strcasecmp(v[n - 1].text, currency) != 0 && !euro))
		return 0;
	n--;
	return n > 1 && !strcmp(v[n - 1].text, "in") ? n - 1 : n;
}

enum import_column import_header(struct arena *a, const char *text, const char *currency, bool *ignored_r)
{
	struct words words = words_of(a, text, HEADER_WORDS_MAX + 1);
	const struct phrase *x = words.n > HEADER_WORDS_MAX ? NULL : whole(words.v, words.n);
	if (!x && words.n && words.n <= HEADER_WORDS_MAX) {
		size_t n = without_currency(words.v, words.n, currency);
		x = n ? whole(words.v, n) : NULL;
		if (x && x->id != IMPORT_COLUMN_price)
			x = NULL;
	}
	if (ignored_r)
		*ignored_r = x && x->id == IMPORT_COLUMN_none;
	return x ? (enum import_column)x->id : IMPORT_COLUMN_none;
}

/* How well a separator fits. */
struct sample {
	const char *currency;
	size_t columns; /* of the header */
	size_t known;   /* columns with a meaning */
	size_t rows, same;
};

static bool on_record(void *ctx, const struct import_record *record)
{
	struct sample *s = ctx;
	if (s->columns) {
		s->rows++;
		s->same += record->n == s->columns;
		return s->rows < SAMPLE_ROWS;
	}
	struct arena *a = arena_new();
	s->columns = record->n;
	for (size_t i = 0; i < record->n; i++)
		s->known += record->lengths[i] < IMPORT_KEY_MAX && import_header(a, record->cells[i], s->currency, NULL) != IMPORT_COLUMN_none;
	arena_free(&a);
	return true;
}

static size_t fit(const char *text, size_t len, const char *currency, char separator)
{
	struct sample s = { .currency = currency };
	struct import_csv csv;
	import_csv_init(&csv, separator, 1, on_record, &s);
	if (import_csv_feed(&csv, text, len))
		(void)import_csv_finish(&csv);
	import_csv_free(&csv);
	size_t even = s.columns > 1 && s.rows ? 100 * s.same / s.rows : 0;
	return s.known * 1000 + even + (s.columns > 1);
}

char import_separator(const char *text, size_t len, const char *currency)
{
	static const char candidates[] = ",;\t";
	char best = candidates[0];
	size_t most = 0;
	for (const char *c = candidates; *c; c++) {
		size_t points = fit(text, len, currency, *c);
		if (points > most)
			best = *c;
		most = points > most ? points : most;
	}
	return best;
}
