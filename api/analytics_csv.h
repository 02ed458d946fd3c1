/* analytics_csv.h - the numbers of a period as a table: one line for each day or hour and metric. */
#ifndef API_ANALYTICS_CSV_H
#define API_ANALYTICS_CSV_H

#include "common/query.h"

struct request;

void analytics_csv_send(struct request *r, const char *restaurant_id, const struct analytics_report_params *period);

#endif
