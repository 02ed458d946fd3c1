/* metric.h - counters, gauges and histograms by the table metrics.def, printed as Prometheus text.
 *
 * Loop thread only; an update is one hash look-up of the label values (none for unlabelled metrics). Memory is bounded:
 * METRIC_MAX_SERIES label sets a metric, further ones are counted as "other". Histograms count seconds in buckets up to
 * 1, 2.5, 5, 10, 25, 50, 100, 250, 500 ms, 1, 2.5, 5, 10, 20, 30, 60 s and +Inf; less than nothing counts as 0.
 * A wrong number of label values, or a counter that goes down, is a bug: assertion.
 */
#ifndef COMMON_METRIC_H
#define COMMON_METRIC_H

#include <stdint.h>

#include "common/buf.h"

enum metric_id {
#define METRIC(kind, id, name, labels, doc) METRIC_##id,
#include "common/metrics.def"
#undef METRIC
	METRIC_COUNT
};

#define METRIC_MAX_SERIES 512

/* Label values in the order of the row; pass exactly as many as it names (checked by an assertion). */
#define metric_add(id, amount, ...) \
	metric_add_labels((id), (amount), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
#define metric_set(id, value, ...) \
	metric_set_labels((id), (value), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
#define metric_observe(id, seconds, ...) \
	metric_observe_labels((id), (seconds), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

void metric_add_labels(enum metric_id id, double amount, const char *const *labels);
void metric_set_labels(enum metric_id id, double value, const char *const *labels);
void metric_observe_labels(enum metric_id id, double seconds, const char *const *labels);
/* For the busiest places: the label set looked up once. Valid until metric_reset(). */
struct metric_series;
struct metric_series *metric_series_of(enum metric_id id, const char *const *labels);
void metric_series_add(struct metric_series *s, double amount);
void metric_series_observe(struct metric_series *s, double seconds);

double metric_value(enum metric_id id, const char *const *labels); /* tests; a histogram gives its count */

/* Prometheus text format 0.0.4 of all metrics, also those not used yet. ERROR_too_big_to_store when it does not fit. */
enum error metric_print(struct buf *out);
void metric_reset(void); /* tests */

#endif
