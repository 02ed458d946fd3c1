/* scene.h - the real api process with real Kafka and PostgreSQL, a stand-in for the worker, and guests on WebSockets: for test_chat_api*.c. */
#ifndef TESTS_INTEGRATION_SCENE_H
#define TESTS_INTEGRATION_SCENE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/id.h"
#include "tests/support/stack.h"
#include "tests/support/stand_in.h"
#include "tests/support/ws_client.h"

#define SCENE_SLUG "the-cookie-jar"
#define SCENE_MS 10000     /* patience with anything that must come */
#define SCENE_QUIET_MS 300 /* how long to look for what must not come */

struct scene {
	struct stack *stack;
	struct stand_in *worker;
	int port;
	char restaurant_id[ID_TEXT];
};

/* No worker process; `env` may be NULL. */
void scene_open(struct scene *s, const char *const *env, bool limits_on);
void scene_close(struct scene *s);

/* Connects and reads the welcome. */
struct ws_client *scene_guest(const struct scene *s);
void scene_say(struct ws_client *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The next frame, which must be of that type; the caller owns it. */
json_t *scene_expect(struct ws_client *c, const char *type);
/* The same when only the type matters. */
void scene_see(struct ws_client *c, const char *type);
void scene_see_error(struct ws_client *c, const char *code, const char *word /* in the message; NULL: any */);
/* Answers to a ping of ours at once: alive, and nothing else was waiting before it. */
void scene_see_alive(struct ws_client *c);
const char *scene_text(const json_t *frame, const char *member); /* "" when it is none */
int64_t scene_number(const json_t *frame, const char *member);

/* The next event, which must be of that type. */
const struct wish *scene_wish(struct scene *s, const char *type);

/* One HTTP request on a connection of its own, sent now and read later. Returns the socket. */
int scene_http_send(const struct scene *s, const char *method, const char *path, const char *headers, const char *body);
/* Reads until `until` is in the answer, or, for NULL, until the server closes; the whole text so far, static. Status: the number after HTTP/1.1. */
const char *scene_http_read(int fd, const char *until);
int scene_http_status(const char *answer);
/* Both at once; closes. */
const char *scene_http(const struct scene *s, const char *method, const char *path, const char *headers, const char *body, int *status_r);
/* The value of one line of /metrics, 0 when it is not there. */
double scene_metric(const struct scene *s, const char *line);

#endif
