/* process.h - how a program of ours ends. */
#ifndef COMMON_PROCESS_H
#define COMMON_PROCESS_H

/* Ends the process now, with its streams flushed. Unlike exit() it waits for no thread: libuv's destructor joins its pool, and librdkafka 2.0.2 may keep a thread
 * there in rd_kafka_query_watermark_offsets() long after its time-out when the broker is gone. What a checking build does at its exit (leaks, coverage) is done before. */
_Noreturn void process_end(int status);

/* Gives back what only the start needed: free memory of the heap, and pages of programs and libraries that were read then. Those that are used again come back by
 * themselves, from the system's cache. Costs a few milliseconds: once, when the program serves. */
void process_settle(void);

#endif
