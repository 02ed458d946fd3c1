/* edit_wait.h - requests that wait for the outcome of their edit: deadlines, replies, answers; for edit.c. */
#ifndef API_EDIT_WAIT_H
#define API_EDIT_WAIT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/edits.h"
#include "common/id.h"

#include "api/hub.h"

#define EDIT_NONE EDIT_COUNT /* a wait for something that is no edit: it has no operation to ask for later */

struct request;

/* Freed when its request is answered or gone and the broker has said what became of the event. */
struct edit_wait {
	struct edit_wait *next, **link;
	struct request *request; /* NULL: answered or gone */
	struct hub_subscriber *subscriber;
	enum edit_id edit;
	char operation_id[ID_TEXT], restaurant_id[ID_TEXT], target_id[ID_TEXT];
	int64_t due_ms;
	bool publishing; /* the broker has not said yet */
};

struct edit_wait *edit_wait_new(struct request *r, enum edit_id edit);
/* The event could not be published at all: answers. */
void edit_wait_failed(struct edit_wait *w, enum error error);
/* The broker's word on the event; `ctx` is the edit_wait. */
void edit_wait_delivered(void *ctx, enum error error);
size_t edit_wait_count(void);
void edit_wait_stop(void);

#endif
