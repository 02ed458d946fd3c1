/* bus_cases.h - what holds for the bus on any broker; test_bus.c runs it on real Kafka, test_bus_embedded.c on the mock cluster. */
#ifndef TESTS_BUS_CASES_H
#define TESTS_BUS_CASES_H

#include "tests/integration/bus_kit.h"

void case_publish_and_order(bool embedded);
void case_redelivery_after_crash(bool embedded);
void case_commit_lowest_unfinished(bool embedded);
void case_pause_and_resume(bool embedded);
void case_reader_from_end(bool embedded);
void case_reader_of_one_partition(bool embedded);
void case_two_members(bool embedded);
void case_limits(bool embedded);

#endif
