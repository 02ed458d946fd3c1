/* double_kit.h - a model double as a process of its own, and a loop to talk to it from; for the tests of http and llm. */
#ifndef TESTS_DOUBLE_KIT_H
#define TESTS_DOUBLE_KIT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "common/config.h"
#include "common/http.h"
#include "common/llm.h"

#define DOUBLES_MAX 2

struct double_kit {
	uv_loop_t loop;
	uv_timer_t tick;
	struct http *http;
	struct llm *llm;
	struct config config; /* only what llm reads */
	const char *providers[3];
	pid_t pids[DOUBLES_MAX];
	int ports[DOUBLES_MAX];
	char base[64]; /* of the first double, up to /v1 */
};

/* Starts $BUILD/modeldouble with these arguments (a NULL-terminated list), and the loop, http and llm before it; `second` is another double, or NULL. */
void double_kit_open(struct double_kit *k, const char *const *arguments);
void double_kit_close(struct double_kit *k);
/* A line for llm: its settings may be changed before. */
void double_kit_llm(struct double_kit *k);
/* Another double; its number. */
int double_kit_add(struct double_kit *k, const char *const *arguments);
bool double_kit_until(struct double_kit *k, bool (*condition)(void *ctx), void *ctx, int64_t ms);
void double_kit_turn(struct double_kit *k, int64_t ms);
/* A member of the first double's /stats. */
int64_t double_kit_stat(struct double_kit *k, const char *name);

#endif
