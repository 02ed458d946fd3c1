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

struct double_kit {
	uv_loop_t loop;
	uv_timer_t tick;
	struct http *http;
	struct llm *llm;
	struct config config; /* only what llm reads */
	const char *providers[3];
	pid_t pid;
	int port;
	char base[64]; /* of the double, up to /v1 */
};

/* Starts $BUILD/modeldouble with these arguments (a NULL-terminated list), and a loop with http. */
void double_kit_open(struct double_kit *k, const char *const *arguments);
void double_kit_close(struct double_kit *k);
/* And llm, by the settings in `config` and `providers`, which may be changed before. */
void double_kit_llm(struct double_kit *k);
bool double_kit_until(struct double_kit *k, bool (*condition)(void *ctx), void *ctx, int64_t ms);
void double_kit_turn(struct double_kit *k, int64_t ms);
/* A member of the double's /stats. */
int64_t double_kit_stat(struct double_kit *k, const char *name);

#endif
