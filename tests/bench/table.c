/* table.c - see table.h. */
#include "tests/bench/table.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ROWS_MAX 64

static struct table_row rows[ROWS_MAX];
static size_t count;

static bool met(const struct table_row *r)
{
	return r->direction == TABLE_AT_MOST ? r->value <= r->goal : r->value >= r->goal;
}

static void print_row(const struct table_row *r)
{
	char floor[40] = "-", original[24] = "-";
	if (r->floor >= 0)
		snprintf(floor, sizeof(floor), "%.4g %s", r->floor, r->floor_what);
	if (r->original >= 0)
		snprintf(original, sizeof(original), "%.5g", r->original);
	printf("%-46s %10.4g %-6s %s %-8.5g %-8s %-10s %s\n", r->what, r->value, r->unit,
	       r->direction == TABLE_AT_MOST ? "<=" : ">=", r->goal, met(r) ? "met" : "MISSED", original, floor);
	fflush(stdout);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

void table_sort(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
}

void table_add(const struct table_row *row)
{
	if (count < ROWS_MAX)
		rows[count++] = *row;
	print_row(row);
}

void table_print(void)
{
	printf("\n%-46s %10s %-6s    %-8s %-8s %-10s %s\n", "what", "measured", "unit", "goal", "", "original", "floor in the same run");
	for (size_t i = 0; i < count; i++)
		print_row(&rows[i]);
}

bool table_write(const char *path)
{
	json_t *all = json_object();
	for (size_t i = 0; i < count; i++) {
		const struct table_row *r = &rows[i];
		json_t *row = json_pack("{s:s,s:s,s:f,s:f,s:s,s:b}", "what", r->what, "unit", r->unit, "value", r->value, "goal",
		                        r->goal, "direction", r->direction == TABLE_AT_MOST ? "at_most" : "at_least", "met", met(r));
		if (r->floor >= 0)
			json_object_set_new(row, "floor", json_pack("{s:f,s:s}", "value", r->floor, "what", r->floor_what));
		if (r->original >= 0)
			json_object_set_new(row, "original", json_real(r->original));
		json_object_set_new(all, r->id, row);
	}
	mkdir("bench", 0755);
	bool ok = json_dump_file(all, path, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(6)) == 0;
	json_decref(all);
	return ok;
}
