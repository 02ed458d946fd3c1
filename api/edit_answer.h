/* edit_answer.h - what an edit came to, as an HTTP answer. */
#ifndef API_EDIT_ANSWER_H
#define API_EDIT_ANSWER_H

#include "common/error.h"

struct edit_wait;
struct operation_done;
struct request;

/* Tells the menu cache of a new version first. */
void edit_answer(struct request *r, const struct edit_wait *w, const struct operation_done *done);
/* 202: Location, and the operation as its body. */
void edit_answer_pending(struct request *r, const char *operation_id);
/* The error whose status this is; internal when there is none. */
enum error edit_error_of(int status);

#endif
