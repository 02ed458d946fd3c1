/* edit_kit.h - writes through the real api, worker, Kafka and PostgreSQL: for tests of edits. Uses Criterion. */
#ifndef TESTS_EDIT_KIT_H
#define TESTS_EDIT_KIT_H

#include <jansson.h>
#include <stdbool.h>

#include "tests/support/http_client.h"
#include "tests/support/stack.h"

#define KIT_SLUG "the-cookie-jar"
#define KIT_OTHER "olive-ember"
#define KIT_MS 60000

struct kit {
	struct stack *stack;
	int port;
	char restaurant[40], category[40], item[40]; /* of KIT_SLUG; the first of each by name */
};

void edit_kit_open(struct kit *k, const struct stack_options *options); /* NULL: one api, one worker */
void edit_kit_close(struct kit *k);
void kit_attach(struct kit *k); /* to k->stack, which somebody else started */

/* One request as `role` of KIT_SLUG ("platform", "owner", "manager", "staff", "viewer", "none"; NULL: nobody). `headers` further ones, each ending in \r\n, may be NULL. */
struct http_answer kit_ask(struct kit *k, const char *role, const char *method, const char *path, const char *headers, const char *body);
/* The same, as a test: the answer must have this status; its body is the caller's (json_null() when empty). */
json_t *kit_must(struct kit *k, const char *role, const char *method, const char *path, const char *headers, const char *body, int status);
/* 422 with a problem at this pointer whose message holds this word. */
void kit_refused(struct kit *k, const char *method, const char *path, const char *body, const char *pointer, const char *word);

const char *kit_path(const char *format, ...) __attribute__((format(printf, 1, 2)));                 /* static, four at a time */
const char *kit_text(const json_t *object, const char *member);                                      /* "" when it is none */
const char *kit_value(struct kit *k, const char *format, ...) __attribute__((format(printf, 2, 3))); /* of a statement */
json_t *kit_menu_item(struct kit *k, const char *slug, const char *item);                            /* from GET .../menu; NULL: not there. The caller's */

#endif
