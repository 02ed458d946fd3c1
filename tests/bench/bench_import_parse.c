/* bench_import_parse.c - what reading an import costs: 100,000 rows of CSV and NDJSON, file in memory to rows. Prints a line each; fails when far from the goal. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/buf.h"
#include "workers/import_parse.h"

#define ROWS 100000
#define SAMPLES 5
#define PIECE ((size_t)512 << 10)

static const char *const allergens[] = { "milk, eggs", "Nüsse, Milch", "", "gluten; may contain traces of nuts", "fish", "soy|sesame" };

static void write_csv(struct buf *b)
{
	buf_str(b, "external_id,category,name,description,price,image_url,is_signature,spice_level,contains,may_contain,free_of,tags,ingredients,display_order,is_available\r\n");
	for (int i = 0; i < ROWS; i++)
		buf_printf(b, "SKU-%06d,Category %d,Dish number %d,\"A dish with %d herbs, and a \"\"secret\"\"\",\"%d,%02d\",https://example.com/%d.jpg,%s,%d,\"%s\",,,vegan|new,salt|pepper|crème,%d,true\r\n", i,
		           i / 50, i, i % 17, i % 90 + 1, i % 100, i, i % 9 ? "false" : "true", i % 6, allergens[i % 6], i % 50);
}

static void write_ndjson(struct buf *b)
{
	for (int i = 0; i < ROWS; i++)
		buf_printf(b, "{\"external_id\":\"SKU-%06d\",\"category\":\"Category %d\",\"name\":\"Dish number %d\",\"price\":%d.%02d,\"contains\":[\"milk\",\"eggs\"],\"tags\":[\"vegan\"],\"is_available\":true}\n", i,
		           i / 50, i, i % 90 + 1, i % 100);
}

static bool on_row(void *ctx, const struct import_row *row)
{
	*(int64_t *)ctx += row->n_errors == 0 && row->text[IMPORT_COLUMN_name];
	return true;
}

/* CPU time: what holds on a machine that has other work too. */
static int64_t cpu_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The best of a few samples, in ms of CPU: other work on the machine only ever adds. -1: not all rows were good. */
static double parse_ms(enum import_format format, const struct buf *b)
{
	struct import_options options = { .format = format, .currency = "EUR", .decimals = 2, .max_price = "1000" };
	double best = 1e9;
	for (int sample = 0; sample < SAMPLES; sample++) {
		int64_t start = cpu_us(), good = 0;
		struct import_parser *p = import_parser_new(&options, on_row, &good);
		enum error error = ERROR_none;
		for (size_t at = 0; at < b->len && !error; at += PIECE)
			error = import_parser_feed(p, b->data + at, b->len - at < PIECE ? b->len - at : PIECE);
		error = error ? error : import_parser_finish(p);
		import_parser_free(&p);
		double ms = (double)(cpu_us() - start) / 1000;
		best = ms < best ? ms : best;
		if (error || good != ROWS)
			return -1;
	}
	return best;
}

static int run(const char *name, enum import_format format, void (*fill)(struct buf *), double goal_ms)
{
	struct buf b;
	buf_init(&b, (size_t)100 << 20);
	fill(&b);
	double ms = parse_ms(format, &b);
	printf("%-8s %8d  %6.1f  %8.1f  %6.0f  %10.2f\n", name, ROWS, (double)b.len / 1e6, ms, goal_ms, ms * 1000 / ROWS);
	buf_free(&b);
	return ms < 0 || ms > 2 * goal_ms;
}

int main(void)
{
	if (sodium_init() < 0)
		return 1;
	printf("import       rows      MB    cpu ms    goal  us per row\n");
	int slow = run("csv", IMPORT_FORMAT_csv, write_csv, 500);
	slow |= run("ndjson", IMPORT_FORMAT_ndjson, write_ndjson, 2000);
	return slow;
}
