/* table.h - the rows of the benchmark: printed as one table, written as JSON. */
#ifndef TESTS_BENCH_TABLE_H
#define TESTS_BENCH_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum table_goal { TABLE_AT_MOST,
	          TABLE_AT_LEAST };

struct table_row {
	const char *id; /* key in results.json */
	const char *what, *unit;
	double value;
	double floor; /* what it is measured against in the same run; < 0: none */
	const char *floor_what;
	double original; /* the original document's stack, measured beforehand (design, section 6); < 0: none */
	double goal;
	enum table_goal direction;
};

/* Ascending: what medians and percentiles are taken from. */
void table_sort(double *v, size_t n);

void table_add(const struct table_row *row);
void table_print(void);
/* Creates the folder; false when it cannot be written. */
bool table_write(const char *path);

#endif
