/* metric.c - see metric.h.
 *
 * A series is one set of label values. A metric without labels has exactly one, in static memory, found by its number; the
 * others are found in a hash table by their values joined, made when a metric gets its first label set.
 */
#include "common/metric.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

#define SLOTS (2 * METRIC_MAX_SERIES) /* a power of two; at most half full */
#define LABELS_MAX 4
#define OTHER "other"

/* Upper bounds in seconds; above them is +Inf. Dense where answers to people lie, wide enough for the deadline of an answer. */
static const double bounds[] = { 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60 };
#define BOUNDS (sizeof(bounds) / sizeof(*bounds))

enum kind {
	COUNTER,
	GAUGE,
	HISTOGRAM,
};

static const struct row {
	enum kind kind;
	const char *name, *labels, *doc;
} rows[METRIC_COUNT] = {
#define METRIC(kind, id, name, labels, doc) { kind, name, labels, doc },
#include "common/metrics.def"
#undef METRIC
};

struct series {
	double value;                        /* of a histogram: the sum of what was observed */
	uint64_t count, buckets[BOUNDS + 1]; /* histogram only; each bucket alone, added up when printed */
	uint32_t hash;
	const char *labels[LABELS_MAX]; /* in the memory behind the struct */
};

struct metric {
	struct series plain;
	struct series **slots; /* NULL until the first label set */
	size_t used;
};

static struct metric metrics[METRIC_COUNT];

static size_t label_count(const struct row *row)
{
	size_t n = *row->labels != '\0';

	for (const char *p = row->labels; *p; p++)
		n += *p == ',';
	return n;
}

static uint32_t hash_labels(const char *const *labels)
{
	uint32_t hash = 2166136261u;

	for (; *labels; labels++) {
		for (const char *p = *labels; *p; p++)
			hash = (hash ^ (unsigned char)*p) * 16777619u;
		hash = (hash ^ 0xff) * 16777619u;
	}
	return hash ^ hash >> 15;
}

static bool same_labels(const struct series *s, uint32_t hash, const char *const *labels)
{
	if (s->hash != hash)
		return false;
	for (size_t i = 0; labels[i]; i++)
		if (strcmp(s->labels[i], labels[i]) != 0)
			return false;
	return true;
}

/* The slot of these labels, or the free one where they belong. */
static struct series **slot_of(struct metric *m, uint32_t hash, const char *const *labels)
{
	size_t i = hash % SLOTS;

	while (m->slots[i] && !same_labels(m->slots[i], hash, labels))
		i = (i + 1) % SLOTS;
	return &m->slots[i];
}

static void *must_alloc(size_t bytes)
{
	void *p = calloc(1, bytes);

	if (!p)
		abort();
	return p;
}

static struct series *series_new(uint32_t hash, const char *const *labels)
{
	size_t bytes = sizeof(struct series);

	for (size_t i = 0; labels[i]; i++)
		bytes += strlen(labels[i]) + 1;
	struct series *s = must_alloc(bytes);
	char *text = (char *)(s + 1);
	s->hash = hash;
	for (size_t i = 0; labels[i]; i++) {
		size_t len = strlen(labels[i]) + 1;
		s->labels[i] = memcpy(text, labels[i], len);
		text += len;
	}
	return s;
}

static const char *const others[LABELS_MAX + 1] = { OTHER, OTHER, OTHER, OTHER };

static struct series *labelled(struct metric *m, size_t n, const char *const *labels)
{
	if (!m->slots)
		m->slots = must_alloc(SLOTS * sizeof(*m->slots));
	uint32_t hash = hash_labels(labels);
	struct series **slot = slot_of(m, hash, labels);
	if (*slot)
		return *slot;
	if (m->used >= METRIC_MAX_SERIES - 1) { /* the last place is for the others */
		labels = others + LABELS_MAX - n;
		hash = hash_labels(labels);
		slot = slot_of(m, hash, labels);
		if (*slot)
			return *slot;
	}
	*slot = series_new(hash, labels);
	m->used++;
	return *slot;
}

static struct series *series(enum metric_id id, const char *const *labels)
{
	assert((unsigned)id < METRIC_COUNT);
	if (*rows[id].labels == '\0') {
		assert(!labels[0]);
		return &metrics[id].plain;
	}
	size_t n = 0;
	while (labels[n])
		n++;
	assert(n == label_count(&rows[id]) && n <= LABELS_MAX);
	return labelled(&metrics[id], n, labels);
}

void metric_add_labels(enum metric_id id, double amount, const char *const *labels)
{
	assert(rows[id].kind == GAUGE || (rows[id].kind == COUNTER && amount >= 0));
	series(id, labels)->value += amount;
}

void metric_set_labels(enum metric_id id, double value, const char *const *labels)
{
	assert(rows[id].kind != HISTOGRAM);
	series(id, labels)->value = value;
}

static void observe(struct series *s, double seconds)
{
	size_t i = 0;

	if (!(seconds >= 0)) /* a clock that stepped back, or NaN */
		seconds = 0;
	while (i < BOUNDS && seconds > bounds[i])
		i++;
	s->buckets[i]++;
	s->count++;
	s->value += seconds;
}

void metric_observe_labels(enum metric_id id, double seconds, const char *const *labels)
{
	assert(rows[id].kind == HISTOGRAM);
	observe(series(id, labels), seconds);
}

struct metric_series *metric_series_of(enum metric_id id, const char *const *labels)
{
	return (struct metric_series *)series(id, labels);
}

void metric_series_add(struct metric_series *s, double amount)
{
	((struct series *)s)->value += amount;
}

void metric_series_observe(struct metric_series *s, double seconds)
{
	observe((struct series *)s, seconds);
}

double metric_value(enum metric_id id, const char *const *labels)
{
	static const char *const none[] = { NULL };
	const struct series *s = series(id, labels ? labels : none);

	return rows[id].kind == HISTOGRAM ? (double)s->count : s->value;
}

void metric_reset(void)
{
	for (size_t i = 0; i < METRIC_COUNT; i++) {
		for (size_t j = 0; metrics[i].slots && j < SLOTS; j++)
			free(metrics[i].slots[j]);
		free(metrics[i].slots);
		metrics[i] = (struct metric){ 0 };
	}
}

static void print_escaped(struct buf *out, const char *s, bool quoted)
{
	for (; *s; s++) {
		if (*s == '\\' || *s == '\n' || (quoted && *s == '"'))
			buf_char(out, '\\');
		buf_char(out, *s == '\n' ? 'n' : *s);
	}
}

static void print_number(struct buf *out, double value)
{
	if (isnan(value))
		buf_str(out, "NaN");
	else if (isinf(value))
		buf_str(out, value > 0 ? "+Inf" : "-Inf");
	else if (value == floor(value) && fabs(value) < 1e15)
		buf_int(out, (int64_t)value);
	else
		buf_printf(out, "%.15g", value);
}

/* {label="value",...,le="bound"}; `le` may be NULL. */
static void print_labels(struct buf *out, const struct row *row, const struct series *s, const char *le)
{
	const char *name = row->labels, *before = "{";

	for (size_t i = 0; *name; i++) {
		size_t len = strcspn(name, ",");
		buf_str(out, before);
		buf_append(out, name, len);
		buf_str(out, "=\"");
		print_escaped(out, s->labels[i], true);
		buf_char(out, '"');
		before = ",";
		name += len + (name[len] == ',');
	}
	if (le)
		buf_printf(out, "%sle=\"%s\"", before, le);
	if (le || *row->labels)
		buf_char(out, '}');
}

static void print_sample(struct buf *out, const struct row *row, const char *suffix, const struct series *s, const char *le, double value)
{
	buf_str(out, row->name);
	buf_str(out, suffix);
	print_labels(out, row, s, le);
	buf_char(out, ' ');
	print_number(out, value);
	buf_char(out, '\n');
}

static void print_series(struct buf *out, const struct row *row, const struct series *s)
{
	if (row->kind != HISTOGRAM) {
		print_sample(out, row, "", s, NULL, s->value);
		return;
	}
	uint64_t below = 0;
	for (size_t i = 0; i < BOUNDS; i++) {
		char le[32];
		snprintf(le, sizeof(le), "%g", bounds[i]);
		below += s->buckets[i];
		print_sample(out, row, "_bucket", s, le, (double)below);
	}
	print_sample(out, row, "_bucket", s, "+Inf", (double)s->count);
	print_sample(out, row, "_sum", s, NULL, s->value);
	print_sample(out, row, "_count", s, NULL, (double)s->count);
}

static void print_metric(struct buf *out, const struct row *row, const struct metric *m)
{
	static const char *const kinds[] = { "counter", "gauge", "histogram" };

	buf_printf(out, "# HELP %s ", row->name);
	print_escaped(out, row->doc, false);
	buf_printf(out, "\n# TYPE %s %s\n", row->name, kinds[row->kind]);
	if (*row->labels == '\0')
		print_series(out, row, &m->plain);
	for (size_t i = 0; m->slots && i < SLOTS; i++)
		if (m->slots[i])
			print_series(out, row, m->slots[i]);
}

enum error metric_print(struct buf *out)
{
	metric_set(METRIC_log_lines_dropped, (double)log_dropped());
	for (size_t i = 0; i < METRIC_COUNT; i++)
		print_metric(out, &rows[i], &metrics[i]);
	return buf_error(out);
}
