/* load.h - many guests at once, from one thread: opens WebSockets, asks, and measures what comes back.
 *
 * Closed loop (rate 0): every socket asks again as soon as its answer is complete. Open loop: `rate` questions a second are due at fixed times, whoever is
 * free asks, and the time runs from when the question was due, so a stall is not hidden. Loopback only; ends by itself.
 */
#ifndef TESTS_BENCH_LOAD_H
#define TESTS_BENCH_LOAD_H

#include <stddef.h>
#include <stdint.h>

struct load_options {
	int port;
	int sockets;
	double rate;                /* questions a second in all; 0: closed loop */
	int64_t warm_up_ms, run_ms; /* only what begins in `run` counts */
};

struct load_result {
	int64_t chats, errors;
	double seconds;
	double first_p50_ms, first_p99_ms, answer_p50_ms, answer_p99_ms;
};

/* `measured` (may be NULL) is called when the warm-up is over and again when the run is. */
struct load_result load_run(const struct load_options *options, void (*measured)(void *ctx, int end), void *ctx);

/* Opens idle sockets that read their welcome and then say nothing; keeps them open until load_idle_close(). Returns how many are open. */
int load_idle_open(int port, int sockets);
void load_idle_close(void);

#endif
